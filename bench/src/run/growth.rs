//! How a figure grows with the connections: series of points, each one load with more connections than the one before.

use super::scenario::{Load, Measure, Scenario};
use super::way::Way;

/// One line in a plot for each server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Series {
    /// The first point; the others differ in connections alone.
    pub(crate) first: Scenario,
    /// Connections, or streams on HTTP/2.
    pub(crate) points: &'static [usize],
}

impl Series {
    pub(crate) fn name(&self) -> &'static str {
        self.first.name
    }

    pub(crate) fn scenarios(&self) -> impl Iterator<Item = Scenario> {
        self.points.iter().map(|&connections| Scenario { connections, ..self.first })
    }

    /// Two points for each series, to see that it runs at all.
    pub(crate) fn as_toy(mut self) -> Self {
        self.first = self.first.as_toy();
        self.points = TOY_POINTS;
        self
    }
}

const H1_POINTS: &[usize] = &[100, 1_000, 5_000, 10_000, 18_000];
const H2_POINTS: &[usize] = &[100, 1_000, 10_000, 50_000, 100_000, 200_000];
const TOY_POINTS: &[usize] = &[4, 8];

/// All series in the order of the report.
pub(crate) const SERIES: &[Series] = &[
    h1("growth-echo", "a call and its answer", ECHO, Measure::Cpu),
    h1("growth-broadcast", "a delivery of a broadcast to all", BROADCAST, Measure::Cpu),
    h1("growth-idle", "an idle connection", Load::Idle, Measure::Memory),
    h2("growth-h2-echo", "a call and its answer", ECHO, Measure::Cpu),
    h2("growth-h2-broadcast", "a delivery of a broadcast to all", BROADCAST, Measure::Cpu),
    h2("growth-h2-idle", "an idle hub connection", Load::Idle, Measure::Memory),
];

const ECHO: Load = Load::Echo { depth: 1 };
const BROADCAST: Load = Load::Broadcast { groups: 0, window: 1 };

const fn h1(name: &'static str, what: &'static str, load: Load, measure: Measure) -> Series {
    Series { first: first(name, what, load, measure, Way::H1), points: H1_POINTS }
}

const fn h2(name: &'static str, what: &'static str, load: Load, measure: Measure) -> Series {
    Series { first: first(name, what, load, measure, Way::H2), points: H2_POINTS }
}

const fn first(name: &'static str, what: &'static str, load: Load, measure: Measure, way: Way) -> Scenario {
    let (protocol, connections) = ("json", H1_POINTS[0]);
    Scenario { name, what, load, protocol, way, connections, measure, yardstick: None, core: false }
}

/// The series of this name.
pub(crate) fn named(name: &str) -> Option<&'static Series> {
    SERIES.iter().find(|series| series.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::scenario;

    #[test]
    fn a_series_has_no_name_of_a_row() {
        for series in SERIES {
            assert_eq!(scenario::named(series.name()), None);
        }
    }

    #[test]
    fn streams_fill_their_connections() {
        for scenario in SERIES.iter().flat_map(Series::scenarios) {
            assert_eq!(scenario.connections % scenario.way.streams, 0, "{}", scenario.name);
        }
        for scenario in SERIES.iter().flat_map(|series| series.as_toy().scenarios().collect::<Vec<_>>()) {
            assert_eq!(scenario.connections % scenario.way.streams, 0, "{}", scenario.name);
        }
    }
}
