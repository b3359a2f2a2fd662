//! Networks in CIDR notation: which addresses belong to proxies.

use std::net::IpAddr;

use ipnet::IpNet;

/// A list of networks.
#[derive(Debug, Clone, Default)]
pub(super) struct Networks(Vec<IpNet>);

/// A text that is no network: neither an address nor one with the length of its prefix, as in `10.0.0.0/8`.
#[derive(Debug, thiserror::Error)]
#[error(
    "{text:?} is no network: write an address, or one with the length of its prefix as in \"10.0.0.0/8\""
)]
#[non_exhaustive]
pub struct InvalidNetwork {
    /// What was given.
    pub text: String,
}

impl Networks {
    pub(super) fn parse(texts: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, InvalidNetwork> {
        let parse = |text: &str| {
            let alone = || text.parse::<IpAddr>().ok().map(IpNet::from);
            let network = text.parse::<IpNet>().ok().or_else(alone);
            network.ok_or_else(|| InvalidNetwork { text: text.to_owned() })
        };
        texts.into_iter().map(|text| parse(text.as_ref())).collect::<Result<_, _>>().map(Self)
    }

    /// Whether an address is in one of them. An IPv4 address that IPv6 carries is the IPv4 address.
    pub(super) fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_in_its_network_and_in_no_other() {
        let networks = Networks::parse(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"]).unwrap();
        for (address, is_in) in [
            ("10.255.0.1", true),
            ("11.0.0.1", false),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("::ffff:10.1.2.3", true),
            ("2001:db8:1::1", true),
            ("2001:db9::1", false),
        ] {
            assert_eq!(networks.contain(address.parse().unwrap()), is_in, "{address}");
        }
        assert!(!Networks::default().contain("127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn what_is_no_network_is_named() {
        for text in ["", "10.0.0.0/33", "localhost", "10.0.0.0/8/8", "10.0.0"] {
            let error = Networks::parse(["127.0.0.1", text]).unwrap_err();
            assert_eq!(error.text, text);
        }
    }
}
