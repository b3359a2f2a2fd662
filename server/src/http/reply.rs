//! The responses, with the status codes, headers and bodies of ASP.NET Core.

use std::time::Duration;

use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, EXPIRES, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE,
};
use http::{HeaderValue, Method, Response, StatusCode};

use super::Body;
use crate::transport::PipeReader;

/// A status with a text for people.
pub(super) fn text(status: StatusCode, text: impl Into<Bytes>) -> Response<Body> {
    with_type(status, HeaderValue::from_static("text/plain"), text)
}

/// What negotiation answers.
pub(super) fn json(body: Vec<u8>) -> Response<Body> {
    with_type(StatusCode::OK, HeaderValue::from_static("application/json"), body)
}

/// JSON that is no success.
pub(super) fn json_error(status: StatusCode, error: &'static str) -> Response<Body> {
    let body = format!(r#"{{"error":"{error}"}}"#);
    with_type(status, HeaderValue::from_static("application/json"), body)
}

/// A request that names no connection.
pub(super) fn no_id() -> Response<Body> {
    text(StatusCode::BAD_REQUEST, "Connection ID required")
}

/// A request that names a connection that is not there.
pub(super) fn unknown_id() -> Response<Body> {
    text(StatusCode::NOT_FOUND, UNKNOWN_ID)
}

/// A WebSocket request that names a connection that is not there.
pub(super) fn unknown_id_for_websocket() -> Response<Body> {
    bare(StatusCode::NOT_FOUND, UNKNOWN_ID)
}

const UNKNOWN_ID: &str = "No Connection with that ID";

/// A request with a method that the path does not have.
pub(super) fn method_not_allowed() -> Response<Body> {
    text(StatusCode::METHOD_NOT_ALLOWED, "")
}

/// A request that is not well-formed, or a WebSocket request that is none (RFC 6455 §4.2.1).
pub(crate) fn bad_request(what: &'static str) -> Response<Body> {
    text(StatusCode::BAD_REQUEST, what)
}

/// A page that may not connect.
pub(super) fn forbidden() -> Response<Body> {
    text(StatusCode::FORBIDDEN, "")
}

/// A request without credentials, or with some that are not valid, where they are needed.
pub(super) fn unauthorized(challenge: Option<HeaderValue>) -> Response<Body> {
    let mut response = bare(StatusCode::UNAUTHORIZED, "");
    response.headers_mut().extend(challenge.map(|challenge| (WWW_AUTHENTICATE, challenge)));
    response
}

/// A user who is known and may not.
pub(super) fn may_not() -> Response<Body> {
    bare(StatusCode::FORBIDDEN, "")
}

/// Keeps the answer to a poll out of caches.
pub(super) fn uncache(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(EXPIRES, HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"));
}

/// What waited for a poll, or nothing.
pub(super) fn poll(messages: Bytes) -> Response<Body> {
    with_type(StatusCode::OK, HeaderValue::from_static("application/octet-stream"), messages)
}

/// The end of a poll that another has replaced, or whose connection is over.
pub(super) fn poll_over() -> Response<Body> {
    text(StatusCode::NO_CONTENT, "")
}

/// An event stream.
pub(super) fn events(body: PipeReader) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache,no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    // Keeps layers that compress, and thereby hold back, away from it.
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("identity"));
    response
}

/// A POST that was taken in.
pub(super) fn posted() -> Response<Body> {
    text(StatusCode::OK, "")
}

/// A POST whose body broke off.
pub(super) fn broken_off() -> Response<Body> {
    text(StatusCode::BAD_REQUEST, "")
}

/// A POST whose body did not come in time.
pub(super) fn too_slow() -> Response<Body> {
    text(StatusCode::REQUEST_TIMEOUT, "The body of the request did not come in time")
}

/// A POST to a connection that has ended meanwhile.
pub(super) fn has_ended() -> Response<Body> {
    text(StatusCode::NOT_FOUND, "")
}

/// A DELETE that will be done.
pub(super) fn deleted() -> Response<Body> {
    text(StatusCode::ACCEPTED, "")
}

/// A request of another transport than that of its connection.
pub(super) fn other_transport() -> Response<Body> {
    text(StatusCode::BAD_REQUEST, "Cannot change transports mid-connection")
}

/// The server or the hub takes nothing more.
pub(crate) fn unavailable() -> Response<Body> {
    text(StatusCode::SERVICE_UNAVAILABLE, "")
}

/// A client that connects more often than it may, and when it may again: whole seconds, rounded up (RFC 6585 §4).
pub(super) fn too_many_connects(wait: Duration) -> Response<Body> {
    let seconds = whole_seconds(wait);
    let text = format!("Too many connections. Retry after {seconds} s.");
    retry_after(seconds, self::text(StatusCode::TOO_MANY_REQUESTS, text))
}

/// A negotiation while too many connections wait for their transport, and when those will have found it or be forgotten
/// (RFC 9110 §15.6.4).
pub(super) fn too_many_pending(wait: Duration) -> Response<Body> {
    retry_after(whole_seconds(wait), unavailable())
}

fn retry_after(seconds: u64, mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add((wait.subsec_nanos() > 0).into())
}

/// No such path.
pub(crate) fn not_found() -> Response<Body> {
    text(StatusCode::NOT_FOUND, "Not found")
}

/// A page of the application's own, for GET and HEAD.
pub(crate) fn text_page(method: &Method, content_type: &HeaderValue, content: &Bytes) -> Response<Body> {
    if method != Method::GET && method != Method::HEAD {
        let mut response = method_not_allowed();
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let mut response = with_type(StatusCode::OK, content_type.clone(), content.clone());
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// A status with a body and nothing said about it.
pub(super) fn bare(status: StatusCode, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = status;
    response
}

fn with_type(status: StatusCode, content_type: HeaderValue, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = bare(status, body);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// A WebSocket request in a version that is not spoken.
pub(super) fn upgrade_required(what: &'static str) -> Response<Body> {
    text(StatusCode::UPGRADE_REQUIRED, what)
}

/// A transport that the hub does not offer.
pub(super) fn transport_not_supported(transport: &str) -> Response<Body> {
    text(StatusCode::NOT_FOUND, format!("{transport} transport not supported by this end point type"))
}

/// A POST to a connection that takes its messages from a WebSocket.
pub(super) fn post_to_websocket() -> Response<Body> {
    text(StatusCode::METHOD_NOT_ALLOWED, "POST requests are not allowed for WebSocket connections.")
}

/// A DELETE of a connection that is no long polling.
pub(super) fn delete_refused() -> Response<Body> {
    text(StatusCode::BAD_REQUEST, "Cannot terminate this connection using the DELETE endpoint.")
}

/// A second WebSocket or event stream for a connection that has one.
pub(super) fn already_connected() -> Response<Body> {
    text(StatusCode::CONFLICT, "")
}

/// The application failed.
pub(crate) fn failed() -> Response<Body> {
    text(StatusCode::INTERNAL_SERVER_ERROR, "")
}

/// Whether the server lives, or is ready. No cache may keep it.
pub(crate) fn health(method: &Method, is_well: bool, text: &'static str) -> Response<Body> {
    let mut response =
        text_page(method, &HeaderValue::from_static("text/plain"), &Bytes::from_static(text.as_bytes()));
    if response.status() == StatusCode::OK {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if !is_well {
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    response
}
