//! Which cores server and load run on: one each, so that neither takes time from the other.
//!
//! Easy to break: what Linux numbers and pins to is a CPU, and two of them may be threads of one core, which take time
//! from each other. A virtual machine may hide that; then nothing here can tell.

use std::fs;
use std::process::{Command, Stdio};

/// What sets a program's cores; part of util-linux.
const TASKSET: &str = "taskset";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Server,
    Load,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cores {
    Pinned {
        server: usize,
        load: usize,
        /// Both are threads of one core: there is no other.
        is_shared: bool,
    },
    /// With the reason.
    Free(&'static str),
}

impl Cores {
    /// The first CPU that this program may use, and the next one on another core; on the same core if there is no other.
    pub(crate) fn find() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
        let Some(pinned) = Self::choose(&listed(allowed.unwrap_or_default().trim()), Place::of) else {
            return Self::Free("there is one core only");
        };
        let quiet =
            Command::new(TASKSET).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !quiet.is_ok_and(|status| status.success()) {
            return Self::Free("there is no taskset (of util-linux)");
        }
        pinned
    }

    /// Where it is not known which core a CPU belongs to, it counts as one of its own.
    fn choose(cpus: &[usize], place: impl Fn(usize) -> Option<Place>) -> Option<Self> {
        let (&server, others) = cpus.split_first()?;
        let of_server = place(server);
        let is_apart = |load: &&usize| of_server.is_none() || place(**load) != of_server;
        match others.iter().find(is_apart) {
            Some(&load) => Some(Self::Pinned { server, load, is_shared: false }),
            None => others.first().map(|&load| Self::Pinned { server, load, is_shared: true }),
        }
    }

    /// Whether server and load run on two threads of one core.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self, Self::Pinned { is_shared: true, .. })
    }

    /// A command that runs `words` on the core of `role`; its process becomes that program.
    pub(crate) fn command(&self, role: Role, words: &[String]) -> Command {
        let mut all = Vec::new();
        if let Self::Pinned { server, load, .. } = self {
            let core = match role {
                Role::Server => server,
                Role::Load => load,
            };
            all.extend([TASKSET.to_owned(), "-c".to_owned(), core.to_string()]);
        }
        all.extend_from_slice(words);
        let mut words = all.into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        command
    }
}

/// The core that a CPU is a thread of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    package: usize,
    /// Counted in each package anew.
    core: usize,
}

impl Place {
    fn of(cpu: usize) -> Option<Self> {
        let number = |name: &str| {
            let path = format!("/sys/devices/system/cpu/cpu{cpu}/topology/{name}");
            fs::read_to_string(path).ok()?.trim().parse().ok()
        };
        Some(Self { package: number("physical_package_id")?, core: number("core_id")? })
    }
}

/// The numbers of a list such as `0-2,5`.
fn listed(text: &str) -> Vec<usize> {
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some(first.parse::<usize>().ok()?..=last.parse().ok()?)
    };
    text.split(',').filter_map(range).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cores_are_listed_as_numbers_and_ranges() {
        assert_eq!(listed("0-2,5"), [0, 1, 2, 5]);
        assert_eq!(listed("3"), [3]);
        assert_eq!(listed(""), Vec::<usize>::new());
    }

    fn pinned(server: usize, load: usize, is_shared: bool) -> Option<Cores> {
        Some(Cores::Pinned { server, load, is_shared })
    }

    #[test]
    fn the_load_gets_a_core_that_the_server_is_no_thread_of() {
        let two_threads_each = |cpu| Some(Place { package: 0, core: cpu / 2 });
        assert_eq!(Cores::choose(&[0, 1, 2, 3], two_threads_each), pinned(0, 2, false));
        assert_eq!(Cores::choose(&[1, 2], two_threads_each), pinned(1, 2, false));
        let a_core_in_each_package = |package| Some(Place { package, core: 0 });
        assert_eq!(Cores::choose(&[0, 1], a_core_in_each_package), pinned(0, 1, false));
    }

    #[test]
    fn two_threads_of_the_only_core_are_said_to_share_it() {
        let one_core = |_| Some(Place { package: 0, core: 0 });
        assert_eq!(Cores::choose(&[4, 5, 6], one_core), pinned(4, 5, true));
        assert!(pinned(4, 5, true).is_some_and(|cores| cores.is_shared()));
        assert_eq!(Cores::choose(&[4], one_core), None);
        assert_eq!(Cores::choose(&[], one_core), None);
    }

    #[test]
    fn where_the_kernel_tells_no_core_each_cpu_counts_as_one() {
        assert_eq!(Cores::choose(&[0, 1, 2], |_| None), pinned(0, 1, false));
    }

    #[test]
    fn server_and_load_run_on_different_cores() {
        let cores = Cores::Pinned { server: 2, load: 3, is_shared: false };
        let words = ["program".to_owned(), "argument".to_owned()];
        let arguments = |role| -> Vec<String> {
            let command = cores.command(role, &words);
            command.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect()
        };
        assert_eq!(arguments(Role::Server), ["-c", "2", "program", "argument"]);
        assert_eq!(arguments(Role::Load), ["-c", "3", "program", "argument"]);
    }

    #[test]
    fn without_pinning_the_program_runs_alone() {
        let words = ["program".to_owned(), "argument".to_owned()];
        let command = Cores::Free("a reason").command(Role::Server, &words);
        assert_eq!(command.get_program(), "program");
        assert_eq!(command.get_args().collect::<Vec<_>>(), ["argument"]);
    }
}
