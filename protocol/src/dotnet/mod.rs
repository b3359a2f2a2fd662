//! A serde adapter under which payloads have the names that .NET gives them.
//!
//! It wraps any serializer or deserializer and follows the value into every part. What is a field or a variant is what
//! the type tells serde, so whatever reaches the adapter as a map keeps its keys; see [`PayloadNames`] for what that
//! means to users. Dates, bytes and other forms of values are left to serde: this is about names alone.
//!
//! [`PayloadNames`]: crate::PayloadNames

mod deserialize;
mod names;
mod serialize;
mod variant;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::HubProtocol;

// Neither is inlined, so that the paths of those who ask for no names stay as small as they are without them.

/// Writes `value` with .NET's names in `protocol`, which `serializer` writes.
#[inline(never)]
pub(crate) fn serialize<T: Serialize + ?Sized, S: Serializer>(
    value: &T,
    protocol: HubProtocol,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.serialize(serialize::Renaming::new(protocol, serializer))
}

/// Reads a value in which names match in any case and whatever their underscores, and variants by number too.
#[inline(never)]
pub(crate) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::deserialize(deserialize::Matching::any(deserializer))
}
