//! `cargo xtask`: the one entry point for anything longer than a cargo command.
//!
//! Here is the command line alone. What `test` runs is the list in `suite`, how it runs is `run`.

#![expect(clippy::print_stdout, reason = "a command line tool speaks on stdout")]

mod bench;
mod counts;
mod dist;
mod fuzz;
mod log;
mod needs;
mod run;
mod step;
mod suite;
mod workspace;

use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};

use crate::counts::Tally;
use crate::suite::{CONFORMANCE, SUITES, Suite};
use crate::workspace::Workspace;

/// Everything in this repository that is longer than a cargo command.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Runs everything that must pass, with its own set-up; the last line sums it up.
    ///
    /// Each suite ends with one line that says what ran. Its whole output is in target/xtask/SUITE.log, and
    /// the end of it is shown when it fails. With CI=true in the environment a skipped case counts as failed.
    Test {
        /// The suites to run, in the order of the list; all of them without this argument.
        #[arg(value_name = "SUITE", value_parser = PossibleValuesParser::new(suite::names(SUITES)))]
        suites: Vec<String>,
        /// Prints the suites and what each of them runs.
        #[arg(long)]
        list: bool,
    },
    /// Runs the conformance suites that others wrote, with all their cases: about a quarter of an hour.
    ///
    /// h2spec is built with Go, Autobahn's cases are run by kosoku, a package for Python; both are installed below
    /// target/xtask. `test` runs a part of this.
    Conformance {
        /// The suites to run; all of them without this argument.
        #[arg(value_name = "SUITE", value_parser = PossibleValuesParser::new(suite::names(CONFORMANCE)))]
        suites: Vec<String>,
        /// Prints the suites and what each of them runs.
        #[arg(long)]
        list: bool,
    },
    /// Fuzzes what reads bytes from outside, one target after the other.
    ///
    /// Each starts from its seeds, keeps what it learns in target/fuzz/corpus, and stops at the first finding, whose
    /// input is in target/fuzz/artifacts.
    Fuzz {
        /// The targets to run; all of them without this argument.
        #[arg(value_name = "TARGET", value_parser = PossibleValuesParser::new(fuzz::TARGETS))]
        targets: Vec<String>,
        /// How long each of them runs.
        #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
        minutes: u32,
    },
    /// Measures what a message costs Hubcast, beside a floor and the servers that it is given.
    ///
    /// Builds hub-bench and bench-server for release and runs `hub-bench run`, whose options these are.
    #[command(disable_help_flag = true)]
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
        arguments: Vec<String>,
    },
    /// Builds client-js/dist anew from its sources.
    Dist,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Test { list: true, .. } => Ok(list_suites(SUITES)),
        Task::Conformance { list: true, .. } => Ok(list_suites(CONFORMANCE)),
        Task::Test { suites, list: false } => Ok(test(SUITES, &suites)),
        Task::Conformance { suites, list: false } => Ok(test(CONFORMANCE, &suites)),
        Task::Fuzz { targets, minutes } => {
            Workspace::open().and_then(|workspace| fuzz::run(&workspace, &targets, minutes))
        }
        Task::Bench { arguments } => {
            Workspace::open().and_then(|workspace| bench::run(&workspace, &arguments))
        }
        Task::Dist => Workspace::open().and_then(|workspace| dist::build(&workspace)).map(|()| true),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

/// The last line is a count even where no suite can start.
fn test(suites: &[Suite], names: &[String]) -> bool {
    match Workspace::open() {
        Ok(workspace) => run::all(&workspace, suites, names),
        Err(why) => {
            println!("error: {why}\n{}", Tally::FAILED);
            false
        }
    }
}

fn list_suites(suites: &[Suite]) -> bool {
    for suite in suites {
        println!("{:<20} {}", suite.name, suite.what);
    }
    true
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn all_options_of_the_benchmark_are_its_own() {
        let words = ["xtask", "bench", "echo", "--help", "--peer", "a=b {port}", "--list"];
        let parsed = Arguments::try_parse_from(words).map(|arguments| arguments.task);
        assert!(matches!(parsed, Ok(Task::Bench { arguments }) if arguments == words[2..]));
    }

    #[test]
    fn an_unknown_suite_or_target_is_refused() {
        for task in ["test", "conformance", "fuzz"] {
            let refused = Arguments::try_parse_from(["xtask", task, "nothing"]);
            assert_eq!(refused.err().map(|error| error.kind()), Some(clap::error::ErrorKind::InvalidValue));
        }
    }
}
