//! Packages of the operating system, where apt-get is there and we are root.

use std::process::Command;

use super::Site;

/// Installs `packages`, or says in one clause why that cannot be.
pub(super) fn install(site: &mut Site<'_>, packages: &[&str]) -> Result<(), String> {
    let names = packages.join(" ");
    if Command::new("apt-get").arg("--version").output().is_err() {
        return Err(format!("install {names} by hand, there is no apt-get to do it"));
    }
    if !is_root() {
        return Err(format!("install {names} by hand, only root may run apt-get"));
    }
    let steps = ["apt-get update".to_owned(), format!("apt-get install -y --no-install-recommends {names}")];
    match steps.iter().find(|step| !site.succeeds("", step)) {
        Some(step) => Err(format!("`{step}` failed")),
        None => Ok(()),
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
