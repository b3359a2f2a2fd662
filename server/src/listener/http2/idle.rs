//! When a connection has had no stream for too long.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Sleep, sleep};

/// The time that a connection has left without a stream. It costs nothing while there is one.
pub(super) struct Idle {
    limit: Duration,
    left: Option<Pin<Box<Sleep>>>,
}

impl Idle {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, left: None }
    }

    /// Ready when the limit is over. To be asked whenever the connection has moved.
    pub(super) fn poll(&mut self, has_streams: bool, cx: &mut Context<'_>) -> Poll<()> {
        if has_streams {
            self.left = None;
            return Poll::Pending;
        }
        let left = self.left.get_or_insert_with(|| Box::pin(sleep(self.limit)));
        ready!(left.as_mut().poll(cx));
        self.left = None;
        Poll::Ready(())
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_stream_starts_the_time_anew() {
        let started = Instant::now();
        let mut idle = Idle::new(Duration::from_secs(10));
        assert!(poll_fn(|cx| Poll::Ready(idle.poll(false, cx))).await.is_pending());
        tokio::time::advance(Duration::from_secs(9)).await;
        assert!(poll_fn(|cx| Poll::Ready(idle.poll(true, cx))).await.is_pending());
        poll_fn(|cx| idle.poll(false, cx)).await;
        assert_eq!(started.elapsed().as_secs(), 19);
    }
}
