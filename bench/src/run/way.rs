//! The way a connection comes in: HTTP version, streams on one connection, TLS; and on which port a server takes it.

use std::fmt;
use std::str::FromStr;

/// How many ports in a row a server gets.
pub(crate) const PORTS: u16 = 3;
/// From a server's first port to the one for TLS, in all layouts that have TLS.
const TLS_OFFSET: u16 = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Http {
    H1,
    H2,
}

impl Http {
    /// As the load's command line and its samples spell it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::H1 => "h1",
            Self::H2 => "h2",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) http: Http,
    /// On each HTTP/2 connection; 1 on HTTP/1.1.
    pub(crate) streams: usize,
    pub(crate) tls: bool,
}

impl Way {
    pub(crate) const H1: Self = Self { http: Http::H1, streams: 1, tls: false };
    pub(crate) const TLS: Self = Self { tls: true, ..Self::H1 };
    /// One WebSocket on each HTTP/2 connection.
    pub(crate) const H2_SINGLE: Self = Self { http: Http::H2, streams: 1, tls: false };
    /// A hundred WebSockets share an HTTP/2 connection.
    pub(crate) const H2: Self = Self { streams: 100, ..Self::H2_SINGLE };
    pub(crate) const TLS_H2: Self = Self { tls: true, ..Self::H2 };
}

/// Which ways a server takes, and on which of its ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// HTTP/1.1 and HTTP/2 in clear text on the first port, TLS on the third.
    Both,
    /// HTTP/1.1 on the first port, HTTP/2 in clear text on the second, TLS on the third.
    Apart,
    /// HTTP/1.1 in clear text alone.
    H1,
}

impl Layout {
    /// The port for `way`, or `None` where the server does not take it.
    pub(crate) fn port(self, first: u16, way: Way) -> Option<u16> {
        match (self, way.http, way.tls) {
            (_, Http::H1, false) | (Self::Both, Http::H2, false) => Some(first),
            (Self::Apart, Http::H2, false) => Some(first + 1),
            (Self::Both | Self::Apart, Http::H1 | Http::H2, true) => Some(first + TLS_OFFSET),
            (Self::H1, Http::H2, _) | (Self::H1, Http::H1, true) => None,
        }
    }

    /// All ports on which a server listens when it is ready.
    pub(crate) fn ports(self, first: u16) -> Vec<u16> {
        match self {
            Self::Both => vec![first, first + TLS_OFFSET],
            Self::Apart => vec![first, first + 1, first + TLS_OFFSET],
            Self::H1 => vec![first],
        }
    }
}

impl FromStr for Layout {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "both" => Ok(Self::Both),
            "apart" => Ok(Self::Apart),
            "h1" => Ok(Self::H1),
            _ => Err(format!("`{name}` is no layout: there are both, apart and h1")),
        }
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Both => "both",
            Self::Apart => "apart",
            Self::H1 => "h1",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_layout_has_its_ports() {
        let ports =
            |layout: Layout| [Way::H1, Way::H2, Way::TLS, Way::TLS_H2].map(|way| layout.port(7000, way));
        assert_eq!(ports(Layout::Both), [Some(7000), Some(7000), Some(7002), Some(7002)]);
        assert_eq!(ports(Layout::Apart), [Some(7000), Some(7001), Some(7002), Some(7002)]);
        assert_eq!(ports(Layout::H1), [Some(7000), None, None, None]);
    }

    #[test]
    fn a_server_is_ready_when_all_ports_of_its_layout_listen() {
        assert_eq!(Layout::Both.ports(7000), [7000, 7002]);
        assert_eq!(Layout::Apart.ports(7000), [7000, 7001, 7002]);
        assert_eq!(Layout::H1.ports(7000), [7000]);
    }

    #[test]
    fn a_layout_is_read_as_it_is_printed() {
        for layout in [Layout::Both, Layout::Apart, Layout::H1] {
            assert_eq!(layout.to_string().parse(), Ok(layout));
        }
        assert!("h3".parse::<Layout>().is_err());
    }
}
