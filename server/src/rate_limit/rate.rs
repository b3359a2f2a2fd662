//! How much of something may happen in which time.

use std::time::Duration;

/// So many in so long, and how many may come at once.
///
/// What was not used of it is saved up to the burst; by default that is what one period allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Nanoseconds until one more is allowed.
    pub(super) each: u64,
    /// Nanoseconds that may be saved up, or spent ahead.
    pub(super) saved: u64,
}

impl Rate {
    /// `count` in each `period`.
    ///
    /// # Panics
    ///
    /// If either of them is zero.
    pub fn new(count: u32, period: Duration) -> Self {
        assert!(count > 0 && !period.is_zero(), "a rate is more than nothing, in more than no time");
        let period = u64::try_from(period.as_nanos()).unwrap_or(u64::MAX);
        let each = (period / u64::from(count)).max(1);
        Self { each, saved: each.saturating_mul(count.into()) }
    }

    /// `count` in each second.
    ///
    /// # Panics
    ///
    /// If it is zero.
    pub fn per_second(count: u32) -> Self {
        Self::new(count, Duration::from_secs(1))
    }

    /// `count` in each minute.
    ///
    /// # Panics
    ///
    /// If it is zero.
    pub fn per_minute(count: u32) -> Self {
        Self::new(count, Duration::from_secs(60))
    }

    /// Sets how many may come at once, at least 1. Default: as many as one period allows.
    #[must_use]
    pub fn burst(mut self, count: u32) -> Self {
        self.saved = self.each.saturating_mul(count.max(1).into());
        self
    }
}
