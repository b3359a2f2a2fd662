//! Closing from outside of the task that receives and sends.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Weak};

use hubcast_websocket::CloseCode;

use super::WebSocketError;
use super::shared::Shared;

/// Closes a WebSocket from anywhere. A clone is cheap; it keeps no connection alive.
#[derive(Clone)]
pub struct Closer(Weak<Shared>);

impl Closer {
    pub(super) fn new(shared: &Arc<Shared>) -> Self {
        Self(Arc::downgrade(shared))
    }

    /// Sends a close frame behind what was sent, unless there was one, and waits until it is written.
    ///
    /// Whoever receives goes on to the peer's close; whoever sends gets [`Closed`](WebSocketError::Closed). The frame is queued
    /// even if this is dropped.
    ///
    /// # Errors
    ///
    /// If the connection is gone, has failed, or the peer takes nothing for as long as the write timeout.
    pub async fn close(&self, code: CloseCode, reason: &str) -> Result<(), WebSocketError> {
        let shared = self.0.upgrade().ok_or(WebSocketError::Closed)?;
        shared.begin_close(code, reason);
        written(&shared).await
    }

    /// Cuts the connection without a close frame: the peer sees 1006.
    pub fn abort(&self) {
        if let Some(shared) = self.0.upgrade() {
            shared.abandon();
        }
    }
}

/// Waits until all that is queued is written.
pub(super) async fn written(shared: &Shared) -> Result<(), WebSocketError> {
    poll_fn(|cx| {
        shared.tasks().closer.register(cx.waker());
        shared.poll_flush()
    })
    .await
}

impl fmt::Debug for Closer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Closer").finish_non_exhaustive()
    }
}
