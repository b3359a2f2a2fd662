//! What counts as one address: an IPv4 address, or the 64 leading bits of an IPv6 address, which one host or customer has to
//! itself (RFC 4291 §2.5.4, RFC 6177).

use std::net::IpAddr;

/// An address that something is counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Neighbour(u64);

impl From<IpAddr> for Neighbour {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            // In ::/64 nobody has an address, so that the two kinds never meet.
            IpAddr::V4(address) => Self(address.to_bits().into()),
            IpAddr::V6(address) if address.is_loopback() => Self(u64::from(u32::MAX) + 1),
            IpAddr::V6(address) => Self((address.to_bits() >> 64) as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_of_64_bits_is_one_and_mapped_addresses_are_ipv4() {
        let of = |text: &str| Neighbour::from(text.parse::<IpAddr>().expect("an address"));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_ne!(of("::1"), of("0.0.0.1"));
    }
}
