//! What a suite needs before its first step, and how it comes to be there.
//!
//! Rule: what this repository can install, it installs; what only the machine's owner can install is a
//! skip with a reason where a contributor may lack it (Python, a browser), else a failure that says what to do.

mod apt;
mod bench_server;
mod browser;
pub(crate) mod node;
mod ports;
mod python;
mod tool;

use std::collections::HashMap;
use std::fmt;

use self::bench_server::BenchServer;
use crate::counts::{Counts, Tally};
use crate::log::Log;
use crate::step::Step;
use crate::suite::Suite;
use crate::workspace::Workspace;

/// The cargo profile of the programs that suites run, and its folder.
const PROFILE: &str = "checked";

/// One thing that must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Need {
    /// Node, and the locked packages of the `package.json` in this folder.
    NpmPackages(&'static str),
    /// Python without any packages: `<python>`.
    Python,
    /// Python, and the packages of the `requirements.txt` in this folder: `<python>`.
    PythonPackages(&'static str),
    /// A browser: `<chromium>` is its path.
    Chromium,
    /// A browser: `<firefox>` is its path.
    Firefox,
    /// `<cargo-deny>`, which judges the dependencies.
    CargoDeny,
    /// `<cargo-fuzz>`, which builds and runs fuzz targets.
    CargoFuzz,
    /// `<h2spec>`, which tests HTTP/2.
    H2spec,
    /// The programs in `samples/`, hub-bench and h2-adapter, optimized: `<release>` is their folder.
    Samples,
    /// A port that is free, and so are the two above it: `<port>`. For programs that start the server themselves.
    Ports,
    /// A bench server that runs until the suite ends: `<hub>`, `<port>`, `<tls-port>` and `<pid>` are its
    /// own. After `Samples`.
    BenchServer,
}

/// Why a suite cannot run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// The machine lacks something that contributors need not have.
    Skips(String),
    /// Something is broken, or missing that everybody needs.
    Fails(String),
}

impl Obstacle {
    /// How many cases a suite would have had is unknown, so it counts as one.
    pub(crate) fn tally(&self) -> Tally {
        match self {
            Self::Skips(_) => Tally::SKIPPED,
            Self::Fails(_) => Tally::FAILED,
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Skips(why) | Self::Fails(why) => f.write_str(why),
        }
    }
}

/// What the set-up found, for the places `<name>` in the steps of a suite. Dropped after its last step.
#[derive(Default)]
pub(crate) struct Provided {
    values: Vec<Value>,
    /// Ends when it is dropped.
    _server: Option<BenchServer>,
}

type Value = (&'static str, String);

impl Provided {
    pub(crate) fn apply(&self, step: Step) -> Step {
        self.values.iter().fold(step, |step, (name, value)| step.with_value(name, value))
    }
}

/// Does each piece of set-up once, however many suites need it.
pub(crate) struct SetUp<'a> {
    workspace: &'a Workspace,
    done: HashMap<Need, Result<Option<Value>, Obstacle>>,
}

impl<'a> SetUp<'a> {
    pub(crate) fn new(workspace: &'a Workspace) -> Self {
        Self { workspace, done: HashMap::new() }
    }

    /// Sets up all that `suite` needs, up to the first obstacle.
    pub(crate) fn provide(&mut self, suite: &Suite, log: &mut Log) -> Result<Provided, Obstacle> {
        let mut provided = Provided::default();
        for &need in suite.needs {
            match need {
                // What was free or running for the suite before this one need not be so any more.
                Need::Ports => provided.values.push(("port", ports::free()?.to_string())),
                Need::BenchServer => {
                    let server =
                        BenchServer::start(&self.workspace.target.join(PROFILE), ports::free()?, log)?;
                    provided.values.extend(server.values());
                    provided._server = Some(server);
                }
                Need::NpmPackages(_)
                | Need::Python
                | Need::PythonPackages(_)
                | Need::Chromium
                | Need::Firefox
                | Need::CargoDeny
                | Need::CargoFuzz
                | Need::H2spec
                | Need::Samples => {
                    provided.values.extend(self.once(need, suite.name, log)?);
                }
            }
        }
        Ok(provided)
    }

    /// Sets up one thing for `task`, and gives its path if it has one.
    pub(crate) fn path(&mut self, need: Need, task: &str, log: &mut Log) -> Result<String, Obstacle> {
        Ok(self.once(need, task, log)?.map(|(_, path)| path).unwrap_or_default())
    }

    fn once(&mut self, need: Need, suite: &str, log: &mut Log) -> Result<Option<Value>, Obstacle> {
        if let Some(earlier) = self.done.get(&need) {
            return earlier.clone();
        }
        let found = self.establish(need, suite, log);
        self.done.insert(need, found.clone());
        found
    }

    fn establish(&self, need: Need, suite: &str, log: &mut Log) -> Result<Option<Value>, Obstacle> {
        let mut site = Site { workspace: self.workspace, suite, log };
        let (name, path) = match need {
            Need::NpmPackages(folder) => return node::packages(&mut site, folder).map(|()| None),
            Need::Python => ("python", python::alone(&mut site)?),
            Need::PythonPackages(folder) => ("python", python::packages(&mut site, folder)?),
            Need::Chromium => ("chromium", browser::find(&mut site, &browser::CHROMIUM)?),
            Need::Firefox => ("firefox", browser::find(&mut site, &browser::FIREFOX)?),
            Need::CargoDeny => {
                ("cargo-deny", tool::cargo_addition(&mut site, "cargo-deny", "tests/dependencies")?)
            }
            Need::CargoFuzz => ("cargo-fuzz", tool::cargo_addition(&mut site, "cargo-fuzz", "fuzz")?),
            Need::H2spec => ("h2spec", tool::h2spec(&mut site)?),
            Need::Samples => {
                site.must(
                    "",
                    "cargo build --profile checked -p bench-server -p chat -p corners -p h2-adapter -p hub-bench \
                     -p websocket-echo",
                )?;
                ("release", self.workspace.target.join(PROFILE))
            }
            Need::Ports | Need::BenchServer => return Ok(None),
        };
        Ok(Some((name, path.to_string_lossy().into_owned())))
    }
}

/// Where set-up happens: for which suite, into which log.
struct Site<'a> {
    workspace: &'a Workspace,
    suite: &'a str,
    log: &'a mut Log,
}

impl Site<'_> {
    /// Runs `command` in `folder`, below the root of the repository, and says whether it ended well.
    fn succeeds(&mut self, folder: &str, command: &str) -> bool {
        Step::new(self.workspace, folder, command, Counts::Once).run(self.suite, self.log) == Tally::PASSED
    }

    fn must(&mut self, folder: &str, command: &str) -> Result<(), Obstacle> {
        if self.succeeds(folder, command) {
            return Ok(());
        }
        Err(Obstacle::Fails(format!("the set-up ended at `{command}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_that_cannot_run_counts_as_one_case() {
        assert_eq!(Obstacle::Skips("no browser".to_owned()).tally(), Tally::SKIPPED);
        assert_eq!(Obstacle::Fails("no node".to_owned()).tally(), Tally::FAILED);
    }
}
