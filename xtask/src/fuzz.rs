//! `cargo xtask fuzz`: seeds, then libFuzzer by cargo-fuzz on each target, with its output as it comes.
//!
//! Without a sanitizer, because no crate here has unsafe code and stable Rust has none; a panic, a broken invariant, a
//! slow input and memory without a bound are what can be found.

use std::fs;
use std::process::Command;

use crate::log::Log;
use crate::needs::{Need, Obstacle, SetUp};
use crate::workspace::Workspace;

/// The programs of fuzz/Cargo.toml.
pub(crate) const TARGETS: [&str; 7] =
    ["json", "messagepack", "websocket", "deflate", "negotiate", "connection", "server"];

/// Longer inputs find nothing that shorter ones do not, and are slower.
const LONGEST_INPUT: &str = "-max_len=4096";
/// Megabytes that a target may hold, and seconds that one input may take.
const BOUNDS: [&str; 2] = ["-rss_limit_mb=1024", "-timeout=20"];

/// Says whether no target found anything.
pub(crate) fn run(workspace: &Workspace, targets: &[String], minutes: u32) -> Result<bool, Obstacle> {
    let folder = workspace.own_folder()?;
    let mut log = Log::create(&folder, "fuzz").map_err(|why| Obstacle::Fails(why.to_string()))?;
    let cargo_fuzz = SetUp::new(workspace).path(Need::CargoFuzz, "fuzz", &mut log)?;
    let target = workspace.target.join("fuzz");
    let mut seeds = Command::new(&workspace.cargo);
    seeds.args(["run", "--locked", "--manifest-path", "fuzz/Cargo.toml", "--example", "seeds", "--"]);
    seeds.arg(target.join("corpus")).env("CARGO_TARGET_DIR", &workspace.target);
    if !succeeds(workspace, seeds)? {
        return Err(Obstacle::Fails("the seeds cannot be made".to_owned()));
    }
    let is_chosen = |name: &&str| targets.is_empty() || targets.iter().any(|chosen| chosen == name);
    let mut found_nothing = true;
    for name in TARGETS.into_iter().filter(is_chosen) {
        println!("{name}: {minutes} minutes");
        let artifacts = target.join("artifacts").join(name);
        fs::create_dir_all(&artifacts).map_err(|why| Obstacle::Fails(why.to_string()))?;
        let mut fuzz = Command::new(&cargo_fuzz);
        fuzz.args(["fuzz", "run", "--fuzz-dir", "fuzz", "--sanitizer", "none", "--target-dir"]).arg(&target);
        fuzz.arg(name).arg(target.join("corpus").join(name)).arg("--");
        fuzz.arg(format!("-max_total_time={}", u64::from(minutes) * 60));
        fuzz.arg(format!("-artifact_prefix={}/", artifacts.display()));
        let dictionary = workspace.root.join("fuzz/dictionaries").join(format!("{name}.dict"));
        if dictionary.exists() {
            fuzz.arg(format!("-dict={}", dictionary.display()));
        }
        fuzz.arg(LONGEST_INPUT).args(BOUNDS);
        if !succeeds(workspace, fuzz)? {
            println!("{name}: failed; if it found something, the input is in {}", artifacts.display());
            found_nothing = false;
        }
    }
    Ok(found_nothing)
}

fn succeeds(workspace: &Workspace, mut command: Command) -> Result<bool, Obstacle> {
    let status = command.current_dir(&workspace.root).status();
    let status = status.map_err(|why| {
        Obstacle::Fails(format!("{} does not start: {why}", command.get_program().to_string_lossy()))
    })?;
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_program_of_the_manifest_is_a_target() {
        let workspace = Workspace::open().expect("this test runs inside the workspace");
        let manifest = fs::read_to_string(workspace.root.join("fuzz/Cargo.toml")).expect("it can be read");
        let programs = manifest.split("[[bin]]").skip(1);
        let names: Vec<_> = programs.filter_map(|program| program.split('"').nth(1)).collect();
        assert_eq!(names, TARGETS);
    }
}
