//! A JSON string in the bytes it came in.
//!
//! The scanner checks a string's grammar; whether it is text (UTF-8, whole surrogate pairs) is asked only where someone
//! reads it: a broken string among the arguments fails that invocation alone.

use std::borrow::Cow;
use std::str;

use memchr::memchr;

/// What is between the quotes of a string whose escapes are well-formed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    pub(super) raw: &'a [u8],
    pub(super) escaped: bool,
}

impl<'a> Text<'a> {
    /// The text, borrowed unless it holds escapes. `None` if it is no text.
    #[inline]
    pub(crate) fn to_str(self) -> Option<Cow<'a, str>> {
        if !self.escaped {
            return str::from_utf8(self.raw).ok().map(Cow::Borrowed);
        }
        self.unescaped().map(Cow::Owned)
    }

    /// Whether [`to_str`](Self::to_str) would give a text.
    pub(crate) fn is_text(self) -> bool {
        self.unescape(|_| ()).is_some()
    }

    /// The one of `names` that it spells, as bytes; empty for none of them. A plain string is not compared.
    #[inline]
    pub(crate) fn spelled<'n>(self, names: &[&'n str]) -> &'n [u8]
    where
        'a: 'n,
    {
        if self.escaped { self.unescaped_name(names) } else { self.raw }
    }

    #[cold]
    fn unescaped_name<'n>(self, names: &[&'n str]) -> &'n [u8] {
        names.iter().find(|name| self.is(name)).map_or(b"", |name| name.as_bytes())
    }

    #[cold]
    fn unescaped(self) -> Option<String> {
        let mut text = String::with_capacity(self.raw.len());
        self.unescape(|part| text.push_str(part))?;
        Some(text)
    }

    fn is(self, name: &str) -> bool {
        let mut rest = Some(name);
        let ends = self.unescape(|part| rest = rest.and_then(|rest| rest.strip_prefix(part)));
        ends.is_some() && rest == Some("")
    }

    fn unescape(self, mut emit: impl FnMut(&str)) -> Option<()> {
        let mut rest = self.raw;
        loop {
            let plain = memchr(b'\\', rest).unwrap_or(rest.len());
            emit(str::from_utf8(&rest[..plain]).ok()?);
            let Some((_, after)) = rest[plain..].split_first() else {
                return Some(());
            };
            let (character, after) = escape(after)?;
            emit(character.encode_utf8(&mut [0; 4]));
            rest = after;
        }
    }
}

/// The character of the escape whose backslash has been read, and what follows it.
fn escape(bytes: &[u8]) -> Option<(char, &[u8])> {
    let (&kind, after) = bytes.split_first()?;
    let character = match kind {
        b'"' | b'\\' | b'/' => char::from(kind),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode_escape(after),
        _ => return None,
    };
    Some((character, after))
}

fn unicode_escape(bytes: &[u8]) -> Option<(char, &[u8])> {
    let (first, after) = code_unit(bytes)?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first).map(|character| (character, after));
    }
    let (second, after) = code_unit(after.strip_prefix(b"\\u")?)?;
    if !(0xdc00..0xe000).contains(&second) {
        return None;
    }
    let character = char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))?;
    Some((character, after))
}

fn code_unit(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, after) = bytes.split_at_checked(4)?;
    let unit = digits.iter().try_fold(0, |unit, &digit| Some(unit * 16 + char::from(digit).to_digit(16)?))?;
    Some((unit, after))
}
