//! Where a server listens, as people write it.

use std::fmt;
use std::net::SocketAddr;

use crate::http::Scheme;

/// An address that a server listens on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Address {
    /// Whether it speaks TLS.
    pub scheme: Scheme,
    /// The address, with the port that the system chose if none was given.
    pub socket: SocketAddr,
}

impl fmt::Display for Address {
    /// Writes the URL; the loopback address of IPv4 is `localhost`, which browsers trust more. That of IPv6 is not: there
    /// it may be the other.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.socket.is_ipv4() && self.socket.ip().is_loopback() {
            f.pad(&format!("{}://localhost:{}", self.scheme, self.socket.port()))
        } else {
            f.pad(&format!("{}://{}", self.scheme, self.socket))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_as_people_write_it() {
        let told = |socket: &str| {
            let socket = socket.parse().expect("it is an address");
            Address { scheme: Scheme::Http, socket }.to_string()
        };
        assert_eq!(told("127.0.0.1:5000"), "http://localhost:5000");
        for address in ["10.0.0.1:80", "[::1]:5000", "[::]:5000", "[2001:db8::1]:80"] {
            assert_eq!(told(address), format!("http://{address}"));
        }
    }
}
