//! A server at work, until it is stopped.

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::accept::accept;
use super::address::Address;
use super::routes::Routes;
use super::security::Security;
use super::shared::{ListenerLimits, Shared};
use super::signals::asked_to_stop;

/// A server that listens. Dropping it leaves the server running for as long as the runtime does.
pub struct RunningServer {
    addresses: Vec<Address>,
    shared: Arc<Shared>,
}

impl RunningServer {
    pub(super) fn new(
        bound: Vec<(Address, TcpListener, Security)>,
        routes: Arc<Routes>,
        limits: ListenerLimits,
    ) -> Self {
        let stop = CancellationToken::new();
        let shared = Arc::new(Shared { routes, limits, stop, tasks: TaskTracker::new() });
        let addresses = bound.iter().map(|(address, ..)| *address).collect();
        for (_, listener, security) in bound {
            shared.tasks.spawn(accept(listener, security, Arc::clone(&shared)));
        }
        Self { addresses, shared }
    }

    /// Where the server listens, in the order in which it was told to.
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// Serves until Ctrl-C or SIGTERM, then stops.
    ///
    /// # Errors
    ///
    /// If the process cannot listen to signals.
    pub async fn run_until_signal(self) -> io::Result<()> {
        asked_to_stop().await?;
        tracing::info!("stopping");
        self.stop().await;
        Ok(())
    }

    /// Stops: takes no more connections, closes those of hubs with a Close message that lets clients reconnect, lets
    /// requests end, and returns when all is done or the shutdown timeout is over.
    pub async fn stop(self) {
        self.shared.stop.cancel();
        self.shared.tasks.close();
        let limit = self.shared.limits.shutdown;
        let hubs = self.shared.routes.hubs().map(|hub| Box::pin(hub.stop(limit)));
        let stopping = futures_util::future::join_all(hubs);
        let all_ended = timeout(limit, async {
            stopping.await;
            self.shared.tasks.wait().await;
        });
        if all_ended.await.is_err() {
            tracing::warn!("some connections did not end in time and were cut");
        }
    }
}

impl std::fmt::Debug for RunningServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningServer").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}
