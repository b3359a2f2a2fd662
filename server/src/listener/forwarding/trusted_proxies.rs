//! Which proxies are believed, and which of their headers.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderValue};

use super::Malformed;
use super::client::Client;
use super::forwarded::{self, Element};
use super::node::Node;
use crate::listener::networks::{InvalidNetwork, Networks};

/// Proxies that say, in headers, for whom they send a request.
///
/// ```
/// use hubcast::{ForwardingHeader, Server, TrustedProxies};
///
/// # fn main() -> Result<(), hubcast::TrustedProxiesError> {
/// let headers = [ForwardingHeader::XForwardedFor, ForwardingHeader::XForwardedProto];
/// let server = Server::new().trusted_proxies(TrustedProxies::new(["10.0.0.0/8", "::1"], headers)?);
/// # Ok(())
/// # }
/// ```
///
/// Requests from these addresses alone are looked at, and no header but the named ones. Name those that your proxy sets
/// or removes in every request: what it passes on as it came, any client can write.
///
/// The headers are read from the right, as each proxy adds its entry there. An entry counts if it was written by a
/// trusted proxy: the first by the one that is connected, each next one by the proxy that the entry before named, and no
/// more than [`hop_limit`](Self::hop_limit). A value that makes no sense is answered with 400, as nobody knows then who
/// sends the request; it is counted by `hubcast_malformed_forwarding_headers_total`. `unknown` and hidden identifiers
/// (RFC 7239 §6) leave the client's address unknown.
#[derive(Debug, Clone)]
pub struct TrustedProxies {
    networks: Networks,
    unix_sockets: bool,
    headers: Vec<ForwardingHeader>,
    hop_limit: usize,
}

/// A header in which proxies say for whom they send a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForwardingHeader {
    /// `Forwarded` (RFC 7239): the client's address (`for`), its scheme (`proto`) and host (`host`).
    Forwarded,
    /// `X-Forwarded-For`: the client's address.
    XForwardedFor,
    /// `X-Forwarded-Proto`: the client's scheme, `http` or `https`; `ws` and `wss` are taken for those.
    XForwardedProto,
    /// `X-Forwarded-Host`: the host that the client asked for. It takes the place of the Host header.
    XForwardedHost,
    /// `X-Forwarded-Prefix`: what the proxy has taken off the front of the path.
    XForwardedPrefix,
}

/// Why proxies cannot be trusted as it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrustedProxiesError {
    /// A text is no network.
    #[error(transparent)]
    InvalidNetwork(#[from] InvalidNetwork),
    /// `Forwarded` and one of the headers that say the same: a proxy sets one of them and passes the other on.
    #[error("both Forwarded and {0:?} are trusted, which say the same: name the one that the proxy sets")]
    Contradiction(ForwardingHeader),
}

impl TrustedProxies {
    /// Trusts `headers` in requests from these addresses and networks, as `127.0.0.1` and `10.0.0.0/8`.
    ///
    /// # Errors
    ///
    /// If a text is no network, or the headers contradict each other.
    pub fn new(
        networks: impl IntoIterator<Item = impl AsRef<str>>,
        headers: impl IntoIterator<Item = ForwardingHeader>,
    ) -> Result<Self, TrustedProxiesError> {
        let headers = headers.into_iter().collect::<Vec<_>>();
        let says_the_same = |header: &&ForwardingHeader| {
            !matches!(header, ForwardingHeader::Forwarded | ForwardingHeader::XForwardedPrefix)
        };
        if let Some(other) = headers.iter().find(says_the_same)
            && headers.contains(&ForwardingHeader::Forwarded)
        {
            return Err(TrustedProxiesError::Contradiction(*other));
        }
        Ok(Self { networks: Networks::parse(networks)?, unix_sockets: false, headers, hop_limit: 1 })
    }

    /// Trusts whoever connects through a Unix socket too. Default: off.
    #[must_use]
    pub fn unix_sockets(mut self, on: bool) -> Self {
        self.unix_sockets = on;
        self
    }

    /// Sets how many entries are read at most, which is the number of proxies that a request goes through. Default: 1.
    ///
    /// More than there are proxies lets a client within one of the networks write who it is.
    #[must_use]
    pub fn hop_limit(mut self, hops: usize) -> Self {
        self.hop_limit = hops;
        self
    }

    /// Whether headers of requests from there are looked at; without an address, from a Unix socket.
    pub(in crate::listener) fn trust(&self, address: Option<IpAddr>) -> bool {
        address.map_or(self.unix_sockets, |address| self.networks.contain(address))
    }

    /// Puts what the headers say in place of what is known of the proxy that sends them.
    pub(super) fn look_behind<'h>(
        &self,
        headers: &'h HeaderMap,
        client: &mut Client<'h>,
    ) -> Result<(), Malformed> {
        if self.reads(ForwardingHeader::XForwardedPrefix) {
            let prefixes = list(headers, X_FORWARDED_PREFIX)?;
            client.prefix = prefixes.last().map(|prefix| Client::read_prefix(prefix)).transpose()?;
        }
        let mut elements = Vec::new();
        if self.reads(ForwardingHeader::Forwarded) {
            for header in texts(headers, FORWARDED) {
                forwarded::parse(header?, &mut elements)?;
            }
        } else {
            elements = self.x_forwarded(headers)?;
        }
        for element in elements.into_iter().rev().take(self.hop_limit) {
            client.scheme = element.proto.as_deref().map_or(Ok(client.scheme), Client::read_scheme)?;
            if let Some(host) = element.host {
                client.host = Some(Client::read_host(&host)?);
            }
            let Some(node) = element.node else { break };
            client.address = match Node::parse(&node)? {
                Node::Known(address) => Some(address),
                Node::Hidden => None,
            };
            if !client.address.as_ref().map(SocketAddr::ip).is_some_and(|ip| self.networks.contain(ip)) {
                break;
            }
        }
        Ok(())
    }

    /// The entries of the separate headers, put together from the right.
    fn x_forwarded<'h>(&self, headers: &'h HeaderMap) -> Result<Vec<Element<'h>>, Malformed> {
        let column = |header, name| if self.reads(header) { list(headers, name) } else { Ok(Vec::new()) };
        let nodes = column(ForwardingHeader::XForwardedFor, X_FORWARDED_FOR)?;
        let protos = column(ForwardingHeader::XForwardedProto, X_FORWARDED_PROTO)?;
        let hosts = column(ForwardingHeader::XForwardedHost, X_FORWARDED_HOST)?;
        let hops = nodes.len().max(protos.len()).max(hosts.len());
        let from_right = |column: &[&'h str], hop: usize| Some((*column.iter().rev().nth(hop)?).into());
        let hop = |hop| Element {
            node: from_right(&nodes, hop),
            proto: from_right(&protos, hop),
            host: from_right(&hosts, hop),
        };
        Ok((0..hops.min(self.hop_limit)).rev().map(hop).collect())
    }

    fn reads(&self, header: ForwardingHeader) -> bool {
        self.headers.contains(&header)
    }
}

const FORWARDED: &str = "forwarded";
const X_FORWARDED_FOR: &str = "x-forwarded-for";
const X_FORWARDED_PROTO: &str = "x-forwarded-proto";
const X_FORWARDED_HOST: &str = "x-forwarded-host";
const X_FORWARDED_PREFIX: &str = "x-forwarded-prefix";

fn texts<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = Result<&'h str, Malformed>> {
    headers.get_all(name).into_iter().map(|value: &HeaderValue| value.to_str().map_err(|_| Malformed))
}

/// The entries of a header that is a list, over all its lines; empty ones are skipped (RFC 9110 §5.6.1).
fn list<'h>(headers: &'h HeaderMap, name: &str) -> Result<Vec<&'h str>, Malformed> {
    let mut entries = Vec::new();
    for text in texts(headers, name) {
        entries.extend(text?.split(',').map(str::trim).filter(|entry| !entry.is_empty()));
    }
    Ok(entries)
}
