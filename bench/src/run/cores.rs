//! Which cores server and load run on: one each, so that neither takes time from the other.

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
    },
    /// With the reason.
    Free(&'static str),
}

impl Cores {
    /// The first two cores that this program may use.
    pub(crate) fn find() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
        let [server, load, ..] = listed(allowed.unwrap_or_default().trim())[..] else {
            return Self::Free("there is one core only");
        };
        let quiet =
            Command::new(TASKSET).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !quiet.is_ok_and(|status| status.success()) {
            return Self::Free("there is no taskset (of util-linux)");
        }
        Self::Pinned { server, load }
    }

    /// A command that runs `words` on the core of `role`; its process becomes that program.
    pub(crate) fn command(&self, role: Role, words: &[String]) -> Command {
        let mut all = Vec::new();
        if let Self::Pinned { server, load } = self {
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

    #[test]
    fn server_and_load_run_on_different_cores() {
        let cores = Cores::Pinned { server: 2, load: 3 };
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
