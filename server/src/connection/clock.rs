//! Whole seconds since the hub began, read without asking the system.
//!
//! The heartbeat moves it on. Time-outs of connections are seconds long, so one look at the clock a second serves
//! them all.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// A clock of whole seconds.
#[derive(Debug)]
pub(crate) struct Clock {
    start: Instant,
    seconds: AtomicU32,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), seconds: AtomicU32::new(0) }
    }

    pub(crate) fn seconds(&self) -> u32 {
        self.seconds.load(Ordering::Relaxed)
    }

    /// Looks at the system's clock.
    pub(crate) fn advance(&self) -> Duration {
        let elapsed = self.start.elapsed();
        self.seconds.store(u32::try_from(elapsed.as_secs()).unwrap_or(u32::MAX), Ordering::Relaxed);
        elapsed
    }
}
