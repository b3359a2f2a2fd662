//! Framing of MessagePack messages: each has its length in front, seven bits a byte, the lowest first.
//!
//! The length is judged before its bytes have come, so that an announcement alone never makes us wait for, or keep, more
//! than the limit.

use crate::{EncodeError, ProtocolError, Split};

/// The longest message that a prefix can announce.
const LENGTH_LIMIT: usize = 0x7fff_ffff;
/// Bytes of the longest prefix.
const PREFIX_LIMIT: usize = 5;

/// Splits the first message off `input`. `limit` counts its bytes with the prefix.
pub(crate) fn split(input: &[u8], limit: Option<usize>) -> Result<Option<Split<'_>>, ProtocolError> {
    let Some((length, prefix)) = read(input)? else {
        return match limit {
            Some(limit) if input.len() > limit => Err(ProtocolError::MessageTooLarge { limit }),
            Some(_) | None => Ok(None),
        };
    };
    let consumed = prefix + length;
    match limit {
        Some(limit) if consumed > limit => Err(ProtocolError::MessageTooLarge { limit }),
        Some(_) | None => Ok(input.get(prefix..consumed).map(|payload| Split { payload, consumed })),
    }
}

/// The announced length and the bytes that the prefix takes; `None` if it is not whole.
fn read(input: &[u8]) -> Result<Option<(usize, usize)>, ProtocolError> {
    let mut length = 0;
    for (position, &byte) in input.iter().take(PREFIX_LIMIT).enumerate() {
        if position == PREFIX_LIMIT - 1 && byte > 7 {
            return Err(ProtocolError::InvalidLengthPrefix);
        }
        length |= usize::from(byte & 0x7f) << (7 * position);
        if byte < 0x80 {
            return Ok(Some((length, position + 1)));
        }
    }
    Ok(None)
}

/// A message that is being written at the end of a buffer; its prefix comes when its length is known.
pub(crate) struct Frame {
    start: usize,
}

impl Frame {
    /// Begins a message. One byte is kept for the prefix, which is enough for messages of up to 127.
    pub(crate) fn begin(out: &mut Vec<u8>) -> Self {
        let start = out.len();
        out.push(0);
        Self { start }
    }

    /// Puts the prefix in front of the message.
    pub(crate) fn end(self, out: &mut Vec<u8>) {
        let length = out.len() - self.start - 1;
        let (prefix, size) = write(length);
        if size > 1 {
            out.splice(self.start..=self.start, prefix[..size].iter().copied());
        } else {
            out[self.start] = prefix[0];
        }
    }

    /// Puts the prefix in front of the message, or takes it back if it failed or is too long.
    pub(crate) fn end_if(
        self,
        out: &mut Vec<u8>,
        written: Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let fits = out.len() - self.start - 1 <= LENGTH_LIMIT;
        let written = written.and(if fits { Ok(()) } else { Err(EncodeError::TooLarge) });
        match written {
            Ok(()) => self.end(out),
            Err(_) => out.truncate(self.start),
        }
        written
    }
}

/// The prefix of a message of `length` bytes and how many bytes of the array it takes.
fn write(mut length: usize) -> ([u8; 10], usize) {
    let mut prefix = [0; 10];
    let mut size = 0;
    loop {
        prefix[size] = (length & 0x7f) as u8;
        length >>= 7;
        size += 1;
        if length == 0 {
            return (prefix, size);
        }
        prefix[size - 1] |= 0x80;
    }
}
