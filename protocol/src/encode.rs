//! Writing hub messages: one framed message appended to the caller's buffer per call.
//!
//! The rule that is easy to break: on an error the buffer is as it was, so that a value that cannot be written never
//! leaves half a message in an outbox.

use serde::Serialize;

use crate::kind::Kind;
use crate::{Codec, EncodeArguments, EncodeError, HubProtocol, json, messagepack};

/// An invocation but for its arguments.
#[derive(Clone, Copy, Debug, Default)]
pub struct InvocationHead<'a> {
    /// What the answer will refer to; `None` if none is wanted.
    pub invocation_id: Option<&'a str>,
    /// The method's name.
    pub target: &'a str,
    /// Headers of the message.
    pub headers: &'a [(&'a str, &'a str)],
    /// Ids of the streams that the caller uploads.
    pub stream_ids: &'a [&'a str],
}

impl<'a> InvocationHead<'a> {
    /// An invocation of `target` that wants no answer.
    pub fn to(target: &'a str) -> Self {
        Self { target, ..Self::default() }
    }
}

/// Writes messages that carry headers; see [`Codec::with_headers`].
#[derive(Clone, Copy, Debug)]
pub struct WithHeaders<'h> {
    codec: Codec,
    headers: &'h [(&'h str, &'h str)],
}

impl Codec {
    /// A writer of stream items, completions and cancellations that carry `headers`.
    ///
    /// Invocations carry theirs in [`InvocationHead`], the other kinds have none. A MessagePack reader refuses empty
    /// names and values.
    pub fn with_headers<'h>(self, headers: &'h [(&'h str, &'h str)]) -> WithHeaders<'h> {
        WithHeaders { codec: self, headers }
    }

    /// Writes a call of a method with at most one answer.
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
        match self.protocol() {
            HubProtocol::Json => {
                json::encode::invocation(out, self.names(), Kind::Invocation, head, arguments)
            }
            HubProtocol::MessagePack => {
                messagepack::encode::invocation(out, self.names(), Kind::Invocation, head, arguments)
            }
        }
    }

    /// Writes a call of a method that answers with a stream; it needs an invocation id.
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
        match self.protocol() {
            HubProtocol::Json => {
                json::encode::invocation(out, self.names(), Kind::StreamInvocation, head, arguments)
            }
            HubProtocol::MessagePack => {
                messagepack::encode::invocation(out, self.names(), Kind::StreamInvocation, head, arguments)
            }
        }
    }

    /// Writes one item of a stream.
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
        self.with_headers(&[]).write_stream_item(out, invocation_id, item)
    }

    /// Writes what all items of one stream begin with, once for all of them.
    pub(crate) fn write_stream_item_head(self, out: &mut Vec<u8>, invocation_id: &str) {
        match self.protocol() {
            HubProtocol::Json => json::encode::stream_item_head(out, invocation_id),
            HubProtocol::MessagePack => messagepack::encode::stream_item_head(out, invocation_id),
        }
    }

    /// Writes one item of the stream whose items begin with `head`.
    pub(crate) fn write_stream_item_behind<T: Serialize + ?Sized>(
        self,
        out: &mut Vec<u8>,
        head: &[u8],
        item: &T,
    ) -> Result<(), EncodeError> {
        match self.protocol() {
            HubProtocol::Json => json::encode::stream_item_behind(out, self.names(), head, item),
            HubProtocol::MessagePack => {
                messagepack::encode::stream_item_behind(out, self.names(), head, item)
            }
        }
    }

    /// Writes the completion of an invocation with its result.
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
        self.with_headers(&[]).write_result(out, invocation_id, result)
    }

    /// Writes a completion without a result, as at the end of a stream.
    pub fn write_void(self, out: &mut Vec<u8>, invocation_id: &str) {
        self.with_headers(&[]).write_void(out, invocation_id);
    }

    /// Writes a completion with an error text, which the peer reads.
    pub fn write_error(self, out: &mut Vec<u8>, invocation_id: &str, error: &str) {
        self.with_headers(&[]).write_error(out, invocation_id, error);
    }

    /// Writes that the caller no longer wants what it called for.
    pub fn write_cancel_invocation(self, out: &mut Vec<u8>, invocation_id: &str) {
        self.with_headers(&[]).write_cancel_invocation(out, invocation_id);
    }

    /// Writes a ping.
    pub fn write_ping(self, out: &mut Vec<u8>) {
        match self.protocol() {
            HubProtocol::Json => json::encode::ping(out),
            HubProtocol::MessagePack => messagepack::encode::ping(out),
        }
    }

    /// Writes that the connection is about to close.
    pub fn write_close(self, out: &mut Vec<u8>, error: Option<&str>, allow_reconnect: bool) {
        match self.protocol() {
            HubProtocol::Json => json::encode::close(out, error, allow_reconnect),
            HubProtocol::MessagePack => messagepack::encode::close(out, error, allow_reconnect),
        }
    }

    /// Writes the highest sequence id received.
    pub fn write_ack(self, out: &mut Vec<u8>, sequence_id: i64) {
        match self.protocol() {
            HubProtocol::Json => json::encode::sequence_id(out, Kind::Ack, sequence_id),
            HubProtocol::MessagePack => messagepack::encode::sequence_id(out, Kind::Ack, sequence_id),
        }
    }

    /// Writes the sequence id of the message that comes next.
    pub fn write_sequence(self, out: &mut Vec<u8>, sequence_id: i64) {
        match self.protocol() {
            HubProtocol::Json => json::encode::sequence_id(out, Kind::Sequence, sequence_id),
            HubProtocol::MessagePack => messagepack::encode::sequence_id(out, Kind::Sequence, sequence_id),
        }
    }
}

impl WithHeaders<'_> {
    /// Writes one item of a stream.
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
        match self.codec.protocol() {
            HubProtocol::Json => {
                json::encode::stream_item(out, self.codec.names(), self.headers, invocation_id, item)
            }
            HubProtocol::MessagePack => {
                messagepack::encode::stream_item(out, self.codec.names(), self.headers, invocation_id, item)
            }
        }
    }

    /// Writes the completion of an invocation with its result.
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
        match self.codec.protocol() {
            HubProtocol::Json => {
                json::encode::result(out, self.codec.names(), self.headers, invocation_id, result)
            }
            HubProtocol::MessagePack => {
                messagepack::encode::result(out, self.codec.names(), self.headers, invocation_id, result)
            }
        }
    }

    /// Writes a completion without a result.
    pub fn write_void(self, out: &mut Vec<u8>, invocation_id: &str) {
        match self.codec.protocol() {
            HubProtocol::Json => json::encode::void(out, self.headers, invocation_id),
            HubProtocol::MessagePack => messagepack::encode::void(out, self.headers, invocation_id),
        }
    }

    /// Writes a completion with an error text.
    pub fn write_error(self, out: &mut Vec<u8>, invocation_id: &str, error: &str) {
        match self.codec.protocol() {
            HubProtocol::Json => json::encode::error(out, self.headers, invocation_id, error),
            HubProtocol::MessagePack => messagepack::encode::error(out, self.headers, invocation_id, error),
        }
    }

    /// Writes that the caller no longer wants what it called for.
    pub fn write_cancel_invocation(self, out: &mut Vec<u8>, invocation_id: &str) {
        match self.codec.protocol() {
            HubProtocol::Json => json::encode::cancel_invocation(out, self.headers, invocation_id),
            HubProtocol::MessagePack => {
                messagepack::encode::cancel_invocation(out, self.headers, invocation_id)
            }
        }
    }
}
