//! `hub-bench check`: every row and every series at toy size. It says whether all of it works, nothing about time.
//!
//! Rule: the last line counts the cases as `cargo xtask test` reads them.

#![expect(clippy::print_stdout, reason = "the count of the cases is the output")]

use std::collections::HashSet;
use std::env;
use std::fs;
use std::path::Path;

use super::error::RunError;
use super::interrupt::Interrupt;
use super::options::Selection;
use super::scenario::Scenario;
use super::way::Layout;
use super::{measure, own_contenders};
use crate::report::{self, Entry, Outcome, SAMPLES, Samples};

/// Runs everything into a folder for temporary files, and says whether all cases passed.
pub(crate) fn check(server: Option<&Path>) -> Result<bool, RunError> {
    let out = env::temp_dir().join(format!("hub-bench-check-{}", std::process::id()));
    let checked = check_in(&out, server);
    match fs::remove_dir_all(&out) {
        Err(why) if checked.is_ok() => Err(RunError::file(out)(why)),
        _ => checked,
    }
}

fn check_in(out: &Path, server: Option<&Path>) -> Result<bool, RunError> {
    let interrupt = Interrupt::on_signals().map_err(RunError::file("signals"))?;
    let contenders = own_contenders(server)?;
    let selection = Selection::toy();
    measure(&contenders, &selection, out, &interrupt)?;
    let written = report::write(out, None)?;
    let samples = Samples::read(&out.join(SAMPLES))?;
    let mut cases = Cases::default();
    for scenario in scenarios(&selection) {
        for contender in &contenders {
            if takes(contender.layout, &scenario) {
                let name = format!("{} ({}), {}", scenario.name, scenario.connections, contender.name);
                cases.add(&name, has_result(&samples.entries, &scenario, &contender.name));
            }
        }
    }
    for name in &written {
        cases.add(name, is_well_formed(&out.join(name), &selection));
    }
    let names: HashSet<&str> = written.iter().map(String::as_str).collect();
    for name in
        [report::TABLE, "cost.svg", "memory.svg", "latency.svg", "growth-echo.svg", "growth-h2-idle.svg"]
    {
        let missing = || format!("{name} was not written");
        cases.add(&format!("there is {name}"), names.contains(name).then_some(()).ok_or_else(missing));
    }
    cases.add("the report is the same when it is made again", is_the_same_again(out, &written));
    Ok(cases.finish())
}

fn scenarios(selection: &Selection) -> Vec<Scenario> {
    let points = selection.series.iter().flat_map(|series| series.scenarios().collect::<Vec<_>>());
    selection.scenarios.iter().copied().chain(points).collect()
}

fn takes(layout: Layout, scenario: &Scenario) -> bool {
    layout.port(0, scenario.way).is_some()
}

/// The load itself fails when it misses a message.
fn has_result(entries: &[Entry], scenario: &Scenario, server: &str) -> Result<(), String> {
    let is_meant = |entry: &&Entry| {
        entry.row == scenario.name && entry.server == server && entry.connections == scenario.connections
    };
    let sample = match &entries.iter().find(is_meant).ok_or("it was not measured")?.outcome {
        Outcome::Sample(sample) => sample,
        Outcome::Failed(why) => return Err(why.clone()),
    };
    let (way, protocol) = (scenario.way, scenario.protocol);
    let told =
        (sample.protocol.as_str(), sample.http.as_str(), sample.tls, sample.streams, sample.connections);
    let asked = (protocol, way.http.name(), way.tls, way.streams, scenario.connections);
    if told != asked {
        return Err(format!("the load measured {told:?}, it was asked for {asked:?}"));
    }
    if sample.count == 0 { Err("nothing was counted".to_owned()) } else { Ok(()) }
}

fn is_well_formed(path: &Path, selection: &Selection) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|why| why.to_string())?;
    if path.extension().is_some_and(|extension| extension == "svg") {
        return roxmltree::Document::parse(&text).map(drop).map_err(|why| why.to_string());
    }
    let missing = scenarios(selection).into_iter().find(|scenario| !text.contains(scenario.name));
    missing.map_or(Ok(()), |scenario| Err(format!("{} is missing", scenario.name)))
}

fn is_the_same_again(out: &Path, written: &[String]) -> Result<(), String> {
    let contents = || -> Result<Vec<String>, String> {
        let read = |name: &String| fs::read_to_string(out.join(name)).map_err(|why| why.to_string());
        written.iter().map(read).collect()
    };
    let before = contents()?;
    report::write(out, None).map_err(|why| why.to_string())?;
    if contents()? == before { Ok(()) } else { Err("it differs".to_owned()) }
}

#[derive(Default)]
struct Cases {
    passed: usize,
    failed: usize,
}

impl Cases {
    fn add(&mut self, name: &str, case: Result<(), String>) {
        match case {
            Ok(()) => self.passed += 1,
            Err(why) => {
                self.failed += 1;
                println!("FAILED {name}: {why}");
            }
        }
    }

    fn finish(&self) -> bool {
        println!("{} passed, {} failed, 0 skipped", self.passed, self.failed);
        self.failed == 0
    }
}
