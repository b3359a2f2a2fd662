//! How fast clients are asked to reconnect: in batches, so that the servers they go to are not hit by all at once.

use std::time::Duration;

/// How many connections a second, but all of them within a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) per_second: u32,
    pub(crate) within: Duration,
}

/// The batches that a number of connections goes in.
#[derive(Debug, PartialEq)]
pub(super) struct Batches {
    connections: usize,
    pub(super) number: usize,
    /// The time from one to the next, on average.
    interval: Duration,
}

/// The time from one batch to the next, unless each is a single connection.
const STEP: Duration = Duration::from_millis(100);

impl Pace {
    /// The batches for so many connections: one at least, and not more than there are connections.
    pub(super) fn batches(&self, connections: usize) -> Batches {
        let at_rate = connections as f64 / f64::from(self.per_second.max(1));
        let time = at_rate.min(self.within.as_secs_f64());
        let number = (time / STEP.as_secs_f64()).ceil() as usize;
        let number = number.clamp(1, connections.max(1));
        Batches { connections, number, interval: Duration::from_secs_f64(time / number as f64) }
    }
}

impl Batches {
    /// Their sizes, which differ by one at most.
    pub(super) fn sizes(&self) -> impl Iterator<Item = usize> + use<> {
        let (all, number) = (self.connections, self.number);
        (0..number).map(move |batch| all * (batch + 1) / number - all * batch / number)
    }

    /// The time until the next batch: half of the interval to one and a half. `random` is 0 to 255.
    ///
    /// Servers that are stopped together do not ask in step, then.
    pub(super) fn until_next(&self, random: u8) -> Duration {
        self.interval / 2 + self.interval * u32::from(random) / 255
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_connections_go_at_once_and_many_at_the_rate() {
        assert_eq!(sizes(1_000, 10, 0), [0]);
        assert_eq!(sizes(1_000, 10, 1), [1]);
        assert_eq!(sizes(1_000, 10, 100), [100]);
        assert_eq!(sizes(1_000, 10, 101), [50, 51]);
        assert_eq!(sizes(1_000, 10, 300), [100, 100, 100]);
        assert_eq!(sizes(10, 10, 3), [1, 1, 1]);
        assert_eq!(pace(200, 60).batches(300).interval, Duration::from_millis(100));
        assert_eq!(pace(1, 60).batches(3).interval, Duration::from_secs(1));
    }

    #[test]
    fn where_the_rate_would_take_too_long_it_is_higher() {
        let batches = sizes(1_000, 10, 1_000_000);
        assert_eq!(batches.len(), 100);
        assert!(batches.iter().all(|size| *size == 10_000));
        assert_eq!(sizes(0, 1, 20), [2; 10]);
        assert_eq!(sizes(1, 0, 5), [5]);
    }

    #[test]
    fn the_time_between_batches_varies_by_half() {
        let batches = pace(1_000, 10).batches(1_000);
        assert_eq!(batches.until_next(0), Duration::from_millis(50));
        assert_eq!(batches.until_next(255), Duration::from_millis(150));
    }

    fn sizes(per_second: u32, within: u64, count: usize) -> Vec<usize> {
        pace(per_second, within).batches(count).sizes().collect()
    }

    fn pace(per_second: u32, within: u64) -> Pace {
        Pace { per_second, within: Duration::from_secs(within) }
    }
}
