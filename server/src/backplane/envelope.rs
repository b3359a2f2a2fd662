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
    /// The same compressed, if that is worth it.
    deflated: OnceCell<Bytes>,
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

    /// The whole piece for receivers with this codec, in this framing. A hub has one option for names, so that the protocol
    /// tells codecs apart.
    pub(crate) fn piece(&self, codec: Codec, framing: Framing) -> Result<Bytes, SendError> {
        let pieces = match codec.protocol() {
            HubProtocol::Json => &self.json,
            HubProtocol::MessagePack => &self.messagepack,
        };
        let cell = match framing {
            Framing::Text | Framing::Binary => &pieces.frame,
            Framing::DeflatedText(_) | Framing::DeflatedBinary(_) => &pieces.deflated,
            Framing::Events => &pieces.event,
            Framing::Bare => &pieces.bare,
        };
        if let Some(piece) = cell.get() {
            return Ok(piece.clone());
        }
        let piece = match framing.plain() {
            plain if plain == framing => self.encode(codec, framing)?,
            plain => framing.deflate_frame(self.piece(codec, plain)?),
        };
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

#[cfg(test)]
mod tests {
    use hubcast_protocol::PayloadNames;

    use super::*;
    use crate::transport::Deflating;

    #[test]
    fn what_is_compressed_is_so_once_for_all_its_receivers() {
        let text = "x".repeat(5_000);
        let deflated = Framing::DeflatedText(Deflating { threshold: 1_000, level: 1 });
        let codec = Codec::new(HubProtocol::Json, PayloadNames::AsWritten);
        let arguments = (text.as_str(),);
        let large = Envelope::new("receive", &arguments);
        let pieces = [(); 3].map(|()| large.piece(codec, deflated).expect("it can be encoded"));
        assert!(pieces.iter().all(|piece| piece.as_ptr() == pieces[0].as_ptr()), "they share one frame");
        assert!(pieces[0].len() < 200 && pieces[0][0] == 0xc1, "{:?}", pieces[0]);
        let plain = large.piece(codec, Framing::Text).expect("it can be encoded");
        assert_eq!((plain.len() > 5_000, plain[0]), (true, 0x81));

        let little = Envelope::new("receive", &("short",));
        let pieces =
            [deflated, Framing::Text].map(|framing| little.piece(codec, framing).expect("it can be"));
        assert_eq!(
            pieces[0].as_ptr(),
            pieces[1].as_ptr(),
            "what is not worth it is encoded once all the same"
        );
    }
}
