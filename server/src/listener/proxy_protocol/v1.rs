//! Version 1, a line of text: `PROXY TCP4 192.0.2.1 192.0.2.2 4711 443`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::{NoHeader, Origin};

/// How the line begins.
pub(super) const START: &[u8] = b"PROXY ";

/// Bytes of the longest line, its end included.
pub(super) const MAXIMUM_LENGTH: usize = 107;

/// Reads a line without its end.
pub(super) fn parse(line: &[u8]) -> Result<Origin, NoHeader> {
    let line = str::from_utf8(line).map_err(|_| NoHeader("its line is no text"))?;
    let mut parts = line.split(' ');
    let (_proxy, family) = (parts.next(), parts.next());
    if family == Some("UNKNOWN") {
        // Whatever follows means nothing.
        return Ok(Origin::Proxy);
    }
    let mut address = || {
        let text = parts.next().ok_or(NoHeader("an address is missing"))?;
        match family {
            Some("TCP4") => text.parse::<Ipv4Addr>().map(IpAddr::from),
            Some("TCP6") => text.parse::<Ipv6Addr>().map(IpAddr::from),
            _ => return Err(NoHeader("its family is neither TCP4, TCP6 nor UNKNOWN")),
        }
        .map_err(|_| NoHeader("an address is none of its family"))
    };
    let (source, _destination) = (address()?, address()?);
    let mut port = || {
        let text = parts.next().ok_or(NoHeader("a port is missing"))?;
        let is_plain =
            text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
        text.parse::<u16>().ok().filter(|_| is_plain).ok_or(NoHeader("a port is none"))
    };
    let (port, _destination) = (port()?, port()?);
    if parts.next().is_some() {
        return Err(NoHeader("something follows its ports"));
    }
    Ok(Origin::Client(SocketAddr::new(source.to_canonical(), port)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn clients_of_both_families_are_read_and_an_unknown_one_is_the_proxy() {
        for (line, address) in [
            ("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535", "255.255.255.255:65535"),
            ("PROXY TCP6 2001:db8::1 ::1 4711 0", "[2001:db8::1]:4711"),
            ("PROXY TCP6 ::ffff:192.0.2.1 ::1 4711 443", "192.0.2.1:4711"),
        ] {
            assert_eq!(parse(line.as_bytes()), Ok(Origin::Client(address.parse().unwrap())), "{line}");
        }
        for line in ["PROXY UNKNOWN", "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535"] {
            assert_eq!(parse(line.as_bytes()), Ok(Origin::Proxy));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for line in [
            "PROXY ",
            "PROXY tcp4 192.0.2.1 192.0.2.2 1 2",
            "PROXY UDP4 192.0.2.1 192.0.2.2 1 2",
            "PROXY TCP4 ::1 ::1 1 2",
            "PROXY TCP6 192.0.2.1 192.0.2.2 1 2",
            "PROXY TCP4 192.0.2.1 192.0.2.2 1",
            "PROXY TCP4 192.0.2.1 192.0.2.2 01 2",
            "PROXY TCP4 192.0.2.1 192.0.2.2 +1 2",
            "PROXY TCP4 192.0.2.1 192.0.2.2 1 65536",
            "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3",
            "PROXY TCP4  192.0.2.1 192.0.2.2 1 2",
        ] {
            assert!(parse(line.as_bytes()).is_err(), "{line}");
        }
        assert!(parse(b"PROXY TCP4 \xff").is_err());
    }
}
