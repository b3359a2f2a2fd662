//! A bucket for each user or address: a bounded number of them, of which those that owe nothing are forgotten.
//!
//! When as many as the limit allows owe something, newcomers share one bucket: whoever makes up addresses cannot make the
//! server remember all of them, and cannot escape the limit.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dashmap::DashMap;
use parking_lot::Mutex;

use super::bucket::Bucket;
use super::rate::Rate;

/// Buckets by their keys.
pub(super) struct Keyed<K: Eq + Hash> {
    buckets: DashMap<K, Bucket>,
    limit: usize,
    /// So many entries are looked through for such as can be forgotten.
    sweep_at: AtomicUsize,
    rest: Mutex<Bucket>,
}

/// Fewer entries are not worth looking through.
const FIRST_SWEEP: usize = 1_024;

impl<K: Eq + Hash> Keyed<K> {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            buckets: DashMap::new(),
            limit,
            sweep_at: AtomicUsize::new(FIRST_SWEEP.min(limit)),
            rest: Mutex::default(),
        }
    }

    pub(super) fn take<Q>(&self, key: &Q, rate: Rate, cost: u64, now: u64) -> Result<(), Duration>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned: Into<K>> + ?Sized,
    {
        if let Some(mut bucket) = self.buckets.get_mut(key) {
            return bucket.take(rate, cost, now);
        }
        if self.buckets.len() >= self.sweep_at.load(Ordering::Relaxed) {
            self.sweep(now);
        }
        if self.buckets.len() >= self.limit {
            return self.rest.lock().take(rate, cost, now);
        }
        self.buckets.entry(key.to_owned().into()).or_default().take(rate, cost, now)
    }

    /// Forgets whoever owes nothing. It is done again when there are twice as many, so that it costs each entry little.
    fn sweep(&self, now: u64) {
        self.buckets.retain(|_, bucket| !bucket.is_full(now));
        let next = (self.buckets.len() * 2).clamp(FIRST_SWEEP.min(self.limit), self.limit);
        self.sweep_at.store(next, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_own_and_those_that_owe_nothing_are_forgotten() {
        let keyed = Keyed::<Box<str>>::new(10_000);
        let rate = Rate::per_second(1);
        for key in 0..FIRST_SWEEP {
            assert_eq!(keyed.take(&*key.to_string(), rate, 1, 0), Ok(()));
        }
        assert_eq!(keyed.take("0", rate, 1, 0), Err(Duration::from_secs(1)));
        assert_eq!(keyed.buckets.len(), FIRST_SWEEP);
        assert_eq!(keyed.take("next", rate, 1, 1_000_000_000), Ok(()));
        assert_eq!(keyed.buckets.len(), 1);
    }

    #[test]
    fn over_the_limit_newcomers_share_one() {
        let keyed = Keyed::<Box<str>>::new(2);
        let rate = Rate::per_second(1);
        for key in ["a", "b", "c"] {
            assert_eq!(keyed.take(key, rate, 1, 0), Ok(()));
        }
        assert_eq!(keyed.take("d", rate, 1, 0), Err(Duration::from_secs(1)));
        assert_eq!(keyed.buckets.len(), 2);
        assert_eq!(keyed.take("d", rate, 1, 1_000_000_000), Ok(()));
    }
}
