//! One load on one server: a process of its own, so that what it leaves behind is gone when the next one starts.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::cores::{Cores, Role};
use super::error::RunError;
use super::interrupt::Interrupt;
use super::options::Selection;
use super::process::{Ended, LOOK_EVERY, Process};
use super::scenario::Scenario;
use super::server::Server;
use super::tail::last_lines;
use crate::report::Outcome;
use crate::sample::Sample;

/// For the start, the warm-up and the end of a load, besides what it measures.
const PATIENCE: Duration = Duration::from_secs(60);
/// A server that opens fewer connections in a second is not worth waiting for.
const SLOWEST_OPENING: f64 = 500.0;
const SHOWN_LINES: usize = 3;

/// What all loads of a run share.
pub(crate) struct Attempt<'a> {
    /// This program, of which the load is a subcommand.
    pub(crate) program: &'a Path,
    pub(crate) cores: &'a Cores,
    pub(crate) interrupt: &'a Interrupt,
    pub(crate) selection: &'a Selection,
}

impl Attempt<'_> {
    /// Runs the load to its end. A load that fails or takes too long is an outcome; only an interrupt is an error.
    pub(crate) fn run(&self, scenario: &Scenario, server: &Server) -> Result<Outcome, RunError> {
        let Some(url) = server.url(scenario.way) else {
            return Ok(Outcome::Failed("the server does not take this way".to_owned()));
        };
        let mut words = vec![self.program.to_string_lossy().into_owned(), "load".to_owned(), url];
        let warm_up = self.selection.load_warm_up;
        words.extend([format!("--pid={}", server.process()), format!("--warm-up={warm_up}")]);
        let seconds = self.selection.seconds_of(scenario);
        words.extend(scenario.arguments(seconds));
        let load = match Process::start(self.cores.command(Role::Load, &words)) {
            Ok(load) => load,
            Err(why) => return Ok(Outcome::Failed(format!("the load does not start: {why}"))),
        };
        let limit = PATIENCE + Duration::from_secs_f64(seconds * 2.0 + opening(scenario));
        let deadline = Instant::now() + limit;
        while !load.has_ended() {
            if self.interrupt.is_set() {
                return Err(RunError::Interrupted);
            }
            if Instant::now() > deadline {
                return Ok(Outcome::Failed(format!("no result after {} seconds", limit.as_secs())));
            }
            thread::sleep(LOOK_EVERY);
        }
        Ok(outcome(&load.end(), scenario))
    }
}

fn opening(scenario: &Scenario) -> f64 {
    scenario.connections as f64 / SLOWEST_OPENING
}

fn outcome(ended: &Ended, scenario: &Scenario) -> Outcome {
    if !ended.well {
        return Outcome::Failed(last_lines(&ended.errors, SHOWN_LINES));
    }
    let last = last_lines(&ended.output, 1);
    match serde_json::from_str::<Sample>(&last) {
        Ok(sample) if scenario.measure.of(&sample).is_some_and(f64::is_finite) => Outcome::Sample(sample),
        Ok(_) => Outcome::Failed("the load did not take the figure that counts here".to_owned()),
        Err(why) => Outcome::Failed(format!("the load printed no sample: {why}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;
    use crate::run::scenario;

    fn ended(well: bool, output: &str, errors: &str) -> Ended {
        Ended { well, output: output.to_owned(), errors: errors.to_owned() }
    }

    #[test]
    fn the_last_line_of_a_load_is_its_sample() {
        let sample = fixtures::sample(2.0, 1.0);
        let line = serde_json::to_string(&sample).expect("a sample is JSON");
        let echo = scenario::named("echo").expect("it is a row");
        assert_eq!(outcome(&ended(true, &format!("{line}\n"), ""), echo), Outcome::Sample(sample));
    }

    #[test]
    fn a_load_without_its_figure_has_failed() {
        let line = serde_json::to_string(&fixtures::sample(2.0, 1.0)).expect("a sample is JSON");
        let failed =
            |row: &str, ended: &Ended| match outcome(ended, scenario::named(row).expect("it is a row")) {
                Outcome::Failed(why) => why,
                Outcome::Sample(sample) => panic!("{sample:?}"),
            };
        let expected = "the load did not take the figure that counts here";
        assert_eq!(failed("idle", &ended(true, &line, "")), expected);
        assert_eq!(failed("echo", &ended(false, &line, "a message was lost\n")), "a message was lost");
        assert!(failed("echo", &ended(true, "", "")).starts_with("the load printed no sample: "));
    }
}
