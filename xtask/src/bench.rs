//! `cargo xtask bench`: builds what takes part in the benchmark, then becomes `hub-bench run`.
//!
//! Rule: on Ctrl-C hub-bench ends its servers, so nothing may stand between it and the signal.

use std::io;
use std::path::Path;
use std::process::Command;

use crate::needs::Obstacle;
use crate::workspace::Workspace;

/// Says whether all was measured. Where a process can become another program, this returns only a failure to start it.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<bool, Obstacle> {
    let fails = |what: &str, why: &io::Error| Obstacle::Fails(format!("{what} does not start: {why}"));
    let built = Command::new(&workspace.cargo)
        .args(["build", "--release", "-p", "bench-server", "-p", "hub-bench"])
        .current_dir(&workspace.root)
        .status()
        .map_err(|why| fails("cargo", &why))?;
    if !built.success() {
        return Err(Obstacle::Fails("hub-bench and bench-server cannot be built".to_owned()));
    }
    let out = workspace.target.join("bench");
    become_it(command(&workspace.target.join("release").join("hub-bench"), &out, arguments))
        .map_err(|why| fails("hub-bench", &why))
}

/// The arguments come last, so that a folder among them is the one that counts.
fn command(program: &Path, out: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new(program);
    command.arg("run").arg("--out").arg(out).args(arguments);
    command
}

#[cfg(unix)]
fn become_it(mut command: Command) -> io::Result<bool> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> io::Result<bool> {
    command.status().map(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_come_after_the_default_folder() {
        let arguments = ["echo", "--out", "elsewhere"].map(str::to_owned);
        let command = command(Path::new("hub-bench"), Path::new("target/bench"), &arguments);
        let words: Vec<_> = command.get_args().collect();
        assert_eq!(words, ["run", "--out", "target/bench", "echo", "--out", "elsewhere"]);
    }
}
