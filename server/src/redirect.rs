//! Where a negotiation sends a client on to.

use std::fmt;

/// Where a client has to negotiate, and what it authenticates with there.
#[derive(Clone)]
pub struct Redirect {
    pub(crate) url: String,
    pub(crate) access_token: Option<String>,
}

impl Redirect {
    /// To a hub at `url`: `https://hubs.example.com/chat`.
    pub fn to(url: impl Into<String>) -> Self {
        Self { url: url.into(), access_token: None }
    }

    /// Has the client use this bearer token there, in place of its own.
    #[must_use]
    pub fn with_access_token(mut self, token: impl Into<String>) -> Self {
        self.access_token = Some(token.into());
        self
    }
}

impl fmt::Debug for Redirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redirect").field("url", &self.url).finish_non_exhaustive()
    }
}
