//! `hub-bench`: puts load on hub servers that speak the SignalR hub protocol, and writes down what a message costs them.
//!
//! `cargo xtask bench` builds it and runs `hub-bench run`, which starts servers and `hub-bench load` in turn.

mod floor;
mod load;
mod report;
mod run;
mod sample;

use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::{Parser, Subcommand};

/// Puts load on hub servers on loopback, and measures what a message costs them.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Starts servers and load in turn, and writes a table and plots of what a message costs each server
    Run(run::Options),
    /// Writes table and plots again from the samples in DIR, without measuring
    Table {
        /// The folder that `run` wrote
        #[arg(value_name = "DIR", default_value = "target/bench")]
        folder: PathBuf,
        /// Samples of an earlier run to compare with
        #[arg(long, value_name = "FILE")]
        baseline: Option<PathBuf>,
    },
    /// Runs every row and every series at toy size and says whether all of it works
    Check {
        /// Hubcast's bench-server; without this option the one beside this program
        #[arg(long, value_name = "PATH")]
        server: Option<PathBuf>,
    },
    /// Puts one kind of load on one server and prints a line of JSON
    Load(load::LoadArguments),
    /// Serves the bench hub at the least cost, as a yardstick
    Floor {
        /// The port to listen at; 0 takes a free one
        port: u16,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Run(options) if options.list => write!(stdout(), "{}", run::list()).map_err(Into::into),
        Command::Run(options) => run::run(&options).map_err(Into::into).and_then(all_well),
        Command::Table { folder, baseline } => run::table(&folder, baseline.as_deref()).map_err(Into::into),
        Command::Check { server } => run::check(server.as_deref()).map_err(Into::into).and_then(all_well),
        Command::Load(arguments) => put_load(&arguments),
        Command::Floor { port } => floor::serve(port),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hub-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What went wrong is told where it happened.
fn all_well(is_well: bool) -> Result<()> {
    ensure!(is_well, "not everything gave a result");
    Ok(())
}

fn put_load(arguments: &load::LoadArguments) -> Result<()> {
    let sample = load::run(arguments)?;
    writeln!(stdout(), "{}", serde_json::to_string(&sample)?)?;
    Ok(())
}
