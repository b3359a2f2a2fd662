//! A message encoded straight into its frame.
//!
//! The length of a hub message is known only when it is encoded, but stands before it. Room for the shortest
//! header is kept, and only a message of more than 125 bytes is moved, once, to make room for a longer one.

use crate::header::{Opcode, header_len, server_frame_header};

const SHORTEST_HEADER: usize = 2;

/// An unmasked frame whose payload is being appended to a buffer.
///
/// ```
/// use hubcast_websocket::{OpenFrame, Opcode};
///
/// let mut out = Vec::new();
/// let frame = OpenFrame::begin(&mut out);
/// out.extend_from_slice(b"hello");
/// frame.finish(&mut out, Opcode::Text);
/// assert_eq!(out, b"\x81\x05hello");
/// ```
#[derive(Debug)]
#[must_use = "the frame has no header before it is finished"]
pub struct OpenFrame {
    start: usize,
}

impl OpenFrame {
    /// Keeps room for a header at the end of `out`. The payload is what the caller appends after it.
    pub fn begin(out: &mut Vec<u8>) -> Self {
        let start = out.len();
        out.extend_from_slice(&[0; SHORTEST_HEADER]);
        Self { start }
    }

    /// Writes the header before what was appended to `out` since [`begin`](Self::begin).
    ///
    /// # Panics
    ///
    /// If `out` was cut to before the payload.
    pub fn finish(self, out: &mut Vec<u8>, opcode: Opcode) {
        let payload_at = self.start + SHORTEST_HEADER;
        let payload_end = out.len();
        assert!(payload_end >= payload_at, "the buffer of an open frame lost its header");
        let payload_length = payload_end - payload_at;
        let missing = header_len(payload_length) - SHORTEST_HEADER;
        if missing > 0 {
            out.resize(payload_end + missing, 0);
            out.copy_within(payload_at..payload_end, payload_at + missing);
        }
        let header = server_frame_header(opcode, payload_length);
        out[self.start..self.start + header.len()].copy_from_slice(&header);
    }

    /// The bytes of payload that were appended to `out` so far.
    pub fn payload_len(&self, out: &[u8]) -> usize {
        out.len().saturating_sub(self.start + SHORTEST_HEADER)
    }

    /// Takes the header's room and what was appended after it away again.
    pub fn abandon(self, out: &mut Vec<u8>) {
        out.truncate(self.start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::write_frame;

    #[test]
    fn payloads_of_every_header_size_equal_a_frame_written_at_once() {
        for length in [0, 1, 125, 126, 127, 65_535, 65_536, 70_000] {
            let payload: Vec<u8> = (0..length).map(|i| i as u8).collect();
            let mut expected = b"before".to_vec();
            write_frame(&mut expected, true, Opcode::Binary, &payload, None);

            let mut out = b"before".to_vec();
            let frame = OpenFrame::begin(&mut out);
            out.extend_from_slice(&payload);
            frame.finish(&mut out, Opcode::Binary);
            assert!(out == expected, "length {length}");
        }
    }

    #[test]
    fn frames_stand_one_after_another() {
        let mut out = Vec::new();
        for text in ["a", "bc"] {
            let frame = OpenFrame::begin(&mut out);
            out.extend_from_slice(text.as_bytes());
            frame.finish(&mut out, Opcode::Text);
        }
        assert_eq!(out, b"\x81\x01a\x81\x02bc");
    }

    #[test]
    fn an_open_frame_knows_how_long_it_is() {
        let mut out = b"before".to_vec();
        let frame = OpenFrame::begin(&mut out);
        assert_eq!(frame.payload_len(&out), 0);
        out.extend_from_slice(b"hello");
        assert_eq!(frame.payload_len(&out), 5);
    }

    #[test]
    fn an_abandoned_frame_leaves_nothing() {
        let mut out = b"before".to_vec();
        let frame = OpenFrame::begin(&mut out);
        out.extend_from_slice(b"half a mess");
        frame.abandon(&mut out);
        assert_eq!(out, b"before");
    }
}
