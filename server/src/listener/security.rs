//! Whether a listener speaks clear text or TLS.

#[cfg(feature = "tls")]
use super::tls::Tls;
use crate::http::Scheme;

/// What stands between a listener's sockets and HTTP.
#[derive(Clone)]
pub(super) enum Security {
    ClearText,
    #[cfg(feature = "tls")]
    Tls(Tls),
}

impl Security {
    pub(super) fn scheme(&self) -> Scheme {
        match self {
            Self::ClearText => Scheme::Http,
            #[cfg(feature = "tls")]
            Self::Tls(_) => Scheme::Https,
        }
    }
}
