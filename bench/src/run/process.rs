//! A child process with all that it starts: none of them outlives it.
//!
//! Rule: signals go to its process group, and as long as signals may go there its first process is not reaped,
//! so that the number cannot be another's.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::tail::Tail;

/// How long a process may take from SIGTERM to its end. A server says goodbye to all its connections.
const END_LIMIT: Duration = Duration::from_secs(10);
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(10);

pub(crate) struct Process {
    child: Child,
    group: Pid,
    output: Option<Tail>,
    errors: Option<Tail>,
    is_reaped: bool,
}

/// What a process printed until it ended, and whether it ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) well: bool,
    pub(crate) output: String,
    pub(crate) errors: String,
}

impl Process {
    /// Starts `command` in a process group of its own, away from the terminal's Ctrl-C.
    pub(crate) fn start(mut command: Command) -> io::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn()?;
        let group = Pid::from_child(&child);
        let output = child.stdout.take().map(Tail::of);
        let errors = child.stderr.take().map(Tail::of);
        Ok(Self { child, group, output, errors, is_reaped: false })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether its first process has ended by itself.
    pub(crate) fn has_ended(&self) -> bool {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        // An error means that there is nothing to wait for.
        !matches!(waitid(WaitId::Pid(self.group), options), Ok(None))
    }

    /// Ends it, with force after a limit, and gives back what it printed.
    pub(crate) fn end(mut self) -> Ended {
        let well = self.end_group();
        let text = |tail: Option<Tail>| tail.map(Tail::finish).unwrap_or_default();
        Ended { well, output: text(self.output.take()), errors: text(self.errors.take()) }
    }

    fn end_group(&mut self) -> bool {
        let deadline = Instant::now() + END_LIMIT;
        if !self.has_ended() {
            self.signal(Signal::TERM);
        }
        while !self.has_ended() && Instant::now() < deadline {
            thread::sleep(LOOK_EVERY);
        }
        self.signal(Signal::KILL);
        self.is_reaped = true;
        self.child.wait().is_ok_and(|status| status.success())
    }

    fn signal(&self, signal: Signal) {
        // A group that is gone needs no signal.
        let _ = kill_process_group(self.group, signal);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !self.is_reaped {
            self.end_group();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Process {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Process::start(command).expect("sh is on PATH")
    }

    #[test]
    fn what_a_process_printed_is_given_back() {
        let process = shell("echo out; echo err >&2; exit 3");
        while !process.has_ended() {
            thread::yield_now();
        }
        let expected = Ended { well: false, output: "out\n".to_owned(), errors: "err\n".to_owned() };
        assert_eq!(process.end(), expected);
    }

    #[test]
    fn what_a_process_started_ends_with_it_even_where_it_ignores_the_request() {
        let process = shell("(trap '' TERM; exec sleep 1000) & exec sleep 1000");
        // It returns when both pipes are closed, which the sleepers hold.
        assert_eq!(process.end(), Ended { well: false, output: String::new(), errors: String::new() });
    }

    #[test]
    fn dropping_a_process_ends_it() {
        let process = shell("exec sleep 1000");
        let group = process.group;
        drop(process);
        assert!(kill_process_group(group, Signal::KILL).is_err(), "nobody is left in the group");
    }
}
