//! A server at work, until it is stopped.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use super::accept::accept;
use super::address::Address;
use super::meters::Meters;
use super::routes::Routes;
use super::security::Security;
use super::shared::{ListenerLimits, Shared};
use super::signals::asked_to_stop;
use super::stop::Stop;

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
        let (stop, cut) = (Stop::default(), Stop::default());
        let (tasks, meters) = (TaskTracker::new(), Meters::new());
        let shared = Arc::new(Shared { routes, limits, stop, cut, tasks, meters });
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

    /// Serves until Ctrl-C or SIGTERM, then stops; or until [`stop`](Self::stop) has stopped it.
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
        self.stop().await;
        Ok(())
    }

    /// Stops: takes no more connections, closes those of hubs with a Close message that lets clients reconnect, and
    /// WebSockets without a hub with 1001, lets requests end, and returns when all is done. What is not when the shutdown timeout is over is cut.
    ///
    /// A client of long polling fetches its Close message, perhaps over a new TCP connection. While a hub of this server
    /// has one that has not, the server goes on to listen and to answer requests, and hubs refuse whoever is new.
    ///
    /// It may be called more than once; each call returns when the server has stopped.
    pub async fn stop(&self) {
        self.shared.tasks.close();
        let limit = self.shared.limits.shutdown;
        let hubs = join_all(self.shared.routes.hubs().map(|hub| Box::pin(hub.stop(limit))));
        let websockets =
            join_all(self.shared.routes.websockets().map(|service| Box::pin(service.stop(limit))));
        let (hubs, websockets, tasks) = tokio::join!(hubs, websockets, timeout(limit, self.stop_listening()));
        if hubs.contains(&false) || websockets.contains(&false) || tasks.is_err() {
            tracing::warn!("some connections did not end in time and were cut");
        }
        self.shared.cut.give();
        // What is cut is gone as soon as it is polled; only work that blocks its thread can hold that up.
        if timeout(TIME_TO_CUT, self.shared.tasks.wait()).await.is_err() {
            tracing::warn!("some connections could not be cut");
        }
    }

    /// Lets all connections and requests end, once nobody has to come back for the farewell of a hub.
    async fn stop_listening(&self) {
        // However long this is waited for, after it nothing more is taken.
        let stop = self.shared.stop.give_on_drop();
        join_all(self.shared.routes.hubs().map(|hub| hub.polling().wait())).await;
        drop(stop);
        self.shared.tasks.wait().await;
    }
}

const TIME_TO_CUT: Duration = Duration::from_secs(1);

impl std::fmt::Debug for RunningServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningServer").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}
