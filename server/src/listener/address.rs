//! Where a server listens, as people write it.

use std::fmt;
use std::net::SocketAddr;

/// An address that a server listens on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Address {
    /// Whether it speaks TLS.
    pub scheme: Scheme,
    /// The address, with the port that the system chose if none was given.
    pub socket: SocketAddr,
}

/// Clear text or TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scheme {
    /// HTTP/1.1, and HTTP/2 with prior knowledge, in clear text.
    Http,
    /// HTTP/2 and HTTP/1.1 over TLS, chosen by ALPN.
    Https,
}

impl fmt::Display for Address {
    /// Writes the URL; the loopback address is `localhost`, which browsers trust more.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        if self.socket.ip().is_loopback() {
            f.pad(&format!("{scheme}://localhost:{}", self.socket.port()))
        } else {
            f.pad(&format!("{scheme}://{}", self.socket))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_as_people_write_it() {
        let told =
            |socket: ([u8; 4], u16)| Address { scheme: Scheme::Http, socket: socket.into() }.to_string();
        assert_eq!(told(([127, 0, 0, 1], 5000)), "http://localhost:5000");
        assert_eq!(told(([10, 0, 0, 1], 80)), "http://10.0.0.1:80");
    }
}
