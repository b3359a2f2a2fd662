//! The sentences by which clients learn that something failed, word for word as ASP.NET Core writes them.
//!
//! Texts of the application's own errors reach a client only as a `HubError`, or with detailed errors switched on.

use hubcast_protocol::contract::CallError;
use hubcast_protocol::{BindError, HandshakeRefusal, ProtocolError};

/// A call of a method that the hub does not have.
pub(super) fn unknown_method(target: &str) -> String {
    format!("Failed to invoke '{target}' due to an error on the server. HubException: Method does not exist.")
}

/// A call whose arguments do not fit.
pub(super) fn binding(target: &str, error: &BindError, detailed: bool) -> String {
    let mut text = format!("Failed to invoke '{target}' due to an error on the server.");
    if detailed {
        text.push_str(" InvalidDataException: ");
        text.push_str(&error.to_string());
    }
    text
}

/// A streaming call of a method that gives one answer.
pub(super) fn not_a_stream(target: &str) -> String {
    format!("The client attempted to invoke the non-streaming '{target}' method with a streaming invocation.")
}

/// A call that brings streams to a method that takes none.
pub(super) fn stream_count(target: &str, sent: usize) -> String {
    let text = format!("Client sent {sent} stream(s), Hub method expects 0.");
    call(target, &CallError::Shown(text), false)
}

/// A call that failed in the method.
pub(super) fn call(target: &str, error: &CallError, detailed: bool) -> String {
    let mut text = format!("An unexpected error occurred invoking '{target}' on the server.");
    text.push_str(&detail_of(error, detailed));
    text
}

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
        Self(format!("{CLOSED} InvalidDataException: {error}{hint}"))
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

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

const TOO_LARGE_HINT: &str = " The message size can be configured with maximum_receive_message_size.";
const CLOSED: &str = "Connection closed with an error.";
