//! Who is at the other end of a connection, once it is known how far to believe it.

use std::fmt;
use std::net::SocketAddr;

use crate::http::Scheme;

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer {
    /// Its address; none through a Unix socket. Behind the PROXY protocol the client's.
    pub(super) address: Option<SocketAddr>,
    /// What our listener speaks with it.
    pub(super) scheme: Scheme,
    /// Whether it is a proxy whose headers are believed.
    pub(super) is_trusted: bool,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address {
            Some(address) => address.fmt(f),
            None => f.write_str("unix"),
        }
    }
}
