//! The nine kinds of hub messages, borrowing from the bytes they were read from.
//!
//! A message owns memory only for a text that held escapes. Payloads, headers and stream ids stay raw slices, checked
//! when the message is read, decoded when asked for. Writing is `encode`'s.

use std::borrow::Cow;

use crate::{Arguments, Headers, Payload, StreamIds};

/// A message between hub and client, either way.
#[derive(Clone, Debug)]
pub enum HubMessage<'a> {
    /// Calls a method; answered by a [`Completion`] if it has an invocation id.
    Invocation(Invocation<'a>),
    /// Calls a method that answers with stream items and a [`Completion`].
    StreamInvocation(Invocation<'a>),
    /// One item of a stream, in either direction.
    StreamItem(StreamItem<'a>),
    /// The end of an invocation or of a stream.
    Completion(Completion<'a>),
    /// The caller no longer wants what it called for.
    CancelInvocation(CancelInvocation<'a>),
    /// The peer is alive.
    Ping,
    /// The peer is about to close the connection.
    Close(Close<'a>),
    /// What the peer has received, for stateful reconnects.
    Ack(Ack),
    /// Where the peer starts again after a stateful reconnect.
    Sequence(Sequence),
}

/// A call of a method by name.
#[derive(Clone, Debug)]
pub struct Invocation<'a> {
    /// Headers of the message, for instance trace context.
    pub headers: Headers<'a>,
    /// What the answer refers to. Never empty: an empty id on the wire reads as `None`.
    pub invocation_id: Option<Cow<'a, str>>,
    /// The method's name as sent. Never empty.
    pub target: Cow<'a, str>,
    /// The arguments, not yet bound to types.
    pub arguments: Arguments<'a>,
    /// Ids of the streams that the caller uploads.
    pub stream_ids: StreamIds<'a>,
}

impl Invocation<'_> {
    /// Whether the caller waits for a completion.
    pub fn expects_answer(&self) -> bool {
        self.invocation_id.is_some()
    }
}

/// One item of a stream.
#[derive(Clone, Debug)]
pub struct StreamItem<'a> {
    /// Headers of the message.
    pub headers: Headers<'a>,
    /// The stream it belongs to. Never empty.
    pub invocation_id: Cow<'a, str>,
    /// The item, not yet bound to a type.
    pub item: Payload<'a>,
}

/// The end of an invocation or of a stream.
#[derive(Clone, Debug)]
pub struct Completion<'a> {
    /// Headers of the message.
    pub headers: Headers<'a>,
    /// What ends. Never empty.
    pub invocation_id: Cow<'a, str>,
    /// How it ends.
    pub outcome: CompletionOutcome<'a>,
}

/// How an invocation or a stream ends.
#[derive(Clone, Debug)]
pub enum CompletionOutcome<'a> {
    /// Well, and with nothing to say.
    Void,
    /// With a result, not yet bound to a type.
    Result(Payload<'a>),
    /// With an error text.
    Error(Cow<'a, str>),
}

/// Asks the callee to stop an invocation or a stream.
#[derive(Clone, Debug)]
pub struct CancelInvocation<'a> {
    /// Headers of the message.
    pub headers: Headers<'a>,
    /// What is to stop. Never empty.
    pub invocation_id: Cow<'a, str>,
}

/// Announces the end of the connection.
#[derive(Clone, Debug)]
pub struct Close<'a> {
    /// Why, if it is an error.
    pub error: Option<Cow<'a, str>>,
    /// Whether the client may reconnect by itself.
    pub allow_reconnect: bool,
}

/// Acknowledges messages for stateful reconnects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ack {
    /// The highest id received.
    pub sequence_id: i64,
}

/// Opens the replay after a stateful reconnect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sequence {
    /// The id of the next message that counts.
    pub sequence_id: i64,
}
