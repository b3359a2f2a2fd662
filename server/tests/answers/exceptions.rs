//! The recorded cases that are not to be answered as recorded, each with its reason.

use serde_json::Value;

/// Why a case is an exception.
pub(super) enum Exception {
    /// It is asked elsewhere, as the hub of these tests or HTTP/2 has no such thing; the text says where.
    Elsewhere(#[expect(dead_code, reason = "for who reads this list")] &'static str),
    /// Another answer is better, and this says whether it came.
    Better(fn(&Value) -> bool),
}

use Exception::{Better, Elsewhere};

/// Whether a case is an exception.
pub(super) fn exception(name: &str, http2: bool) -> Option<Exception> {
    let (area, what) = name.split_once(": ")?;
    match (area, what) {
        ("upgrade", _) if http2 => {
            Some(Elsewhere("HTTP/2 has no upgrades; extended CONNECT is tested in `http2`"))
        }
        ("negotiate", "POST ?negotiateVersion=1&negotiateVersion=0") => {
            Some(Better(|seen| seen["status"] == 200))
        }
        // ASP.NET Core takes them for polls; RFC 6455 §4.2.1 wants an error.
        (
            "upgrade",
            "version 12"
            | "no version"
            | "no key"
            | "a key of 5 bytes"
            | "no Connection header"
            | "with POST",
        ) => Some(Better(|seen| seen["status"] == 400 || seen["status"] == 426)),
        (
            "call",
            "stream of 3" | "stream of 0" | "stream with a wrong argument" | "plain call of a stream",
        ) => Some(Elsewhere("this hub has no `Counter`: `streams` and `endpoint_table`")),
        ("call", _) if what.starts_with("upload") => {
            Some(Elsewhere("this hub has no `Upload`: `uploads` and `endpoint_table`"))
        }
        ("call", _) if what.starts_with("client result") => Some(Elsewhere("`client_results`")),
        // ASP.NET Core stalls.
        ("call", "an unknown type of message") => Some(Better(|seen| {
            let seen = seen.as_array().expect("frames");
            seen.len() == 3 && seen[..2].iter().all(|frame| frame.to_string().contains("alive"))
        })),
        _ => None,
    }
}
