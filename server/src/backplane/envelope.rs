//! A call of a client method, encoded once per wire format and only in the formats that a receiver speaks.
//!
//! A wire format is a protocol in a framing.

use std::cell::OnceCell;

use bytes::Bytes;
use hubcast_protocol::contract::SendError;
use hubcast_protocol::{Codec, EncodeArguments, HubProtocol, InvocationHead};

use crate::transport::Framing;

/// One message on its way to any number of connections.
pub(crate) struct Envelope<'a> {
    target: &'a str,
    invocation_id: Option<&'a str>,
    arguments: &'a dyn EncodeArguments,
    json: Pieces,
    messagepack: Pieces,
}

/// What was encoded in one protocol.
#[derive(Default)]
struct Pieces {
    /// A whole WebSocket frame.
    frame: OnceCell<Bytes>,
    event: OnceCell<Bytes>,
    bare: OnceCell<Bytes>,
}

impl<'a> Envelope<'a> {
    pub(crate) fn new(target: &'a str, arguments: &'a dyn EncodeArguments) -> Self {
        let (json, messagepack) = Default::default();
        Self { target, invocation_id: None, arguments, json, messagepack }
    }

    /// A call that is to be answered.
    pub(crate) fn asking(self, invocation_id: &'a str) -> Self {
        Self { invocation_id: Some(invocation_id), ..self }
    }

    pub(crate) fn target(&self) -> &str {
        self.target
    }

    /// The whole piece for receivers with this codec, in this framing. A hub has one option for names, so that the protocol
    /// tells codecs apart.
    pub(crate) fn piece(&self, codec: Codec, framing: Framing) -> Result<Bytes, SendError> {
        let pieces = match codec.protocol() {
            HubProtocol::Json => &self.json,
            HubProtocol::MessagePack => &self.messagepack,
        };
        let cell = match framing {
            Framing::Text | Framing::Binary => &pieces.frame,
            Framing::Events => &pieces.event,
            Framing::Bare => &pieces.bare,
        };
        if let Some(piece) = cell.get() {
            return Ok(piece.clone());
        }
        let piece = self.encode(codec, framing)?;
        Ok(cell.get_or_init(|| piece).clone())
    }

    fn encode(&self, codec: Codec, framing: Framing) -> Result<Bytes, SendError> {
        let mut out = Vec::new();
        let piece = framing.begin(&mut out);
        let start = out.len();
        let head = InvocationHead { invocation_id: self.invocation_id, ..InvocationHead::to(self.target) };
        codec
            .write_invocation(&mut out, &head, self.arguments)
            .map_err(|source| SendError::Encode { target: self.target.to_owned(), source })?;
        if framing == Framing::Events {
            let message = out.split_off(start);
            piece.extend(&mut out, &message);
        }
        piece.finish(&mut out);
        Ok(out.into())
    }
}
