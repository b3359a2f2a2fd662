//! Headers of a message, kept as the bytes they came in.
//!
//! They were checked when the message was read, so that iterating cannot fail and hostile headers allocate nothing.
//! What outlives the message keeps those bytes too: however many headers they are, they cost no more.

use std::borrow::Cow;
use std::fmt;

use crate::json::HeaderScan;
use crate::messagepack::Reader;

/// Names and values that came with a message, in the order sent.
///
/// A name may come twice; the later value is the one that counts.
#[derive(Clone, Copy, Default)]
pub struct Headers<'a> {
    raw: Raw<'a>,
    len: usize,
}

impl<'a> Headers<'a> {
    pub(crate) fn json(object: &'a [u8], len: usize) -> Self {
        Self { raw: Raw::Json(object), len }
    }

    pub(crate) fn messagepack(entries: &'a [u8], len: usize) -> Self {
        Self { raw: Raw::MessagePack(entries), len }
    }

    /// How many there are, repeated names included.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value of `name`, which is compared exactly.
    pub fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        self.iter().filter(|(key, _)| key == name).last().map(|(_, value)| value)
    }

    /// Goes through the names and values.
    pub fn iter(&self) -> HeadersIter<'a> {
        HeadersIter(match self.raw {
            Raw::Json(object) => Entries::Json(HeaderScan::new(object)),
            Raw::MessagePack(entries) => Entries::MessagePack(Reader::new(entries)),
        })
    }
}

impl<'a> IntoIterator for &Headers<'a> {
    type Item = (Cow<'a, str>, Cow<'a, str>);
    type IntoIter = HeadersIter<'a>;

    fn into_iter(self) -> HeadersIter<'a> {
        self.iter()
    }
}

/// The headers of a message that is gone.
pub struct OwnedHeaders {
    bytes: Box<[u8]>,
    is_json: bool,
    len: usize,
}

impl OwnedHeaders {
    /// Lends them.
    pub fn as_headers(&self) -> Headers<'_> {
        let raw = if self.is_json { Raw::Json(&self.bytes) } else { Raw::MessagePack(&self.bytes) };
        Headers { raw, len: self.len }
    }
}

impl From<&Headers<'_>> for OwnedHeaders {
    fn from(headers: &Headers<'_>) -> Self {
        let (bytes, is_json) = match headers.raw {
            Raw::Json(object) => (object, true),
            Raw::MessagePack(entries) => (entries, false),
        };
        Self { bytes: bytes.into(), is_json, len: headers.len }
    }
}

impl fmt::Debug for OwnedHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_headers().fmt(f)
    }
}

/// Header values may be secrets of the application, so only names are shown.
impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

/// Iterator over [`Headers`].
pub struct HeadersIter<'a>(Entries<'a>);

impl<'a> Iterator for HeadersIter<'a> {
    type Item = (Cow<'a, str>, Cow<'a, str>);

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Entries::Json(scan) => scan.next(),
            Entries::MessagePack(reader) => Some((reader.text()??, reader.text()??)),
        }
    }
}

impl fmt::Debug for HeadersIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeadersIter").finish_non_exhaustive()
    }
}

/// The default is the MessagePack of no entries: nothing.
#[derive(Clone, Copy)]
enum Raw<'a> {
    Json(&'a [u8]),
    MessagePack(&'a [u8]),
}

impl Default for Raw<'_> {
    fn default() -> Self {
        Self::MessagePack(&[])
    }
}

enum Entries<'a> {
    Json(HeaderScan<'a>),
    MessagePack(Reader<'a>),
}
