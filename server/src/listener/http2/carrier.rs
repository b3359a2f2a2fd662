//! The task of one HTTP/2 connection: it moves the frames of all its streams.
//!
//! All streams leave their frames with this task, which writes them. The runtime runs a task that was just woken before
//! all others, so that each stream's answer would be a write of its own; where there are several, the task goes to the
//! end of the line once, finds the answers of all streams that were ready, and writes them together.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use h2::server::{Connection, SendResponse};
use h2::{Error, Reason, RecvStream};
use http::Request;
use tokio::io::{AsyncRead, AsyncWrite};

use super::exchange::exchange;
use super::idle::Idle;
use super::portions::Portions;
use crate::listener::meters::TimeOut;
use crate::listener::peer::Peer;
use crate::listener::shared::Shared;
use crate::transport::Http2Side;

/// A request and where its response goes.
pub(super) type Accepted = Option<Result<(Request<RecvStream>, SendResponse<Bytes>), Error>>;

/// One connection and what it knows of its streams.
pub(super) struct Carrier<S> {
    side: Arc<Http2Side>,
    has_waited: bool,
    is_leaving: bool,
    connection: Connection<Portions<S>, Bytes>,
    idle: Idle,
    peer: Peer,
    shared: Arc<Shared>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Carrier<S> {
    pub(super) fn new(connection: Connection<Portions<S>, Bytes>, peer: Peer, shared: Arc<Shared>) -> Self {
        let idle = Idle::new(shared.limits.http2_idle);
        Self { side: Http2Side::new(), has_waited: false, is_leaving: false, connection, idle, peer, shared }
    }

    /// Takes up a request; ready when the connection has ended.
    pub(super) fn take(&mut self, accepted: Accepted) -> Poll<()> {
        match accepted {
            None => return Poll::Ready(()),
            Some(Err(error)) => {
                // Our own end, not one that the client has sent.
                if error.reason() == Some(Reason::ENHANCE_YOUR_CALM) && error.is_library() {
                    self.shared.meters.http2_flooded();
                    tracing::info!(peer = %self.peer, %error, "an HTTP/2 connection was ended: it floods");
                }
                tracing::debug!(peer = %self.peer, %error, "an HTTP/2 connection ended");
                return Poll::Ready(());
            }
            Some(Ok((request, respond))) => {
                let place = self.side.place();
                self.shared.spawn(exchange(request, respond, &self.shared, &self.peer, place));
            }
        }
        Poll::Pending
    }

    /// Moves what there is; ready when the connection has ended, or `silence` says that nobody is there. `stop` lets the
    /// streams end and takes no more.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        silence: Pin<&mut impl Future<Output = ()>>,
        stop: Pin<&mut impl Future<Output = ()>>,
    ) -> Poll<()> {
        if self.side.streams() > 1 && !self.has_waited {
            self.has_waited = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.has_waited = false;
        // Left before looking, so that what wakes the side between is not missed.
        self.side.register(cx.waker());
        if self.poll_frames(cx).is_ready() {
            return Poll::Ready(());
        }
        // Once nobody works on a stream, the last frames of one may still be under way.
        if self.side.take_woken() || self.side.streams() == 0 {
            let waker = Waker::from(Arc::clone(&self.side));
            return self.poll_side(cx, &mut Context::from_waker(&waker), silence, stop);
        }
        Poll::Pending
    }

    fn poll_frames(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.side.set_passing(true);
        let mut ended = Poll::Pending;
        while ended.is_pending()
            && let Poll::Ready(accepted) = self.connection.poll_accept(cx)
        {
            ended = self.take(accepted);
        }
        self.side.set_passing(false);
        ended
    }

    fn poll_side(
        &mut self,
        cx: &mut Context<'_>,
        side: &mut Context<'_>,
        silence: Pin<&mut impl Future<Output = ()>>,
        stop: Pin<&mut impl Future<Output = ()>>,
    ) -> Poll<()> {
        if silence.poll(side).is_ready() {
            self.shared.meters.timed_out(TimeOut::Ping);
            tracing::debug!(peer = %self.peer, "an HTTP/2 connection answered no ping");
            return Poll::Ready(());
        }
        if self.is_leaving {
            return Poll::Pending;
        }
        let has_streams = self.side.streams() > 0 || self.connection.has_streams();
        if self.idle.poll(has_streams, side).is_ready() {
            tracing::debug!(peer = %self.peer, "an HTTP/2 connection was without a stream for too long");
        } else if !has_streams && self.shared.is_leaving() {
            tracing::debug!(peer = %self.peer, "the last stream of an HTTP/2 connection has ended");
        } else if stop.poll(side).is_pending() {
            return Poll::Pending;
        }
        self.is_leaving = true;
        self.connection.graceful_shutdown();
        self.poll_frames(cx)
    }
}

impl<S> Drop for Carrier<S> {
    /// A pass that a panic broke off is over.
    fn drop(&mut self) {
        self.side.set_passing(false);
    }
}
