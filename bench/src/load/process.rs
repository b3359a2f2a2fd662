//! What a process has used so far: CPU time and memory, as `/proc` tells them.
//!
//! The rule that is easy to break: `stat` has the split into user mode and kernel, but in ticks of 10 ms; `schedstat`
//! has nanoseconds for each thread, but no split. So the sum comes from the threads' `schedstat` and is split in the
//! proportion of the ticks. A thread that ended in between took its nanoseconds along; then the ticks alone count. One
//! that was also born in between shows only in that the ticks are more.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

/// `stat` counts in `USER_HZ`, which is 100 on every architecture that Linux has today.
const NANOSECONDS_PER_TICK: u64 = 10_000_000;
/// By so much the ticks may exceed the threads' nanoseconds while no thread is missing: both kinds of ticks are rounded.
const ROUNDING_TICKS: u64 = 3;

/// What a process had used at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Usage {
    user_ticks: u64,
    system_ticks: u64,
    /// Run time of each thread by its id, in nanoseconds.
    threads: BTreeMap<u32, u64>,
    /// Resident memory in bytes.
    pub(crate) resident: u64,
}

/// CPU time between two moments, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CpuTime {
    pub(crate) user: f64,
    pub(crate) system: f64,
}

impl Usage {
    /// Reads what the process `pid` has used.
    pub(crate) fn of(pid: u32) -> Result<Self> {
        let folder = format!("/proc/{pid}");
        let read = |name: &str| {
            fs::read_to_string(format!("{folder}/{name}"))
                .with_context(|| format!("process {pid} cannot be read"))
        };
        let (user_ticks, system_ticks) = ticks(&read("stat")?).context("stat has another form")?;
        let resident = resident(&read("status")?).context("status has no VmRSS")?;
        let mut threads = BTreeMap::new();
        for thread in fs::read_dir(format!("{folder}/task"))?.flatten() {
            let id = thread.file_name().to_str().and_then(|name| name.parse().ok());
            // A thread may end while the folder is read.
            let spent = fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
            let spent = spent.split(' ').next().and_then(|nanoseconds| nanoseconds.parse().ok());
            if let (Some(id), Some(spent)) = (id, spent) {
                threads.insert(id, spent);
            }
        }
        Ok(Self { user_ticks, system_ticks, threads, resident })
    }

    /// Reads what this process has used.
    pub(crate) fn own() -> Result<Self> {
        Self::of(std::process::id())
    }

    /// The CPU time since `earlier`.
    pub(crate) fn since(&self, earlier: &Self) -> CpuTime {
        let user = self.user_ticks.saturating_sub(earlier.user_ticks);
        let system = self.system_ticks.saturating_sub(earlier.system_ticks);
        let ticks = user + system;
        let coarse = ticks * NANOSECONDS_PER_TICK;
        let is_whole = |exact: &u64| coarse <= exact + ROUNDING_TICKS * NANOSECONDS_PER_TICK;
        let total = self.exact_since(earlier).filter(is_whole).unwrap_or(coarse) as f64 / 1_000.0;
        let user_part = if ticks == 0 { 1.0 } else { user as f64 / ticks as f64 };
        CpuTime { user: total * user_part, system: total * (1.0 - user_part) }
    }

    /// Nanoseconds since `earlier`, if every thread of then is still there.
    fn exact_since(&self, earlier: &Self) -> Option<u64> {
        let all_remain = earlier.threads.keys().all(|id| self.threads.contains_key(id));
        let sum = |usage: &Self| usage.threads.values().sum::<u64>();
        (all_remain && !self.threads.is_empty()).then(|| sum(self).saturating_sub(sum(earlier)))
    }
}

impl CpuTime {
    /// User and system time together.
    pub(crate) fn total(self) -> f64 {
        self.user + self.system
    }
}

/// User and system ticks out of `stat`. The name of the process comes before them and may hold blanks and brackets.
fn ticks(stat: &str) -> Option<(u64, u64)> {
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(11);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

/// Bytes of resident memory out of `status`.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(user_ticks: u64, system_ticks: u64, threads: &[(u32, u64)]) -> Usage {
        Usage { user_ticks, system_ticks, threads: threads.iter().copied().collect(), resident: 0 }
    }

    #[test]
    fn the_threads_say_how_much_and_the_ticks_in_which_proportion() {
        let before = usage(10, 10, &[(7, 1_000_000), (8, 0)]);
        let after = usage(11, 13, &[(7, 31_000_000), (8, 4_000_000), (9, 6_000_000)]);
        assert_eq!(after.since(&before), CpuTime { user: 10_000.0, system: 30_000.0 });
    }

    #[test]
    fn where_a_thread_ended_the_ticks_count() {
        let before = usage(10, 10, &[(7, 1_000_000), (8, 0)]);
        let after = usage(11, 13, &[(7, 2_000_000)]);
        assert_eq!(after.since(&before), CpuTime { user: 10_000.0, system: 30_000.0 });
    }

    #[test]
    fn where_a_thread_was_born_and_ended_in_between_the_ticks_count() {
        let before = usage(10, 10, &[(7, 1_000_000)]);
        let with_ticks = |user| usage(user, 10, &[(7, 31_000_000)]).since(&before).total();
        assert_eq!(with_ticks(16), 30_000.0, "six ticks may be three");
        assert_eq!(with_ticks(17), 70_000.0);
    }

    #[test]
    fn a_process_name_may_look_like_fields() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 100 0 0 0 17 5 0 0 20 0 1 0 100 1 1";
        assert_eq!(ticks(stat), Some((17, 5)));
        assert_eq!(ticks("42 (a"), None);
    }

    #[test]
    fn resident_memory_is_told_in_kibibytes() {
        assert_eq!(resident("VmPeak:\t 9 kB\nVmRSS:\t    1710 kB\n"), Some(1710 * 1024));
    }

    #[test]
    fn this_process_can_be_read() {
        let own = Usage::own().expect("this system has /proc");
        assert!(own.resident > 0 && !own.threads.is_empty());
    }
}
