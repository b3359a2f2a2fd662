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
    awaits_answer: bool,
}

impl KeepAlive {
    pub(super) fn new(interval: Duration, timeout: Duration) -> Self {
        Self { interval, timeout, timer: Box::pin(sleep(interval)), has_heard: false, awaits_answer: false }
    }

    /// Something came.
    pub(super) fn heard(&mut self) {
        self.has_heard = true;
    }

    /// Pings when it is time; ready when the peer is to be given up.
    pub(super) fn poll_silence(&mut self, shared: &Shared, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(self.timer.as_mut().poll(cx));
            let has_heard = std::mem::take(&mut self.has_heard);
            // A ping that could not be written cannot be answered; the write timeout sees to that.
            let could_answer = shared.io().is_written();
            if self.awaits_answer && !has_heard && could_answer {
                return Poll::Ready(());
            }
            if has_heard {
                self.awaits_answer = false;
                self.arm(self.interval);
            } else {
                if !self.awaits_answer {
                    shared.io().queue_ping();
                    // Whatever hinders it, the next read or write goes on with it.
                    let _later = shared.poll_flush();
                }
                self.awaits_answer = true;
                self.arm(self.timeout);
            }
        }
    }

    fn arm(&mut self, after: Duration) {
        self.timer.as_mut().reset(Instant::now() + after);
    }
}
