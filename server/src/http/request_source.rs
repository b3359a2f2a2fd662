//! Where a request comes from, as the server sees it: through trusted proxies up to the client.

use std::net::SocketAddr;
use std::sync::Arc;

use http::Extensions;
use http::request::Parts;

use super::scheme::Scheme;
use super::sender::host;
use crate::admission::{AddressPlace, Admission, Full};

/// Where a request comes from: the client's address, the scheme that it used, and what was taken off its path.
///
/// [`Server`](crate::Server) leaves it in the extensions of every request, for hubs and for the fallback service:
///
/// ```
/// # fn example(parts: &http::request::Parts) {
/// use hubcast::{RequestSource, Scheme};
///
/// let source = RequestSource::of(&parts.extensions);
/// let is_secure = source.is_some_and(|source| source.scheme() == Scheme::Https);
/// let address = source.and_then(RequestSource::remote_address);
/// # }
/// ```
///
/// It says what the proxies say that [`Server::trusted_proxies`](crate::Server::trusted_proxies) and
/// [`ProxyProtocol`](crate::ProxyProtocol) trust, and else what the server sees itself.
#[derive(Debug, Clone)]
pub struct RequestSource {
    pub(crate) remote_address: Option<SocketAddr>,
    pub(crate) scheme: Scheme,
    pub(crate) path_base: Arc<str>,
    /// Where the hub connections and the WebSockets of its client are counted, if it has no socket of its own.
    pub(crate) admission: Option<Arc<Admission>>,
}

impl RequestSource {
    /// The source of the request with these extensions; `None` if another server took it in.
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// The address of the client. Its port is 0 where a proxy did not tell; `None` if the client came through a Unix
    /// socket, or its proxy hides it.
    pub fn remote_address(&self) -> Option<SocketAddr> {
        self.remote_address
    }

    /// The scheme that the client used.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// What proxies and the server took off the front of the path, as `/app`; empty if nothing.
    pub fn path_base(&self) -> &str {
        &self.path_base
    }

    /// Takes a place for a hub connection or a WebSocket of the client whose request has these extensions, where it has no
    /// socket of its own but a proxy's.
    pub(crate) fn enter(extensions: &Extensions) -> Result<Option<AddressPlace>, Full> {
        let Some(Self { admission: Some(admission), remote_address: Some(address), .. }) =
            Self::of(extensions)
        else {
            return Ok(None);
        };
        admission.enter_address(address.ip()).map(Some)
    }

    /// The URL of `path` as the client would ask for it: with its scheme and host and the path base, as
    /// `https://hub.example/app/chat`. `None` if the request names no host or several, or another server took it in.
    pub fn url(request: &Parts, path: &str) -> Option<String> {
        let source = Self::of(&request.extensions)?;
        let host = host(request).ok().flatten()?;
        Some(format!("{}://{host}{}{path}", source.scheme, source.path_base))
    }
}
