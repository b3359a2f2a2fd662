//! Every Rust file begins by saying what it is for.

use crate::breach::Breach;

/// The first line is a `//!` header. Golden files of the macros and build scripts need none.
pub fn every_rust_file_has_a_header(path: &str, text: &str) -> Vec<Breach> {
    let is_exempt = path.contains("tests/ui/") || path.ends_with("build.rs");
    if !path.ends_with(".rs") || is_exempt || text.starts_with("//! ") {
        return Vec::new();
    }
    let advice =
        "Begin with `//!`: what the file is for, the rule that is easy to break, what lives elsewhere.";
    vec![Breach::at_line(path, 1, "no header", advice)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_begins_with_code_is_found() {
        for text in ["use std::fmt;\n", "\n//! Late.\n", "// Not a doc comment.\n", ""] {
            assert_eq!(every_rust_file_has_a_header("server/src/limits.rs", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn headers_and_exempt_files_pass() {
        assert_eq!(every_rust_file_has_a_header("server/src/limits.rs", "//! Limits.\n"), []);
        for path in ["server/macros/tests/ui/fail/no_async.rs", "server/build.rs", "client-js/src/index.ts"] {
            assert_eq!(every_rust_file_has_a_header(path, "x"), []);
        }
    }
}
