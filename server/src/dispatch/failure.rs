//! The sentences by which clients learn that something failed, word for word as ASP.NET Core writes them.
//!
//! Texts of the application's own errors reach a client only as a `HubError`, or with detailed errors switched on.

use std::any::Any;
use std::time::Duration;

use hubcast_protocol::contract::{CallError, CallFailure};
use hubcast_protocol::{BindError, HandshakeRefusal, ProtocolError};

use super::panic_text;

/// Why a call gave no result.
#[derive(Debug)]
pub(crate) enum Failed {
    /// The hub has no such method.
    UnknownMethod,
    /// The caller does not meet what the hub or the method asks.
    Unauthorized,
    /// The arguments do not fit.
    Binding(BindError),
    /// A streaming call of a method that gives one answer.
    NotAStream,
    /// A plain call of a method that answers with a stream.
    IsAStream,
    /// More or fewer uploads than the method takes.
    StreamCount { sent: usize, expected: usize },
    /// A stream with this id runs.
    IdInUse(Box<str>),
    /// So many streams run as the connection may have.
    TooManyStreams(usize),
    /// The method, or a filter.
    Method(CallError),
    /// The stream of the method, on its way.
    Stream(CallError),
    /// The method panicked; its text is for the log.
    Panicked { text: String, streaming: bool },
    /// The client no longer wanted it.
    Cancelled,
}

impl Failed {
    pub(super) fn panicked(panic: &(dyn Any + Send), streaming: bool) -> Self {
        Self::Panicked { text: panic_text(panic).to_owned(), streaming }
    }

    /// What the client reads of it. `target` is the method as registered, or as sent where there is none.
    pub(super) fn text(&self, target: &str, detailed: bool) -> String {
        match self {
            Self::UnknownMethod => {
                format!("{} HubException: Method does not exist.", failed_to_invoke(target))
            }
            Self::Unauthorized => format!("Failed to invoke '{target}' because user is unauthorized"),
            Self::Binding(error) if detailed => {
                format!("{} InvalidDataException: {error}", failed_to_invoke(target))
            }
            Self::Binding(_) => failed_to_invoke(target),
            Self::NotAStream => format!(
                "The client attempted to invoke the non-streaming '{target}' method with a streaming invocation."
            ),
            Self::IsAStream => format!(
                "The client attempted to invoke the streaming '{target}' method with a non-streaming invocation."
            ),
            Self::StreamCount { sent, expected } => format!(
                "{} HubException: Client sent {sent} stream(s), Hub method expects {expected}.",
                unexpected(target)
            ),
            Self::IdInUse(id) => format!("Invocation ID '{id}' is already in use."),
            Self::TooManyStreams(limit) => format!(
                "{} HubException: The connection has {limit} streaming calls under way, the most it may have.",
                failed_to_invoke(target)
            ),
            Self::Method(error) => format!("{}{}", unexpected(target), detail_of(error, detailed)),
            Self::Stream(error) => format!("{STREAMING}{}", detail_of(error, detailed)),
            Self::Panicked { streaming: true, .. } => STREAMING.to_owned(),
            Self::Cancelled if detailed => {
                format!("{} OperationCanceledException: The operation was canceled.", unexpected(target))
            }
            Self::Panicked { streaming: false, .. } | Self::Cancelled => unexpected(target),
        }
    }

    /// What kind of failure it is, in a word for traces.
    pub(super) fn error_type(&self) -> &'static str {
        match self {
            Self::UnknownMethod => "unknown_method",
            Self::Unauthorized => "unauthorized",
            Self::Binding(_) => "binding",
            Self::NotAStream
            | Self::IsAStream
            | Self::StreamCount { .. }
            | Self::IdInUse(_)
            | Self::TooManyStreams(_) => "streams",
            Self::Method(error) | Self::Stream(error) => error_type_of(error),
            Self::Panicked { .. } => "panic",
            Self::Cancelled => "cancelled",
        }
    }
}

impl From<CallFailure> for Failed {
    fn from(failure: CallFailure) -> Self {
        match failure {
            CallFailure::Method(error) => Self::Method(error),
            CallFailure::Stream(error) => Self::Stream(error),
        }
    }
}

/// What kind of error of the application it is, in a word for traces.
pub(super) fn error_type_of(error: &CallError) -> &'static str {
    match error {
        CallError::Shown(_) => "hub_error",
        CallError::Hidden(_) => "error",
    }
}

fn failed_to_invoke(target: &str) -> String {
    format!("Failed to invoke '{target}' due to an error on the server.")
}

/// What a client reads that calls more often than a rate limit allows.
pub(super) fn too_many_calls(target: &str, wait: Duration) -> String {
    format!("{} HubException: Too many calls. {}", failed_to_invoke(target), retry_after(wait))
}

/// The stable part of what a client reads over a rate limit: whole milliseconds, rounded up.
fn retry_after(wait: Duration) -> String {
    format!("Retry after {} ms.", wait.as_nanos().div_ceil(1_000_000))
}

fn unexpected(target: &str) -> String {
    format!("An unexpected error occurred invoking '{target}' on the server.")
}

const STREAMING: &str = "An error occurred on the server while streaming results.";

/// What follows the general sentence: the text for the client, or with detailed errors the hidden one.
pub(crate) fn detail_of(error: &CallError, detailed: bool) -> String {
    match error {
        CallError::Shown(message) => format!(" HubException: {message}"),
        CallError::Hidden(source) if detailed => format!(" Exception: {source}"),
        CallError::Hidden(_) => String::new(),
    }
}

/// The error of a Close message.
pub(crate) struct CloseText(String);

impl CloseText {
    /// Something in the application failed.
    pub(crate) fn failed(error: &CallError, detailed: bool) -> Self {
        Self(format!("{CLOSED}{}", detail_of(error, detailed)))
    }

    /// The client broke the hub protocol.
    pub(crate) fn protocol(error: &ProtocolError, detailed: bool) -> Self {
        if !detailed {
            return Self(CLOSED.to_owned());
        }
        let is_too_large = matches!(error, ProtocolError::MessageTooLarge { .. });
        let hint = if is_too_large { TOO_LARGE_HINT } else { "" };
        let is_gap = matches!(error, ProtocolError::SequenceAhead);
        let exception = if is_gap { "InvalidOperationException" } else { "InvalidDataException" };
        Self(format!("{CLOSED} {exception}: {error}{hint}"))
    }

    /// What a client reads whose first message is no handshake.
    pub(crate) fn handshake(error: &ProtocolError, message: &[u8], detailed: bool) -> String {
        if !detailed {
            return HandshakeRefusal::MALFORMED.to_owned();
        }
        let content = String::from_utf8_lossy(message);
        format!("{} InvalidDataException: {error} Message content: {content}", HandshakeRefusal::MALFORMED)
    }

    /// The client was silent for too long.
    pub(crate) fn silent(detailed: bool) -> Self {
        let detail = " OperationCanceledException: Client hasn't sent a message/ping within the configured \
                      ClientTimeoutInterval.";
        Self(format!("{CLOSED}{}", if detailed { detail } else { "" }))
    }

    /// The client reads too slowly.
    pub(crate) fn slow() -> Self {
        Self(format!("{CLOSED} The client reads too slowly."))
    }

    /// The client sends more than a rate limit allows.
    pub(crate) fn too_fast(wait: Duration) -> Self {
        Self(format!("{CLOSED} Too many messages. {}", retry_after(wait)))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

const TOO_LARGE_HINT: &str = " The message size can be configured with maximum_receive_message_size.";
const CLOSED: &str = "Connection closed with an error.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_reads_as_in_asp_net_core() {
        let texts = [
            (
                Failed::UnknownMethod,
                "Failed to invoke 'X' due to an error on the server. HubException: Method does not exist.",
            ),
            (Failed::Unauthorized, "Failed to invoke 'X' because user is unauthorized"),
            (wrong_count(), "Failed to invoke 'X' due to an error on the server."),
            (
                Failed::NotAStream,
                "The client attempted to invoke the non-streaming 'X' method with a streaming invocation.",
            ),
            (
                Failed::IsAStream,
                "The client attempted to invoke the streaming 'X' method with a non-streaming invocation.",
            ),
            (
                Failed::StreamCount { sent: 2, expected: 1 },
                "An unexpected error occurred invoking 'X' on the server. HubException: Client sent 2 stream(s), Hub method expects 1.",
            ),
            (Failed::IdInUse("123".into()), "Invocation ID '123' is already in use."),
            (
                Failed::Method(CallError::Shown("no".to_owned())),
                "An unexpected error occurred invoking 'X' on the server. HubException: no",
            ),
            (hidden(Failed::Method), "An unexpected error occurred invoking 'X' on the server."),
            (
                Failed::Stream(CallError::Shown("no".to_owned())),
                "An error occurred on the server while streaming results. HubException: no",
            ),
            (hidden(Failed::Stream), "An error occurred on the server while streaming results."),
            (panicked(false), "An unexpected error occurred invoking 'X' on the server."),
            (panicked(true), "An error occurred on the server while streaming results."),
            (Failed::Cancelled, "An unexpected error occurred invoking 'X' on the server."),
        ];
        for (failed, text) in texts {
            assert_eq!(failed.text("X", false), text);
        }
    }

    #[test]
    fn detailed_errors_add_the_hidden_text_but_never_that_of_a_panic() {
        let texts = [
            (
                wrong_count(),
                "Failed to invoke 'X' due to an error on the server. InvalidDataException: Invocation provides 1 argument(s) but target expects 2.",
            ),
            (
                hidden(Failed::Method),
                "An unexpected error occurred invoking 'X' on the server. Exception: secret",
            ),
            (
                hidden(Failed::Stream),
                "An error occurred on the server while streaming results. Exception: secret",
            ),
            (panicked(false), "An unexpected error occurred invoking 'X' on the server."),
            (
                Failed::Cancelled,
                "An unexpected error occurred invoking 'X' on the server. OperationCanceledException: The operation was canceled.",
            ),
        ];
        for (failed, text) in texts {
            assert_eq!(failed.text("X", true), text);
        }
    }

    fn wrong_count() -> Failed {
        Failed::Binding(BindError::Count { provided: 1, expected: 2 })
    }

    fn hidden(of: fn(CallError) -> Failed) -> Failed {
        of(CallError::Hidden("secret".into()))
    }

    fn panicked(streaming: bool) -> Failed {
        Failed::Panicked { text: "secret".to_owned(), streaming }
    }
}
