//! The arguments of an invocation: raw bytes on the way in, a serde sequence on the way out.
//!
//! The count is known from the envelope's scan, so a wrong number of arguments costs no decoding.

use serde::de::value::Error as ValueError;
use serde::de::{DeserializeOwned, Deserializer, SeqAccess, Visitor};
use serde::{Serialize, forward_to_deserialize_any};

use crate::{BindError, Codec, EncodeError, HubProtocol, Payload, json, messagepack};

/// The arguments of an invocation in the bytes of its message.
#[derive(Clone, Copy, Debug)]
pub struct Arguments<'a> {
    sequence: Payload<'a>,
    count: usize,
}

impl<'a> Arguments<'a> {
    pub(crate) fn new(codec: Codec, bytes: &'a [u8], count: usize) -> Self {
        Self { sequence: Payload::new(codec, bytes), count }
    }

    pub(crate) fn malformed(codec: Codec) -> Self {
        Self { sequence: Payload::malformed(codec), count: 0 }
    }

    /// How many there are; 0 if they are malformed.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether they cannot be read as any type; the invocation fails, the connection lives.
    pub fn is_malformed(&self) -> bool {
        self.sequence.as_bytes().is_none()
    }

    /// The sequence as sent, or `None` if it is malformed.
    pub fn as_bytes(&self) -> Option<&'a [u8]> {
        self.sequence.as_bytes()
    }

    /// Reads the arguments as the tuple `T`, which has `expected` elements; `()` stands for none.
    ///
    /// # Errors
    ///
    /// [`BindError::Count`] if there are more or fewer, [`BindError::Types`] if one has another type.
    pub fn decode<T: DeserializeOwned>(&self, expected: usize) -> Result<T, BindError> {
        if self.is_malformed() {
            return Err(BindError::malformed());
        }
        if self.count != expected {
            return Err(BindError::Count { provided: self.count, expected });
        }
        if expected == 0 {
            return T::deserialize(NoArguments).map_err(BindError::types);
        }
        self.sequence.decode()
    }
}

/// Arguments that can be written in either protocol.
///
/// Every `Serialize` value is one if it writes itself as a sequence: a tuple, a slice, `[(); 0]` for none. As a trait
/// object it lets code that knows no types, such as a broadcast, encode once per protocol.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as the arguments of an invocation",
    note = "pass a tuple of values that implement `serde::Serialize`, for instance `(a, b)` or `(a,)`"
)]
pub trait EncodeArguments: Sync {
    /// Appends the arguments to `out` as one array of the codec's protocol, with the codec's names.
    ///
    /// # Errors
    ///
    /// If a value cannot be written, or all of it is no sequence. `out` may then end in part of it.
    fn encode(&self, codec: Codec, out: &mut Vec<u8>) -> Result<(), EncodeError>;
}

impl<T: Serialize + Sync> EncodeArguments for T {
    fn encode(&self, codec: Codec, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let start = out.len();
        let is_sequence: fn(u8) -> bool = match codec.protocol() {
            HubProtocol::Json => {
                json::write_value(out, codec.names(), self)?;
                |first| first == b'['
            }
            HubProtocol::MessagePack => {
                messagepack::write_value(out, codec.names(), self)?;
                |first| matches!(first, 0x90..=0x9f | 0xdc | 0xdd)
            }
        };
        match out.get(start) {
            Some(&first) if is_sequence(first) => Ok(()),
            Some(_) | None => Err(EncodeError::ArgumentsNotASequence),
        }
    }
}

/// Reads as `()` and as any empty sequence, which are different things to serde.
struct NoArguments;

impl<'de> Deserializer<'de> for NoArguments {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_seq(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for NoArguments {
    type Error = ValueError;

    fn next_element_seed<T: serde::de::DeserializeSeed<'de>>(
        &mut self,
        _seed: T,
    ) -> Result<Option<T::Value>, ValueError> {
        Ok(None)
    }
}
