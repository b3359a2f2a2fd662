//! What about a machine matters to its figures. Neither its name nor any path is kept.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) cpu: String,
    /// Cores that this program may use.
    pub(crate) cores: usize,
    pub(crate) memory_mib: u64,
    pub(crate) kernel: String,
    /// Hubcast's version.
    pub(crate) version: String,
    /// The commit of the folder where it was started, with `-dirty` where files differ from it.
    pub(crate) commit: Option<String>,
    /// When it began, in UTC: `2026-11-22T23:40:00Z`.
    pub(crate) date: String,
}

impl Machine {
    pub(crate) fn this_one() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let (cpus, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
        let memory_kib =
            field(&memory, "MemTotal").and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
        Self {
            cpu: field(&cpus, "model name").unwrap_or("unknown CPU").to_owned(),
            cores: thread::available_parallelism().map_or(1, usize::from),
            memory_mib: memory_kib.unwrap_or_default() / 1024,
            kernel: format!("{} {}", std::env::consts::OS, read("/proc/sys/kernel/osrelease").trim()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: commit(),
            date: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
        }
    }
}

/// The value in the first line `name : value`.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(':')).map(str::trim)
}

fn commit() -> Option<String> {
    let output =
        Command::new("git").args(["describe", "--always", "--dirty", "--exclude=*"]).output().ok()?;
    let commit = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !commit.is_empty()).then_some(commit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_from_lists_of_the_kernel() {
        let text = "processor\t: 0\nmodel name\t: A CPU @ 3 GHz\nMemTotal:       16 kB\n";
        assert_eq!(field(text, "model name"), Some("A CPU @ 3 GHz"));
        assert_eq!(field(text, "MemTotal"), Some("16 kB"));
        assert_eq!(field(text, "flags"), None);
    }

    #[test]
    fn a_machine_has_cores_and_a_date() {
        let machine = Machine::this_one();
        assert!(machine.cores >= 1);
        assert_eq!((machine.date.len(), machine.date.ends_with('Z')), (20, true));
    }
}
