//! The task of one HTTP/2 connection: it moves the frames of all its streams.
//!
//! All streams leave their frames with this task, which writes them. The runtime runs a task that was just woken before
//! all others, so that each stream's answer would be a write of its own; where there are several, the task goes to the
//! end of the line once, finds the answers of all streams that were ready, and writes them together.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use h2::server::{Connection, SendResponse};
use h2::{Error, RecvStream};
use http::Request;
use tokio::io::{AsyncRead, AsyncWrite};

use super::exchange::exchange;
use super::idle::Idle;
use super::portions::Portions;
use crate::http::RemoteAddress;
use crate::listener::shared::Shared;

/// A request and where its response goes.
pub(super) type Accepted = Option<Result<(Request<RecvStream>, SendResponse<Bytes>), Error>>;

/// One connection and what it knows of its streams.
pub(super) struct Carrier<S> {
    connection: Connection<Portions<S>, Bytes>,
    peer: SocketAddr,
    shared: Arc<Shared>,
    /// Shared with whatever works on a stream.
    streams: Arc<()>,
    idle: Idle,
    has_waited: bool,
    is_leaving: bool,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Carrier<S> {
    pub(super) fn new(
        connection: Connection<Portions<S>, Bytes>,
        peer: SocketAddr,
        shared: Arc<Shared>,
    ) -> Self {
        let idle = Idle::new(shared.limits.http2_idle);
        Self { connection, peer, shared, streams: Arc::new(()), idle, has_waited: false, is_leaving: false }
    }

    /// Takes up a request; ready when the connection has ended.
    pub(super) fn take(&mut self, accepted: Accepted) -> Poll<()> {
        match accepted {
            None => return Poll::Ready(()),
            Some(Err(error)) => {
                tracing::debug!(%error, "an HTTP/2 connection ended");
                return Poll::Ready(());
            }
            Some(Ok((mut request, respond))) => {
                request.extensions_mut().insert(RemoteAddress(self.peer));
                let shared = Arc::clone(&self.shared);
                self.shared.spawn(exchange(request, respond, shared, Arc::clone(&self.streams)));
            }
        }
        Poll::Pending
    }

    /// Moves what there is; ready when the connection has ended. `stop` lets the streams end and takes no more.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        mut stop: Pin<&mut impl Future<Output = ()>>,
    ) -> Poll<()> {
        let others = Arc::strong_count(&self.streams) - 1;
        if others > 1 && !self.has_waited {
            self.has_waited = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.has_waited = false;
        loop {
            if let Poll::Ready(accepted) = self.connection.poll_accept(cx) {
                if self.take(accepted).is_ready() {
                    return Poll::Ready(());
                }
                continue;
            }
            if self.is_leaving {
                return Poll::Pending;
            }
            if self.idle.poll(others > 0 || self.connection.has_streams(), cx).is_ready() {
                tracing::debug!("an HTTP/2 connection was without a stream for too long");
            } else if stop.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            self.is_leaving = true;
            self.connection.graceful_shutdown();
        }
    }
}
