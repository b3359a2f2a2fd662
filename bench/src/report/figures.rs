//! What the samples of one row on one server come to: medians over the rounds, and the ratio to the floor.

use super::samples::{Entry, Outcome, Samples};
use super::statistics::{Spread, median};
use crate::run::WARM_UP;
use crate::run::contender::FLOOR;
use crate::run::growth::{self, SERIES, Series};
use crate::run::scenario::{self, Measure, ROWS, Scenario};
use crate::sample::Sample;

/// The counted rounds of one row on one server. All but `value` are medians.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    pub(crate) row: String,
    pub(crate) server: String,
    pub(crate) connections: usize,
    /// The figure that counts in this row, in the unit of its measure.
    pub(crate) value: Spread,
    /// `value` divided by the floor's median: of this row, or of its yardstick where the floor has no other.
    pub(crate) ratio: Option<Spread>,
    pub(crate) rounds: usize,
    /// CPU time of the server in user mode and in the kernel, microseconds each.
    pub(crate) user: f64,
    pub(crate) system: f64,
    /// CPU time of the load, microseconds each.
    pub(crate) load: f64,
    pub(crate) per_second: f64,
    /// Latency in milliseconds.
    pub(crate) p50: Option<f64>,
    pub(crate) p99: Option<f64>,
}

/// A load that gave no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) row: String,
    pub(crate) server: String,
    pub(crate) connections: usize,
    pub(crate) why: String,
}

pub(crate) struct Figures {
    /// The first one is the floor.
    pub(crate) servers: Vec<String>,
    all: Vec<Figure>,
    pub(crate) failures: Vec<Failure>,
}

impl Figures {
    /// Rows that this program does not know are passed over.
    pub(crate) fn of(samples: &Samples) -> Self {
        let mut figures =
            Self { servers: samples.header.servers.clone(), all: Vec::new(), failures: Vec::new() };
        for entry in samples.entries.iter().filter(|entry| entry.round != WARM_UP) {
            if let Outcome::Failed(why) = &entry.outcome {
                figures.add_failure(entry, why);
            } else if figures.point(&entry.row, entry.connections, &entry.server).is_none() {
                figures.all.extend(figure(samples, entry));
            }
        }
        figures.set_ratios();
        figures
    }

    /// The figure of a row, or `None` where the server has none.
    pub(crate) fn row(&self, row: &str, server: &str) -> Option<&Figure> {
        self.all.iter().find(|figure| figure.row == row && figure.server == server)
    }

    /// The figure of a series at one number of connections.
    pub(crate) fn point(&self, row: &str, connections: usize, server: &str) -> Option<&Figure> {
        self.all
            .iter()
            .find(|figure| figure.row == row && figure.connections == connections && figure.server == server)
    }

    /// The rows of one measure that any server has a figure for, in the order of the table.
    pub(crate) fn rows(&self, measure: Measure) -> Vec<&'static Scenario> {
        ROWS.iter().filter(|row| row.measure == measure && self.has(row.name)).collect()
    }

    /// The series that any server has a figure for.
    pub(crate) fn series(&self) -> Vec<&'static Series> {
        SERIES.iter().filter(|series| self.has(series.name())).collect()
    }

    /// The measured numbers of connections of a series, ascending.
    pub(crate) fn points(&self, series: &str) -> Vec<usize> {
        let mut points: Vec<usize> =
            self.all.iter().filter(|figure| figure.row == series).map(|figure| figure.connections).collect();
        points.sort_unstable();
        points.dedup();
        points
    }

    fn has(&self, row: &str) -> bool {
        self.all.iter().any(|figure| figure.row == row)
    }

    fn add_failure(&mut self, entry: &Entry, why: &str) {
        let failure = Failure {
            row: entry.row.clone(),
            server: entry.server.clone(),
            connections: entry.connections,
            why: why.to_owned(),
        };
        if !self.failures.contains(&failure) {
            self.failures.push(failure);
        }
    }

    fn set_ratios(&mut self) {
        let bases: Vec<Option<f64>> = self.all.iter().map(|figure| self.base(figure)).collect();
        for (figure, base) in self.all.iter_mut().zip(bases) {
            let Spread { median, least, most } = figure.value;
            figure.ratio = base.filter(|&base| base > 0.0).map(|base| Spread {
                median: median / base,
                least: least / base,
                most: most / base,
            });
        }
    }

    fn base(&self, figure: &Figure) -> Option<f64> {
        let own = self.point(&figure.row, figure.connections, FLOOR);
        let yardstick = || {
            let row = scenario::named(&figure.row)?.yardstick?;
            self.row(row, FLOOR)
        };
        own.or_else(yardstick).map(|floor| floor.value.median)
    }
}

fn measure_of(row: &str) -> Option<Measure> {
    let scenario = scenario::named(row).or_else(|| growth::named(row).map(|series| &series.first))?;
    Some(scenario.measure)
}

/// The figure of all samples that belong together with `like`.
fn figure(samples: &Samples, like: &Entry) -> Option<Figure> {
    let measure = measure_of(&like.row)?;
    let belongs = |entry: &&Entry| {
        (&entry.row, &entry.server, entry.connections) == (&like.row, &like.server, like.connections)
            && entry.round != WARM_UP
    };
    let counted: Vec<&Sample> = samples
        .entries
        .iter()
        .filter(belongs)
        .filter_map(|entry| match &entry.outcome {
            Outcome::Sample(sample) => Some(sample),
            Outcome::Failed(_) => None,
        })
        .collect();
    let values: Vec<f64> = counted.iter().filter_map(|sample| measure.of(sample)).collect();
    let middle = |of: fn(&Sample) -> f64| median(counted.iter().map(|sample| of(sample))).unwrap_or_default();
    let latencies = || counted.iter().filter_map(|sample| sample.latency.as_ref());
    Some(Figure {
        row: like.row.clone(),
        server: like.server.clone(),
        connections: like.connections,
        value: Spread::of(&values)?,
        ratio: None,
        rounds: values.len(),
        user: middle(|sample| sample.server_user_us),
        system: middle(|sample| sample.server_system_us),
        load: middle(|sample| sample.load_us),
        per_second: middle(|sample| sample.count as f64 / sample.seconds),
        p50: median(latencies().map(|latency| latency.p50 / 1000.0)),
        p99: median(latencies().map(|latency| latency.p99 / 1000.0)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    fn ratio(figures: &Figures, row: &str, server: &str) -> Option<f64> {
        figures.row(row, server)?.ratio.map(|ratio| ratio.median)
    }

    #[test]
    fn the_warm_up_is_not_counted() {
        let figures = Figures::of(&fixtures::samples());
        let floor = figures.row("echo", "floor").expect("it was measured");
        assert_eq!(floor.value, Spread { median: 6.0, least: 6.0, most: 6.0 });
        assert_eq!(floor.rounds, 3);
    }

    #[test]
    fn figures_are_medians_with_user_and_system_time_apart() {
        let figures = Figures::of(&fixtures::samples());
        let hubcast = figures.row("echo", "hubcast").expect("it was measured");
        assert_eq!(hubcast.value, Spread { median: 9.0, least: 8.5, most: 9.5 });
        assert_eq!((hubcast.user, hubcast.system, hubcast.load), (3.0, 6.0, 4.0));
        assert_eq!((hubcast.per_second, hubcast.p50, hubcast.p99), (100_000.0, Some(1.0), Some(2.0)));
    }

    #[test]
    fn ratios_are_to_the_floor_or_to_its_yardstick() {
        let figures = Figures::of(&fixtures::samples());
        assert_eq!(ratio(&figures, "echo", "hubcast"), Some(1.5));
        assert_eq!(ratio(&figures, "echo", "a-peer"), Some(3.0));
        assert_eq!(ratio(&figures, "h2-echo", "hubcast"), Some(0.5), "of the floor's 6 µs on HTTP/1.1");
        assert_eq!(ratio(&figures, "idle", "hubcast"), Some(12.0));
    }

    #[test]
    fn the_points_of_a_series_are_apart() {
        let figures = Figures::of(&fixtures::samples());
        assert_eq!(figures.points("growth-echo"), [100, 1_000, 18_000]);
        let most = figures.point("growth-echo", 18_000, "hubcast").expect("it was measured");
        assert_eq!((most.value.median, most.ratio.map(|ratio| ratio.median)), (9.0, Some(1.5)));
    }

    #[test]
    fn a_load_without_a_result_is_kept_with_its_reason() {
        let figures = Figures::of(&fixtures::samples());
        assert_eq!(figures.row("tls-echo", "a-peer"), None);
        assert_eq!(figures.failures.len(), 1);
        assert_eq!(figures.failures[0].why, "refused | <403> & closed");
    }
}
