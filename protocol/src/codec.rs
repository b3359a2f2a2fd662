//! A protocol together with the names that payloads have in it: what a hub reads and writes messages with.
//!
//! Splitting and decoding are here; each `write_*` is in `encode`. The bytes themselves are the business of `json` and
//! `messagepack`, the names that of `dotnet`.

use crate::{HubMessage, HubProtocol, ProtocolError, Split, json, messagepack};

/// Reads and writes hub messages in one protocol, with payloads named in one way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Codec {
    protocol: HubProtocol,
    names: PayloadNames,
}

impl Codec {
    /// The codec of `protocol` with payloads named as `names` says.
    pub fn new(protocol: HubProtocol, names: PayloadNames) -> Self {
        Self { protocol, names }
    }

    /// The protocol on the wire.
    pub fn protocol(self) -> HubProtocol {
        self.protocol
    }

    /// How payloads are named.
    pub fn names(self) -> PayloadNames {
        self.names
    }

    /// Splits the first whole hub message off `input`; `None` means that more bytes must come.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::MessageTooLarge`] as soon as it is certain that the message, its framing included, is longer
    /// than `limit` bytes; [`ProtocolError::InvalidLengthPrefix`] for a MessagePack message of 2 GiB or more.
    pub fn split(self, input: &[u8], limit: Option<usize>) -> Result<Option<Split<'_>>, ProtocolError> {
        match self.protocol {
            HubProtocol::Json => json::record_separator::split(input, limit),
            HubProtocol::MessagePack => messagepack::length_prefix::split(input, limit),
        }
    }

    /// Reads the message in `payload`, which [`split`](Self::split) gave; `None` is a type from the future, to be
    /// ignored.
    ///
    /// # Errors
    ///
    /// Any [`ProtocolError`] about the envelope. Payloads are not read, so they cannot fail here.
    pub fn decode(self, payload: &[u8]) -> Result<Option<HubMessage<'_>>, ProtocolError> {
        match self.protocol {
            HubProtocol::Json => json::decode(payload, self.names),
            HubProtocol::MessagePack => messagepack::decode(payload, self.names),
        }
    }
}

/// The protocol with names as written.
impl From<HubProtocol> for Codec {
    fn from(protocol: HubProtocol) -> Self {
        Self::new(protocol, PayloadNames::AsWritten)
    }
}

/// How the fields and variants of payloads are named: arguments, results and stream items.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Hash)]
pub enum PayloadNames {
    /// As serde says: the Rust name, unless an attribute gives another. Unit variants go by name.
    #[default]
    AsWritten,
    /// As .NET has them by default, for hubs whose clients are written in .NET or for a .NET server.
    ///
    /// | | JSON | MessagePack |
    /// | --- | --- | --- |
    /// | field `user_name` is written | `userName` | `UserName` |
    /// | and is read from | any case, with or without underscores | the same |
    /// | unit variant is written | as its position, from 0 | as its name |
    /// | and is read from | its position, its name in any case | the same |
    ///
    /// Names given by serde's attributes are converted too, from whichever style they have: `URLValue` is `urlValue` in
    /// JSON, `URLValue` in MessagePack. A position counts the variants as declared; a discriminant (`A = 5`) plays no
    /// part in it, and with a variant that serde skips, the positions after it do not read back. Keys of maps
    /// and the names of variants that have content stay as they are.
    ///
    /// Where serde hides from this crate what is a field, names stay what serde says, and have to be spelled exactly:
    ///
    /// - `#[serde(flatten)]`: all fields of the struct that has it and of the flattened one are entries of a map to the
    ///   writer as to the reader.
    /// - Untagged and internally tagged enums, what is flattened, and adjacently tagged content that comes before its
    ///   tag: serde reads these into a buffer of its own first, whose names must match exactly and whose unit variants
    ///   must be names. They are written with .NET's names all the same. So a field inside reads back only
    ///   if its name is the same in .NET, by `#[serde(rename_all = "camelCase")]` for JSON and "PascalCase" for
    ///   MessagePack, or by an `alias`. That holds for the tag too: `tag = "$type"` is the same in both.
    DotNet,
}
