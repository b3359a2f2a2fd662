//! How bytes are wrapped on their way out: as WebSocket frames, as events, or not at all.
//!
//! A piece is wrapped once and may then be shared by all connections of its framing. The rule that is easy to break: a
//! piece holds whole hub messages, as JavaScript clients refuse a frame, an event or a poll that ends inside of one.

use bytes::Bytes;
use hubcast_websocket::{Opcode, OpenFrame};
use memchr::memchr;

use super::Deflating;

/// What stands around the bytes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// WebSocket text frames.
    Text,
    /// WebSocket binary frames.
    Binary,
    /// Events of `text/event-stream`, a `data` line for each line.
    Events,
    /// Nothing: the body of a poll.
    Bare,
    /// WebSocket text frames, compressed from a size on.
    DeflatedText(Deflating),
    /// WebSocket binary frames, compressed from a size on.
    DeflatedBinary(Deflating),
}

/// A piece that bytes are being appended to.
#[derive(Debug)]
pub(crate) enum OpenPiece {
    Frame(OpenFrame, Opcode),
    Event { start: usize },
    Bare { start: usize },
}

impl Framing {
    /// Begins a piece at the end of `out`.
    pub(crate) fn begin(self, out: &mut Vec<u8>) -> OpenPiece {
        match self {
            Self::Text | Self::DeflatedText(_) => OpenPiece::Frame(OpenFrame::begin(out), Opcode::Text),
            Self::Binary | Self::DeflatedBinary(_) => OpenPiece::Frame(OpenFrame::begin(out), Opcode::Binary),
            Self::Events => {
                let start = out.len();
                out.extend_from_slice(DATA);
                OpenPiece::Event { start }
            }
            Self::Bare => OpenPiece::Bare { start: out.len() },
        }
    }

    /// The same without compression.
    pub(crate) fn plain(self) -> Self {
        match self {
            Self::DeflatedText(_) => Self::Text,
            Self::DeflatedBinary(_) => Self::Binary,
            Self::Text | Self::Binary | Self::Events | Self::Bare => self,
        }
    }

    /// A piece of these bytes alone, compressed; `None` where that is not done, or not worth it.
    pub(crate) fn deflated(self, bytes: &[u8]) -> Option<Bytes> {
        let (deflating, opcode) = match self {
            Self::DeflatedText(deflating) => (deflating, Opcode::Text),
            Self::DeflatedBinary(deflating) => (deflating, Opcode::Binary),
            Self::Text | Self::Binary | Self::Events | Self::Bare => return None,
        };
        deflating.is_worth(bytes.len()).then(|| deflating.frame(opcode, bytes))
    }

    /// The compressed form of a whole plain frame, or itself where that is not worth it.
    pub(crate) fn deflate_frame(self, frame: Bytes) -> Bytes {
        let header = match frame.get(1) {
            Some(126) => 4,
            Some(127) => 10,
            Some(_) | None => 2,
        };
        frame.get(header..).and_then(|payload| self.deflated(payload)).unwrap_or(frame)
    }

    /// A piece of these bytes alone.
    pub(crate) fn wrap(self, bytes: &[u8]) -> Bytes {
        if let Some(piece) = self.deflated(bytes) {
            return piece;
        }
        let mut out = Vec::with_capacity(bytes.len() + ROOM);
        let piece = self.begin(&mut out);
        piece.extend(&mut out, bytes);
        piece.finish(&mut out);
        out.into()
    }
}

impl OpenPiece {
    /// Whether it is of that framing, compressed or not: bytes that share a piece are too few to be worth it.
    pub(crate) fn is(&self, framing: Framing) -> bool {
        let framing = framing.plain();
        match self {
            Self::Frame(_, Opcode::Text) => framing == Framing::Text,
            Self::Frame(..) => framing == Framing::Binary,
            Self::Event { .. } => framing == Framing::Events,
            Self::Bare { .. } => framing == Framing::Bare,
        }
    }

    /// Appends bytes to the piece, which ends `out`.
    pub(crate) fn extend(&self, out: &mut Vec<u8>, mut bytes: &[u8]) {
        if matches!(self, Self::Event { .. }) {
            while let Some(at) = memchr(b'\n', bytes) {
                let line = &bytes[..at];
                out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
                out.extend_from_slice(LINE_END);
                out.extend_from_slice(DATA);
                bytes = &bytes[at + 1..];
            }
        }
        out.extend_from_slice(bytes);
    }

    /// Bytes appended so far, about.
    pub(crate) fn len(&self, out: &[u8]) -> usize {
        match self {
            Self::Frame(frame, _) => frame.payload_len(out),
            Self::Event { start } | Self::Bare { start } => out.len() - start,
        }
    }

    /// Completes the piece, which ends `out`.
    pub(crate) fn finish(self, out: &mut Vec<u8>) {
        match self {
            Self::Frame(frame, opcode) => frame.finish(out, opcode),
            Self::Event { .. } => {
                out.extend_from_slice(LINE_END);
                out.extend_from_slice(LINE_END);
            }
            Self::Bare { .. } => {}
        }
    }
}

/// Bytes that a framing adds, most often.
const ROOM: usize = 10;
const DATA: &[u8] = b"data: ";
const LINE_END: &[u8] = b"\r\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_a_data_line_for_each_line() {
        assert_eq!(piece(Framing::Events, &[b"one"]), b"data: one\r\n\r\n");
        assert_eq!(piece(Framing::Events, &[b"a\nb\r\nc", b"d"]), b"data: a\r\ndata: b\r\ndata: cd\r\n\r\n");
    }

    #[test]
    fn a_poll_is_the_bytes_themselves() {
        assert_eq!(piece(Framing::Bare, &[b"a\n", b"b"]), b"a\nb");
    }

    #[test]
    fn a_frame_says_what_it_carries() {
        assert_eq!(piece(Framing::Text, &[b"a", b"b"]), b"\x81\x02ab");
        assert_eq!(piece(Framing::Binary, &[b"a"]), b"\x82\x01a");
    }

    fn piece(framing: Framing, parts: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::new();
        let open = framing.begin(&mut out);
        assert!(open.is(framing));
        parts.iter().for_each(|part| open.extend(&mut out, part));
        open.finish(&mut out);
        out
    }
}
