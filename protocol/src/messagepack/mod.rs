//! Hub messages as MessagePack.
//!
//! Envelopes are read and written by hand, values go through rmp-serde: structs as maps with field names, unit variants
//! of enums as names, integers in their smallest form, and human-readable forms (a UUID is a text, as in JSON and .NET).

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{BindError, EncodeError, HubProtocol, PayloadNames, dotnet};

mod decode;
pub(crate) mod encode;
pub(crate) mod length_prefix;
mod no_bytes_as_text;
mod reader;

pub(crate) use decode::decode;
pub(crate) use reader::Reader;

use no_bytes_as_text::NoBytesAsText;

/// Arrays and maps that may be open at once, the envelope included.
const DEPTH_LIMIT: u32 = 64;

/// Reads one value as a `T`.
pub(crate) fn bind<T: DeserializeOwned>(value: &[u8], names: PayloadNames) -> Result<T, BindError> {
    let mut deserializer = rmp_serde::Deserializer::from_read_ref(value).with_human_readable();
    let deserializer = NoBytesAsText(&mut deserializer);
    match names {
        PayloadNames::AsWritten => T::deserialize(deserializer),
        PayloadNames::DotNet => dotnet::deserialize(deserializer),
    }
    .map_err(BindError::types)
}

/// Appends one value. On an error `out` may end in part of it.
pub(crate) fn write_value<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    names: PayloadNames,
    value: &T,
) -> Result<(), EncodeError> {
    let mut serializer = rmp_serde::Serializer::new(out).with_struct_map().with_human_readable();
    match names {
        PayloadNames::AsWritten => value.serialize(&mut serializer),
        PayloadNames::DotNet => dotnet::serialize(value, HubProtocol::MessagePack, &mut serializer),
    }
    .map_err(EncodeError::MessagePack)
}
