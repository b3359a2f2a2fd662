//! The PROXY protocol, versions 1 and 2: a load balancer that passes bytes on says before them whose they are.
//!
//! Not here: how a header is read (`v1`, `v2`), and that no byte behind it is taken (`header`).

mod header;
mod v1;
mod v2;

use std::io;
use std::net::{IpAddr, SocketAddr};

use super::networks::{InvalidNetwork, Networks};
pub(super) use header::read;

/// What a listener asks of those that connect to it: a header of the PROXY protocol before anything else.
///
/// ```
/// use hubcast::{Endpoint, ProxyProtocol, Server};
///
/// # fn main() -> Result<(), hubcast::InvalidNetwork> {
/// let balancers = ProxyProtocol::from_networks(["10.0.0.0/8"])?;
/// let server = Server::new().listen_on(Endpoint::tcp(([0, 0, 0, 0], 5000)).proxy_protocol(balancers));
/// # Ok(())
/// # }
/// ```
///
/// Versions 1 and 2 are understood. A connection without a header, with one that makes no sense, or whose header takes longer
/// than [`Server::proxy_header_timeout`](crate::Server::proxy_header_timeout), is closed and counted by
/// `hubcast_refused_proxy_headers_total`. The address in the header is the client's from then on. The proxy's own
/// connections (`LOCAL`) and those whose origin it does not know (`UNKNOWN`, `UNSPEC`) keep its address. A header of version
/// 1 has 107 bytes at most, one of version 2 has 16 and up to 2,048 behind them; extensions (TLVs) are skipped.
#[derive(Debug, Clone)]
pub struct ProxyProtocol {
    /// Who may send headers; whoever connects if there is no list.
    senders: Option<Networks>,
}

/// Whose bytes a connection brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The proxy's own, or it does not know.
    Proxy,
    /// A client's.
    Client(SocketAddr),
    /// Those of a client that came to the proxy through a Unix socket.
    Unix,
}

/// Bytes that are no header of the PROXY protocol.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoHeader(&'static str);

impl ProxyProtocol {
    /// Believes whoever connects, for listeners that only the proxy can reach: else any client can say who it is.
    pub fn from_anyone() -> Self {
        Self { senders: None }
    }

    /// Believes these addresses and networks, as `127.0.0.1` and `10.0.0.0/8`, and closes the connections of others. Who
    /// connects through a Unix socket is believed.
    ///
    /// # Errors
    ///
    /// If a text is no network.
    pub fn from_networks(
        networks: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Self, InvalidNetwork> {
        Ok(Self { senders: Some(Networks::parse(networks)?) })
    }

    pub(super) fn believes(&self, sender: Option<IpAddr>) -> bool {
        let (Some(senders), Some(sender)) = (&self.senders, sender) else { return true };
        senders.contain(sender)
    }
}

impl From<NoHeader> for io::Error {
    fn from(NoHeader(why): NoHeader) -> Self {
        Self::new(io::ErrorKind::InvalidData, why)
    }
}
