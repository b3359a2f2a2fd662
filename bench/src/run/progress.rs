//! Lines on stderr: what was measured, and how long the rest takes.

use std::time::{Duration, Instant};

use super::plan::{Step, WARM_UP};
use crate::report::{Outcome, number};

/// Seconds that a load takes besides its own, until the run itself tells.
const FIRST_GUESS: f64 = 1.0;

pub(crate) struct Progress {
    /// Seconds of each load.
    planned: Vec<f64>,
    done: usize,
    started_at: Instant,
}

impl Progress {
    /// `seconds` has those of each load, in the order of the plan.
    pub(crate) fn start(seconds: Vec<f64>) -> Self {
        let planned: Vec<f64> = seconds.into_iter().map(|seconds| seconds + FIRST_GUESS).collect();
        eprintln!("{} loads, about {}", planned.len(), in_words(planned.iter().sum()));
        Self { planned, done: 0, started_at: Instant::now() }
    }

    pub(crate) fn step(&mut self, step: &Step, server: &str, outcome: &Outcome) {
        self.done += 1;
        let (row, connections) = (step.scenario.name, step.scenario.connections);
        let round = match step.round {
            WARM_UP => "warm-up".to_owned(),
            round => format!("round {round}"),
        };
        let result = match outcome {
            Outcome::Sample(sample) => step.scenario.measure.of(sample).map_or_else(String::new, |value| {
                format!("{} {}", number(value), step.scenario.measure.unit())
            }),
            Outcome::Failed(why) => format!("no result: {why}"),
        };
        let left = in_words(left(self.started_at.elapsed(), &self.planned, self.done));
        let (done, total) = (self.done, self.planned.len());
        eprintln!("[{done}/{total}, {left} left] {row} ({connections}), {server}, {round}: {result}");
    }
}

/// Seconds that the others will take, if they exceed what was planned as those did that are done.
fn left(elapsed: Duration, planned: &[f64], done: usize) -> f64 {
    let (past, coming) = planned.split_at(done.min(planned.len()));
    // The sum of no floats is -0, which would be told as that.
    let sum = |seconds: &[f64]| seconds.iter().fold(0.0, |sum, seconds| sum + seconds);
    elapsed.as_secs_f64() * sum(coming) / sum(past).max(f64::MIN_POSITIVE)
}

fn in_words(seconds: f64) -> String {
    if seconds < 100.0 { format!("{seconds:.0} s") } else { format!("{:.0} min", seconds / 60.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_times_are_told_in_minutes() {
        assert_eq!(in_words(99.0), "99 s");
        assert_eq!(in_words(100.0), "2 min");
        assert_eq!(in_words(3_600.0), "60 min");
    }

    #[test]
    fn loads_that_take_longer_count_for_more_of_what_is_left() {
        let planned = [5.0, 5.0, 22.0];
        let elapsed = Duration::from_secs(12);
        let told = |done| in_words(left(elapsed, &planned, done));
        assert_eq!([told(1), told(2), told(3)], ["65 s", "26 s", "0 s"]);
    }
}
