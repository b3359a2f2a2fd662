//! Ids of the streams that an invocation uploads, kept as the bytes they came in.
//!
//! They were checked when the message was read, so that iterating cannot fail and hostile ids allocate nothing.

use std::borrow::Cow;
use std::fmt;

use crate::json::StreamIdScan;
use crate::messagepack::Reader;

/// The ids of a caller's upload streams, in the order of the parameters.
#[derive(Clone, Copy, Default)]
pub struct StreamIds<'a> {
    raw: Raw<'a>,
    len: usize,
}

impl<'a> StreamIds<'a> {
    pub(crate) fn json(array: &'a [u8], len: usize) -> Self {
        Self { raw: Raw::Json(array), len }
    }

    pub(crate) fn messagepack(elements: &'a [u8], len: usize) -> Self {
        Self { raw: Raw::MessagePack(elements), len }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Goes through the ids.
    pub fn iter(&self) -> StreamIdsIter<'a> {
        StreamIdsIter(match self.raw {
            Raw::Json(array) => Elements::Json(StreamIdScan::new(array)),
            Raw::MessagePack(elements) => Elements::MessagePack(Reader::new(elements)),
        })
    }
}

impl<'a> IntoIterator for &StreamIds<'a> {
    type Item = Cow<'a, str>;
    type IntoIter = StreamIdsIter<'a>;

    fn into_iter(self) -> StreamIdsIter<'a> {
        self.iter()
    }
}

impl fmt::Debug for StreamIds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Iterator over [`StreamIds`].
pub struct StreamIdsIter<'a>(Elements<'a>);

impl<'a> Iterator for StreamIdsIter<'a> {
    type Item = Cow<'a, str>;

    fn next(&mut self) -> Option<Cow<'a, str>> {
        match &mut self.0 {
            Elements::Json(scan) => scan.next(),
            Elements::MessagePack(reader) => reader.text()?,
        }
    }
}

impl fmt::Debug for StreamIdsIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamIdsIter").finish_non_exhaustive()
    }
}

/// The default is the MessagePack of no elements: nothing.
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

enum Elements<'a> {
    Json(StreamIdScan<'a>),
    MessagePack(Reader<'a>),
}
