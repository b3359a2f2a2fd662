//! The two encodings of hub messages behind one `Copy` handle.
//!
//! Splitting and decoding are here; each `write_*` is in `encode`. The bytes themselves are the business of `json` and
//! `messagepack`.

use crate::{HubMessage, ProtocolError, TransferFormat, json, messagepack};

/// An encoding of hub messages, chosen in the handshake.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum HubProtocol {
    /// JSON texts, each ended by 0x1E.
    Json,
    /// MessagePack arrays, each with its length in front.
    MessagePack,
}

impl HubProtocol {
    /// The protocol of that name in a handshake, in any ASCII case.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Json, Self::MessagePack]
            .into_iter()
            .find(|protocol| protocol.name().eq_ignore_ascii_case(name))
    }

    /// Its name in a handshake.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::MessagePack => "messagepack",
        }
    }

    /// The highest version that is spoken; every lower one is accepted. 2 is the first with acks.
    pub fn version(self) -> i32 {
        2
    }

    /// What a transport must carry for it.
    pub fn transfer_format(self) -> TransferFormat {
        match self {
            Self::Json => TransferFormat::Text,
            Self::MessagePack => TransferFormat::Binary,
        }
    }

    /// Splits the first whole hub message off `input`; `None` means that more bytes must come.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::MessageTooLarge`] as soon as it is certain that the message, its framing included, is longer
    /// than `limit` bytes; [`ProtocolError::InvalidLengthPrefix`] for a MessagePack message of 2 GiB or more.
    pub fn split(self, input: &[u8], limit: Option<usize>) -> Result<Option<Split<'_>>, ProtocolError> {
        match self {
            Self::Json => json::record_separator::split(input, limit),
            Self::MessagePack => messagepack::length_prefix::split(input, limit),
        }
    }

    /// Reads the message in `payload`, which [`split`](Self::split) gave; `None` is a type from the future, to be
    /// ignored.
    ///
    /// # Errors
    ///
    /// Any [`ProtocolError`] about the envelope. Payloads are not read, so they cannot fail here.
    pub fn decode(self, payload: &[u8]) -> Result<Option<HubMessage<'_>>, ProtocolError> {
        match self {
            Self::Json => json::decode(payload),
            Self::MessagePack => messagepack::decode(payload),
        }
    }
}

/// One hub message at the start of received bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Split<'a> {
    /// The message without its framing.
    pub payload: &'a [u8],
    /// How many bytes of the input it took, framing included.
    pub consumed: usize,
}
