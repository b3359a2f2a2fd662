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
            let carrier = Carrier::WebSocket(WebSocketTransport::new(socket));
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
    use super::*;

    #[test]
    fn the_task_of_a_connection_stays_small() {
        assert!(size_of::<Life>() <= 400, "{}", size_of::<Life>());
    }
}
