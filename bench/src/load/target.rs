//! The hub that load is put on, from its URL.
//!
//! The rule that is easy to break: load goes to this machine alone. Any certificate is accepted and no limit holds, so
//! a host that is not loopback is refused before anything is opened.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

use anyhow::{Context, Error, Result, bail, ensure};
use http::Uri;

/// Where a hub is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    /// Host and port as the URL has them.
    pub(crate) authority: String,
    /// The path with its query.
    pub(crate) path: String,
    pub(crate) tls: bool,
}

impl FromStr for Target {
    type Err = Error;

    fn from_str(url: &str) -> Result<Self> {
        let uri: Uri = url.parse().with_context(|| format!("{url} is no URL"))?;
        let (tls, usual_port) = match uri.scheme_str() {
            Some("ws") => (false, 80),
            Some("wss") => (true, 443),
            Some(_) | None => bail!("{url} does not begin with ws:// or wss://"),
        };
        let host = uri.host().unwrap_or_default();
        let ip = if host == "localhost" {
            Some(IpAddr::V4(Ipv4Addr::LOCALHOST))
        } else {
            host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok()
        };
        let Some(ip) = ip.filter(IpAddr::is_loopback) else {
            bail!("{host} is not on loopback: load is put on 127.0.0.1, [::1] or localhost alone");
        };
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
        ensure!(!authority.contains('@'), "{url} names a user: leave that out");
        Ok(Self { address: SocketAddr::new(ip, uri.port_u16().unwrap_or(usual_port)), authority, path, tls })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_the_hub_is() {
        let target: Target = "wss://127.0.0.1:7002/bench?user=a".parse().expect("it is well-formed");
        let expected = Target {
            address: SocketAddr::from(([127, 0, 0, 1], 7002)),
            authority: "127.0.0.1:7002".into(),
            path: "/bench?user=a".into(),
            tls: true,
        };
        assert_eq!(target, expected);
        let local: Target = "ws://localhost/".parse().expect("it is well-formed");
        assert_eq!((local.address, local.tls), (SocketAddr::from(([127, 0, 0, 1], 80)), false));
        let six: Target = "ws://[::1]:7000/bench".parse().expect("it is well-formed");
        assert!(six.address.is_ipv6() && six.address.ip().is_loopback());
    }

    #[test]
    fn a_host_that_is_not_loopback_is_refused() {
        for (url, host) in [
            ("ws://example.org/bench", "example.org"),
            ("ws://192.0.2.1:7000/bench", "192.0.2.1"),
            ("wss://[2001:db8::1]/bench", "[2001:db8::1]"),
            ("ws://0.0.0.0:7000/", "0.0.0.0"),
        ] {
            let error = url.parse::<Target>().expect_err("it is refused").to_string();
            assert_eq!(
                error,
                format!("{host} is not on loopback: load is put on 127.0.0.1, [::1] or localhost alone")
            );
        }
    }

    #[test]
    fn a_url_of_another_scheme_is_refused() {
        let error = "http://127.0.0.1/bench".parse::<Target>().expect_err("it is refused").to_string();
        assert_eq!(error, "http://127.0.0.1/bench does not begin with ws:// or wss://");
    }
}
