//! Why credentials were not accepted, in words of our own: nothing that the client sent is in them.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// Why credentials are not valid. It is for the log alone, and clients never read it.
///
/// Whoever makes one keeps tokens, claims and passwords out of its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection(Cow<'static, str>);

impl Rejection {
    /// A rejection with a reason for the log.
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(reason.into())
    }

    /// The same in a constant.
    #[cfg(any(feature = "jwt", feature = "jwt-rust-crypto"))]
    pub(super) const fn of(reason: &'static str) -> Self {
        Self(Cow::Borrowed(reason))
    }

    /// The reason.
    pub fn reason(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Rejection {}
