//! Who a connection is: a public id, and a secret token that proves the right to use its transport.
//!
//! Both are 16 random bytes in base64url without padding, held inline. They are distinct types so that the token, which
//! is as good as a password, cannot end up where the id belongs: it has no `Display`, and its `Debug` says nothing.

use std::fmt;
use std::str::{self, FromStr};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const LENGTH: usize = 22;

/// Names a connection to clients and to the application.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConnectionId([u8; LENGTH]);

impl ConnectionId {
    /// The id that stands for 16 random bytes.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(encode(bytes))
    }

    /// Its 22 characters.
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }
}

/// To clients it is a text.
#[cfg(feature = "typescript")]
impl ts_rs::TS for ConnectionId {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &ts_rs::Config) -> String {
        "string".to_owned()
    }

    fn inline(config: &ts_rs::Config) -> String {
        Self::name(config)
    }
}

/// Lets a client attach a transport to a connection. Secret: whoever has it is that client.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConnectionToken([u8; LENGTH]);

impl ConnectionToken {
    /// The token that stands for 16 random bytes.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(encode(bytes))
    }

    /// Its 22 characters, for the answer to the client alone.
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }
}

/// Version 0 of the negotiation knows no token: the id serves as one.
impl From<ConnectionId> for ConnectionToken {
    fn from(id: ConnectionId) -> Self {
        Self(id.0)
    }
}

impl fmt::Debug for ConnectionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConnectionToken(..)")
    }
}

impl FromStr for ConnectionToken {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        parse(text).map(Self)
    }
}

impl FromStr for ConnectionId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        parse(text).map(Self)
    }
}

impl AsRef<str> for ConnectionId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConnectionId({self})")
    }
}

impl Serialize for ConnectionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ConnectionId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A text that is no id or token of ours: not 22 characters of base64url.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a connection id: expected 22 characters of base64url")]
pub struct InvalidId;

fn encode(bytes: [u8; 16]) -> [u8; LENGTH] {
    let mut id = [0; LENGTH];
    URL_SAFE_NO_PAD.encode_slice(bytes, &mut id).expect("16 bytes are 22 characters of base64");
    id
}

fn parse(text: &str) -> Result<[u8; LENGTH], InvalidId> {
    let id: [u8; LENGTH] = text.as_bytes().try_into().map_err(|_| InvalidId)?;
    let is_base64url = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if id.iter().all(is_base64url) { Ok(id) } else { Err(InvalidId) }
}

fn text(id: &[u8; LENGTH]) -> &str {
    str::from_utf8(id).expect("an id holds nothing but base64url")
}
