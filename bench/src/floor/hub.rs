//! The floor's hub: who is connected, who is in which group, and what calls do.
//!
//! Easy to break: what a read asked of others is written after the answer to the caller, one write for each receiver and
//! message.

use std::collections::HashMap;

use hubcast_websocket::Opcode;
use mio::net::TcpStream;

use super::connection::{ClientFrame, Connection, Filled, Stage, write_frame};
use super::{json, messagepack, upgrade};

const CLOSE: u8 = 8;

/// All connections, by their position.
#[derive(Default)]
pub(super) struct Hub {
    connections: Vec<Option<Connection>>,
    free: Vec<usize>,
    groups: HashMap<Vec<u8>, Vec<usize>>,
    out: Vec<u8>,
}

/// What a client calls, with arguments as they are encoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Call<'a> {
    Echo { id: &'a [u8], text: &'a [u8] },
    Broadcast { text: &'a [u8] },
    JoinGroup { id: &'a [u8], group: &'a [u8] },
    SendToGroup { group: &'a [u8], text: &'a [u8] },
    Counter { id: &'a [u8], items: u64 },
}

/// How one protocol encodes what a client gets; each writes a whole frame.
pub(super) trait Encoding {
    const OPCODE: Opcode;
    /// The answer with a result.
    fn result(out: &mut Vec<u8>, id: &[u8], result: &[u8]);
    /// The answer without a result.
    fn void(out: &mut Vec<u8>, id: &[u8]);
    /// One number of a stream.
    fn item(out: &mut Vec<u8>, id: &[u8], item: u64);
    /// A call of `receive`.
    fn receive(out: &mut Vec<u8>, text: &[u8]);
}

/// A frame for others than the caller.
struct Delivery {
    /// None sends to all.
    group: Option<Vec<u8>>,
    frame: Vec<u8>,
}

impl Hub {
    /// Takes a connection in; gives its position and its socket.
    pub(super) fn admit(&mut self, connection: Connection) -> (usize, &mut TcpStream) {
        let position = self.free.pop().unwrap_or_else(|| {
            self.connections.push(None);
            self.connections.len() - 1
        });
        (position, &mut self.connections[position].insert(connection).socket)
    }

    /// Reads and serves a connection that has something to say.
    pub(super) fn wake(&mut self, position: usize, input: &mut [u8]) {
        loop {
            let Some(Some(connection)) = self.connections.get_mut(position) else { return };
            match connection.read(input) {
                None => return self.forget(position),
                Some(Filled::Nothing) => return,
                Some(Filled::Bytes { length, may_have_more }) => {
                    self.serve(position, &mut input[..length]);
                    if !may_have_more {
                        return;
                    }
                }
            }
        }
    }

    fn serve(&mut self, position: usize, input: &mut [u8]) {
        let Some(Some(connection)) = self.connections.get_mut(position) else { return };
        if connection.stage == Stage::Request {
            let is_answered =
                upgrade::answer(input).is_some_and(|answer| connection.write(answer.as_bytes()));
            connection.stage = Stage::Handshake;
            if !is_answered {
                self.forget(position);
            }
            return;
        }
        let mut member = Member { position, connection, groups: &mut self.groups };
        let mut out = std::mem::take(&mut self.out);
        let mut deliveries = Vec::new();
        let mut at = 0;
        while let Some(frame) = ClientFrame::unmask(&mut input[at..]) {
            let payload = &input[at + frame.start..at + frame.end];
            at += frame.end;
            if frame.opcode == CLOSE {
                write_frame(&mut out, Opcode::Close, &[]);
            } else {
                member.take(payload, &mut out, &mut deliveries);
            }
        }
        member.connection.partial.extend_from_slice(&input[at..]);
        if !out.is_empty() && !member.connection.write(&out) {
            self.forget(position);
        }
        out.clear();
        self.out = out;
        for delivery in deliveries {
            self.deliver(&delivery);
        }
    }

    fn deliver(&mut self, delivery: &Delivery) {
        let mut slow = Vec::new();
        let mut write = |(position, connection): (usize, &mut Connection)| {
            if matches!(connection.stage, Stage::Json | Stage::MessagePack)
                && !connection.write(&delivery.frame)
            {
                slow.push(position);
            }
        };
        match &delivery.group {
            None => {
                let all = self.connections.iter_mut().enumerate();
                all.filter_map(|(position, place)| Some((position, place.as_mut()?))).for_each(write);
            }
            Some(group) => {
                for &position in self.groups.get(group).into_iter().flatten() {
                    if let Some(Some(connection)) = self.connections.get_mut(position) {
                        write((position, connection));
                    }
                }
            }
        }
        slow.into_iter().for_each(|position| self.forget(position));
    }

    fn forget(&mut self, position: usize) {
        let Some(connection) = self.connections[position].take() else { return };
        for group in connection.groups {
            if let Some(members) = self.groups.get_mut(&group) {
                members.retain(|&member| member != position);
            }
        }
        self.free.push(position);
    }
}

/// The connection that is served, and where it can join.
struct Member<'a> {
    position: usize,
    connection: &'a mut Connection,
    groups: &'a mut HashMap<Vec<u8>, Vec<usize>>,
}

impl Member<'_> {
    /// Takes the payload of one frame.
    fn take(&mut self, payload: &[u8], out: &mut Vec<u8>, deliveries: &mut Vec<Delivery>) {
        match self.connection.stage {
            Stage::Request => {}
            Stage::Handshake => {
                let is_binary = payload.windows(b"messagepack".len()).any(|word| word == b"messagepack");
                self.connection.stage = if is_binary { Stage::MessagePack } else { Stage::Json };
                write_frame(out, Opcode::Text, b"{}\x1e");
            }
            Stage::Json => {
                for message in payload.split(|&byte| byte == json::SEPARATOR) {
                    if let Some(call) = json::call(message) {
                        self.answer::<json::Json>(&call, out, deliveries);
                    }
                }
            }
            Stage::MessagePack => {
                let mut rest = payload;
                while let Some(message) = messagepack::split(&mut rest) {
                    if let Some(call) = messagepack::call(message) {
                        self.answer::<messagepack::MessagePack>(&call, out, deliveries);
                    }
                }
            }
        }
    }

    fn answer<E: Encoding>(&mut self, call: &Call<'_>, out: &mut Vec<u8>, deliveries: &mut Vec<Delivery>) {
        match *call {
            Call::Echo { id, text } => E::result(out, id, text),
            Call::Broadcast { text } => deliveries.push(Delivery { group: None, frame: receive::<E>(text) }),
            Call::SendToGroup { group, text } => {
                deliveries.push(Delivery { group: Some(group.to_vec()), frame: receive::<E>(text) });
            }
            Call::JoinGroup { id, group } => {
                self.groups.entry(group.to_vec()).or_default().push(self.position);
                self.connection.groups.push(group.to_vec());
                E::void(out, id);
            }
            Call::Counter { id, items } => {
                (0..items).for_each(|item| E::item(out, id, item));
                E::void(out, id);
            }
        }
    }
}

/// The frame with which everybody gets a text, whatever they speak: one run of load speaks one protocol.
fn receive<E: Encoding>(text: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    E::receive(&mut frame, text);
    frame
}
