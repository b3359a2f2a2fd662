//! A `lib.rs` is a table of contents: docs, attributes, `mod` and `pub use`.

use crate::breach::Breach;
use crate::rust_code::{without_attributes, without_text};

/// Every item of a `lib.rs` only names what is elsewhere.
///
/// Besides that it may hold what has to be in the root of a crate: the entry functions of macros with their import,
/// `extern crate self`, and items that exist for doctests alone.
pub fn lib_files_only_name_what_is_elsewhere(path: &str, text: &str) -> Vec<Breach> {
    if path != "lib.rs" && !path.ends_with("/lib.rs") {
        return Vec::new();
    }
    let code = without_text(text);
    items(&code).into_iter().filter(|item| !is_allowed(item)).map(|item| breach(path, &code, item)).collect()
}

fn breach(path: &str, code: &str, item: &str) -> Breach {
    let bare = without_attributes(item);
    let offset = bare.as_ptr() as usize - code.as_ptr() as usize;
    let line = code[..offset].matches('\n').count() + 1;
    let start = bare.split(['{', '(', '=', ';']).next().unwrap_or_default().trim();
    Breach::at_line(
        path,
        line,
        format!("`{start}` in a lib.rs"),
        "Move it to a file of its own and re-export it.",
    )
}

fn is_allowed(item: &str) -> bool {
    let bare = without_attributes(item);
    let attributes = &item[..item.len() - bare.len()];
    let is_public_name =
        ["pub use ", "pub(crate) use ", "extern crate self "].iter().any(|start| bare.starts_with(start));
    let is_macro_entry = attributes.contains("#[proc_macro") || bare.starts_with("use proc_macro::");
    let is_module = ["mod ", "pub mod ", "pub(crate) mod "].iter().any(|start| bare.starts_with(start));
    let body = bare.find('{').zip(bare.rfind('}')).map(|(open, close)| &bare[open + 1..close]);
    bare.is_empty()
        || is_public_name
        || is_macro_entry
        || attributes.contains("#[cfg(doctest)]")
        || (is_module && body.is_none_or(|body| items(body).into_iter().all(is_allowed)))
}

/// The items of `code`, each with its attributes. A `use` with braces ends at its semicolon.
fn items(code: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let (mut start, mut depth) = (0, 0);
    for (at, character) in code.char_indices() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        let item = || code[start..=at].trim();
        let ends = match character {
            ';' => depth == 0,
            '}' => {
                depth == 0
                    && !without_attributes(item()).split('{').next().unwrap_or_default().contains("use ")
            }
            _ => false,
        };
        if ends {
            items.push(item());
            start = at + 1;
        }
    }
    items.push(code[start..].trim());
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<String> {
        let found = lib_files_only_name_what_is_elsewhere("server/src/lib.rs", text);
        found.into_iter().map(|breach| breach.place).collect()
    }

    #[test]
    fn an_item_with_content_is_found_on_its_line() {
        let text = "//! Docs.\n\nmod a;\n\n/// A thing.\n#[derive(Debug)]\npub struct B {\n    c: u8,\n}\n";
        assert_eq!(places(text), ["server/src/lib.rs:7"]);
    }

    #[test]
    fn every_kind_of_content_is_found() {
        for item in [
            "fn f() {}",
            "const A: u8 = 1;",
            "impl A {}",
            "use a::b;",
            "type A = B;",
            "mod tests { fn f() {} }",
            "macro_rules! m { () => {} }",
            "pub static A: [u8; 2] = [1, 2];",
        ] {
            assert_eq!(places(&format!("//! Docs.\nmod a;\n{item}\n")), ["server/src/lib.rs:3"], "{item}");
        }
    }

    #[test]
    fn names_of_what_is_elsewhere_pass() {
        let text = "//! Docs; with { signs.\n#![warn(missing_docs)]\n#![cfg_attr(test, expect(a, reason = \"b\"))]\n\
                    extern crate self as hubcast;\n#[doc(hidden)]\npub mod contract;\nmod b;\n\
                    pub use a::{b, c::{d, e}};\n#[cfg(feature = \"f\")]\npub use g::h;\n\
                    #[doc(hidden)]\npub mod private { pub use a::b; }\n";
        assert_eq!(places(text), [""; 0]);
    }

    #[test]
    fn what_must_be_in_a_root_passes() {
        let text = "//! Docs.\nuse proc_macro::TokenStream;\n/// Makes a hub.\n#[proc_macro_attribute]\n\
                    pub fn hub(a: TokenStream, b: TokenStream) -> TokenStream { expand(a, b) }\n\
                    #[cfg(doctest)]\n#[doc = include_str!(\"../README.md\")]\nstruct Readme;\n";
        assert_eq!(places(text), [""; 0]);
    }
}
