//! Programs that are no part of the repository: cargo's own additions, and h2spec.

use std::path::PathBuf;
use std::process::Command;

use super::{Obstacle, Site, python};
use crate::counts::{Counts, Tally};
use crate::step::Step;

/// A program that adds a command to cargo: the one on `PATH`, else the package that `requirements.txt` in `folder` names.
pub(super) fn cargo_addition(site: &mut Site<'_>, name: &str, folder: &str) -> Result<PathBuf, Obstacle> {
    if runs(name) {
        return Ok(PathBuf::from(name));
    }
    let python = python::packages(site, folder)?;
    Ok(python.with_file_name(name))
}

/// h2spec, built from the sources that `go.sum` has the hashes of.
pub(super) fn h2spec(site: &mut Site<'_>) -> Result<PathBuf, Obstacle> {
    if !Command::new("go").arg("version").output().is_ok_and(|output| output.status.success()) {
        return Err(Obstacle::Skips(
            "Go is not on PATH: install 1.26 or later, from https://go.dev".to_owned(),
        ));
    }
    let folder = site.workspace.own_folder()?.join("go");
    let step = Step::new(site.workspace, "tests/conformance/h2spec", "go install tool", Counts::Once)
        .with_environment("GOBIN", &folder)
        .with_environment("GOFLAGS", "-mod=readonly");
    if step.run(site.suite, site.log) != Tally::PASSED {
        return Err(Obstacle::Skips("h2spec cannot be built".to_owned()));
    }
    Ok(folder.join("h2spec"))
}

fn runs(name: &str) -> bool {
    Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
}
