//! The first message in each direction: which protocol the client speaks, and whether the server does.
//!
//! Always a JSON record, also in front of MessagePack. Hub messages may follow the client's at once. A server that
//! refuses closes the connection without a Close message.

use std::borrow::Cow;

use crate::json::{self, record_separator};
use crate::{HubProtocol, ProtocolError, TransferFormat};

/// What the client says first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HandshakeRequest<'a> {
    /// The protocol's name, in the client's spelling.
    pub protocol: Cow<'a, str>,
    /// The protocol's version.
    pub version: i32,
}

impl<'a> HandshakeRequest<'a> {
    /// Reads the request at the start of `input`, and how many bytes it took; `None` means that more must come.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::MessageTooLarge`] if it is longer than `limit` bytes, separator included; others if it is no
    /// handshake. The client may read [`HandshakeRefusal::MALFORMED`].
    pub fn parse(input: &'a [u8], limit: Option<usize>) -> Result<Option<(Self, usize)>, ProtocolError> {
        let Some(split) = record_separator::split(input, limit)? else {
            return Ok(None);
        };
        Ok(Some((Self::read(split.payload)?, split.consumed)))
    }

    /// Reads a request that stands alone, without its separator.
    ///
    /// # Errors
    ///
    /// If it is no handshake. The client may read [`HandshakeRefusal::MALFORMED`].
    pub fn read(record: &'a [u8]) -> Result<Self, ProtocolError> {
        let (mut protocol, mut version) = (None, None);
        json::members(record, &["protocol", "version"], |name, scanner| {
            match name {
                b"protocol" => protocol = Some(json::string("protocol", scanner)?),
                b"version" => version = Some(json::integer("version", scanner)?),
                _ => scanner.skip_value(json::ENVELOPE_DEPTH)?,
            }
            Ok(())
        })?;
        Ok(Self {
            protocol: json::optional_text("protocol", protocol)?
                .ok_or(ProtocolError::MissingProperty("protocol"))?,
            version: version.ok_or(ProtocolError::MissingProperty("version"))?,
        })
    }

    /// Decides about the request where `protocols` are spoken, on a transport that carries `formats`.
    ///
    /// # Errors
    ///
    /// The refusal, to be written as the answer.
    pub fn accept(
        &self,
        protocols: &[HubProtocol],
        formats: &[TransferFormat],
    ) -> Result<HubProtocol, HandshakeRefusal> {
        let known = HubProtocol::from_name(&self.protocol).filter(|known| protocols.contains(known));
        let Some(protocol) = known else {
            return Err(HandshakeRefusal::UnknownProtocol { protocol: self.protocol.to_string() });
        };
        if self.version > protocol.version() {
            let (protocol, version) = (self.protocol.to_string(), self.version);
            return Err(HandshakeRefusal::UnsupportedVersion { protocol, version });
        }
        let format = protocol.transfer_format();
        if !formats.contains(&format) {
            return Err(HandshakeRefusal::UnsupportedFormat { protocol: self.protocol.to_string(), format });
        }
        Ok(protocol)
    }

    /// Appends the request and its separator.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"protocol\":");
        json::encode::text(out, &self.protocol);
        out.extend_from_slice(format!(",\"version\":{}}}", self.version).as_bytes());
        out.push(record_separator::RECORD_SEPARATOR);
    }
}

/// Why a server that understood the request refuses it. Its text is for the client.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HandshakeRefusal {
    /// No protocol of that name.
    #[error("The protocol '{protocol}' is not supported.")]
    UnknownProtocol {
        /// The name as requested.
        protocol: String,
    },
    /// A version from the future.
    #[error("The server does not support version {version} of the '{protocol}' protocol.")]
    UnsupportedVersion {
        /// The name as requested.
        protocol: String,
        /// The version as requested.
        version: i32,
    },
    /// A binary protocol on a transport for text.
    #[error(
        "Cannot use the '{protocol}' protocol on the current transport. The transport does not support '{}' transfer format.",
        format.name()
    )]
    UnsupportedFormat {
        /// The name as requested.
        protocol: String,
        /// What the transport would have to carry.
        format: TransferFormat,
    },
}

impl HandshakeRefusal {
    /// What a client reads whose request could not be understood.
    pub const MALFORMED: &'static str = "An unexpected error occurred during connection handshake.";
    /// What a client reads whose request did not come in time, or was too long.
    pub const CANCELED: &'static str = "Handshake was canceled.";
}

/// What the server says first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HandshakeResponse<'a> {
    /// Why the server refuses; `None` if it accepts.
    pub error: Option<Cow<'a, str>>,
}

impl<'a> HandshakeResponse<'a> {
    /// Reads the response at the start of `input`, and how many bytes it took; `None` means that more must come.
    ///
    /// # Errors
    ///
    /// [`ProtocolError::MessageTooLarge`] if it is longer than `limit` bytes, separator included; others if it is no
    /// handshake.
    pub fn parse(input: &'a [u8], limit: Option<usize>) -> Result<Option<(Self, usize)>, ProtocolError> {
        let Some(split) = record_separator::split(input, limit)? else {
            return Ok(None);
        };
        let mut error = None;
        json::members(split.payload, &["error", "type"], |name, scanner| {
            match name {
                b"error" => error = Some(json::string("error", scanner)?),
                b"type" => return Err(ProtocolError::NotAHandshake),
                _ => scanner.skip_value(json::ENVELOPE_DEPTH)?,
            }
            Ok(())
        })?;
        Ok(Some((Self { error: json::optional_text("error", error)? }, split.consumed)))
    }

    /// Appends the answer that accepts, and its separator.
    pub fn write_accepted(out: &mut Vec<u8>) {
        out.extend_from_slice(&[b'{', b'}', record_separator::RECORD_SEPARATOR]);
    }

    /// Appends the answer that refuses, and its separator. The client reads `error`.
    pub fn write_refused(out: &mut Vec<u8>, error: &str) {
        out.extend_from_slice(b"{\"error\":");
        json::encode::text(out, error);
        out.extend_from_slice(&[b'}', record_separator::RECORD_SEPARATOR]);
    }
}
