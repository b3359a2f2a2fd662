//! Version 2, in binary: a signature, four bytes, addresses, and extensions (TLVs) that are skipped.

use std::net::{IpAddr, SocketAddr};

use super::{NoHeader, Origin};

/// How it begins.
pub(super) const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";

/// Bytes behind the signature that every header has: version and command, family and transport, length of the rest.
pub(super) const HEAD: usize = 4;

/// Bytes that may follow those. Addresses take 216 at most; certificates and names in extensions fit in the rest.
const MAXIMUM_REST: usize = 2048;

/// How many bytes follow the head.
pub(super) fn length(head: [u8; HEAD]) -> Result<usize, NoHeader> {
    let [version, _, length @ ..] = head;
    if version >> 4 != 2 {
        return Err(NoHeader("its version is not 2"));
    }
    let length = usize::from(u16::from_be_bytes(length));
    if length <= MAXIMUM_REST { Ok(length) } else { Err(NoHeader("it is too long")) }
}

/// Reads a header whose rest is there.
pub(super) fn parse(head: [u8; HEAD], rest: &[u8]) -> Result<Origin, NoHeader> {
    let [command, family, ..] = head;
    match (command & 0xf, family) {
        // The proxy's own connection, and one of a family that it does not know: the addresses mean nothing.
        (0, _) | (1, 0) => Ok(Origin::Proxy),
        (1, 0x11) => address::<4, 12>(rest),
        (1, 0x21) => address::<16, 36>(rest),
        (1, 0x31) if rest.len() >= 216 => Ok(Origin::Unix),
        (1, _) => Err(NoHeader("its addresses are none of a stream")),
        _ => Err(NoHeader("its command is neither LOCAL nor PROXY")),
    }
}

/// Source and destination of `IP` bytes each, then their ports.
fn address<const IP: usize, const ALL: usize>(rest: &[u8]) -> Result<Origin, NoHeader>
where
    [u8; IP]: Into<IpAddr>,
{
    let all = rest.first_chunk::<ALL>().ok_or(NoHeader("its addresses are cut off"))?;
    let ip = *all.first_chunk::<IP>().ok_or(NoHeader("its addresses are cut off"))?;
    let port = u16::from_be_bytes([all[2 * IP], all[2 * IP + 1]]);
    Ok(Origin::Client(SocketAddr::new(ip.into().to_canonical(), port)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn clients_of_both_families_are_read_and_extensions_are_skipped() {
        let v4 = [192, 0, 2, 1, 192, 0, 2, 2, 0x12, 0x67, 1, 0xbb];
        let tlv = [0x04, 0, 2, 0xaa, 0xbb];
        assert_eq!(read(0x21, 0x11, &v4), client("192.0.2.1:4711"));
        assert_eq!(read(0x21, 0x11, &[&v4[..], &tlv].concat()), client("192.0.2.1:4711"));
        let mut v6 = [0; 36];
        v6[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
        v6[15] = 1;
        v6[32..34].copy_from_slice(&4711_u16.to_be_bytes());
        assert_eq!(read(0x21, 0x21, &v6), client("[2001:db8::1]:4711"));
        assert_eq!(read(0x21, 0x31, &[0; 216]), Ok(Origin::Unix));
    }

    #[test]
    fn the_proxys_own_connections_keep_its_address() {
        assert_eq!(read(0x20, 0x11, &[0; 12]), Ok(Origin::Proxy));
        assert_eq!(read(0x20, 0xff, &[]), Ok(Origin::Proxy));
        assert_eq!(read(0x21, 0, &[1, 2, 3]), Ok(Origin::Proxy));
    }

    #[test]
    fn anything_else_is_refused() {
        for (command, family, rest) in [
            (0x11, 0x11, &[0; 12][..]),
            (0x22, 0x11, &[0; 12]),
            (0x21, 0x12, &[0; 12]),
            (0x21, 0x11, &[0; 11]),
            (0x21, 0x21, &[0; 35]),
            (0x21, 0x31, &[0; 215]),
            (0x21, 0x41, &[0; 216]),
            (0x20, 0, &[0; 2049]),
        ] {
            assert!(read(command, family, rest).is_err(), "{command:x} {family:x} {}", rest.len());
        }
    }

    fn read(command: u8, family: u8, rest: &[u8]) -> Result<Origin, NoHeader> {
        let [high, low] = u16::try_from(rest.len()).unwrap().to_be_bytes();
        let head = [command, family, high, low];
        assert_eq!(length(head)?, rest.len());
        parse(head, rest)
    }

    fn client(address: &str) -> Result<Origin, NoHeader> {
        Ok(Origin::Client(address.parse().unwrap()))
    }
}
