//! What HTTP/2 wants different in the head of a response that was written for either version.

use http::header::{CONNECTION, CONTENT_LENGTH, DATE, HeaderName, TRANSFER_ENCODING, UPGRADE};
use http::response::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use http_body::Body as _;

use crate::http::Body;

/// Whether anything follows the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    HeadAlone,
    WithBody,
}

/// Makes the head one of HTTP/2.
pub(super) fn prepare(parts: &mut Parts, method: &Method, body: &Body) -> Framing {
    parts.version = Version::HTTP_2;
    without_connection_headers(&mut parts.headers);
    parts.headers.entry(DATE).or_insert_with(date);
    let has_no_content = parts.status == StatusCode::NO_CONTENT;
    if has_no_content {
        // RFC 9110 §8.6
        parts.headers.remove(CONTENT_LENGTH);
    }
    if has_no_content || parts.status == StatusCode::NOT_MODIFIED {
        return Framing::HeadAlone;
    }
    let length = body.size_hint().exact();
    // What a service leaves out of its answer to HEAD says nothing about the answer to GET.
    let is_known = |length: &u64| *length > 0 || method != Method::HEAD;
    if let Some(length) = length.filter(is_known) {
        parts.headers.entry(CONTENT_LENGTH).or_insert_with(|| HeaderValue::from(length));
    }
    if method == Method::HEAD || body.is_end_stream() { Framing::HeadAlone } else { Framing::WithBody }
}

/// Removes what is about an HTTP/1.1 connection: h2 refuses to send it, and clients must not accept it (RFC 9113
/// §8.2.2).
pub(super) fn without_connection_headers(headers: &mut HeaderMap) {
    let named = headers.get_all(CONNECTION).into_iter().filter_map(|value| value.to_str().ok());
    let named = named.flat_map(|value| value.split(',')).filter_map(|name| name.trim().parse().ok());
    for name in named.collect::<Vec<HeaderName>>() {
        headers.remove(name);
    }
    for name in [CONNECTION, TRANSFER_ENCODING, UPGRADE, KEEP_ALIVE, PROXY_CONNECTION] {
        headers.remove(name);
    }
}

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

fn date() -> HeaderValue {
    HeaderValue::try_from(httpdate::fmt_http_date(std::time::SystemTime::now()))
        .expect("a date is a header value")
}
