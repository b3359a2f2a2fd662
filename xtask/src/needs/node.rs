//! Node and the packages that a `package-lock.json` names.

use std::process::Command;

use super::{Obstacle, Site};

const OLDEST: u64 = 20;

/// Fails with advice unless Node 20 or later and npm are on `PATH`.
pub(crate) fn check() -> Result<(), Obstacle> {
    let Ok(output) = Command::new("node").arg("--version").output() else {
        return Err(advice("Node is not on PATH"));
    };
    let version = String::from_utf8_lossy(&output.stdout);
    match major(&version) {
        Some(major) if major >= OLDEST => {}
        Some(_) | None => return Err(advice(&format!("Node is too old ({})", version.trim()))),
    }
    if Command::new("npm").arg("--version").output().is_err() {
        return Err(advice("npm is not on PATH"));
    }
    Ok(())
}

/// Installs the locked packages in `folder`.
pub(super) fn packages(site: &mut Site<'_>, folder: &str) -> Result<(), Obstacle> {
    check()?;
    if !site.workspace.root.join(folder).join("package-lock.json").exists() {
        return Err(Obstacle::Fails(format!(
            "{folder}/package-lock.json is missing: run `npm install` in {folder} and commit it"
        )));
    }
    site.must(folder, "npm ci")
}

fn advice(what: &str) -> Obstacle {
    Obstacle::Fails(format!("{what}: install Node {OLDEST} or later with npm, from https://nodejs.org"))
}

/// The first number of `v20.1.2`.
fn major(version: &str) -> Option<u64> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_first_number() {
        assert_eq!(major("v20.19.0\n"), Some(20));
        assert_eq!(major("v8.1.0\n"), Some(8));
        assert_eq!(major("command not found"), None);
    }
}
