//! The task of a connection from its response on.
//!
//! Written by hand, and small: there is one for each connection, in which an async function would keep its arguments
//! beside what it makes of them.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use super::claim::Claim;
use super::upgrade::PendingSocket;
use crate::connection::{Connection, Live};
use crate::transport::{Transport as Carrier, WebSocketTransport};

/// A connection, from the response that accepted it to its end.
pub(super) struct Life {
    stage: Stage,
    /// The token by which it was negotiated, given back once it has ended.
    claim: Option<Box<Claim>>,
}

#[expect(clippy::large_enum_variant, reason = "the others are short: a box would cost every connection more")]
enum Stage {
    /// The response is on its way out.
    Opening(Arc<Live>, PendingSocket),
    Running(Connection),
    Over,
}

impl Life {
    /// A connection that begins when its socket is there.
    pub(super) fn opening(live: Arc<Live>, claim: Option<Claim>, socket: PendingSocket) -> Self {
        Self { stage: Stage::Opening(live, socket), claim: claim.map(Box::new) }
    }

    /// A connection that begins at once.
    pub(super) fn running(claim: Claim, carrier: Carrier) -> Self {
        let connection = Connection::new(Arc::clone(claim.live()), carrier, Bytes::new());
        Self { stage: Stage::Running(connection), claim: Some(Box::new(claim)) }
    }
}

impl Future for Life {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if let Stage::Opening(live, socket) = &mut this.stage {
            let Some((socket, initial)) = ready!(socket.poll_ready(cx)) else {
                tracing::debug!("a connection ended before its WebSocket opened");
                return Poll::Ready(());
            };
            let frames = live.core().frames_per_message();
            let carrier = Carrier::WebSocket(WebSocketTransport::new(socket, live.inflating(), frames));
            this.stage = Stage::Running(Connection::new(Arc::clone(live), carrier, initial));
        }
        if let Stage::Running(connection) = &mut this.stage {
            ready!(Pin::new(connection).poll(cx));
            this.stage = Stage::Over;
            this.claim = None;
        }
        Poll::Ready(())
    }
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "tls")]
    use tokio_rustls::server::TlsStream;

    use super::*;
    use crate::transport::{Events, Polls};
    #[cfg(feature = "tls")]
    use crate::transport::{LoneWrites, StreamSocket};

    /// What the runtime adds to a task whose end is tracked.
    const TASK: usize = 112;

    #[test]
    fn what_a_connection_costs_stays_small() {
        const ARC: usize = 2 * size_of::<usize>();
        // Bounds are steps of the allocator where there is one of each for every connection.
        for (what, size, limit) in [
            ("the task of any connection", size_of::<Life>() + TASK, 512),
            ("the state of its owner in that", size_of::<Connection>(), 376),
            ("what others see of it", size_of::<Live>() + ARC, 384),
            #[cfg(feature = "tls")]
            ("over TLS also", size_of::<TlsStream<LoneWrites<StreamSocket>>>(), 1280),
            ("as an event stream also", size_of::<Events>(), 120),
            ("with long polling also", size_of::<Polls>(), 160),
            ("if it was negotiated also", size_of::<Claim>(), 32),
        ] {
            #[expect(clippy::print_stdout, reason = "for whoever looks where the memory goes")]
            {
                println!("{what}: {size} of {limit} bytes");
            }
            assert!(size <= limit, "{what}: {size} bytes");
        }
    }
}
