//! The header of a frame (RFC 6455 §5.2) and how it is written.
//!
//! Lengths are always written in the fewest bytes. Not here: reading a header that may arrive in pieces
//! (`partial_header`).

use std::fmt;
use std::ops::Deref;

/// The most bytes that the payload of a ping, pong or close frame may have.
pub const MAX_CONTROL_PAYLOAD: usize = 125;

/// A header's longest form: two bytes, eight of length, four of mask.
pub(crate) const MAX_HEADER: usize = 14;

pub(crate) const FIN: u8 = 0x80;
pub(crate) const RSV1: u8 = 0x40;
pub(crate) const RSV2_AND_RSV3: u8 = 0x30;
pub(crate) const OPCODE: u8 = 0x0f;
pub(crate) const MASKED: u8 = 0x80;
pub(crate) const LENGTH: u8 = 0x7f;
pub(crate) const LENGTH_IN_16_BITS: u8 = 126;
pub(crate) const LENGTH_IN_64_BITS: u8 = 127;

/// What stands before the payload of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameHeader {
    /// Whether this is the last frame of its message.
    pub fin: bool,
    /// The first reserved bit; permessage-deflate sets it on the first frame of a compressed message.
    pub rsv1: bool,
    /// What the payload is.
    pub opcode: Opcode,
    /// How many bytes of payload follow the header.
    pub payload_length: u64,
    /// The key that the payload is masked with; clients must have one, servers must not.
    pub mask: Option<[u8; 4]>,
}

impl FrameHeader {
    /// Writes the header as it goes over the wire, in 2 to 14 bytes.
    #[must_use]
    pub fn encode(&self) -> HeaderBytes {
        let mut header = HeaderBytes { bytes: [0; MAX_HEADER], length: 2 };
        header.bytes[0] =
            if self.fin { FIN } else { 0 } | if self.rsv1 { RSV1 } else { 0 } | self.opcode as u8;
        if let Ok(short) = u8::try_from(self.payload_length)
            && short < LENGTH_IN_16_BITS
        {
            header.bytes[1] = short;
        } else if let Ok(medium) = u16::try_from(self.payload_length) {
            header.bytes[1] = LENGTH_IN_16_BITS;
            header.push(&medium.to_be_bytes());
        } else {
            header.bytes[1] = LENGTH_IN_64_BITS;
            header.push(&self.payload_length.to_be_bytes());
        }
        if let Some(key) = self.mask {
            header.bytes[1] |= MASKED;
            header.push(&key);
        }
        header
    }
}

/// An encoded header, without a heap allocation. It is used as a slice.
#[derive(Clone, Copy)]
pub struct HeaderBytes {
    bytes: [u8; MAX_HEADER],
    length: u8,
}

impl HeaderBytes {
    fn push(&mut self, more: &[u8]) {
        let start = usize::from(self.length);
        self.bytes[start..start + more.len()].copy_from_slice(more);
        self.length += more.len() as u8;
    }
}

impl Deref for HeaderBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

impl AsRef<[u8]> for HeaderBytes {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for HeaderBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// Encodes the header of a whole message in one unmasked frame, as a server sends it.
#[must_use]
pub fn server_frame_header(opcode: Opcode, payload_length: usize) -> HeaderBytes {
    FrameHeader { fin: true, rsv1: false, opcode, payload_length: payload_length as u64, mask: None }.encode()
}

/// How many bytes the header of an unmasked frame takes: 2, 4 or 10. A mask adds 4.
#[must_use]
pub const fn header_len(payload_length: usize) -> usize {
    if payload_length < LENGTH_IN_16_BITS as usize {
        2
    } else if payload_length <= u16::MAX as usize {
        4
    } else {
        10
    }
}

/// The kinds of frame that RFC 6455 defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Opcode {
    /// A further frame of the message that a text or binary frame began.
    Continuation = 0,
    /// The first frame of a text message.
    Text = 1,
    /// The first frame of a binary message.
    Binary = 2,
    /// The last frame of the connection.
    Close = 8,
    /// A question for a sign of life.
    Ping = 9,
    /// The answer to a ping, or a sign of life that nobody asked for.
    Pong = 10,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(payload_length: u64, mask: Option<[u8; 4]>) -> Vec<u8> {
        FrameHeader { fin: true, rsv1: false, opcode: Opcode::Binary, payload_length, mask }.encode().to_vec()
    }

    #[test]
    fn a_length_takes_the_fewest_bytes() {
        assert_eq!(header(0, None), [0x82, 0]);
        assert_eq!(header(125, None), [0x82, 125]);
        assert_eq!(header(126, None), [0x82, 126, 0, 126]);
        assert_eq!(header(65_535, None), [0x82, 126, 0xff, 0xff]);
        assert_eq!(header(65_536, None), [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn a_mask_follows_the_length() {
        assert_eq!(header(1, Some([1, 2, 3, 4])), [0x82, 0x81, 1, 2, 3, 4]);
        assert_eq!(header(256, Some([1, 2, 3, 4])), [0x82, 0xfe, 1, 0, 1, 2, 3, 4]);
        assert_eq!(header(1 << 40, Some([1, 2, 3, 4])), [0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
    }

    #[test]
    fn fin_and_the_first_reserved_bit_have_their_places() {
        let header =
            FrameHeader { fin: false, rsv1: true, opcode: Opcode::Text, payload_length: 3, mask: None };
        assert_eq!(header.encode()[..], [0x41, 3]);
    }

    #[test]
    fn the_announced_length_of_a_header_is_what_it_takes() {
        for length in [0, 1, 125, 126, 127, 65_535, 65_536, 1 << 20] {
            assert_eq!(header_len(length), server_frame_header(Opcode::Text, length).len());
        }
    }
}
