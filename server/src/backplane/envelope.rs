//! A call of a client method, encoded once per wire format and only in the formats that a receiver speaks.

use std::cell::OnceCell;

use bytes::Bytes;
use hubcast_protocol::contract::SendError;
use hubcast_protocol::{EncodeArguments, HubProtocol, InvocationHead};
use hubcast_websocket::{Opcode, OpenFrame};

/// One message on its way to any number of connections.
pub(crate) struct Envelope<'a> {
    target: &'a str,
    arguments: &'a dyn EncodeArguments,
    json: OnceCell<Bytes>,
    messagepack: OnceCell<Bytes>,
}

impl<'a> Envelope<'a> {
    pub(crate) fn new(target: &'a str, arguments: &'a dyn EncodeArguments) -> Self {
        Self { target, arguments, json: OnceCell::new(), messagepack: OnceCell::new() }
    }

    /// The whole WebSocket frame for receivers that speak `protocol`.
    pub(crate) fn frame(&self, protocol: HubProtocol) -> Result<Bytes, SendError> {
        let cell = match protocol {
            HubProtocol::Json => &self.json,
            HubProtocol::MessagePack => &self.messagepack,
        };
        if let Some(frame) = cell.get() {
            return Ok(frame.clone());
        }
        let frame = self.encode(protocol)?;
        Ok(cell.get_or_init(|| frame).clone())
    }

    fn encode(&self, protocol: HubProtocol) -> Result<Bytes, SendError> {
        let mut out = Vec::new();
        let frame = OpenFrame::begin(&mut out);
        let head = InvocationHead::to(self.target);
        protocol
            .write_invocation(&mut out, &head, self.arguments)
            .map_err(|source| SendError::Encode { target: self.target.to_owned(), source })?;
        frame.finish(&mut out, opcode_of(protocol));
        Ok(out.into())
    }
}

/// The kind of WebSocket message that carries a protocol.
pub(crate) fn opcode_of(protocol: HubProtocol) -> Opcode {
    match protocol {
        HubProtocol::Json => Opcode::Text,
        HubProtocol::MessagePack => Opcode::Binary,
    }
}
