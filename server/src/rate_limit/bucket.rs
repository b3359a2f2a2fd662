//! One rate at work: a single number, by the generic cell rate algorithm (ITU-T I.371, as "virtual scheduling").
//!
//! Time comes in as nanoseconds since the hub began.

use std::time::Duration;

use super::rate::Rate;

/// What has been used of a rate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bucket {
    /// When all that was used will have been earned.
    earned_at: u64,
}

impl Bucket {
    /// Uses `cost` of the rate, or says how long to wait until there is so much.
    ///
    /// A cost above the whole burst is let through when nothing is owed, and has to be earned after that: it could never
    /// pass otherwise.
    pub(super) fn take(&mut self, rate: Rate, cost: u64, now: u64) -> Result<(), Duration> {
        let owed = self.earned_at.saturating_sub(now);
        let with_cost = owed.saturating_add(rate.each.saturating_mul(cost));
        if owed == 0 || with_cost <= rate.saved {
            self.earned_at = now.saturating_add(with_cost);
            return Ok(());
        }
        Err(Duration::from_nanos(owed.min(with_cost - rate.saved)))
    }

    /// Whether nothing is owed, so that to forget it changes nothing.
    pub(super) fn is_full(&self, now: u64) -> bool {
        self.earned_at <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: u64 = 1_000_000;

    #[test]
    fn a_burst_passes_and_then_the_rate_holds() {
        let rate = Rate::per_second(10).burst(3);
        let mut bucket = Bucket::default();
        for _ in 0..3 {
            assert_eq!(bucket.take(rate, 1, 0), Ok(()));
        }
        assert_eq!(bucket.take(rate, 1, 0), Err(Duration::from_millis(100)));
        assert_eq!(bucket.take(rate, 1, 40 * MILLISECOND), Err(Duration::from_millis(60)));
        assert_eq!(bucket.take(rate, 1, 100 * MILLISECOND), Ok(()));
        assert_eq!(bucket.take(rate, 1, 100 * MILLISECOND), Err(Duration::from_millis(100)));
    }

    #[test]
    fn what_is_saved_up_ends_at_the_burst() {
        let rate = Rate::per_second(10).burst(2);
        let mut bucket = Bucket::default();
        assert_eq!(bucket.take(rate, 2, 0), Ok(()));
        let later = 3_600_000 * MILLISECOND;
        assert!(bucket.is_full(later));
        assert_eq!(bucket.take(rate, 2, later), Ok(()));
        assert_eq!(bucket.take(rate, 1, later), Err(Duration::from_millis(100)));
    }

    #[test]
    fn more_than_the_burst_passes_when_nothing_is_owed_and_is_earned_after_that() {
        let rate = Rate::per_second(1000).burst(100);
        let mut bucket = Bucket::default();
        assert_eq!(bucket.take(rate, 500, 0), Ok(()));
        assert_eq!(bucket.take(rate, 1, 0), Err(Duration::from_millis(401)));
        assert_eq!(bucket.take(rate, 500, 400 * MILLISECOND), Err(Duration::from_millis(100)));
        assert!(!bucket.is_full(499 * MILLISECOND));
        assert_eq!(bucket.take(rate, 500, 500 * MILLISECOND), Ok(()));
    }

    #[test]
    fn numbers_without_an_end_overflow_nothing() {
        let rate = Rate::new(1, Duration::MAX).burst(u32::MAX);
        let mut bucket = Bucket::default();
        assert_eq!(bucket.take(rate, u64::MAX, u64::MAX), Ok(()));
        assert_eq!(Rate::new(u32::MAX, Duration::from_nanos(1)).each, 1);
    }
}
