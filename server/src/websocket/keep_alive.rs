//! Pings to a peer that is silent, and when to give up on it.
//!
//! Time is looked at when the timer fires and not for every message: a ping follows between one and two intervals after
//! the last that was heard.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

use super::shared::Shared;

/// The keep-alive of one connection.
pub(super) struct KeepAlive {
    interval: Duration,
    timeout: Duration,
    timer: Pin<Box<Sleep>>,
    has_heard: bool,
    /// When a ping was sent that nothing has followed.
    pinged_at: Option<Instant>,
}

impl KeepAlive {
    pub(super) fn new(interval: Duration, timeout: Duration) -> Self {
        Self { interval, timeout, timer: Box::pin(sleep(interval)), has_heard: false, pinged_at: None }
    }

    /// Something came.
    pub(super) fn heard(&mut self) {
        self.has_heard = true;
    }

    /// Pings when it is time; ready when the peer is to be given up.
    pub(super) fn poll_silence(&mut self, shared: &Shared, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(self.timer.as_mut().poll(cx));
            if std::mem::take(&mut self.has_heard) {
                self.pinged_at = None;
                self.arm(self.interval);
                continue;
            }
            let Some(pinged_at) = self.pinged_at else {
                shared.io().queue_ping();
                // Whatever hinders it, the next read or write goes on with it.
                let _later = shared.poll_flush();
                self.pinged_at = Some(Instant::now());
                self.arm(self.timeout.min(self.interval));
                continue;
            };
            let left = self.timeout.saturating_sub(pinged_at.elapsed());
            // A ping that could not be written cannot be answered; the write timeout sees to that.
            if left.is_zero() && shared.io().is_written() {
                return Poll::Ready(());
            }
            self.arm(if left.is_zero() { self.interval } else { left.min(self.interval) });
        }
    }

    fn arm(&mut self, after: Duration) {
        self.timer.as_mut().reset(Instant::now() + after);
    }
}
