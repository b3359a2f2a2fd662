//! Why a WebSocket cannot go on, and how it was closed.

use std::fmt;
use std::io;
use std::sync::Arc;

use hubcast_websocket::{CloseCode, CloseFrame, Violation};

/// Why something could not be received or sent.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum WebSocketError {
    /// The peer broke RFC 6455 or 7692, or a limit. It was told so in a close frame with
    /// [`Violation::close_code`]: 1002, 1007, 1008 or 1009.
    #[error("the peer broke the protocol: {0}")]
    Protocol(#[source] Violation),
    /// The connection ended without a close frame (1006).
    #[error("the connection ended without a close frame")]
    Cut,
    /// Nothing came within the keep-alive timeout after a ping (1006).
    #[error("the peer answered no ping")]
    Silent,
    /// The peer took nothing for as long as the write timeout (1006).
    #[error("the peer read nothing for too long")]
    WriteTimedOut,
    /// The peer did not close within the close timeout; the connection was cut.
    #[error("the peer did not close in time")]
    CloseTimedOut,
    /// The connection failed below (1006).
    #[error("the connection failed")]
    Io(#[source] Arc<io::Error>),
    /// Nothing can be sent any more: our side is closed.
    #[error("the WebSocket is closed")]
    Closed,
    /// A message was begun in parts, and this is none of them.
    #[error("a message was begun and not ended")]
    InsideMessage,
    /// A text message that is not UTF-8.
    #[error("a text message must be UTF-8")]
    NotText,
}

impl From<io::Error> for WebSocketError {
    fn from(error: io::Error) -> Self {
        Self::Io(Arc::new(error))
    }
}

/// What a close frame said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseStatus {
    /// The code; [`NO_STATUS_RECEIVED`](CloseCode::NO_STATUS_RECEIVED) if the frame had none.
    pub code: CloseCode,
    /// What was said about it: at most 123 bytes, often empty.
    pub reason: String,
}

impl CloseStatus {
    /// A code with a reason, of which 123 bytes are sent.
    pub fn new(code: CloseCode, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }

    /// What a received frame said.
    pub(super) fn received(frame: Option<CloseFrame<'_>>) -> Self {
        match frame {
            Some(frame) => Self { code: frame.code, reason: frame.reason.into_owned() },
            None => Self::new(CloseCode::NO_STATUS_RECEIVED, ""),
        }
    }
}

impl fmt::Display for CloseStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if self.reason.is_empty() { Ok(()) } else { write!(f, " {}", self.reason) }
    }
}
