//! Sending to a hub's clients from outside its methods.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use hubcast_protocol::contract::{Client, Clients, Context, Groups, NoClient};

use super::{HubCore, Pace, ask_in_batches};
use crate::connection::Live;

/// A hub as the rest of the application sees it: a clone is cheap and works from any task.
pub struct HubHandle<C: Client + ?Sized = dyn NoClient> {
    core: Arc<HubCore>,
    client: PhantomData<fn(&C)>,
}

impl<C: Client + ?Sized> HubHandle<C> {
    pub(crate) fn new(core: Arc<HubCore>) -> Self {
        Self { core, client: PhantomData }
    }

    /// The handle of the hub that a method is called on; `None` in a context that this server did not make.
    pub fn of(cx: &Context<C>) -> Option<Self> {
        let connection: &dyn Any = &**cx.connection();
        connection.downcast_ref::<Live>().map(|live| Self::new(Arc::clone(live.core())))
    }

    pub(super) fn core(&self) -> &HubCore {
        &self.core
    }

    /// The clients of the hub, to choose receivers from.
    pub fn clients(&self) -> Clients<'_, C> {
        Clients::new(&*self.core)
    }

    /// The groups of the hub.
    pub fn groups(&self) -> Groups<'_> {
        Groups::new(&*self.core)
    }

    /// How many connections are open, and by which HTTP version they came.
    pub fn connection_counts(&self) -> ConnectionCounts {
        let everyone = self.core.local().everyone();
        let http2 = everyone.iter().filter(|live| live.http_version() == http::Version::HTTP_2).count();
        ConnectionCounts { http1: everyone.len() - http2, http2, pending: self.core.registry().pending() }
    }

    /// Takes no more connections, and asks clients to reconnect by and by: `rate` of them a second, or more if all would not
    /// be asked within `period`. Returns once all were asked; [`stop`](Self::stop) ends who is left.
    ///
    /// They are asked as by [`Server::drain_rate`](crate::Server::drain_rate), which does this for the hubs of our own
    /// [`Server`](crate::Server). In another server, after it was told to stop and before it does:
    ///
    /// ```
    /// # use std::time::Duration;
    /// # async fn example(hub: hubcast::HubHandle) {
    /// hub.drain(1_000, Duration::from_secs(10)).await;
    /// hub.stop(Duration::from_secs(5)).await;
    /// # }
    /// ```
    pub async fn drain(&self, rate: u32, period: Duration) {
        ask_in_batches(self.core.close_doors(), Pace { per_second: rate, within: period }).await;
    }

    /// Closes every connection with a Close message that lets clients reconnect, and takes no more.
    ///
    /// Says whether all had ended within `limit`; those that had not were cut. A hub in our own
    /// [`Server`](crate::Server) is stopped with it; this is for a hub in another server, which should go on listening
    /// until this is done: a client of long polling comes back for its Close message.
    pub async fn stop(&self, limit: Duration) -> bool {
        self.core.stop(limit).await
    }
}

impl<C: Client + ?Sized> Clone for HubHandle<C> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.core))
    }
}

impl<C: Client + ?Sized> fmt::Debug for HubHandle<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HubHandle").field(&self.core).finish()
    }
}

/// How many connections a hub has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionCounts {
    /// Open connections whose transport began with HTTP/1.1.
    pub http1: usize,
    /// Open connections whose transport began as a stream of an HTTP/2 connection.
    pub http2: usize,
    /// Negotiated connections that wait for their transport.
    pub pending: usize,
}

impl ConnectionCounts {
    /// All open connections.
    pub fn open(&self) -> usize {
        self.http1 + self.http2
    }
}
