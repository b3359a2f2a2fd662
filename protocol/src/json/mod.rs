//! Hub messages as JSON.
//!
//! Envelopes go through our own `scanner`, which is the only way to ASP.NET's verdicts on repeated keys, depth and
//! invalid UTF-8 without an allocation; values go through serde_json.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{BindError, EncodeError, HubProtocol, PayloadNames, dotnet};

mod decode;
pub(crate) mod encode;
pub(crate) mod record_separator;
pub(crate) mod scanner;
mod serialize;
mod text;

pub(crate) use decode::{
    ENVELOPE_DEPTH, HeaderScan, StreamIdScan, decode, integer, members, optional_text, string,
};

/// Objects and arrays that may be open at once, the envelope included.
pub(crate) const DEPTH_LIMIT: u32 = 64;

/// Reads one value as a `T`.
pub(crate) fn bind<T: DeserializeOwned>(value: &[u8], names: PayloadNames) -> Result<T, BindError> {
    match names {
        PayloadNames::AsWritten => serde_json::from_slice(value),
        PayloadNames::DotNet => bind_dotnet(value),
    }
    .map_err(BindError::types)
}

/// Appends one value. On an error `out` may end in part of it.
pub(crate) fn write_value<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    names: PayloadNames,
    value: &T,
) -> Result<(), EncodeError> {
    match names {
        PayloadNames::AsWritten => serialize::to_json(out, value),
        PayloadNames::DotNet => write_dotnet(out, value),
    }
    .map_err(EncodeError::Json)
}

fn bind_dotnet<T: DeserializeOwned>(value: &[u8]) -> serde_json::Result<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(value);
    let bound = dotnet::deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(bound)
}

fn write_dotnet<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> serde_json::Result<()> {
    dotnet::serialize(value, HubProtocol::Json, &mut serde_json::Serializer::new(out))
}
