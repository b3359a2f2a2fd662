//! Who sent a request, as a proxy writes it: `192.0.2.1`, `192.0.2.1:4711`, `[2001:db8::1]:4711`, `unknown`, `_hidden`.

use std::net::{IpAddr, SocketAddr};

use super::Malformed;

/// A node of RFC 7239 §6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    /// With port 0 where none was written.
    Known(SocketAddr),
    /// The proxy does not know, or does not tell.
    Hidden,
}

impl Node {
    pub(super) fn parse(text: &str) -> Result<Self, Malformed> {
        if text.eq_ignore_ascii_case("unknown") || text.starts_with('_') {
            return Ok(Self::Hidden);
        }
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        if let Ok(ip) = bare.parse::<IpAddr>() {
            return Ok(Self::known(ip, 0));
        }
        // A port may be hidden too (RFC 7239 §6.3).
        let (host, port) = text.rsplit_once(':').ok_or(Malformed)?;
        if port.starts_with('_') {
            return match Self::parse(host)? {
                Self::Known(address) if address.port() == 0 => Ok(Self::Known(address)),
                Self::Known(_) | Self::Hidden => Err(Malformed),
            };
        }
        let address = text.parse::<SocketAddr>().map_err(|_| Malformed)?;
        Ok(Self::known(address.ip(), address.port()))
    }

    fn known(ip: IpAddr, port: u16) -> Self {
        Self::Known(SocketAddr::new(ip.to_canonical(), port))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_and_without_ports_and_brackets() {
        for (text, address) in [
            ("192.0.2.1", "192.0.2.1:0"),
            ("192.0.2.1:4711", "192.0.2.1:4711"),
            ("192.0.2.1:_secret", "192.0.2.1:0"),
            ("2001:db8::1", "[2001:db8::1]:0"),
            ("[2001:db8::1]", "[2001:db8::1]:0"),
            ("[2001:db8::1]:4711", "[2001:db8::1]:4711"),
            ("[2001:db8::1]:_x", "[2001:db8::1]:0"),
            ("::ffff:192.0.2.1", "192.0.2.1:0"),
        ] {
            assert_eq!(Node::parse(text), Ok(Node::Known(address.parse().unwrap())), "{text}");
        }
    }

    #[test]
    fn who_is_hidden_is_told_from_what_makes_no_sense() {
        for text in ["unknown", "Unknown", "_hidden", "_SEVKISEK"] {
            assert_eq!(Node::parse(text), Ok(Node::Hidden), "{text}");
        }
        for text in [
            "",
            "x",
            "192.0.2",
            "192.0.2.1:",
            "192.0.2.1:99999",
            "[::1",
            "::1]",
            "192.0.2.1:1:_x",
            "unknown:_x:_y",
        ] {
            assert_eq!(Node::parse(text), Err(Malformed), "{text}");
        }
    }
}
