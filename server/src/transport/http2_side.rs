//! What concerns an HTTP/2 connection besides its frames, and rarely: its timers, the server's stop, who works on its streams.
//!
//! The task of a connection runs for every message. What waits for the rest is polled only when it has been woken by
//! itself, through a waker of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Wake, Waker};

use futures_util::task::AtomicWaker;

/// One connection's side.
#[derive(Default)]
pub(crate) struct Http2Side {
    task: AtomicWaker,
    is_woken: AtomicBool,
    streams: AtomicUsize,
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
}
