//! Walks over MessagePack without building anything.
//!
//! Every length is compared with the bytes that are left before anyone believes it, and nesting ends at 64, so that
//! hostile headers cost neither memory nor stack. `None` is "cut short or another type": the caller knows the field.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a field takes a few of MessagePack's 37 markers, a value all"
)]

use std::borrow::Cow;

use rmp::Marker;

use super::DEPTH_LIMIT;

/// What is left of a message.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The bytes between here and where `ahead`, a clone that went on, stands.
    pub(crate) fn up_to(&self, ahead: &Self) -> &'a [u8] {
        &self.rest[..self.rest.len() - ahead.rest.len()]
    }

    /// The number of elements of the array that comes next.
    #[inline]
    pub(crate) fn array(&mut self) -> Option<usize> {
        let length = match self.marker()? {
            Marker::FixArray(length) => usize::from(length),
            Marker::Array16 => self.length::<2>()?,
            Marker::Array32 => self.length::<4>()?,
            _ => return None,
        };
        (length <= self.rest.len()).then_some(length)
    }

    /// The number of entries of the map that comes next.
    #[inline]
    pub(crate) fn map(&mut self) -> Option<usize> {
        let length = match self.marker()? {
            Marker::FixMap(length) => usize::from(length),
            Marker::Map16 => self.length::<2>()?,
            Marker::Map32 => self.length::<4>()?,
            _ => return None,
        };
        (length <= self.rest.len() / 2).then_some(length)
    }

    /// The integer that comes next, in whichever width it was written.
    #[inline]
    pub(crate) fn integer(&mut self) -> Option<i64> {
        Some(match self.marker()? {
            Marker::FixPos(value) => i64::from(value),
            Marker::FixNeg(value) => i64::from(value),
            Marker::U8 => i64::from(u8::from_be_bytes(self.array_of()?)),
            Marker::U16 => i64::from(u16::from_be_bytes(self.array_of()?)),
            Marker::U32 => i64::from(u32::from_be_bytes(self.array_of()?)),
            Marker::U64 => i64::try_from(u64::from_be_bytes(self.array_of()?)).ok()?,
            Marker::I8 => i64::from(i8::from_be_bytes(self.array_of()?)),
            Marker::I16 => i64::from(i16::from_be_bytes(self.array_of()?)),
            Marker::I32 => i64::from(i32::from_be_bytes(self.array_of()?)),
            Marker::I64 => i64::from_be_bytes(self.array_of()?),
            _ => return None,
        })
    }

    /// The boolean that comes next.
    #[inline]
    pub(crate) fn boolean(&mut self) -> Option<bool> {
        match self.marker()? {
            Marker::True => Some(true),
            Marker::False => Some(false),
            _ => None,
        }
    }

    /// The string that comes next, or `Some(None)` for nil. Bytes that are no UTF-8 read as U+FFFD, as in .NET.
    #[inline]
    pub(crate) fn text(&mut self) -> Option<Option<Cow<'a, str>>> {
        let length = match self.marker()? {
            Marker::Null => return Some(None),
            Marker::FixStr(length) => usize::from(length),
            Marker::Str8 => self.length::<1>()?,
            Marker::Str16 => self.length::<2>()?,
            Marker::Str32 => self.length::<4>()?,
            _ => return None,
        };
        self.take(length).map(|bytes| Some(String::from_utf8_lossy(bytes)))
    }

    /// The bytes of the value that comes next, whatever it is. `depth` arrays and maps are open around it.
    pub(crate) fn raw_value(&mut self, depth: u32) -> Option<&'a [u8]> {
        let start = self.clone();
        self.skip(depth)?;
        Some(start.up_to(self))
    }

    fn skip(&mut self, depth: u32) -> Option<()> {
        let length = match self.marker()? {
            Marker::FixPos(_) | Marker::FixNeg(_) | Marker::Null | Marker::True | Marker::False => 0,
            Marker::U8 | Marker::I8 => 1,
            Marker::U16 | Marker::I16 | Marker::FixExt1 => 2,
            Marker::FixExt2 => 3,
            Marker::U32 | Marker::I32 | Marker::F32 => 4,
            Marker::FixExt4 => 5,
            Marker::U64 | Marker::I64 | Marker::F64 => 8,
            Marker::FixExt8 => 9,
            Marker::FixExt16 => 17,
            Marker::FixStr(length) => usize::from(length),
            Marker::Str8 | Marker::Bin8 => self.length::<1>()?,
            Marker::Str16 | Marker::Bin16 => self.length::<2>()?,
            Marker::Str32 | Marker::Bin32 => self.length::<4>()?,
            Marker::Ext8 => self.length::<1>()?.checked_add(1)?,
            Marker::Ext16 => self.length::<2>()?.checked_add(1)?,
            Marker::Ext32 => self.length::<4>()?.checked_add(1)?,
            Marker::FixArray(length) => return self.skip_all(usize::from(length), depth),
            Marker::Array16 => return self.length::<2>().and_then(|length| self.skip_all(length, depth)),
            Marker::Array32 => return self.length::<4>().and_then(|length| self.skip_all(length, depth)),
            Marker::FixMap(length) => return self.skip_all(2 * usize::from(length), depth),
            Marker::Map16 => {
                return self.length::<2>().and_then(|length| self.skip_all(2 * length, depth));
            }
            Marker::Map32 => {
                return self.length::<4>().and_then(|length| self.skip_all(length.checked_mul(2)?, depth));
            }
            Marker::Reserved => return None,
        };
        self.take(length).map(|_| ())
    }

    fn skip_all(&mut self, values: usize, depth: u32) -> Option<()> {
        if depth == DEPTH_LIMIT || values > self.rest.len() {
            return None;
        }
        (0..values).try_for_each(|_| self.skip(depth + 1))
    }

    #[inline]
    fn marker(&mut self) -> Option<Marker> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(Marker::from_u8(byte))
    }

    #[inline]
    fn length<const N: usize>(&mut self) -> Option<usize> {
        let bytes: [u8; N] = self.array_of()?;
        Some(bytes.iter().fold(0, |length, &byte| (length << 8) | usize::from(byte)))
    }

    #[inline]
    fn array_of<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*bytes)
    }

    #[inline]
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }
}
