//! What is known of the client that a request is from, on the way from the connected proxy back to it.

use std::net::SocketAddr;

use http::uri::{Authority, PathAndQuery};

use super::Malformed;
use crate::http::Scheme;

/// A client, as far as it was looked behind its proxies.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Client<'h> {
    pub(super) address: Option<SocketAddr>,
    pub(super) scheme: Scheme,
    /// The host that it asked for, if that is another than the request says.
    pub(super) host: Option<Authority>,
    /// What a proxy has taken off its path.
    pub(super) prefix: Option<&'h str>,
}

impl<'h> Client<'h> {
    pub(super) fn read_scheme(text: &str) -> Result<Scheme, Malformed> {
        let is = |name: &str| text.eq_ignore_ascii_case(name);
        if is("https") || is("wss") {
            Ok(Scheme::Https)
        } else if is("http") || is("ws") {
            Ok(Scheme::Http)
        } else {
            Err(Malformed)
        }
    }

    pub(super) fn read_host(text: &str) -> Result<Authority, Malformed> {
        let host = text.parse::<Authority>().map_err(|_| Malformed)?;
        if text.contains('@') || host.host().is_empty() { Err(Malformed) } else { Ok(host) }
    }

    /// A path without its last slash. Two slashes at its front would be a host.
    pub(super) fn read_prefix(text: &'h str) -> Result<&'h str, Malformed> {
        let path = text.parse::<PathAndQuery>().map_err(|_| Malformed)?;
        let is_path = text.starts_with('/') && !text.starts_with("//") && path.as_str() == text;
        let is_plain = !text.contains(['?', '#', '\\']);
        if is_path && is_plain { Ok(text.trim_end_matches('/')) } else { Err(Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_hosts_and_prefixes_are_read_or_refused() {
        for text in ["https", "HTTPS", "wss"] {
            assert_eq!(Client::read_scheme(text), Ok(Scheme::Https));
        }
        for text in ["http", "ws"] {
            assert_eq!(Client::read_scheme(text), Ok(Scheme::Http));
        }
        for text in ["", "ftp", "https:", "http s"] {
            assert_eq!(Client::read_scheme(text), Err(Malformed), "{text}");
        }
        for text in ["hub.example", "hub.example:8443", "[::1]:80", "192.0.2.1"] {
            assert_eq!(Client::read_host(text).as_ref().map(Authority::as_str), Ok(text));
        }
        for text in ["", "a b", "ada@hub.example", "hub.example/x", ":80", "a,b/"] {
            assert_eq!(Client::read_host(text), Err(Malformed), "{text}");
        }
        for (text, prefix) in [("/app", "/app"), ("/app/", "/app"), ("/a/b", "/a/b"), ("/", "")] {
            assert_eq!(Client::read_prefix(text), Ok(prefix));
        }
        for text in ["", "app", "//evil.example", "/app?x", "/app#x", "/a\\b", "/a b", "https://x/"] {
            assert_eq!(Client::read_prefix(text), Err(Malformed), "{text}");
        }
    }
}
