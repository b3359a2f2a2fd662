//! Clear text or TLS.

use std::fmt;

/// Clear text or TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scheme {
    /// HTTP/1.1, and HTTP/2 with prior knowledge, in clear text.
    Http,
    /// HTTP/2 and HTTP/1.1 over TLS, chosen by ALPN.
    Https,
}

impl Scheme {
    /// The scheme of URLs: `http` or `https`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
