//! Nothing in the repository depends on the machine where it was written.
//!
//! The names are put together from halves so that this file keeps the rule too.

use crate::breach::Breach;

const FOLDERS: [&str; 4] =
    [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/wo", "rk/"), concat!("/Us", "ers/")];
const REGISTRIES: [&str; 7] = [
    concat!("registry.", "npmjs.org"),
    concat!("registry.", "yarnpkg.com"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("files.", "pythonhosted.org"),
    concat!("pypi.", "org/simple"),
    concat!("crates.io", "-index"),
];
/// Cargo writes the name of the registry into the lock file itself.
const EXEMPT: &str = "Cargo.lock";

/// No file names somebody's folder or the host of a package registry.
pub fn nothing_names_this_machine(path: &str, text: &str) -> Vec<Breach> {
    if path == EXEMPT || path.ends_with("/Cargo.lock") {
        return Vec::new();
    }
    let mut breaches = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for folder in FOLDERS.iter().filter(|folder| names_folder(line, folder)) {
            let advice = "Use a path below the repository, or one that is passed in.";
            breaches.push(Breach::at_line(path, index + 1, format!("a path below `{folder}`"), advice));
        }
        for host in REGISTRIES.iter().filter(|host| line.contains(**host)) {
            let advice = "Leave the registry to the user's settings; for npm's lock file set \
                          `omit-lockfile-registry-resolved=true` in .npmrc and write it again.";
            breaches.push(Breach::at_line(path, index + 1, format!("the registry host `{host}`"), advice));
        }
    }
    breaches
}

/// As a path of its own: `https://example.com/home/page` and `../work/` name none.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let is_whole =
            !line[..at].ends_with(|before: char| before.is_alphanumeric() || "._-}/*".contains(before));
        let leads_on = line[at + folder.len()..]
            .starts_with(|after: char| after.is_alphanumeric() || "._".contains(after));
        is_whole && leads_on
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_and_host_is_found() {
        for folder in FOLDERS {
            let found =
                nothing_names_this_machine("server/src/a.rs", &format!("ok\nopen(\"{folder}me/file\")\n"));
            assert_eq!(found.len(), 1, "{folder}");
            assert_eq!(found[0].place, "server/src/a.rs:2");
        }
        for host in REGISTRIES {
            let line = format!("\"resolved\": \"https://{host}/a\"");
            assert_eq!(nothing_names_this_machine("client-js/package-lock.json", &line).len(), 1, "{host}");
        }
    }

    #[test]
    fn addresses_and_relative_paths_pass() {
        for folder in FOLDERS {
            for line in [
                format!("https://example.com{folder}page"),
                format!("..{folder}page"),
                format!("route {folder}"),
            ] {
                assert_eq!(nothing_names_this_machine("README.md", &line), [], "{line}");
            }
        }
        assert_eq!(nothing_names_this_machine("README.md", "https://www.npmjs.com/package/hubcast"), []);
    }
}
