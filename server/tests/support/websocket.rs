//! The client's side of a WebSocket, on the codec's client role. It answers nothing by itself.

use std::collections::VecDeque;

use hubcast_websocket::{
    CloseCode, DataKind, Decoder, Deflater, Event, FrameHeader, Inflated, Inflater, Opcode, Role,
    write_close, write_frame, write_ping,
};

use super::wire::Wire;

/// An open WebSocket.
pub(crate) struct WebSocket {
    wire: Wire,
    decoder: Decoder,
    unread: Vec<u8>,
    /// What has arrived and was not asked for yet.
    frames: VecDeque<String>,
    message: Vec<u8>,
    deflate: Option<(Deflater, Inflater)>,
}

const MASK: Option<[u8; 4]> = Some([1, 2, 3, 4]);

impl WebSocket {
    /// A WebSocket whose first bytes may have been read already.
    pub(crate) fn new(wire: Wire, unread: Vec<u8>) -> Self {
        Self {
            wire,
            decoder: Decoder::new(Role::Client),
            unread,
            frames: VecDeque::new(),
            message: Vec::new(),
            deflate: None,
        }
    }

    /// Compresses and decompresses, with or without context takeover in both directions.
    pub(crate) fn deflating(mut self, context_takeover: bool) -> Self {
        self.decoder = Decoder::new(Role::Client).with_rsv1_allowed(true);
        self.deflate = Some((Deflater::new(15, context_takeover, 6), Inflater::new(15, context_takeover)));
        self
    }

    /// Sends a message compressed.
    pub(crate) async fn send_deflated(&mut self, opcode: Opcode, payload: &[u8]) {
        let (deflater, _) = self.deflate.as_mut().unwrap();
        let mut compressed = Vec::new();
        deflater.deflate(payload, true, &mut compressed);
        self.send_rsv1(true, opcode, &compressed).await;
    }

    /// Sends a frame with the first reserved bit.
    pub(crate) async fn send_rsv1(&mut self, fin: bool, opcode: Opcode, payload: &[u8]) {
        let header =
            FrameHeader { fin, rsv1: true, opcode, payload_length: payload.len() as u64, mask: Some([0; 4]) };
        self.wire.write(&[&*header.encode(), payload].concat()).await;
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.send_frame(true, Opcode::Text, text.as_bytes()).await;
    }

    pub(crate) async fn send_binary(&mut self, bytes: &[u8]) {
        self.send_frame(true, Opcode::Binary, bytes).await;
    }

    pub(crate) async fn send_frame(&mut self, fin: bool, opcode: Opcode, payload: &[u8]) {
        let mut out = Vec::new();
        write_frame(&mut out, fin, opcode, payload, MASK);
        self.wire.write(&out).await;
    }

    pub(crate) async fn send_ping(&mut self, payload: &[u8]) {
        let mut out = Vec::new();
        write_ping(&mut out, payload, MASK);
        self.wire.write(&out).await;
    }

    pub(crate) async fn send_close(&mut self, code: u16) {
        let mut out = Vec::new();
        write_close(&mut out, CloseCode::new(code), "", MASK);
        self.wire.write(&out).await;
    }

    /// Sends bytes that need not be frames.
    pub(crate) async fn send_raw(&mut self, bytes: &[u8]) {
        self.wire.write(bytes).await;
    }

    /// Ends our direction without a close frame.
    pub(crate) async fn finish(&mut self) {
        self.wire.finish().await;
    }

    pub(crate) fn into_wire(self) -> Wire {
        self.wire
    }

    /// What arrives next: `text …`, `binary` and `ping` and `pong` in hexadecimal, `close` with its code, `end`, `reset`.
    ///
    /// A compressed message says so first, with the bytes that it took: `deflated 7 text …`. A message is told when it is whole; after an end there is only the end.
    pub(crate) async fn next(&mut self) -> String {
        loop {
            self.decode();
            if let Some(frame) = self.frames.pop_front() {
                return frame;
            }
            match self.wire.read().await {
                Ok(bytes) if bytes.is_empty() => return "end".to_owned(),
                Ok(bytes) => self.unread.extend_from_slice(&bytes),
                Err(_) => return "reset".to_owned(),
            }
        }
    }

    fn decode(&mut self) {
        let mut unread = std::mem::take(&mut self.unread);
        let mut input = unread.as_mut_slice();
        while let Some(event) = self.decoder.decode(&mut input).expect("the server keeps to RFC 6455") {
            let frame = match event {
                Event::Data { kind, payload, end_of_message, rsv1 } => {
                    self.message.extend_from_slice(payload);
                    if !end_of_message {
                        continue;
                    }
                    let mut message = std::mem::take(&mut self.message);
                    let mut prefix = String::new();
                    if rsv1 {
                        prefix = format!("deflated {} ", message.len());
                        let (_, inflater) = self.deflate.as_mut().unwrap();
                        message = inflated(inflater, &message);
                    }
                    match kind {
                        DataKind::Text => format!("{prefix}text {}", String::from_utf8(message).unwrap()),
                        DataKind::Binary => format!("{prefix}binary {}", hex(&message)),
                    }
                }
                Event::Ping(payload) => format!("ping {}", hex(&payload)),
                Event::Pong(payload) => format!("pong {}", hex(&payload)),
                Event::Close(None) => "close".to_owned(),
                Event::Close(Some(frame)) => {
                    format!("close {} {}", frame.code, frame.reason).trim_end().to_owned()
                }
            };
            self.frames.push_back(frame);
        }
    }
}

fn inflated(inflater: &mut Inflater, mut compressed: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(1024);
    while inflater.inflate(&mut compressed, true, &mut message).unwrap() != Inflated::EndOfMessage {
        message.reserve(64 * 1024);
    }
    message
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
