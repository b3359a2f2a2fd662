//! Walks over JSON without building anything.
//!
//! Strict RFC 8259: no comments, no trailing commas, no byte order mark. Values that nobody asked for are checked too, so
//! that a raw slice handed on is always well-formed. Strings are checked for grammar, not for UTF-8: see `text`.
//!
//! A scanner is copied into the functions that are not inlined, and its successor copied out: a reference would keep it
//! in memory instead of registers, which costs half of the speed.

#![expect(clippy::inline_always, reason = "measured: without it a message takes half as long again")]

use super::DEPTH_LIMIT;
use super::text::Text;
use crate::ProtocolError;

/// What is left of a JSON text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scanner<'a> {
    rest: &'a [u8],
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The first byte of what comes next. White space before it is consumed, it is not.
    #[inline(always)]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            let (&byte, after) = self.rest.split_first()?;
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.rest = after;
        }
    }

    /// Goes behind `byte` if it comes next.
    #[inline(always)]
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        if self.peek() != Some(byte) {
            return false;
        }
        self.rest = &self.rest[1..];
        true
    }

    /// Goes behind the next member's name and colon, or behind the object's end, which is `None`.
    ///
    /// `first` is true right behind the object's brace.
    #[inline(always)]
    pub(crate) fn next_member(&mut self, first: &mut bool) -> Result<Option<Text<'a>>, Flaw> {
        if !self.next_of(b'}', first)? {
            return Ok(None);
        }
        let name = self.string()?.ok_or(Flaw::Grammar)?;
        if !self.take(b':') {
            return Err(Flaw::Grammar);
        }
        Ok(Some(name))
    }

    /// Goes to the next element, or behind the array's end, which is `false`.
    ///
    /// `first` is true right behind the array's bracket.
    #[inline(always)]
    pub(crate) fn next_element(&mut self, first: &mut bool) -> Result<bool, Flaw> {
        self.next_of(b']', first)
    }

    /// The string that comes next; `None`, and nothing consumed, if something else does.
    #[inline(always)]
    pub(crate) fn string(&mut self) -> Result<Option<Text<'a>>, Flaw> {
        if !self.take(b'"') {
            return Ok(None);
        }
        let length = plain_length(self.rest);
        let (raw, end) = self.rest.split_at(length);
        if let Some((b'"', after)) = end.split_first() {
            self.rest = after;
            return Ok(Some(Text { raw, escaped: false }));
        }
        let (text, after) = self.escaped_string(length)?;
        *self = after;
        Ok(Some(text))
    }

    /// The number that comes next; `None`, and nothing consumed, if something else does.
    #[inline(always)]
    pub(crate) fn number(&mut self) -> Result<Option<&'a [u8]>, Flaw> {
        let Some(b'-' | b'0'..=b'9') = self.peek() else {
            return Ok(None);
        };
        let start = *self;
        *self = self.behind_number()?;
        Ok(Some(start.up_to(*self)))
    }

    /// The boolean that comes next; `None`, and nothing consumed, if something else does.
    pub(crate) fn boolean(&mut self) -> Result<Option<bool>, Flaw> {
        let (value, after) = match self.peek() {
            Some(b't') => (true, self.behind_literal(b"true")?),
            Some(b'f') => (false, self.behind_literal(b"false")?),
            Some(_) | None => return Ok(None),
        };
        *self = after;
        Ok(Some(value))
    }

    /// The value that comes next, whatever it is. `depth` objects and arrays are open around it.
    #[inline(always)]
    pub(crate) fn raw_value(&mut self, depth: u32) -> Result<&'a [u8], Flaw> {
        self.peek();
        let start = *self;
        self.skip_value(depth)?;
        Ok(start.up_to(*self))
    }

    /// The array that comes next and the number of its elements; `None`, and nothing consumed, if something else does.
    #[inline(always)]
    pub(crate) fn raw_array(&mut self, depth: u32) -> Result<Option<(&'a [u8], usize)>, Flaw> {
        if self.peek() != Some(b'[') {
            return Ok(None);
        }
        let start = *self;
        let (after, count) = self.behind_array(depth)?;
        *self = after;
        Ok(Some((start.up_to(after), count)))
    }

    /// Goes behind the value that comes next. `depth` objects and arrays are open around it.
    #[inline(always)]
    pub(crate) fn skip_value(&mut self, depth: u32) -> Result<(), Flaw> {
        *self = self.behind_value(depth)?;
        Ok(())
    }

    /// The bytes between here and where `ahead`, a copy that went on, stands.
    #[inline(always)]
    pub(crate) fn up_to(self, ahead: Self) -> &'a [u8] {
        &self.rest[..self.rest.len() - ahead.rest.len()]
    }

    #[inline(always)]
    fn next_of(&mut self, end: u8, first: &mut bool) -> Result<bool, Flaw> {
        if self.take(end) {
            return Ok(false);
        }
        if !std::mem::take(first) && !self.take(b',') {
            return Err(Flaw::Grammar);
        }
        Ok(true)
    }

    /// The string that starts here and holds `plain` bytes before its first escape.
    fn escaped_string(self, plain: usize) -> Result<(Text<'a>, Self), Flaw> {
        let mut length = plain;
        loop {
            match self.rest.get(length) {
                Some(b'"') => break,
                Some(b'\\') => length += 1 + escape_length(&self.rest[length + 1..])?,
                Some(_) | None => return Err(Flaw::Grammar),
            }
            length += plain_length(&self.rest[length..]);
        }
        let text = Text { raw: &self.rest[..length], escaped: true };
        Ok((text, Self { rest: &self.rest[length + 1..] }))
    }

    fn behind_value(mut self, depth: u32) -> Result<Self, Flaw> {
        match self.peek() {
            Some(b'"') => self.string().map(|_| self),
            Some(b'-' | b'0'..=b'9') => self.behind_number(),
            Some(b'{') => self.behind_object(depth),
            Some(b'[') => self.behind_array(depth).map(|(after, _)| after),
            Some(b't') => self.behind_literal(b"true"),
            Some(b'f') => self.behind_literal(b"false"),
            Some(b'n') => self.behind_literal(b"null"),
            Some(_) | None => Err(Flaw::Grammar),
        }
    }

    fn behind_object(mut self, depth: u32) -> Result<Self, Flaw> {
        self.take(b'{');
        let (depth, mut first) = (deeper(depth)?, true);
        while self.next_member(&mut first)?.is_some() {
            self.skip_value(depth)?;
        }
        Ok(self)
    }

    fn behind_array(mut self, depth: u32) -> Result<(Self, usize), Flaw> {
        self.take(b'[');
        let (depth, mut first, mut count) = (deeper(depth)?, true, 0);
        while self.next_element(&mut first)? {
            self.skip_value(depth)?;
            count += 1;
        }
        Ok((self, count))
    }

    fn behind_number(self) -> Result<Self, Flaw> {
        let unsigned = self.rest.strip_prefix(b"-").unwrap_or(self.rest);
        let mut rest = match unsigned.strip_prefix(b"0") {
            Some(after) => after,
            None => behind_digits(unsigned)?,
        };
        if let Some(fraction) = rest.strip_prefix(b".") {
            rest = behind_digits(fraction)?;
        }
        if let [b'e' | b'E', exponent @ ..] = rest {
            let digits = if let [b'+' | b'-', digits @ ..] = exponent { digits } else { exponent };
            rest = behind_digits(digits)?;
        }
        Ok(Self { rest })
    }

    fn behind_literal(self, literal: &[u8]) -> Result<Self, Flaw> {
        self.rest.strip_prefix(literal).map(|rest| Self { rest }).ok_or(Flaw::Grammar)
    }
}

/// What a scanner cannot go on from. One byte, because every step may return it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Flaw {
    /// The bytes are not JSON.
    Grammar,
    /// More objects and arrays are open than we follow.
    Depth,
}

impl From<Flaw> for ProtocolError {
    fn from(flaw: Flaw) -> Self {
        match flaw {
            Flaw::Grammar => Self::InvalidJson,
            Flaw::Depth => Self::TooDeep { limit: DEPTH_LIMIT },
        }
    }
}

/// The depth inside a container that opens where `depth` are open.
fn deeper(depth: u32) -> Result<u32, Flaw> {
    if depth == DEPTH_LIMIT { Err(Flaw::Depth) } else { Ok(depth + 1) }
}

fn behind_digits(bytes: &[u8]) -> Result<&[u8], Flaw> {
    let count = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 { Err(Flaw::Grammar) } else { Ok(&bytes[count..]) }
}

/// How many bytes belong to the escape behind a backslash.
fn escape_length(bytes: &[u8]) -> Result<usize, Flaw> {
    match bytes {
        [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => Ok(1),
        [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => Ok(5),
        _ => Err(Flaw::Grammar),
    }
}

/// How many bytes come before a quote, a backslash, a control character or the end.
///
/// Names and ids end within two words of eight bytes; longer texts go by 32, which the compiler turns into vector
/// instructions.
#[inline(always)]
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    while let Some(word) = bytes[length..].first_chunk() {
        let special = special_bytes(u64::from_le_bytes(*word));
        if special != 0 {
            return length + special.trailing_zeros() as usize / 8;
        }
        length += word.len();
        if length == 16 {
            length += plain_blocks(&bytes[length..]);
        }
    }
    length + bytes[length..].iter().take_while(|&&byte| !is_special(byte)).count()
}

/// A number of bytes, whole blocks, among which nothing is special.
fn plain_blocks(bytes: &[u8]) -> usize {
    const BLOCK: usize = 32;
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let is_plain =
        |block: &&[u8; BLOCK]| block.iter().fold(0, |any, &byte| any | u8::from(is_special(byte))) == 0;
    BLOCK * blocks.iter().take_while(is_plain).count()
}

fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Sets the high bit of each special byte. Bits above the lowest one set may be wrong, it never is.
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let control = word.wrapping_sub(ONES * 0x20);
    ((quote.wrapping_sub(ONES) & !quote) | (backslash.wrapping_sub(ONES) & !backslash) | (control & !word))
        & HIGH
}
