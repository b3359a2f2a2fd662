//! Reads a whole stream of bytes, cut anywhere, and keeps what was seen.

use hubcast_websocket::{DataKind, Decoder, Event, Violation};

/// An event without its borrowed bytes; the parts of a message are put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Option<(u16, String)>),
}

/// What was seen of a stream, and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) seen: Vec<Seen>,
    pub(crate) violation: Option<Violation>,
}

/// Reads `wire` in one piece.
pub(crate) fn read(decoder: Decoder, wire: &[u8]) -> Reading {
    read_pieces(decoder, [wire])
}

/// Reads pieces of a stream as they would come from a socket.
pub(crate) fn read_pieces<'p>(mut decoder: Decoder, pieces: impl IntoIterator<Item = &'p [u8]>) -> Reading {
    let mut seen = Vec::new();
    let mut message = Vec::new();
    for piece in pieces {
        let mut piece = piece.to_vec();
        let mut input = piece.as_mut_slice();
        loop {
            match decoder.decode(&mut input) {
                Ok(Some(event)) => seen.extend(collect(event, &mut message)),
                Ok(None) => break,
                Err(violation) => {
                    return Reading { seen, violation: Some(violation) };
                }
            }
        }
        assert!(input.is_empty(), "the decoder asked for more, but left {input:?}");
    }
    Reading { seen, violation: None }
}

fn collect(event: Event<'_>, message: &mut Vec<u8>) -> Option<Seen> {
    match event {
        Event::Data { kind, payload, end_of_message, rsv1 } => {
            assert!(!rsv1, "no test here allows it");
            assert!(end_of_message || !payload.is_empty(), "a part without bytes tells nothing");
            message.extend_from_slice(payload);
            end_of_message.then(|| {
                let whole = std::mem::take(message);
                match kind {
                    DataKind::Text => Seen::Text(String::from_utf8(whole).expect("the decoder checks text")),
                    DataKind::Binary => Seen::Binary(whole),
                }
            })
        }
        Event::Ping(payload) => Some(Seen::Ping(payload.into_owned())),
        Event::Pong(payload) => Some(Seen::Pong(payload.into_owned())),
        Event::Close(frame) => {
            Some(Seen::Close(frame.map(|frame| (frame.code.as_u16(), frame.reason.into_owned()))))
        }
    }
}
