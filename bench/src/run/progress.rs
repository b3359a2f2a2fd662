//! Lines on stderr: what was measured, and how long the rest takes.

use std::time::{Duration, Instant};

use super::plan::{Step, WARM_UP};
use crate::report::{Outcome, number};

/// What a load takes besides its seconds, until the run itself tells.
const FIRST_GUESS: Duration = Duration::from_secs(1);

pub(crate) struct Progress {
    total: usize,
    done: usize,
    started_at: Instant,
}

impl Progress {
    pub(crate) fn start(total: usize, seconds: f64) -> Self {
        let guess =
            (FIRST_GUESS + Duration::from_secs_f64(seconds)) * u32::try_from(total).unwrap_or(u32::MAX);
        eprintln!("{total} loads, about {}", in_words(guess));
        Self { total, done: 0, started_at: Instant::now() }
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
        let (done, total, left) = (self.done, self.total, in_words(self.left()));
        eprintln!("[{done}/{total}, {left} left] {row} ({connections}), {server}, {round}: {result}");
    }

    fn left(&self) -> Duration {
        let each = self.started_at.elapsed() / u32::try_from(self.done).unwrap_or(u32::MAX).max(1);
        each * u32::try_from(self.total - self.done).unwrap_or(u32::MAX)
    }
}

fn in_words(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..100 => format!("{seconds} s"),
        seconds => format!("{} min", (seconds + 30) / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_times_are_told_in_minutes() {
        assert_eq!(in_words(Duration::from_secs(99)), "99 s");
        assert_eq!(in_words(Duration::from_secs(100)), "2 min");
        assert_eq!(in_words(Duration::from_secs(3_600)), "60 min");
    }
}
