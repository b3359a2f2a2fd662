//! Which pages may connect, by the origin that their browser names.

use http::HeaderValue;
use http::header::GetAll;

/// The pages that may open a WebSocket.
#[derive(Clone, Debug)]
pub(crate) enum AllowedOrigins {
    /// Those of the host that the request names, and these.
    SameHost(Vec<String>),
    Any,
}

impl AllowedOrigins {
    /// Whether a page of the origin that the headers name may connect to `host`. No origin means no browser, which may
    /// always; more than one is none that can be trusted.
    pub(crate) fn allow(&self, origins: GetAll<'_, HeaderValue>, host: Option<&str>) -> bool {
        let mut origins = origins.into_iter();
        let (Some(origin), Self::SameHost(listed)) = (origins.next(), self) else {
            return true;
        };
        let (None, Ok(origin)) = (origins.next(), origin.to_str()) else {
            return false;
        };
        is_of_host(origin, host) || listed.iter().any(|known| is_same(known, origin))
    }
}

fn is_of_host(origin: &str, host: Option<&str>) -> bool {
    let (Some((scheme, authority)), Some(host)) = (origin.split_once("://"), host) else {
        return false;
    };
    let is_web = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    is_web && without_default_port(scheme, authority).eq_ignore_ascii_case(without_default_port(scheme, host))
}

fn is_same(known: &str, origin: &str) -> bool {
    match (known.split_once("://"), origin.split_once("://")) {
        (Some((scheme, a)), Some((other, b))) => {
            scheme.eq_ignore_ascii_case(other)
                && without_default_port(scheme, a).eq_ignore_ascii_case(without_default_port(scheme, b))
        }
        _ => known.eq_ignore_ascii_case(origin),
    }
}

/// Browsers leave the port out where the scheme implies it; proxies and people write it.
fn without_default_port<'a>(scheme: &str, authority: &'a str) -> &'a str {
    let port = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
    authority.strip_suffix(port).unwrap_or(authority)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;
    use http::header::ORIGIN;

    #[test]
    fn a_page_of_another_host_is_refused_unless_listed() {
        let listed = ["https://app.example", "https://ported.example:443", "app://localhost"];
        let origins = AllowedOrigins::SameHost(listed.map(str::to_owned).into());
        let allows = |origin| origins.allow(headers(&[origin]).get_all(ORIGIN), Some("hub.example"));
        assert!(allows("https://hub.example"));
        assert!(allows("http://HUB.example"));
        assert!(allows("https://app.example"));
        assert!(allows("https://app.example:443"));
        assert!(allows("https://ported.example"));
        assert!(allows("app://localhost"));
        assert!(!allows("https://hub.example.evil"));
        assert!(!allows("https://hub.example:8443"));
        assert!(!allows("ftp://hub.example"));
        assert!(!allows("http://app.example"));
        assert!(!allows("null"));
        assert!(origins.allow(headers(&[]).get_all(ORIGIN), Some("hub.example")));
    }

    #[test]
    fn the_port_that_a_scheme_implies_may_be_written_or_not() {
        let origins = AllowedOrigins::SameHost(Vec::new());
        let allows = |origin, host| origins.allow(headers(&[origin]).get_all(ORIGIN), Some(host));
        assert!(allows("https://hub.example", "hub.example:443"));
        assert!(allows("https://hub.example:443", "hub.example"));
        assert!(allows("http://[::1]", "[::1]:80"));
        assert!(!allows("http://hub.example", "hub.example:443"));
        assert!(!allows("https://hub.example", "hub.example:80"));
    }

    #[test]
    fn of_several_origins_none_is_trusted() {
        let several = headers(&["https://hub.example", "https://evil.example"]);
        let origins = AllowedOrigins::SameHost(Vec::new());
        assert!(!origins.allow(several.get_all(ORIGIN), Some("hub.example")));
        assert!(AllowedOrigins::Any.allow(several.get_all(ORIGIN), Some("hub.example")));
    }

    fn headers(origins: &[&'static str]) -> HeaderMap {
        origins.iter().map(|origin| (ORIGIN, HeaderValue::from_static(origin))).collect()
    }
}
