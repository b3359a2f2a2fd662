//! What is received and sent: whole messages, and parts of them.

use std::fmt;
use std::ops::BitOr;

use bytes::Bytes;
use hubcast_websocket::DataKind;

use super::WebSocketError;

/// A whole message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// UTF-8.
    Text(Text),
    /// Any bytes.
    Binary(Bytes),
}

impl Message {
    /// A text message.
    pub fn text(text: impl Into<Text>) -> Self {
        Self::Text(text.into())
    }

    /// A binary message.
    pub fn binary(bytes: impl Into<Bytes>) -> Self {
        Self::Binary(bytes.into())
    }

    /// Which of the two it is.
    pub fn kind(&self) -> MessageKind {
        match self {
            Self::Text(_) => MessageKind::Text,
            Self::Binary(_) => MessageKind::Binary,
        }
    }

    /// Its text; `None` if it is binary.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.as_str()),
            Self::Binary(_) => None,
        }
    }

    /// Its bytes, whatever it is.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }

    /// Its bytes, whatever it is, without a copy.
    pub fn into_bytes(self) -> Bytes {
        match self {
            Self::Text(text) => text.into_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Text> for Message {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<Bytes> for Message {
    fn from(bytes: Bytes) -> Self {
        Self::Binary(bytes)
    }
}

impl From<Vec<u8>> for Message {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Binary(bytes.into())
    }
}

/// UTF-8 that can be shared: a clone copies nothing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Text(Bytes);

impl Text {
    /// A text that needs no memory.
    pub const fn from_static(text: &'static str) -> Self {
        Self(Bytes::from_static(text.as_bytes()))
    }

    /// Bytes that were found to be UTF-8 while they arrived.
    pub(super) fn checked(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// The text. It is looked through each time, as safe Rust cannot remember that it was: keep what this returns.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("it was UTF-8 when this was made")
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its bytes, without a copy.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Bytes::copy_from_slice(text.as_bytes()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.as_str().to_owned()
    }
}

impl TryFrom<Bytes> for Text {
    type Error = WebSocketError;

    /// Fails with [`NotText`](WebSocketError::NotText) if the bytes are not UTF-8.
    fn try_from(bytes: Bytes) -> Result<Self, WebSocketError> {
        if str::from_utf8(&bytes).is_ok() { Ok(Self(bytes)) } else { Err(WebSocketError::NotText) }
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// The two kinds of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// UTF-8.
    Text,
    /// Any bytes.
    Binary,
}

impl From<DataKind> for MessageKind {
    fn from(kind: DataKind) -> Self {
        match kind {
            DataKind::Text => Self::Text,
            DataKind::Binary => Self::Binary,
        }
    }
}

/// A part of a message, as it arrived.
///
/// Parts are not the frames of the peer: a part may end anywhere, even inside a code point of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The kind of the message, the same for all of its parts.
    pub kind: MessageKind,
    /// The bytes: at most 32 KiB, empty only at the end of a message.
    pub payload: Bytes,
    /// Whether the message is complete with this part.
    pub end_of_message: bool,
}

/// How a part is sent.
///
/// ```
/// use hubcast::websocket::SendFlags;
///
/// let flags = SendFlags::END_OF_MESSAGE | SendFlags::DO_NOT_COMPRESS;
/// assert!(flags.contains(SendFlags::DO_NOT_COMPRESS));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SendFlags(u8);

impl SendFlags {
    /// The message goes on with the next part.
    pub const NONE: Self = Self(0);
    /// The message is complete with this part.
    pub const END_OF_MESSAGE: Self = Self(1);
    /// The message is not compressed, whatever was negotiated: for secrets beside what others may choose, and for what is
    /// compressed already. It counts at the first part of a message.
    pub const DO_NOT_COMPRESS: Self = Self(2);

    /// Whether all of `flags` are set.
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }
}

impl BitOr for SendFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
