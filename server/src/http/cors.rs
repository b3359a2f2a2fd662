//! Which pages of other origins may read the answers of a hub (the Fetch standard, "CORS protocol").
//!
//! The hub's allowed origins say so, as they do for WebSockets. To a page that is not allowed nothing is said, so that
//! its browser keeps the answer from it; its requests are answered all the same, as they are to a program. Credentials
//! are always allowed, as SignalR's clients ask for them: so the origin is named, and `*` never is.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HeaderName, ORIGIN, VARY,
};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};

use super::sender::host;
use super::{Body, reply};
use crate::allowed_origins::AllowedOrigins;

/// The origin of a page that may read the answer.
///
/// If every origin is allowed, every web site may read what its visitors' cookies open.
#[derive(Clone)]
pub(super) struct AllowedOrigin(HeaderValue);

impl AllowedOrigin {
    /// The origin that the request names, if it is allowed. A program names none and needs none.
    pub(super) fn of(origins: &AllowedOrigins, parts: &Parts) -> Option<Self> {
        let mut named = parts.headers.get_all(ORIGIN).into_iter();
        let (Some(origin), None) = (named.next(), named.next()) else { return None };
        let host = host(parts).ok()?;
        let is_text = origin.to_str().is_ok_and(|origin| !origin.is_empty());
        let is_allowed = is_text && origins.allow(parts.headers.get_all(ORIGIN), host);
        is_allowed.then(|| Self(origin.clone()))
    }

    /// Says in the headers of the answer that the page may read it.
    pub(super) fn add_headers(&self, headers: &mut HeaderMap) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, self.0.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.append(VARY, HeaderValue::from_static("Origin"));
    }
}

/// Answers a browser that asks before it sends a page's request; `None` if the request is none of those.
///
/// A page that is not allowed gets the same 204 without a permission.
pub(super) fn preflight(origins: &AllowedOrigins, parts: &Parts) -> Option<Response<Body>> {
    let asks = |name| parts.headers.contains_key(name);
    if parts.method != Method::OPTIONS || !asks(ORIGIN) || !asks(ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let mut response = reply::bare(StatusCode::NO_CONTENT, "");
    if let Some(origin) = AllowedOrigin::of(origins, parts) {
        let headers = response.headers_mut();
        origin.add_headers(headers);
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, DELETE"));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAXIMUM_AGE));
        headers.extend(requested_headers(parts).map(|names| (ACCESS_CONTROL_ALLOW_HEADERS, names)));
    }
    Some(response)
}

/// Seconds for which a browser may remember the answer: origins that are taken off the list are out by then.
const MAXIMUM_AGE: &str = "600";

/// Header names that one request may ask for. SignalR's clients ask for four.
const MAXIMUM_HEADERS: usize = 32;

/// Bytes of those names.
const MAXIMUM_HEADERS_LENGTH: usize = 1024;

/// The headers that the page wants to send, as far as they are names and within the limits.
fn requested_headers(parts: &Parts) -> Option<HeaderValue> {
    let lists = parts.headers.get_all(ACCESS_CONTROL_REQUEST_HEADERS).into_iter();
    let names = lists.filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(','));
    let mut allowed = String::new();
    for name in names.map(str::trim).filter(|name| is_header_name(name)).take(MAXIMUM_HEADERS) {
        if allowed.len() + name.len() > MAXIMUM_HEADERS_LENGTH {
            break;
        }
        if !allowed.is_empty() {
            allowed.push_str(", ");
        }
        allowed.push_str(name);
    }
    HeaderValue::try_from(allowed).ok().filter(|names| !names.is_empty())
}

/// `*` is a name by its letters, and a permission for everything by its meaning.
fn is_header_name(name: &str) -> bool {
    name != "*" && HeaderName::from_bytes(name.as_bytes()).is_ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use http::Request;

    #[test]
    fn an_allowed_page_is_named_with_its_credentials() {
        for origin in ["https://hub.example", "http://HUB.example", "https://app.example"] {
            assert_eq!(
                added(&listed(), &[("origin", origin)]),
                [
                    format!("access-control-allow-origin: {origin}"),
                    "access-control-allow-credentials: true".into(),
                    "vary: Origin".into()
                ]
            );
        }
    }

    #[test]
    fn to_any_other_page_and_to_a_program_nothing_is_said() {
        let nothing: [&str; 0] = [];
        for origin in
            ["https://evil.example", "null", "", "*", "https://hub.example.evil", "https://app.example.evil"]
        {
            assert_eq!(added(&listed(), &[("origin", origin)]), nothing, "{origin}");
        }
        assert_eq!(added(&listed(), &[]), nothing);
        let several = [("origin", "https://hub.example"), ("origin", "https://evil.example")];
        assert_eq!(added(&listed(), &several), nothing);
        assert_eq!(added(&AllowedOrigins::Any, &several), nothing);
        assert_eq!(added(&AllowedOrigins::Any, &[]), nothing);
    }

    #[test]
    fn of_a_request_with_several_hosts_no_page_is_of_the_same_host() {
        let request = [("origin", "https://evil.example"), ("host", "evil.example")];
        let nothing: [&str; 0] = [];
        assert_eq!(added(&listed(), &request), nothing);
    }

    #[test]
    fn if_every_origin_is_allowed_each_is_named_and_no_star_is() {
        for origin in ["https://anywhere.example", "null"] {
            let headers = added(&AllowedOrigins::Any, &[("origin", origin)]);
            assert_eq!(headers[0], format!("access-control-allow-origin: {origin}"));
            assert_eq!(headers[1], "access-control-allow-credentials: true");
        }
    }

    #[test]
    fn what_the_answer_varies_by_already_stays() {
        let origin = AllowedOrigin(HeaderValue::from_static("https://app.example"));
        let mut headers = HeaderMap::new();
        headers.insert(VARY, HeaderValue::from_static("Accept"));
        origin.add_headers(&mut headers);
        assert_eq!(headers.get_all(VARY).into_iter().collect::<Vec<_>>(), ["Accept", "Origin"]);
    }

    #[test]
    fn a_preflight_of_an_allowed_page_is_answered_with_what_it_may_send() {
        let asked = "authorization,content-type, x-requested-with ,x-signalr-user-agent";
        let response = preflight_of(&[
            ("origin", "https://app.example"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", asked),
        ]);
        let response = response.unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert_eq!(
            lines(response.headers()),
            [
                "access-control-allow-origin: https://app.example",
                "access-control-allow-credentials: true",
                "vary: Origin",
                "access-control-allow-methods: GET, POST, DELETE",
                "access-control-max-age: 600",
                "access-control-allow-headers: authorization, content-type, x-requested-with, x-signalr-user-agent"
            ]
        );
    }

    #[test]
    fn a_preflight_of_another_page_is_answered_without_a_permission() {
        let response = preflight_of(&[
            ("origin", "https://evil.example"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "x-requested-with"),
        ]);
        let response = response.unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert!(response.headers().is_empty(), "{:?}", response.headers());
    }

    #[test]
    fn an_options_request_that_asks_for_nothing_is_no_preflight() {
        assert!(preflight_of(&[("origin", "https://app.example")]).is_none());
        assert!(preflight_of(&[("access-control-request-method", "POST")]).is_none());
        let mut parts =
            parts(&[("origin", "https://app.example"), ("access-control-request-method", "POST")]);
        parts.method = Method::POST;
        assert!(preflight(&listed(), &parts).is_none());
    }

    #[test]
    fn of_the_headers_asked_for_only_names_are_allowed_and_only_so_many() {
        let long = "x".repeat(MAXIMUM_HEADERS_LENGTH);
        assert_eq!(allowed_headers(&["x-a, *, b c, , (x), x-b", "x-c"]).unwrap(), "x-a, x-b, x-c");
        assert_eq!(allowed_headers(&["*"]), None);
        assert_eq!(allowed_headers(&[]), None);
        assert_eq!(allowed_headers(&[&long]).unwrap(), long);
        assert_eq!(allowed_headers(&["x-a", &long, "x-b"]).unwrap(), "x-a");
        let many = vec!["x"; MAXIMUM_HEADERS + 1].join(",");
        assert_eq!(allowed_headers(&[&many]).unwrap(), vec!["x"; MAXIMUM_HEADERS].join(", "));
    }

    fn allowed_headers(lists: &[&str]) -> Option<String> {
        let lists = lists.iter().map(|list| ("access-control-request-headers", *list)).collect::<Vec<_>>();
        requested_headers(&parts(&lists)).map(|names| names.to_str().unwrap().to_owned())
    }

    fn preflight_of(headers: &[(&str, &str)]) -> Option<Response<Body>> {
        preflight(&listed(), &parts(headers))
    }

    fn added(origins: &AllowedOrigins, request: &[(&str, &str)]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        if let Some(origin) = AllowedOrigin::of(origins, &parts(request)) {
            origin.add_headers(&mut headers);
        }
        lines(&headers)
    }

    fn lines(headers: &HeaderMap) -> Vec<String> {
        headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    }

    fn listed() -> AllowedOrigins {
        AllowedOrigins::SameHost(vec!["https://app.example".into()])
    }

    fn parts(headers: &[(&str, &str)]) -> Parts {
        let mut request =
            Request::builder().method(Method::OPTIONS).uri("/chat").header("host", "hub.example");
        for (name, value) in headers {
            request = request.header(*name, value.as_bytes());
        }
        request.body(()).unwrap().into_parts().0
    }
}
