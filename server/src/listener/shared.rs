//! What all connections of a server share.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::routes::Routes;

/// The server, as one of its connections sees it.
pub(super) struct Shared {
    pub(super) routes: Arc<Routes>,
    pub(super) limits: ListenerLimits,
    /// Cancelled when the server stops.
    pub(super) stop: CancellationToken,
    pub(super) tasks: TaskTracker,
}

/// How long things may take, and how many there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListenerLimits {
    pub(super) tls_handshake: Duration,
    pub(super) first_byte: Duration,
    pub(super) request_head: Duration,
    pub(super) shutdown: Duration,
    pub(super) http2_streams: u32,
}
