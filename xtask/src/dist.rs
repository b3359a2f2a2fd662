//! `cargo xtask dist`: builds what the repository carries of the JavaScript client, and of the chat's page.
//!
//! The suites `client-js` and `chat-page` fail when the result differs from what is committed.

use std::process::Command;

use crate::needs::{Obstacle, node};
use crate::workspace::Workspace;

pub(crate) fn build(workspace: &Workspace) -> Result<(), Obstacle> {
    node::check()?;
    // The page is compiled with the types of the client.
    for folder in ["client-js", "samples/chat/web"] {
        for arguments in [&["ci"][..], &["run", "build"]] {
            let status = Command::new("npm")
                .args(arguments)
                .current_dir(workspace.root.join(folder))
                .status()
                .map_err(|why| Obstacle::Fails(format!("npm does not start: {why}")))?;
            if !status.success() {
                let command = arguments.join(" ");
                return Err(Obstacle::Fails(format!("`npm {command}` in {folder} ended with {status}")));
            }
        }
    }
    Ok(())
}
