//! One value of a message that serde has not seen yet: a stream item or a result.
//!
//! The bytes are well-formed and at most 64 deep, or else marked malformed: MessagePack lets a broken value fail its
//! invocation without ending the connection. Sequences of arguments are `arguments`.

use serde::de::DeserializeOwned;

use crate::{BindError, Codec, HubProtocol, json, messagepack};

/// A value in the bytes of its message.
#[derive(Clone, Copy, Debug)]
pub struct Payload<'a> {
    codec: Codec,
    bytes: Option<&'a [u8]>,
}

impl<'a> Payload<'a> {
    pub(crate) fn new(codec: Codec, bytes: &'a [u8]) -> Self {
        Self { codec, bytes: Some(bytes) }
    }

    pub(crate) fn malformed(codec: Codec) -> Self {
        Self { codec, bytes: None }
    }

    /// The protocol that the value is written in.
    pub fn protocol(&self) -> HubProtocol {
        self.codec.protocol()
    }

    /// The value as sent, or `None` if it was cut short or too deep.
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        self.bytes
    }

    /// Reads the value as a `T`, with the names that the codec has which read the message.
    ///
    /// # Errors
    ///
    /// [`BindError::Types`] if it is no `T`. Null is no `String`; MessagePack bytes are no `String` either.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, BindError> {
        let bytes = self.bytes.ok_or_else(BindError::malformed)?;
        match self.codec.protocol() {
            HubProtocol::Json => json::bind(bytes, self.codec.names()),
            HubProtocol::MessagePack => messagepack::bind(bytes, self.codec.names()),
        }
    }
}
