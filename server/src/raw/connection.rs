//! One connection without a hub, as the application's function sees it.

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use hubcast_protocol::contract::{Connection as _, Items, Principal};
use hubcast_protocol::{ConnectionId, HubProtocol, TransferFormat, Transport};

use super::Incoming;
use crate::connection::Live;

/// A connection that carries bytes, whatever its transport is. It closes when the function that got it returns.
///
/// What arrives is a stream of bytes: a transport may split and join what the client sent. What is sent in one piece
/// stays one WebSocket message, one event, or part of one poll's body.
pub struct RawConnection {
    live: Arc<Live>,
    incoming: Arc<Incoming>,
}

impl RawConnection {
    pub(crate) fn new(live: Arc<Live>, incoming: Arc<Incoming>) -> Self {
        Self { live, incoming }
    }

    /// Waits for bytes; `None` once the client has closed the connection or is gone.
    pub async fn receive(&self) -> Option<Bytes> {
        std::future::poll_fn(|cx| self.incoming.poll_take(cx)).await
    }

    /// Queues bytes, and waits while much waits for this client already. `false` once the connection has ended: they
    /// are let go, and a function that only sends should return.
    pub async fn send(&self, bytes: impl AsRef<[u8]>) -> bool {
        self.live.outbox.push(self.live.framing().wrap(bytes.as_ref()));
        if self.live.outbox.is_full() {
            self.live.outbox.room().await;
        }
        let goes_on = self.live.outbox.is_open();
        if !goes_on {
            // Whoever does not look must not keep its thread from everybody else.
            tokio::task::yield_now().await;
        }
        goes_on
    }

    /// Sends text or binary WebSocket messages from here on. Default: text. Server-Sent Events carry text alone.
    pub fn set_transfer_format(&self, format: TransferFormat) {
        self.live.speaks(match format {
            TransferFormat::Text => HubProtocol::Json,
            TransferFormat::Binary => HubProtocol::MessagePack,
        });
    }

    /// Its public id.
    pub fn id(&self) -> ConnectionId {
        self.live.id()
    }

    /// Who the user is, if that is known.
    pub fn user(&self) -> Option<&str> {
        self.live.user()
    }

    /// What authentication has said of it.
    pub fn principal(&self) -> Option<Principal> {
        self.live.principal()
    }

    /// What carries it.
    pub fn transport(&self) -> Transport {
        self.live.transport()
    }

    /// The HTTP version that its transport began with.
    pub fn http_version(&self) -> http::Version {
        self.live.http_version()
    }

    /// A header of the request that opened it.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.live.header(name)
    }

    /// A parameter of that request's query, decoded; names match in any ASCII case.
    pub fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        self.live.query(name)
    }

    /// The address that it came from, if the server knows it.
    pub fn remote_address(&self) -> Option<SocketAddr> {
        self.live.remote_address()
    }

    /// Values that the application leaves with it.
    pub fn items(&self) -> &Items {
        self.live.kept().items()
    }

    /// Closes it; what was queued is sent first.
    pub fn abort(&self) {
        self.live.abort();
    }
}

impl fmt::Debug for RawConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawConnection").field("id", &self.live.id()).finish_non_exhaustive()
    }
}
