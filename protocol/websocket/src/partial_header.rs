//! A frame header that arrives in pieces.
//!
//! The first two bytes say how long the rest is, and most violations show in them: they are judged before the
//! rest is awaited. A header that comes whole, as nearly all do, is read from where it lies.

use crate::header::{
    FIN, FrameHeader, LENGTH, LENGTH_IN_16_BITS, LENGTH_IN_64_BITS, MASKED, MAX_HEADER, OPCODE, Opcode, RSV1,
    RSV2_AND_RSV3,
};
use crate::violation::Violation;

/// The bytes of a header that have come so far.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct PartialHeader {
    bytes: [u8; MAX_HEADER],
    filled: u8,
}

impl PartialHeader {
    /// Takes the rest of the header from `input`; `None` if it has too few bytes. `check` judges the first
    /// two as soon as they are there.
    pub(crate) fn read(
        &mut self,
        input: &mut &mut [u8],
        check: impl Fn(&FrameStart) -> Result<(), Violation>,
    ) -> Result<Option<FrameHeader>, Violation> {
        if let (0, Some(bytes)) = (self.filled, input.first_chunk::<MAX_HEADER>()) {
            let start = FrameStart::parse(bytes)?;
            check(&start)?;
            let header = start.complete(bytes)?;
            let _ = input.split_off_mut(..start.header_length());
            return Ok(Some(header));
        }
        if !self.fill(input, 2) {
            return Ok(None);
        }
        let start = FrameStart::parse(&self.bytes)?;
        check(&start)?;
        if !self.fill(input, start.header_length()) {
            return Ok(None);
        }
        start.complete(&self.bytes).map(Some)
    }

    /// Moves bytes over until there are `end` of them and tells whether there are.
    fn fill(&mut self, input: &mut &mut [u8], end: usize) -> bool {
        let filled = usize::from(self.filled);
        let taken = end.saturating_sub(filled).min(input.len());
        let bytes = input.split_off_mut(..taken).unwrap_or_default();
        self.bytes[filled..filled + taken].copy_from_slice(bytes);
        self.filled += taken as u8;
        filled + taken >= end
    }
}

/// What the first two bytes of a header say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FrameStart {
    pub(crate) fin: bool,
    pub(crate) rsv1: bool,
    pub(crate) opcode: Opcode,
    pub(crate) masked: bool,
    /// The length itself, or that it follows in 16 or 64 bits.
    short_length: u8,
}

impl FrameStart {
    fn parse(&[first, second, ..]: &[u8; MAX_HEADER]) -> Result<Self, Violation> {
        if first & RSV2_AND_RSV3 != 0 {
            return Err(Violation::ReservedBit);
        }
        let opcode = match first & OPCODE {
            0 => Opcode::Continuation,
            1 => Opcode::Text,
            2 => Opcode::Binary,
            8 => Opcode::Close,
            9 => Opcode::Ping,
            10 => Opcode::Pong,
            reserved => return Err(Violation::ReservedOpcode(reserved)),
        };
        Ok(Self {
            fin: first & FIN != 0,
            rsv1: first & RSV1 != 0,
            opcode,
            masked: second & MASKED != 0,
            short_length: second & LENGTH,
        })
    }

    /// Holds a control frame to the rules of §5.5: whole, short and without reserved bits.
    pub(crate) fn check_control(&self) -> Result<(), Violation> {
        if self.rsv1 {
            Err(Violation::ReservedBit)
        } else if !self.fin {
            Err(Violation::FragmentedControlFrame)
        } else if self.short_length >= LENGTH_IN_16_BITS {
            Err(Violation::ControlFrameTooLong)
        } else {
            Ok(())
        }
    }

    /// How many bytes the whole header has.
    fn header_length(&self) -> usize {
        self.mask_at() + if self.masked { 4 } else { 0 }
    }

    fn mask_at(&self) -> usize {
        match self.short_length {
            LENGTH_IN_16_BITS => 4,
            LENGTH_IN_64_BITS => 10,
            _ => 2,
        }
    }

    /// Reads what follows the first two bytes.
    fn complete(&self, bytes: &[u8; MAX_HEADER]) -> Result<FrameHeader, Violation> {
        let mask_at = self.mask_at();
        let key = || [bytes[mask_at], bytes[mask_at + 1], bytes[mask_at + 2], bytes[mask_at + 3]];
        Ok(FrameHeader {
            fin: self.fin,
            rsv1: self.rsv1,
            opcode: self.opcode,
            payload_length: self.payload_length(bytes)?,
            mask: self.masked.then(key),
        })
    }

    fn payload_length(&self, bytes: &[u8; MAX_HEADER]) -> Result<u64, Violation> {
        let &[_, _, a, b, c, d, e, f, g, h, ..] = bytes;
        let (length, least) = match self.short_length {
            LENGTH_IN_16_BITS => (u64::from(u16::from_be_bytes([a, b])), u64::from(LENGTH_IN_16_BITS)),
            LENGTH_IN_64_BITS => (u64::from_be_bytes([a, b, c, d, e, f, g, h]), 1 << 16),
            short => (u64::from(short), 0),
        };
        if length < least {
            return Err(Violation::LengthNotMinimal);
        }
        if length > i64::MAX as u64 {
            return Err(Violation::LengthTooLarge);
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::MAX_CONTROL_PAYLOAD;

    fn read(bytes: &[u8]) -> Result<Option<FrameHeader>, Violation> {
        let mut bytes = bytes.to_vec();
        let mut input = bytes.as_mut_slice();
        PartialHeader::default().read(&mut input, |_| Ok(()))
    }

    #[test]
    fn what_is_encoded_is_read_back() {
        for payload_length in [0, 1, 125, 126, 65_535, 65_536, i64::MAX as u64] {
            for mask in [None, Some([9, 8, 7, 6])] {
                let header =
                    FrameHeader { fin: true, rsv1: true, opcode: Opcode::Text, payload_length, mask };
                assert_eq!(read(&header.encode()), Ok(Some(header)));
                assert_eq!(read(&header.encode()[..header.encode().len() - 1]), Ok(None));
            }
        }
    }

    #[test]
    fn a_header_takes_only_its_own_bytes() {
        for rest in [b"xyz".as_slice(), b"more than the longest header has"] {
            let mut bytes = [b"\x82\x01", rest].concat();
            let mut input = bytes.as_mut_slice();
            let header = PartialHeader::default().read(&mut input, |_| Ok(()));
            assert_eq!(header.map(|header| header.map(|header| header.payload_length)), Ok(Some(1)));
            assert_eq!(input, rest);
        }
    }

    #[test]
    fn lengths_in_more_bytes_than_needed_are_refused() {
        // "the minimal number of bytes MUST be used to encode the length" (§5.2)
        assert_eq!(read(&[0x82, 126, 0, 125]), Err(Violation::LengthNotMinimal));
        assert_eq!(read(&[0x82, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff]), Err(Violation::LengthNotMinimal));
    }

    #[test]
    fn a_length_with_its_highest_bit_set_is_refused() {
        // "the most significant bit MUST be 0" (§5.2)
        assert_eq!(read(&[0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]), Err(Violation::LengthTooLarge));
    }

    #[test]
    fn every_reserved_opcode_and_the_second_and_third_reserved_bit_are_refused() {
        for opcode in (3..=7).chain(11..=15) {
            assert_eq!(read(&[0x80 | opcode, 0]), Err(Violation::ReservedOpcode(opcode)));
        }
        assert_eq!(read(&[0xa2, 0]), Err(Violation::ReservedBit));
        assert_eq!(read(&[0x92, 0]), Err(Violation::ReservedBit));
    }

    #[test]
    fn control_frames_are_whole_and_short() {
        let check = |first, second| {
            let mut bytes = [0; MAX_HEADER];
            bytes[..2].copy_from_slice(&[first, second]);
            FrameStart::parse(&bytes).and_then(|start| start.check_control())
        };
        assert_eq!(check(0x89, MAX_CONTROL_PAYLOAD as u8), Ok(()));
        assert_eq!(check(0x89, 126), Err(Violation::ControlFrameTooLong));
        assert_eq!(check(0x8a, 127), Err(Violation::ControlFrameTooLong));
        assert_eq!(check(0x08, 0), Err(Violation::FragmentedControlFrame));
        assert_eq!(check(0xc9, 0), Err(Violation::ReservedBit));
    }
}
