//! What can go wrong with bytes from the peer, and with values from our caller.
//!
//! The split is by consequence: a [`ProtocolError`] ends the connection, a [`BindError`] fails one invocation or one
//! stream, an [`EncodeError`] is returned to whoever wanted to send. Handshake refusals live in `handshake`.

use std::error::Error;
use std::fmt;

/// The peer broke the hub protocol; the connection cannot go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolError {
    /// After a reconnect the peer starts at a message that has others before it which never arrived.
    #[error("Sequence ID greater than amount of messages we've received.")]
    SequenceAhead,
    /// One message, framing included, is longer than the receiver allows.
    #[error("The maximum message size of {limit}B was exceeded.")]
    MessageTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A MessagePack length prefix announces more than 2 GiB - 1.
    #[error("Messages over 2GB in size are not supported.")]
    InvalidLengthPrefix,
    /// The text is not JSON.
    #[error("The message is not valid JSON.")]
    InvalidJson,
    /// The message is JSON, but not an object.
    #[error("Expected a JSON object.")]
    NotAnObject,
    /// A hub message came where the handshake's response has to be.
    #[error("Expected a handshake response from the server.")]
    NotAHandshake,
    /// More objects and arrays are open at once than the reader follows.
    #[error("The maximum depth of {limit} was exceeded.")]
    TooDeep {
        /// How many may be open at once.
        limit: u32,
    },
    /// A property that this kind of message needs is missing or empty.
    #[error("Missing required property '{0}'.")]
    MissingProperty(&'static str),
    /// A property holds a value of another type.
    #[error("Expected '{property}' to be {expected}.")]
    WrongType {
        /// The property's name on the wire.
        property: &'static str,
        /// What should have been there, with its article.
        expected: &'static str,
    },
    /// A text that has to be understood is not valid UTF-8 or holds half a surrogate pair.
    #[error("'{0}' is not valid text.")]
    InvalidText(&'static str),
    /// A completion has both an error and a result.
    #[error("The 'error' and 'result' properties are mutually exclusive.")]
    ErrorAndResult,
    /// A part of a MessagePack message is missing, or of another type.
    #[error("Reading '{0}' failed.")]
    InvalidMessagePack(&'static str),
}

/// A payload does not fit the type that the receiver wants; the connection lives.
///
/// Its texts reach clients that ask for detailed errors, and are those of ASP.NET Core.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The number of arguments differs from the method's.
    #[error("Invocation provides {provided} argument(s) but target expects {expected}.")]
    Count {
        /// How many the message holds.
        provided: usize,
        /// How many the target takes.
        expected: usize,
    },
    /// A value has the wrong type, or its bytes are broken.
    #[error(
        "Error binding arguments. Make sure that the types of the provided values match the types of the hub method being invoked."
    )]
    Types(#[source] Box<dyn Error + Send + Sync>),
}

impl BindError {
    pub(crate) fn types(source: impl Error + Send + Sync + 'static) -> Self {
        Self::Types(Box::new(source))
    }

    pub(crate) fn malformed() -> Self {
        Self::types(MalformedPayload)
    }
}

/// A value could not be written; nothing of its message was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// serde_json refused the value, for instance a map whose keys are not texts.
    #[error("the value cannot be written as JSON")]
    Json(#[source] serde_json::Error),
    /// rmp-serde refused the value, for instance a sequence of unknown length.
    #[error("the value cannot be written as MessagePack")]
    MessagePack(#[source] rmp_serde::encode::Error),
    /// The arguments were not written as a sequence; a single one needs a tuple too: `(value,)`.
    #[error("the arguments of an invocation must be a tuple or a sequence")]
    ArgumentsNotASequence,
    /// The message is longer than the 2 GiB - 1 that a length prefix can say.
    #[error("the message is longer than 2 GiB")]
    TooLarge,
}

#[derive(Debug)]
struct MalformedPayload;

impl fmt::Display for MalformedPayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value is cut short or nested too deeply")
    }
}

impl Error for MalformedPayload {}
