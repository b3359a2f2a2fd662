//! The client's half of a stateful reconnect, in either protocol.
//!
//! It numbers what it sends and keeps it until it is acknowledged. When its socket is gone it comes back by the same
//! id, says where it starts again, sends that once more, and hears nothing before the server has said the same. A
//! message that is missing is a panic.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use hubcast::HubProtocol;
use hubcast_protocol::{CompletionOutcome, HubMessage, InvocationHead};
use serde::Serialize;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::bound::soon;
use super::http1::Http1;
use super::hub_client::unhex;
use super::websocket::WebSocket;
use super::wire::{Wire, connect};

/// A connection that outlives its sockets.
pub(crate) struct StatefulClient {
    protocol: HubProtocol,
    /// Where its sockets go: the server, or a proxy before it.
    via: SocketAddr,
    target: String,
    socket: WebSocket,
    /// What the server has not acknowledged, the first of it numbered `first_kept`.
    kept: VecDeque<Vec<u8>>,
    first_kept: i64,
    /// The number of the next message that arrives.
    next: i64,
    /// The highest number that has arrived.
    latest: i64,
    acknowledged: i64,
    waits_for_sequence: bool,
    arrived: VecDeque<Arrived>,
    /// How often another socket was opened.
    pub(crate) reconnects: usize,
    /// Messages that came once more.
    pub(crate) repeated: usize,
}

/// What arrives, each once.
#[derive(Debug, PartialEq)]
pub(crate) enum Arrived {
    Call {
        target: String,
        arguments: Vec<Value>,
    },
    Item {
        id: String,
        item: Value,
    },
    Completion {
        id: String,
        outcome: Result<Value, String>,
    },
    /// A Close message, with its error.
    Close {
        error: Option<String>,
        allow_reconnect: bool,
    },
    /// A WebSocket close frame, as [`WebSocket::next`] tells it.
    SocketClosed(String),
    /// The server no longer knows the connection: the status of its answer.
    Refused(u16),
}

/// Messages of the server that go unacknowledged while more arrive at once.
const ACKNOWLEDGE_EVERY: i64 = 8;

/// How long fewer of them do.
const ACKNOWLEDGE_AFTER: Duration = Duration::from_millis(10);

impl StatefulClient {
    /// Negotiates with a server and connects to it.
    pub(crate) async fn connect(server: SocketAddr, protocol: HubProtocol) -> Self {
        Self::connect_with(server, server, protocol, 2).await
    }

    /// Negotiates with a server, and connects some other way, in a version of the protocol.
    pub(crate) async fn connect_with(
        server: SocketAddr,
        via: SocketAddr,
        protocol: HubProtocol,
        version: u32,
    ) -> Self {
        let target = "/hub/negotiate?negotiateVersion=1&useStatefulReconnect=true";
        let answer = Http1::connect(server).await.ask("POST", target, &[]).await.json();
        assert_eq!(answer["useStatefulReconnect"], true, "{answer}");
        let target = format!("/hub?id={}", answer["connectionToken"].as_str().unwrap());
        let mut socket = open(via, &target).await.unwrap();
        let name = protocol.name();
        let handshake = format!("{{\"protocol\":\"{name}\",\"version\":{version}}}\x1e");
        socket.send_text(&handshake).await;
        let mut client = Self {
            protocol,
            via,
            target,
            socket,
            kept: VecDeque::new(),
            first_kept: 1,
            next: 1,
            latest: 0,
            acknowledged: 0,
            waits_for_sequence: false,
            arrived: VecDeque::new(),
            reconnects: 0,
            repeated: 0,
        };
        let answer = payload(&client.socket.next().await).expect("the handshake's answer");
        client.take(answer.strip_prefix(b"{}\x1e").expect("the handshake is accepted"));
        client
    }

    /// Messages that the server has not acknowledged.
    pub(crate) fn unacknowledged(&self) -> usize {
        self.kept.len()
    }

    /// Calls a method, with streams that are uploaded.
    pub(crate) async fn call(&mut self, id: &str, target: &str, arguments: Value, streams: &[&str]) {
        let head =
            InvocationHead { invocation_id: Some(id), stream_ids: streams, ..InvocationHead::to(target) };
        let protocol = self.protocol;
        self.send(|out| protocol.write_invocation(out, &head, &arguments).unwrap()).await;
    }

    /// Calls a method that answers with a stream.
    pub(crate) async fn stream(&mut self, id: &str, target: &str, arguments: Value) {
        let head = InvocationHead { invocation_id: Some(id), ..InvocationHead::to(target) };
        let protocol = self.protocol;
        self.send(|out| protocol.write_stream_invocation(out, &head, &arguments).unwrap()).await;
    }

    /// Sends an item of an upload.
    pub(crate) async fn item(&mut self, stream: &str, item: &(impl Serialize + Sync)) {
        let protocol = self.protocol;
        self.send(|out| protocol.write_stream_item(out, stream, item).unwrap()).await;
    }

    /// Ends an upload.
    pub(crate) async fn complete(&mut self, stream: &str) {
        let protocol = self.protocol;
        self.send(|out| protocol.write_void(out, stream)).await;
    }

    /// Calls a method and waits for its completion, which has to be what arrives next.
    pub(crate) async fn invoke(&mut self, target: &str, arguments: Value) -> Value {
        self.call("invoked", target, arguments, &[]).await;
        let answer = soon(self.next()).await;
        let Arrived::Completion { id, outcome: Ok(result) } = answer else {
            panic!("an answer to {target}: {answer:?}");
        };
        assert_eq!(id, "invoked");
        result
    }

    /// Sends a message that counts, and keeps it.
    async fn send(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let mut message = Vec::new();
        write(&mut message);
        self.write(&message).await;
        self.kept.push_back(message);
    }

    /// Sends a message that does not count: [`HubProtocol`] writes it.
    pub(crate) async fn send_uncounted(&mut self, write: impl FnOnce(HubProtocol, &mut Vec<u8>)) {
        let mut message = Vec::new();
        write(self.protocol, &mut message);
        self.write(&message).await;
    }

    /// A socket that is gone takes nothing, and what was kept is sent by the next.
    async fn write(&mut self, message: &[u8]) {
        match self.protocol {
            HubProtocol::Json => self.socket.send_text(std::str::from_utf8(message).unwrap()).await,
            HubProtocol::MessagePack => self.socket.send_binary(message).await,
        }
    }

    /// Sends a WebSocket close frame.
    pub(crate) async fn close_socket(&mut self) {
        self.socket.send_close(1000).await;
    }

    /// What arrives next, by whichever socket.
    pub(crate) async fn next(&mut self) -> Arrived {
        loop {
            if self.latest >= self.acknowledged + ACKNOWLEDGE_EVERY {
                self.acknowledge().await;
            }
            if let Some(arrived) = self.arrived.pop_front() {
                return arrived;
            }
            let Ok(frame) = timeout(ACKNOWLEDGE_AFTER, self.socket.next()).await else {
                self.acknowledge().await;
                continue;
            };
            match payload(&frame) {
                Some(messages) => self.take(&messages),
                None if frame == "end" || frame == "reset" => {
                    if let Err(status) = self.come_back().await {
                        return Arrived::Refused(status);
                    }
                }
                None => return Arrived::SocketClosed(frame),
            }
        }
    }

    /// Takes its socket away. Dropped, what is on the way is lost.
    pub(crate) fn take_socket(&mut self) -> WebSocket {
        let (gone, _) = tokio::io::duplex(1);
        std::mem::replace(&mut self.socket, WebSocket::new(Wire::Socket(Box::new(gone)), Vec::new()))
    }

    /// Opens another socket and goes on with it; or the status with which it was refused.
    pub(crate) async fn come_back(&mut self) -> Result<(), u16> {
        loop {
            self.reconnects += 1;
            match open(self.via, &self.target).await {
                Ok(socket) => {
                    self.socket = socket;
                    break;
                }
                Err(Refusal::Lost) => tokio::task::yield_now().await,
                Err(Refusal::Status(status)) => return Err(status),
            }
        }
        self.waits_for_sequence = true;
        let first = self.first_kept;
        self.send_uncounted(|protocol, out| protocol.write_sequence(out, first)).await;
        // At once, or sockets that are cut while the server repeats much would never let it repeat less.
        if self.latest > 0 {
            let latest = self.latest;
            self.send_uncounted(|protocol, out| protocol.write_ack(out, latest)).await;
        }
        for message in self.kept.clone() {
            self.write(&message).await;
        }
        Ok(())
    }

    async fn acknowledge(&mut self) {
        if self.acknowledged < self.latest && !self.waits_for_sequence {
            self.acknowledged = self.latest;
            let latest = self.latest;
            self.send_uncounted(|protocol, out| protocol.write_ack(out, latest)).await;
        }
    }

    fn take(&mut self, mut bytes: &[u8]) {
        let protocol = self.protocol;
        while !bytes.is_empty() {
            let split = protocol.split(bytes, None).unwrap().expect("a frame holds whole messages");
            self.hear(protocol.decode(split.payload).unwrap().expect("a known message"));
            bytes = &bytes[split.consumed..];
        }
    }

    fn hear(&mut self, message: HubMessage<'_>) {
        if let HubMessage::Sequence(sequence) = message {
            assert!(
                (1..=self.latest + 1).contains(&sequence.sequence_id),
                "{sequence:?} after {}",
                self.latest
            );
            self.next = sequence.sequence_id;
            self.waits_for_sequence = false;
            // The server may not have heard the acknowledgement.
            self.acknowledged = self.acknowledged.min(sequence.sequence_id - 1);
            return;
        }
        if self.waits_for_sequence {
            return;
        }
        let arrived = match message {
            HubMessage::Ping | HubMessage::Sequence(_) => return,
            HubMessage::Ack(ack) => return self.forget(ack.sequence_id),
            HubMessage::Close(close) => {
                let error = close.error.map(String::from);
                return self
                    .arrived
                    .push_back(Arrived::Close { error, allow_reconnect: close.allow_reconnect });
            }
            HubMessage::Invocation(call) => {
                let arguments = call.arguments.decode(call.arguments.count()).unwrap();
                Arrived::Call { target: call.target.into_owned(), arguments }
            }
            HubMessage::StreamItem(item) => {
                Arrived::Item { id: item.invocation_id.into_owned(), item: item.item.decode().unwrap() }
            }
            HubMessage::Completion(completion) => {
                let outcome = match completion.outcome {
                    CompletionOutcome::Void => Ok(Value::Null),
                    CompletionOutcome::Result(value) => Ok(value.decode().unwrap()),
                    CompletionOutcome::Error(text) => Err(text.into_owned()),
                };
                Arrived::Completion { id: completion.invocation_id.into_owned(), outcome }
            }
            HubMessage::StreamInvocation(_) | HubMessage::CancelInvocation(_) => {
                panic!("a server does not send this: {message:?}")
            }
        };
        let number = self.next;
        self.next += 1;
        if number <= self.latest {
            self.repeated += 1;
        } else {
            self.latest = number;
            self.arrived.push_back(arrived);
        }
    }

    fn forget(&mut self, acknowledged: i64) {
        let last = self.first_kept + self.kept.len() as i64 - 1;
        assert!(acknowledged <= last, "{acknowledged} was acknowledged and {last} was sent");
        while self.first_kept <= acknowledged {
            self.kept.pop_front();
            self.first_kept += 1;
        }
    }
}

/// Why there is no socket.
#[derive(Debug)]
enum Refusal {
    /// The way to the server was cut.
    Lost,
    Status(u16),
}

/// Opens a WebSocket by a way on which anything may be cut.
async fn open(via: SocketAddr, target: &str) -> Result<WebSocket, Refusal> {
    let mut socket = connect(via).await;
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await.map_err(|_| Refusal::Lost)?;
    let mut read = Vec::new();
    loop {
        if let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            let status = std::str::from_utf8(&read[9..12]).unwrap().parse().unwrap();
            return match status {
                101 => Ok(WebSocket::new(Wire::Socket(Box::new(socket)), read.split_off(end + 4))),
                _ => Err(Refusal::Status(status)),
            };
        }
        match soon(socket.read_buf(&mut read)).await {
            Ok(1..) => {}
            Ok(0) | Err(_) => return Err(Refusal::Lost),
        }
    }
}

/// The bytes of a frame that carries hub messages.
fn payload(frame: &str) -> Option<Vec<u8>> {
    match (frame.strip_prefix("text "), frame.strip_prefix("binary ")) {
        (Some(text), _) => Some(text.as_bytes().to_vec()),
        (_, Some(bytes)) => Some(unhex(bytes)),
        _ => None,
    }
}
