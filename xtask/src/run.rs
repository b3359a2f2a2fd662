//! Runs suites: set-up, steps, one line at the end of each suite, the sum as the very last line.
//!
//! One after the other; but what only compiles runs beside those that need the samples, at the lowest priority, as these
//! leave the processors idle for half of their time.
//!
//! Rule: nothing is skipped in silence. Every skip is printed with its reason and counted, and where
//! `CI=true` it is a failure.

use std::thread;
use std::time::Instant;

use crate::counts::Tally;
use crate::log::Log;
use crate::needs::{Need, Obstacle, SetUp};
use crate::suite::Suite;
use crate::workspace::Workspace;

/// Runs those of `suites` that have the given names, or all of them, and says whether none failed.
pub(crate) fn all(workspace: &Workspace, suites: &[Suite], names: &[String]) -> bool {
    let is_chosen = |suite: &&Suite| names.is_empty() || names.iter().any(|name| name == suite.name);
    let (compiling, others): (Vec<_>, Vec<_>) =
        suites.iter().filter(is_chosen).partition(|suite| suite.only_compiles());
    let first_of_samples = others.iter().position(|suite| suite.needs.contains(&Need::Samples));
    let (alone, beside) = others.split_at(first_of_samples.unwrap_or(others.len()));
    let mut set_up = SetUp::new(workspace);
    let mut in_order =
        |suites: &[&Suite]| -> Tally { suites.iter().map(|suite| one(workspace, &mut set_up, suite)).sum() };
    let first = in_order(alone);
    let rest = thread::scope(|scope| {
        let compiled = scope.spawn(|| {
            let mut set_up = SetUp::new(workspace);
            compiling.iter().map(|suite| one(workspace, &mut set_up, suite)).sum::<Tally>()
        });
        in_order(beside) + compiled.join().unwrap_or(Tally::FAILED)
    });
    let total = first + rest;
    println!("{total}");
    total.failed == 0
}

fn one(workspace: &Workspace, set_up: &mut SetUp<'_>, suite: &Suite) -> Tally {
    println!("{}: {}", suite.name, suite.what);
    let started_at = Instant::now();
    let mut tally = match run_steps(workspace, set_up, suite) {
        Ok(tally) => tally,
        Err(obstacle) => {
            let tally = obstacle.tally();
            let verdict = if tally == Tally::SKIPPED { "skipped" } else { "failed" };
            println!("{}: {verdict}: {obstacle}", suite.name);
            tally
        }
    };
    if workspace.is_strict && tally.skipped > 0 {
        println!("{}: {} skipped, which is a failure where CI=true", suite.name, tally.skipped);
        tally = tally.with_skips_failed();
    }
    println!("{}: {tally} ({} s; {})", suite.name, started_at.elapsed().as_secs(), suite.what);
    tally
}

fn run_steps(workspace: &Workspace, set_up: &mut SetUp<'_>, suite: &Suite) -> Result<Tally, Obstacle> {
    let folder = workspace.own_folder()?;
    let mut log = Log::create(&folder, suite.name)
        .map_err(|why| Obstacle::Fails(format!("cannot write the log in {}: {why}", folder.display())))?;
    let provided = set_up.provide(suite, &mut log)?;
    let steps = (suite.steps)(workspace).into_iter().map(|step| {
        let step = provided.apply(step);
        if suite.only_compiles() { step.at_low_priority() } else { step }
    });
    Ok(steps.map(|step| step.run(suite.name, &mut log)).sum())
}
