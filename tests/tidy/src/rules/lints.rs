//! The lints of the workspace hold in every crate.

use crate::breach::Breach;

/// The manifest of a crate says `[lints] workspace = true`; that of a workspace of its own forbids unsafe code itself.
pub fn every_crate_takes_the_lints(path: &str, text: &str) -> Vec<Breach> {
    let is_crate =
        path.rsplit('/').next() == Some("Cargo.toml") && section(text, "[package]").next().is_some();
    let takes_them = section(text, "[lints]").any(|line| line == "workspace = true");
    let is_alone = text.lines().any(|line| line.starts_with("[workspace]"));
    let forbids = section(text, "[lints.rust]").any(|line| line == "unsafe_code = \"forbid\"");
    if !is_crate || takes_them || (is_alone && forbids) {
        return Vec::new();
    }
    vec![Breach::in_file(
        path,
        "the lints of the workspace are not taken",
        "Add `[lints]` with `workspace = true`.",
    )]
}

/// The root manifest forbids unsafe code.
pub fn unsafe_code_is_forbidden(path: &str, text: &str) -> Vec<Breach> {
    if section(text, "[workspace.lints.rust]").any(|line| line == "unsafe_code = \"forbid\"") {
        return Vec::new();
    }
    let advice = "Add `unsafe_code = \"forbid\"` to `[workspace.lints.rust]`.";
    vec![Breach::in_file(path, "unsafe code is not forbidden", advice)]
}

/// The lines below `heading`, up to the next table, without comments.
fn section<'a>(text: &'a str, heading: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .skip_while(move |line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_without_the_lints_is_found() {
        for rest in ["", "[lints]\n# workspace = true\n", "[lints]\n[x]\nworkspace = true\n", "[workspace]\n"]
        {
            let text = format!("[package]\nname = \"a\"\n{rest}");
            assert_eq!(every_crate_takes_the_lints("server/Cargo.toml", &text).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_crate_with_the_lints_and_a_workspace_that_forbids_unsafe_code_pass() {
        let alone = "[workspace] # alone\n[package]\nname = \"a\"\n[lints.rust]\nunsafe_code = \"forbid\"\n";
        let taken = "[package]\nname = \"a\"\n[lints]\nworkspace = true # all\n";
        for (path, text) in
            [("fuzz/Cargo.toml", alone), ("server/Cargo.toml", taken), ("Cargo.toml", "[workspace]\n")]
        {
            assert_eq!(every_crate_takes_the_lints(path, text), [], "{path}");
        }
    }

    #[test]
    fn a_weaker_rule_about_unsafe_code_is_found() {
        for text in [
            "",
            "[workspace.lints.rust]\nunsafe_code = \"deny\"\n",
            "[lints.rust]\nunsafe_code = \"forbid\"\n",
        ] {
            assert_eq!(unsafe_code_is_forbidden("Cargo.toml", text).len(), 1, "{text}");
        }
        let text = "[workspace.lints.rust]\nunsafe_code = \"forbid\"\n";
        assert_eq!(unsafe_code_is_forbidden("Cargo.toml", text), []);
    }
}
