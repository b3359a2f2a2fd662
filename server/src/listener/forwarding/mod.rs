//! Puts the client in the place of the proxies before it: its address, scheme, host and path.
//!
//! It runs for every request before anything else looks at it, so that hubs, pages, limits and logs see the client.
//! Nothing is believed unless the application has said whom.

mod client;
mod forwarded;
mod node;
mod path_base;
mod trusted_proxies;

use std::net::SocketAddr;
use std::sync::Arc;

use http::header::HOST;
use http::uri::{Authority, PathAndQuery};
use http::{HeaderValue, Request, Response, Uri};
use metrics::{Counter, counter, describe_counter};

use super::peer::Peer;
use super::server::Server;
use crate::admission::Admission;
use crate::http::{Body, RequestSource, Scheme, bad_request};
use client::Client;
use path_base::PathBase;
pub use trusted_proxies::{ForwardingHeader, TrustedProxies, TrustedProxiesError};

/// What the application has said of the proxies before it.
pub(super) struct Forwarding {
    proxies: Option<TrustedProxies>,
    path_base: Option<PathBase>,
    /// The path base of requests from which no proxy has taken anything else: shared by all of them.
    bases: Bases,
    malformed: Counter,
}

struct Bases {
    none: Arc<str>,
    own: Arc<str>,
}

/// What the options say.
#[derive(Default)]
pub(super) struct ForwardingOptions {
    proxies: Option<TrustedProxies>,
    path_base: Option<PathBase>,
}

/// A proxy that is trusted has written something that makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Malformed;

impl Server {
    /// Believes these proxies when they say for whom they send a request. Default: nobody.
    #[must_use]
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.forwarding.proxies = Some(proxies);
        self
    }

    /// Takes `path`, as `/app`, off the front of each request's path before anything looks at it. Default: nothing.
    ///
    /// It is for proxies that serve this server below a path and leave that path in their requests. A request with another
    /// path is answered as it is: so is one whose proxy took the path off. [`RequestSource::path_base`] tells what was
    /// taken off.
    ///
    /// # Panics
    ///
    /// If `path` does not start with a slash, or has a query or a fragment.
    #[must_use]
    pub fn path_base(mut self, path: &str) -> Self {
        self.forwarding.path_base = PathBase::new(path);
        self
    }
}

impl Forwarding {
    pub(super) fn new(options: ForwardingOptions) -> Self {
        describe_counter!(
            "hubcast_malformed_forwarding_headers_total",
            "Requests answered with 400 because a trusted proxy sent headers that make no sense"
        );
        let ForwardingOptions { proxies, path_base } = options;
        let bases = Bases { none: "".into(), own: path_base.as_ref().map_or("", PathBase::as_str).into() };
        let malformed = counter!("hubcast_malformed_forwarding_headers_total");
        Self { proxies, path_base, bases, malformed }
    }

    /// Whether a peer is a proxy that is believed.
    pub(super) fn trusts(&self, peer: Option<SocketAddr>) -> bool {
        self.proxies.as_ref().is_some_and(|proxies| proxies.trust(peer.map(|peer| peer.ip())))
    }

    /// Changes a request to what its client has sent, and leaves in it where it comes from; or refuses it.
    pub(super) fn receive<B>(
        &self,
        request: &mut Request<B>,
        peer: &Peer,
        admission: &Arc<Admission>,
    ) -> Result<(), Box<Response<Body>>> {
        let mut client = Client { address: peer.address, scheme: peer.scheme, host: None, prefix: None };
        if let Some(proxies) = self.proxies.as_ref().filter(|_| peer.is_trusted)
            && proxies.look_behind(request.headers(), &mut client) == Err(Malformed)
        {
            self.malformed.increment(1);
            tracing::info!(%peer, "a request was refused: the headers of a trusted proxy make no sense");
            return Err(Box::new(bad_request("The headers of a proxy make no sense")));
        }
        let Client { address: remote_address, scheme, host, prefix } = client;
        // A client behind a proxy has no socket of its own that would be counted.
        let admission = peer.is_trusted.then(|| Arc::clone(admission));
        let stripped = self.path_base.as_ref().and_then(|base| base.strip(request.uri()));
        let base = if stripped.is_some() { &self.bases.own } else { &self.bases.none };
        let path_base = prefix.map_or_else(|| Arc::clone(base), |prefix| format!("{prefix}{base}").into());
        change_target(request, peer.is_trusted.then_some(scheme), host, stripped);
        request.extensions_mut().insert(RequestSource { remote_address, scheme, path_base, admission });
        Ok(())
    }
}

/// `scheme` and `host` are what a trusted proxy says of them.
fn change_target<B>(
    request: &mut Request<B>,
    scheme: Option<Scheme>,
    host: Option<Authority>,
    path: Option<PathAndQuery>,
) {
    if let Some(host) = &host {
        let value = HeaderValue::try_from(host.as_str()).expect("it was read from a header's text");
        request.headers_mut().insert(HOST, value);
    }
    let uri = request.uri();
    let scheme = scheme.filter(|scheme| uri.scheme_str().is_some_and(|known| known != scheme.as_str()));
    let host = host.filter(|_| uri.authority().is_some());
    if scheme.is_none() && host.is_none() && path.is_none() {
        return;
    }
    let mut parts = uri.clone().into_parts();
    parts.scheme = scheme.map_or(parts.scheme, |scheme| {
        Some(match scheme {
            Scheme::Http => http::uri::Scheme::HTTP,
            Scheme::Https => http::uri::Scheme::HTTPS,
        })
    });
    parts.authority = host.or(parts.authority);
    parts.path_and_query = path.or(parts.path_and_query);
    match Uri::from_parts(parts) {
        Ok(uri) => *request.uri_mut() = uri,
        Err(error) => tracing::debug!(%error, "the target of a request stays as it is"),
    }
}
