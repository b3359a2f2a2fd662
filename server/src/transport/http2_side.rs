//! What concerns an HTTP/2 connection besides its frames, and rarely: its timers, the server's stop, who works on its streams.
//!
//! The task of a connection runs for every message. What waits for the rest is polled only when it has been woken by
//! itself, through a waker of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Wake, Waker};

use futures_util::task::AtomicWaker;
use tokio::task::yield_now;

/// One connection's side.
#[derive(Default)]
pub(crate) struct Http2Side {
    task: AtomicWaker,
    is_woken: AtomicBool,
    streams: AtomicUsize,
    /// Odd while the connection's task moves frames.
    passes: AtomicUsize,
}

/// Held by whoever works on a stream.
pub(crate) struct Http2Place(Arc<Http2Side>);

impl Http2Side {
    /// A side that is to be looked at.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { is_woken: AtomicBool::new(true), ..Self::default() })
    }

    /// Says which task to wake.
    pub(crate) fn register(&self, task: &Waker) {
        self.task.register(task);
    }

    /// Whether something on the side is to be polled; asked once, it is no more.
    pub(crate) fn take_woken(&self) -> bool {
        self.is_woken.load(Ordering::Acquire) && self.is_woken.swap(false, Ordering::AcqRel)
    }

    /// Says whether the connection's task, which alone calls this, moves frames.
    pub(crate) fn set_passing(&self, on: bool) {
        let passes = self.passes.load(Ordering::Relaxed);
        if is_under_way(passes) != on {
            self.passes.store(passes.wrapping_add(1), Ordering::Release);
        }
    }

    /// Streams that somebody works on.
    pub(crate) fn streams(&self) -> usize {
        self.streams.load(Ordering::Relaxed)
    }

    /// A place for whoever works on one more stream.
    pub(crate) fn place(self: &Arc<Self>) -> Http2Place {
        self.streams.fetch_add(1, Ordering::Relaxed);
        Http2Place(Arc::clone(self))
    }
}

impl Wake for Http2Side {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.is_woken.store(true, Ordering::Release);
        self.task.wake();
    }
}

impl Http2Place {
    /// Waits until all requests have begun that came together with what this stream was just told, by a task that runs at the
    /// same time.
    pub(crate) async fn settled(&self) {
        let pass = self.0.passes.load(Ordering::Acquire);
        while is_under_way(pass) && self.0.passes.load(Ordering::Acquire) == pass {
            yield_now().await;
        }
    }
}

fn is_under_way(passes: usize) -> bool {
    passes % 2 == 1
}

impl Drop for Http2Place {
    fn drop(&mut self) {
        // Without a stream the connection counts the time that it is idle.
        if self.0.streams.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.wake_by_ref();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Context;

    use super::*;

    #[test]
    fn the_side_is_looked_at_once_for_each_time_that_it_is_woken() {
        let side = Http2Side::new();
        assert!(side.take_woken());
        assert!(!side.take_woken());
        Waker::from(Arc::clone(&side)).wake_by_ref();
        assert!(side.take_woken());
        assert!(!side.take_woken());
    }

    #[test]
    fn the_last_stream_that_ends_wakes_the_side() {
        let side = Http2Side::new();
        assert!(side.take_woken());
        let (first, last) = (side.place(), side.place());
        assert_eq!(side.streams(), 2);
        drop(first);
        assert!(!side.take_woken());
        drop(last);
        assert!(side.take_woken());
        assert_eq!(side.streams(), 0);
    }

    #[test]
    fn a_stream_waits_for_the_pass_that_is_under_way_and_for_no_other() {
        let side = Http2Side::new();
        let place = side.place();
        let mut cx = Context::from_waker(Waker::noop());
        assert!(pin!(place.settled()).poll(&mut cx).is_ready());
        side.set_passing(true);
        let mut settled = pin!(place.settled());
        assert!(settled.as_mut().poll(&mut cx).is_pending());
        assert!(settled.as_mut().poll(&mut cx).is_pending());
        side.set_passing(false);
        side.set_passing(true);
        assert!(settled.poll(&mut cx).is_ready());
    }
}
