//! Python, and packages in a virtual environment of their own below `target/`.

use std::path::PathBuf;
use std::process::Command;

use super::{Obstacle, Site, apt};
use crate::counts::{Counts, Tally};
use crate::step::Step;

/// The Python on `PATH`, for programs that need no packages.
pub(super) fn alone(site: &mut Site<'_>) -> Result<PathBuf, Obstacle> {
    if !runs("") {
        install(site, &["python3"])?;
    }
    Ok(PathBuf::from("python3"))
}

/// The Python of an environment that has the packages of `requirements.txt` in `folder`.
pub(super) fn packages(site: &mut Site<'_>, folder: &str) -> Result<PathBuf, Obstacle> {
    let requirements = site.workspace.root.join(folder).join("requirements.txt");
    if !requirements.exists() {
        return Err(Obstacle::Fails(format!("{folder}/requirements.txt is missing: it names the packages")));
    }
    if !runs("import ensurepip, venv") {
        install(site, &["python3", "python3-venv"])?;
    }
    let environment = site.workspace.own_folder()?.join(format!("python-{}", folder.replace('/', "-")));
    let python = environment.join("bin").join("python");
    // Places, because the paths may have spaces.
    let steps = [
        "python3 -m venv <environment>",
        "<python> -m pip install --disable-pip-version-check -r requirements.txt",
    ];
    for step in steps {
        let step = Step::new(site.workspace, folder, step, Counts::Once)
            .with_value("environment", &environment.to_string_lossy())
            .with_value("python", &python.to_string_lossy());
        if step.run(site.suite, site.log) != Tally::PASSED {
            let what = format!("the packages of {folder}/requirements.txt cannot be installed");
            return Err(Obstacle::Skips(what));
        }
    }
    Ok(python)
}

/// Whether there is a Python that can run `program`.
fn runs(program: &str) -> bool {
    Command::new("python3").args(["-c", program]).output().is_ok_and(|output| output.status.success())
}

fn install(site: &mut Site<'_>, packages: &[&str]) -> Result<(), Obstacle> {
    apt::install(site, packages)
        .map_err(|why| Obstacle::Skips(format!("Python 3 is missing, or its venv is: {why}")))
}
