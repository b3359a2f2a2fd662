//! The two encodings of hub messages: what the handshake chooses between.
//!
//! Reading and writing are `codec`'s, which also knows how payloads are named; what is here of it is for callers that
//! write no payloads, or leave their names to serde.

use serde::Serialize;

use crate::{
    Codec, EncodeArguments, EncodeError, HubMessage, InvocationHead, ProtocolError, TransferFormat,
    WithHeaders,
};

/// An encoding of hub messages, chosen in the handshake.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum HubProtocol {
    /// JSON texts, each ended by 0x1E.
    Json,
    /// MessagePack arrays, each with its length in front.
    MessagePack,
}

impl HubProtocol {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Json, Self::MessagePack];

    /// The protocol of that name in a handshake, in any ASCII case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|protocol| protocol.name().eq_ignore_ascii_case(name))
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
}

/// Each of these is [`Codec`]'s method of that name, with payloads named as written.
impl HubProtocol {
    /// [`Codec::split`].
    ///
    /// # Errors
    ///
    /// Those of [`Codec::split`].
    pub fn split(self, input: &[u8], limit: Option<usize>) -> Result<Option<Split<'_>>, ProtocolError> {
        Codec::from(self).split(input, limit)
    }

    /// [`Codec::decode`].
    ///
    /// # Errors
    ///
    /// Those of [`Codec::decode`].
    pub fn decode(self, payload: &[u8]) -> Result<Option<HubMessage<'_>>, ProtocolError> {
        Codec::from(self).decode(payload)
    }

    /// [`Codec::with_headers`].
    pub fn with_headers<'h>(self, headers: &'h [(&'h str, &'h str)]) -> WithHeaders<'h> {
        Codec::from(self).with_headers(headers)
    }

    /// [`Codec::write_invocation`].
    ///
    /// # Errors
    ///
    /// If an argument cannot be written.
    pub fn write_invocation(
        self,
        out: &mut Vec<u8>,
        head: &InvocationHead<'_>,
        arguments: &dyn EncodeArguments,
    ) -> Result<(), EncodeError> {
        Codec::from(self).write_invocation(out, head, arguments)
    }

    /// [`Codec::write_stream_invocation`].
    ///
    /// # Errors
    ///
    /// If an argument cannot be written.
    pub fn write_stream_invocation(
        self,
        out: &mut Vec<u8>,
        head: &InvocationHead<'_>,
        arguments: &dyn EncodeArguments,
    ) -> Result<(), EncodeError> {
        Codec::from(self).write_stream_invocation(out, head, arguments)
    }

    /// [`Codec::write_stream_item`].
    ///
    /// # Errors
    ///
    /// If the item cannot be written.
    pub fn write_stream_item<T: Serialize + ?Sized>(
        self,
        out: &mut Vec<u8>,
        invocation_id: &str,
        item: &T,
    ) -> Result<(), EncodeError> {
        Codec::from(self).write_stream_item(out, invocation_id, item)
    }

    /// [`Codec::write_result`].
    ///
    /// # Errors
    ///
    /// If the result cannot be written.
    pub fn write_result<T: Serialize + ?Sized>(
        self,
        out: &mut Vec<u8>,
        invocation_id: &str,
        result: &T,
    ) -> Result<(), EncodeError> {
        Codec::from(self).write_result(out, invocation_id, result)
    }

    /// [`Codec::write_void`].
    pub fn write_void(self, out: &mut Vec<u8>, invocation_id: &str) {
        Codec::from(self).write_void(out, invocation_id);
    }

    /// [`Codec::write_error`].
    pub fn write_error(self, out: &mut Vec<u8>, invocation_id: &str, error: &str) {
        Codec::from(self).write_error(out, invocation_id, error);
    }

    /// [`Codec::write_cancel_invocation`].
    pub fn write_cancel_invocation(self, out: &mut Vec<u8>, invocation_id: &str) {
        Codec::from(self).write_cancel_invocation(out, invocation_id);
    }

    /// [`Codec::write_ping`].
    pub fn write_ping(self, out: &mut Vec<u8>) {
        Codec::from(self).write_ping(out);
    }

    /// [`Codec::write_close`].
    pub fn write_close(self, out: &mut Vec<u8>, error: Option<&str>, allow_reconnect: bool) {
        Codec::from(self).write_close(out, error, allow_reconnect);
    }

    /// [`Codec::write_ack`].
    pub fn write_ack(self, out: &mut Vec<u8>, sequence_id: i64) {
        Codec::from(self).write_ack(out, sequence_id);
    }

    /// [`Codec::write_sequence`].
    pub fn write_sequence(self, out: &mut Vec<u8>, sequence_id: i64) {
        Codec::from(self).write_sequence(out, sequence_id);
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
