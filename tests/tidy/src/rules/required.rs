//! What people look for in the repository is there.

use crate::breach::Breach;

const REQUIRED: [(&str, &str); 10] = [
    ("README.md", "Write it: what this is, and the two commands."),
    ("ARCHITECTURE.md", "Write it: the map, the layers, the invariants."),
    ("CHANGELOG.md", "Write it: what changed for users, by version."),
    ("CONTRIBUTING.md", "Write it: how to build, test and commit."),
    ("LICENSE-MIT", "Add the text of the licence."),
    ("LICENSE-APACHE", "Add the text of the licence."),
    ("protocol/clippy.toml", "Add it, with the methods that a crate without I/O may not call."),
    ("protocol/websocket/clippy.toml", "Add it, with the methods that a crate without I/O may not call."),
    ("client-js/dist/hubcast.js", "Run `cargo xtask dist` and commit the result: Rust users have no Node."),
    (".ci/run", "Add it: everything that must pass, on a fresh machine."),
];

const COMMANDS: [&str; 2] = ["cargo run --release -p chat", "cargo xtask test"];

/// The files that users and other rules count on are there; `exists` tells of a path below the root.
pub fn required_files_exist(exists: impl Fn(&str) -> bool) -> Vec<Breach> {
    let missing = REQUIRED.iter().filter(|(path, _)| !exists(path));
    missing.map(|(path, advice)| Breach::in_file(path, "is missing", *advice)).collect()
}

/// The README has the commands that run the chat and the tests.
pub fn the_readme_names_the_commands(path: &str, text: &str) -> Vec<Breach> {
    let missing = COMMANDS.iter().filter(|command| path == "README.md" && !text.contains(**command));
    missing
        .map(|command| {
            Breach::in_file(path, format!("`{command}` is not in it"), "Tell the reader about the command.")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_missing_file_is_found() {
        for (missing, advice) in REQUIRED {
            let expected = Breach::in_file(missing, "is missing", advice);
            assert_eq!(required_files_exist(|path| path != missing), [expected]);
        }
    }

    #[test]
    fn a_command_that_the_readme_leaves_out_is_found() {
        let found = the_readme_names_the_commands("README.md", "Run `cargo xtask test`.");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].what, "`cargo run --release -p chat` is not in it");
        assert_eq!(the_readme_names_the_commands("docs/README.md", ""), []);
    }
}
