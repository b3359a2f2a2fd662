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
    /// Names given by serde's attributes are converted too, whatever their style: `URLValue` is `urlValue` in JSON and
    /// `URLValue` in MessagePack. Keys of maps stay as they are, and so do the names of variants that have content.
    /// A position counts the variants as declared; a discriminant (`A = 5`) plays no part in it, and behind a
    /// variant that serde skips, positions do not read back. All types of a program together have at most 65,536 names
    /// that change; a value with more cannot be written.
    ///
    /// serde does not always tell which names are fields. Then a field reads back only if it is sent with exactly the
    /// name that serde has for it:
    ///
    /// - With `#[serde(flatten)]`, all fields of both structs are entries of a map; they are written as serde says too.
    /// - Untagged and internally tagged enums, flattened values, and what comes before its adjacent tag wait in
    ///   serde's own buffer. They are written with .NET's names, but inside, nothing but exact names of fields and
    ///   variants matches, and no number of a variant. The same holds for the fields of a variant
    ///   (`A { user_name }`) of an adjacently tagged enum. Give such fields .NET's name by
    ///   `#[serde(rename_all_fields = "camelCase")]` if the clients speak JSON, `"PascalCase"` if they speak
    ///   MessagePack, or both by an `alias`; the tag `$type` is the same in both.
    DotNet,
}
