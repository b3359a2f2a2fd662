//! `cargo xtask dist`: builds what the repository carries of the JavaScript client.
//!
//! The suite `client-js` fails when the result differs from what is committed.

use std::process::Command;

use crate::needs::{Obstacle, node};
use crate::workspace::Workspace;

pub(crate) fn build(workspace: &Workspace) -> Result<(), Obstacle> {
    node::check()?;
    for arguments in [&["ci"][..], &["run", "build"]] {
        let status = Command::new("npm")
            .args(arguments)
            .current_dir(workspace.root.join("client-js"))
            .status()
            .map_err(|why| Obstacle::Fails(format!("npm does not start: {why}")))?;
        if !status.success() {
            return Err(Obstacle::Fails(format!(
                "`npm {}` in client-js ended with {status}",
                arguments.join(" ")
            )));
        }
    }
    Ok(())
}
