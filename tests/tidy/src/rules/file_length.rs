//! No file is so long that nobody reads it.

use crate::breach::Breach;

const LONGEST: usize = 600;
const WRITTEN_BY_HAND: [&str; 11] = ["rs", "ts", "js", "mjs", "cjs", "py", "sh", "css", "html", "md", "toml"];
/// Folders of recorded or generated files, wherever they are.
const NOT_WRITTEN_BY_HAND: [&str; 5] = ["data", "dist", "vectors", "fixtures", "generated"];

/// No file that people write has more than 600 lines, but for the changelog.
pub fn no_file_is_too_long(path: &str, text: &str) -> Vec<Breach> {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_generated = path.split('/').any(|part| NOT_WRITTEN_BY_HAND.contains(&part));
    let lines = text.lines().count();
    if lines <= LONGEST || is_generated || path == "CHANGELOG.md" || !WRITTEN_BY_HAND.contains(&extension) {
        return Vec::new();
    }
    let what = format!("{lines} lines, {LONGEST} are the most");
    vec![Breach::in_file(path, what, "Split it by noun: one concept per file.")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_too_many_is_found() {
        assert_eq!(no_file_is_too_long("server/src/limits.rs", &"x\n".repeat(600)), []);
        let found = no_file_is_too_long("server/src/limits.rs", &"x\n".repeat(601));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].what, "601 lines, 600 are the most");
    }

    #[test]
    fn recorded_and_generated_files_may_be_long() {
        for path in ["client-js/dist/hubcast.js", "tests/vectors/reading.json", "Cargo.lock"] {
            assert_eq!(no_file_is_too_long(path, &"x\n".repeat(2000)), []);
        }
    }
}
