//! How a call fails, and how much of it the client may read.

use std::error::Error;
use std::fmt;

use super::GroupError;
use crate::EncodeError;

/// An error whose text a hub method sends to its caller.
///
/// Only this text travels; every other error and every panic reaches the client as a general sentence.
///
/// ```
/// use hubcast_protocol::contract::HubError;
///
/// fn join(room: &str) -> Result<(), HubError> {
///     if room.is_empty() {
///         return Err(HubError::new("Choose a room first."));
///     }
///     Ok(())
/// }
/// assert_eq!(join("").unwrap_err().message(), Some("Choose a room first."));
/// ```
pub struct HubError(Kind);

enum Kind {
    Shown(String),
    Hidden(Box<dyn Error + Send + Sync>),
}

impl HubError {
    /// An error with a text for the caller.
    pub fn new(message: impl Into<String>) -> Self {
        Self(Kind::Shown(message.into()))
    }

    /// An error for the log alone: the caller learns only that the call failed.
    pub fn hidden(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Kind::Hidden(source.into()))
    }

    /// The text for the caller, if there is one.
    pub fn message(&self) -> Option<&str> {
        match &self.0 {
            Kind::Shown(message) => Some(message),
            Kind::Hidden(_) => None,
        }
    }
}

impl fmt::Debug for HubError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Shown(message) => f.debug_tuple("HubError").field(message).finish(),
            Kind::Hidden(source) => f.debug_tuple("HubError::hidden").field(source).finish(),
        }
    }
}

impl fmt::Display for HubError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Shown(message) => f.write_str(message),
            Kind::Hidden(source) => write!(f, "{source}"),
        }
    }
}

impl From<SendError> for HubError {
    fn from(error: SendError) -> Self {
        Self::hidden(error)
    }
}

/// Its text is for the caller too: who joins on a client's behalf wants to tell it so.
impl From<GroupError> for HubError {
    fn from(error: GroupError) -> Self {
        Self::new(error.to_string())
    }
}

/// Why a call failed, sorted by what its caller may know.
#[derive(Debug)]
pub enum CallError {
    /// The text goes to the caller.
    Shown(String),
    /// The error goes to the log alone.
    Hidden(Box<dyn Error + Send + Sync>),
}

/// What a hub method may return as its error: a [`HubError`], or any error, whose text then stays on the server.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a hub method",
    note = "return `HubError` to send a text to the caller, or a type that implements `std::error::Error`, whose text \
            stays on the server"
)]
pub trait Failure {
    /// Sorts the error.
    fn into_call_error(self) -> CallError;
}

impl Failure for HubError {
    fn into_call_error(self) -> CallError {
        match self.0 {
            Kind::Shown(message) => CallError::Shown(message),
            Kind::Hidden(source) => CallError::Hidden(source),
        }
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> Failure for E {
    fn into_call_error(self) -> CallError {
        CallError::Hidden(self.into())
    }
}

/// Why a message to clients could not be sent at all. A receiver that is gone is no error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The arguments cannot be written in a wire format that a receiver speaks.
    #[error("the arguments of {target} cannot be encoded")]
    Encode {
        /// The client method.
        target: String,
        /// What the serializer said.
        #[source]
        source: EncodeError,
    },
    /// A group must have a name.
    #[error("Cannot send to an empty group name.")]
    EmptyGroupName,
}
