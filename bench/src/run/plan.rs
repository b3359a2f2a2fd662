//! In which order what is measured on which server.
//!
//! Each row goes round the servers again and again, so that a slow minute of the machine hits them all. Loads on
//! servers that stay come first, those that need a fresh process last.

use super::contender::Contender;
use super::options::Selection;
use super::scenario::{self, Scenario};
use super::way::Layout;

/// The round that is kept but not counted.
pub(crate) const WARM_UP: u32 = 0;

/// One load on one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) scenario: Scenario,
    /// Its place among the contenders; 0 is the floor.
    pub(crate) server: usize,
    pub(crate) round: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// What is not measured on this machine, and why.
    pub(crate) left_out: Vec<String>,
}

impl Plan {
    /// `file_limit` is how many files each process may have open.
    pub(crate) fn new(selection: &Selection, contenders: &[Contender], file_limit: u64) -> Self {
        let mut left_out = Vec::new();
        let mut fits = |scenario: &Scenario| {
            let fits = scenario.files() as u64 <= file_limit;
            if !fits {
                let (name, connections, files) = (scenario.name, scenario.connections, scenario.files());
                left_out.push(format!(
                    "{name} with {connections} connections: needs {files} open files, the limit is {file_limit}"
                ));
            }
            fits
        };
        let rows = selection.scenarios.iter().copied();
        let points = selection.series.iter().flat_map(|series| series.scenarios().collect::<Vec<_>>());
        let scenarios: Vec<Scenario> = rows.chain(points).filter(|scenario| fits(scenario)).collect();
        let mut plan = Self { steps: Vec::new(), left_out };
        let (fresh, steady): (Vec<_>, Vec<_>) =
            scenarios.iter().partition(|scenario| scenario.needs_fresh_process());
        for scenario in steady.into_iter().chain(fresh) {
            plan.add_yardstick(scenario, &scenarios, selection);
            plan.add(scenario, contenders, selection);
        }
        plan
    }

    /// The floor's figure for the row that is the yardstick, where this row is not measured anyway.
    fn add_yardstick(&mut self, scenario: &Scenario, chosen: &[Scenario], selection: &Selection) {
        let Some(yardstick) = scenario.yardstick.and_then(scenario::named) else { return };
        let is_there = |name: &str| name == yardstick.name;
        let measured = chosen.iter().any(|scenario| is_there(scenario.name));
        if !measured && !self.steps.iter().any(|step| is_there(step.scenario.name)) {
            self.steps.extend(rounds(yardstick, selection).map(|round| Step {
                scenario: *yardstick,
                server: 0,
                round,
            }));
        }
    }

    fn add(&mut self, scenario: &Scenario, contenders: &[Contender], selection: &Selection) {
        for round in rounds(scenario, selection) {
            for (server, contender) in contenders.iter().enumerate() {
                if takes(contender.layout, scenario) {
                    self.steps.push(Step { scenario: *scenario, server, round });
                }
            }
        }
    }
}

/// A process that must be fresh cannot be warmed up.
fn rounds(scenario: &Scenario, selection: &Selection) -> impl Iterator<Item = u32> + use<> {
    let first = if selection.warm_up && !scenario.needs_fresh_process() { WARM_UP } else { WARM_UP + 1 };
    first..=selection.rounds
}

fn takes(layout: Layout, scenario: &Scenario) -> bool {
    layout.port(0, scenario.way).is_some()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::run::growth;

    const NO_LIMIT: u64 = 1 << 20;

    fn contenders() -> [Contender; 2] {
        [Contender::floor(Path::new("hub-bench")), Contender::hubcast(Path::new("bench-server"))]
    }

    fn plan(rows: &[&str], series: &[&str], file_limit: u64) -> Plan {
        let scenarios = rows.iter().map(|name| *scenario::named(name).expect("it is a row")).collect();
        let series = series.iter().map(|name| *growth::named(name).expect("it is a series")).collect();
        let selection = Selection {
            scenarios,
            series,
            rounds: 2,
            seconds: 1.0,
            hold: 1.0,
            load_warm_up: 1.0,
            warm_up: true,
        };
        Plan::new(&selection, &contenders(), file_limit)
    }

    fn steps(plan: &Plan) -> Vec<(&'static str, usize, u32)> {
        plan.steps.iter().map(|step| (step.scenario.name, step.server, step.round)).collect()
    }

    #[test]
    fn a_row_goes_round_the_servers_and_the_first_round_warms_up() {
        let plan = plan(&["echo"], &[], NO_LIMIT);
        let expected =
            [("echo", 0, 0), ("echo", 1, 0), ("echo", 0, 1), ("echo", 1, 1), ("echo", 0, 2), ("echo", 1, 2)];
        assert_eq!(steps(&plan), expected);
    }

    #[test]
    fn fresh_processes_come_last_and_are_not_warmed_up() {
        let plan = plan(&["idle", "storm"], &[], NO_LIMIT);
        assert_eq!(steps(&plan)[..2], [("storm", 0, 0), ("storm", 1, 0)]);
        assert_eq!(steps(&plan)[6..], [("idle", 0, 1), ("idle", 1, 1), ("idle", 0, 2), ("idle", 1, 2)]);
    }

    #[test]
    fn the_floor_measures_the_yardstick_of_a_row_that_it_does_not_take() {
        let alone = plan(&["h2-echo", "tls-echo"], &[], NO_LIMIT);
        let expected = [
            ("echo", 0, 0),
            ("echo", 0, 1),
            ("echo", 0, 2),
            ("h2-echo", 1, 0),
            ("h2-echo", 1, 1),
            ("h2-echo", 1, 2),
            ("tls-echo", 1, 0),
            ("tls-echo", 1, 1),
            ("tls-echo", 1, 2),
        ];
        assert_eq!(steps(&alone), expected);
        assert_eq!(steps(&plan(&["echo", "h2-echo"], &[], NO_LIMIT)).len(), 9);
    }

    #[test]
    fn what_needs_more_files_than_a_process_may_open_is_left_out_with_the_reason() {
        let plan = plan(&["broadcast-10000"], &["growth-echo"], 4096);
        let connections: Vec<usize> = plan.steps.iter().map(|step| step.scenario.connections).collect();
        assert_eq!(connections, [[100; 6], [1_000; 6]].concat());
        assert_eq!(plan.left_out.len(), 4);
        assert_eq!(
            plan.left_out[0],
            "broadcast-10000 with 10000 connections: needs 10100 open files, the limit is 4096"
        );
    }
}
