//! A server at work, until it is stopped.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::OnceCell;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use super::accept::accept;
use super::address::Address;
use super::bound::Bound;
use super::draining::Draining;
use super::forwarding::{Forwarding, ForwardingOptions};
use super::listener_limits::ListenerLimits;
use super::meters::Meters;
use super::routes::Routes;
#[cfg(feature = "tls")]
use super::security::Security;
use super::shared::Shared;
use super::signals::asked_to_stop;
use super::stop::{Stop, StopOnDrop};
use crate::admission::Admission;

/// A server that listens. Dropping it leaves the server running for as long as the runtime does.
pub struct RunningServer {
    addresses: Vec<Address>,
    unix_sockets: Vec<PathBuf>,
    draining: Draining,
    /// Set once all clients were asked to reconnect: whoever stops the server too waits for that.
    drained: OnceCell<()>,
    shared: Arc<Shared>,
}

impl RunningServer {
    pub(super) fn new(
        bound: Vec<Bound>,
        routes: Routes,
        limits: ListenerLimits,
        forwarding: ForwardingOptions,
        draining: Draining,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            routes,
            limits,
            forwarding: Forwarding::new(forwarding),
            admission: Admission::new(limits.connections),
            is_draining: AtomicBool::new(false),
            stop: Stop::default(),
            cut: Stop::default(),
            tasks: TaskTracker::new(),
            meters: Meters::new(),
        });
        let (mut addresses, mut unix_sockets) = (Vec::new(), Vec::new());
        for bound in &bound {
            addresses.extend(bound.address()?);
            #[cfg(unix)]
            unix_sockets.extend(bound.listener.path().map(ToOwned::to_owned));
        }
        for bound in bound {
            #[cfg(feature = "tls")]
            if let Security::Tls(tls) = &bound.way.security
                && let Some(watch) = tls.watch()
            {
                let stop = shared.stop.clone();
                shared.spawn(async move { stop.cuts(watch).await });
            }
            tracing::info!(at = %bound.name(), "listening");
            shared.tasks.spawn(accept(bound, Arc::clone(&shared)));
        }
        Ok(Self { addresses, unix_sockets, draining, drained: OnceCell::new(), shared })
    }

    /// The addresses at which the server listens, in the order in which it was told to; Unix sockets are not among them.
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// The files of the Unix sockets at which the server listens, as far as it has made them.
    pub fn unix_sockets(&self) -> &[PathBuf] {
        &self.unix_sockets
    }

    /// Says whether the server wants requests, where it serves [`health`](crate::Server::health): not while it has something
    /// to load, for instance. At first it does. A server that stops is not ready, whatever this says.
    pub fn set_ready(&self, ready: bool) {
        if let Some(health) = self.shared.routes.health() {
            health.readiness().hold_back(!ready);
        }
    }

    /// Serves until Ctrl-C or SIGTERM, then [stops](Self::stop); or until that was done. A second signal cuts what there
    /// still is.
    ///
    /// # Errors
    ///
    /// If the process cannot listen to signals.
    pub async fn run_until_signal(&self) -> io::Result<()> {
        tokio::select! {
            asked = asked_to_stop() => asked?,
            () = self.shared.stop.watch() => {}
        }
        tracing::info!("stopping");
        tokio::select! {
            () = self.stop() => {}
            asked = asked_to_stop() => {
                asked?;
                tracing::warn!("asked to stop once more: all connections are cut");
                self.cut().await;
            }
        }
        Ok(())
    }

    /// Stops, in this order:
    ///
    /// 1. Readiness fails, and for the [`unready_delay`](crate::Server::unready_delay) all is served as before.
    /// 2. Hubs refuse whoever is new, and clients are asked to reconnect, at the [`drain_rate`](crate::Server::drain_rate).
    ///    WebSockets without a hub are closed with 1001 after that. An HTTP/2 connection is told to go away with its last stream, unless a client still polls.
    /// 3. The server takes no more connections, lets requests end, and returns when all is done. What is not when the
    ///    [`shutdown_timeout`](crate::Server::shutdown_timeout) is over is cut.
    ///
    /// A client of long polling fetches its Close message, perhaps over a new TCP connection. While a hub of this server
    /// has one that has not, the server goes on to listen and to answer requests.
    ///
    /// It may be called more than once; each call returns when the server has stopped.
    pub async fn stop(&self) {
        // However far it comes, after it nothing more is taken.
        let stop = self.shared.stop.give_on_drop();
        self.shared.tasks.close();
        self.drained.get_or_init(|| self.draining.run(&self.shared)).await;
        let limit = self.draining.shutdown;
        let hubs = join_all(self.shared.routes.hubs().map(|hub| Box::pin(hub.stop(limit))));
        let websockets =
            join_all(self.shared.routes.websockets().map(|service| Box::pin(service.stop(limit))));
        let (hubs, websockets, tasks) =
            tokio::join!(hubs, websockets, timeout(limit, self.stop_listening(stop)));
        if hubs.contains(&false) || websockets.contains(&false) || tasks.is_err() {
            tracing::warn!("some connections did not end in time and were cut");
        }
        self.cut_tasks().await;
        tracing::info!("stopped");
    }

    /// Lets all connections and requests end, once nobody has to come back for the farewell of a hub.
    async fn stop_listening(&self, stop: StopOnDrop) {
        join_all(self.shared.routes.hubs().map(|hub| hub.polling().wait())).await;
        drop(stop);
        self.shared.tasks.wait().await;
    }

    /// Ends everything at once.
    async fn cut(&self) {
        self.shared.stop.give();
        join_all(self.shared.routes.hubs().map(|hub| Box::pin(hub.stop(Duration::ZERO)))).await;
        self.cut_tasks().await;
    }

    async fn cut_tasks(&self) {
        self.shared.cut.give();
        // What is cut is gone as soon as it is polled; only work that blocks its thread can hold that up.
        if timeout(TIME_TO_CUT, self.shared.tasks.wait()).await.is_err() {
            tracing::warn!("some connections could not be cut");
        }
    }
}

const TIME_TO_CUT: Duration = Duration::from_secs(1);

impl std::fmt::Debug for RunningServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningServer").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}
