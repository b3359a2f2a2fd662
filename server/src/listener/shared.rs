//! What all connections of a server share.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::task::TaskTracker;

use super::http2_keep_alive::KeepAlive;
use super::meters::Meters;
use super::routes::Routes;
use super::stop::Stop;

/// The server, as one of its connections sees it.
pub(super) struct Shared {
    pub(super) routes: Arc<Routes>,
    pub(super) limits: ListenerLimits,
    /// Given when the server stops, once no client has to come back to hear of it.
    pub(super) stop: Stop,
    /// Given when it has waited long enough for its connections to end.
    pub(super) cut: Stop,
    pub(super) tasks: TaskTracker,
    pub(super) meters: Meters,
}

impl Shared {
    /// Runs something for a connection or a request, until it ends or is cut.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(self.cut.cuts(work));
    }
}

/// How long things may take, and how many there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListenerLimits {
    pub(super) tls_handshake: Duration,
    pub(super) first_byte: Duration,
    pub(super) request_head: Duration,
    pub(super) response_send: Duration,
    pub(super) shutdown: Duration,
    pub(super) http2_streams: u32,
    pub(super) http2_keep_alive: KeepAlive,
    pub(super) http2_idle: Duration,
}
