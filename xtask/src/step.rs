//! One program of a suite: how it is started, watched, ended when it takes too long, and counted.
//!
//! Rule: a step never outlives its limit, nor do the programs that it started.

use std::collections::VecDeque;
use std::env;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::counts::{Counts, Tally};
use crate::log::{self, Log};
use crate::workspace::Workspace;

/// A build from nothing on two cores takes a third of this.
const LIMIT: Duration = Duration::from_secs(15 * 60);
/// How much of a step's command line a line of progress shows.
const SHOWN_CHARACTERS: usize = 60;
const PROGRESS_EVERY: Duration = Duration::from_secs(15);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A program with its arguments, folder and environment.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    program: String,
    arguments: Vec<String>,
    folder: PathBuf,
    environment: Vec<(String, OsString)>,
    counts: Counts,
    has_low_priority: bool,
}

impl Step {
    /// `command` is split at spaces; its program is looked up on `PATH`. It runs in `folder`, below the root.
    pub(crate) fn new(workspace: &Workspace, folder: &str, command: &str, counts: Counts) -> Self {
        let mut words = command.split_whitespace();
        let program = words.next().unwrap_or_default();
        Self {
            program: if program == "cargo" { workspace.cargo.clone() } else { program.to_owned() },
            arguments: words.map(str::to_owned).collect(),
            folder: workspace.root.join(folder),
            environment: Vec::new(),
            counts,
            has_low_priority: false,
        }
    }

    /// A cargo command that is one case.
    pub(crate) fn cargo(workspace: &Workspace, arguments: &str) -> Self {
        Self::new(workspace, "", &format!("cargo {arguments}"), Counts::Once)
    }

    pub(crate) fn with_environment(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn with_arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|&argument| argument.to_owned()));
        self
    }

    /// The same step, which leaves the processors to whatever else wants them.
    pub(crate) fn at_low_priority(mut self) -> Self {
        self.has_low_priority = true;
        self
    }

    /// The same step with `value` in all places `<name>`.
    pub(crate) fn with_value(mut self, name: &str, value: &str) -> Self {
        let place = format!("<{name}>");
        self.program = self.program.replace(&place, value);
        for argument in &mut self.arguments {
            *argument = argument.replace(&place, value);
        }
        self
    }

    /// Runs the step, with its output in `log`. Prints progress under the name of `suite`, and the end of the
    /// output when the step fails.
    pub(crate) fn run(&self, suite: &str, log: &mut Log) -> Tally {
        match self.run_to_end(suite, log) {
            Ok((tally, output)) => {
                if tally.failed > 0 {
                    println!("{suite}: {self} failed; the end of {}:", log.path().display());
                    println!("{}", log::shown(&output));
                }
                tally
            }
            Err(why) => {
                println!("{suite}: {self} does not run: {why}");
                Tally::FAILED
            }
        }
    }

    fn run_to_end(&self, suite: &str, log: &mut Log) -> io::Result<(Tally, String)> {
        log.line(&format!("$ {self}"))?;
        let offset = log.length()?;
        let mut child = self.command().stdout(log.writer()?).stderr(log.writer()?).spawn()?;
        let status = self.watch(suite, &mut child)?;
        if status.is_none() {
            log.line(&format!("ended after {} minutes", LIMIT.as_secs() / 60))?;
        }
        let output = log.since(offset)?;
        let tally = self.counts.read(&output, status.is_some_and(|status| status.success()));
        Ok((tally, output))
    }

    fn command(&self) -> Command {
        let mut command = if self.has_low_priority {
            let mut command = Command::new("nice");
            command.args(["-n", "19", &self.program]);
            command
        } else {
            Command::new(&self.program)
        };
        command.args(&self.arguments).current_dir(&self.folder).stdin(Stdio::null());
        // What `cargo run` said about xtask itself would make build scripts run again.
        for (name, _) in env::vars_os() {
            let about_xtask = name
                .to_str()
                .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
            if about_xtask {
                command.env_remove(name);
            }
        }
        command
            .env("CARGO_TERM_COLOR", "never")
            .env("CARGO_TERM_PROGRESS_WHEN", "never")
            .env("NO_COLOR", "1");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// The exit status, or `None` after the limit.
    fn watch(&self, suite: &str, child: &mut Child) -> io::Result<Option<ExitStatus>> {
        let started_at = Instant::now();
        let mut progress_at = started_at + PROGRESS_EVERY;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            let now = Instant::now();
            if now - started_at > LIMIT {
                end(child)?;
                return Ok(None);
            }
            if now >= progress_at {
                let command: String = self.to_string().chars().take(SHOWN_CHARACTERS).collect();
                println!("{suite}: {} s of {command}", (now - started_at).as_secs());
                progress_at += PROGRESS_EVERY;
            }
            thread::sleep(LOOK_EVERY);
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let program = self.program.rsplit('/').next().unwrap_or_default();
        f.write_str(program)?;
        self.arguments.iter().try_for_each(|argument| write!(f, " {argument}"))
    }
}

/// Ends `child` and, where `/proc` tells who they are, the programs below it.
pub(crate) fn end(child: &mut Child) -> io::Result<()> {
    let below = descendants(child.id());
    child.kill()?;
    child.wait()?;
    if !below.is_empty() {
        Command::new("kill")
            .arg("-KILL")
            .args(below.iter().map(u32::to_string))
            .stderr(Stdio::null())
            .status()?;
    }
    Ok(())
}

fn descendants(process: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let mut open = VecDeque::from([process]);
    while let Some(parent) = open.pop_front() {
        let children =
            fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
        let children: Vec<u32> = children.split_whitespace().filter_map(|id| id.parse().ok()).collect();
        found.extend(&children);
        open.extend(&children);
    }
    found
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};

    use super::*;

    #[test]
    fn places_in_program_and_arguments_are_filled() {
        let workspace = Workspace::open().expect("this test runs inside the workspace");
        let step = Step::new(&workspace, "", "<python> main.py --port <port>", Counts::Once)
            .with_arguments(&["--server", "\"<release>/server\" --port {port}"])
            .with_value("python", "/venv/bin/python")
            .with_value("release", "/a folder")
            .with_value("port", "4000");
        assert_eq!(step.program, "/venv/bin/python");
        let expected = ["main.py", "--port", "4000", "--server", "\"/a folder/server\" --port {port}"];
        assert_eq!(step.arguments, expected);
    }

    #[test]
    fn a_step_is_counted_from_what_it_prints() {
        let step = |program: &str| {
            let workspace = Workspace::open().expect("this test runs inside the workspace");
            let mut log = Log::create(&env::temp_dir(), &format!("xtask-step-{}", std::process::id()))
                .expect("the folder for temporary files is writable");
            let step = Step::new(&workspace, "", "sh -c", Counts::ClosingLine).with_arguments(&[program]);
            let tally = step.run("a suite of this test", &mut log);
            fs::remove_file(log.path()).expect("the log is ours to remove");
            tally
        };
        assert_eq!(step("echo 3 passed, 0 failed"), Tally { passed: 3, failed: 0, skipped: 0 });
        assert_eq!(step("echo 3 passed, 0 failed; exit 1"), Tally { passed: 3, failed: 1, skipped: 0 });
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn ending_a_program_ends_those_below_it() {
        let mut child = Command::new("sh")
            .args(["-c", "sleep 1000 & echo $!; wait"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("sh is on PATH");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut line).expect("the child prints a line");
        let sleeper: u32 = line.trim().parse().expect("the line is a process id");
        assert_eq!(descendants(child.id()), [sleeper]);
        end(&mut child).expect("the child is ours to end");
        let command_line = format!("/proc/{sleeper}/cmdline");
        while fs::read_to_string(&command_line).is_ok_and(|line| line.starts_with("sleep")) {
            thread::yield_now();
        }
    }
}
