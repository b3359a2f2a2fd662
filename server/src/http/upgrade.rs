//! Which requests want to become WebSockets, and how they do: an HTTP/1.1 upgrade or an HTTP/2 extended CONNECT.
//!
//! hyper hands an upgraded socket over by itself; our own HTTP/2 listener does it through [`WebSocketUpgrade`], which
//! it leaves in the request. Who accepts sees no difference.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{
    CONNECTION, CONTENT_LENGTH, HeaderName, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
    TRANSFER_ENCODING, UPGRADE,
};
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderValue, Method, Response, StatusCode, Version};
use hubcast_websocket::{accept_key, is_valid_key};
use hyper::upgrade::OnUpgrade;
use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::{Body, reply};
use crate::transport::{Http2Socket, Socket, take_over};

/// Left in an extended CONNECT request by our listener: the way to its stream.
#[derive(Clone)]
pub(crate) struct WebSocketUpgrade(Arc<Mutex<Option<oneshot::Receiver<Http2Socket>>>>);

impl WebSocketUpgrade {
    /// A way to a stream, and where the listener puts the stream once it has sent the response.
    pub(crate) fn new() -> (oneshot::Sender<Http2Socket>, Self) {
        let (sender, receiver) = oneshot::channel();
        (sender, Self(Arc::new(Mutex::new(Some(receiver)))))
    }
}

/// Whether a request wants to become a WebSocket, and whether it may.
pub(super) enum Wish {
    /// It wants something else.
    None,
    /// It is one by its headers.
    WebSocket(Handshake),
    /// It wants to be one, but is not well-formed.
    Malformed(Response<Body>),
}

/// The server's side of the opening handshake.
pub(super) struct Handshake {
    response: Response<Body>,
    pending: PendingSocket,
}

/// A socket that comes when the response has been sent.
pub(crate) enum PendingSocket {
    Hyper(OnUpgrade, Version),
    Http2(oneshot::Receiver<Http2Socket>),
}

impl Wish {
    /// Reads the wish out of a request.
    pub(super) fn of(parts: &mut Parts) -> Self {
        if parts.version == Version::HTTP_2 {
            return Self::of_connect(parts);
        }
        if !has_token(&parts.headers, UPGRADE, "websocket") {
            return Self::None;
        }
        let headers = &parts.headers;
        if parts.method != Method::GET {
            return Self::Malformed(reply::bad_request("A WebSocket request is a GET"));
        }
        if has_body(headers) {
            return Self::Malformed(reply::bad_request("A WebSocket request has no body"));
        }
        if !has_token(headers, CONNECTION, "upgrade") {
            return Self::Malformed(reply::bad_request(
                "A WebSocket request needs the header Connection: Upgrade",
            ));
        }
        if !is_version_13(headers) {
            return Self::Malformed(unknown_version());
        }
        let key =
            headers.get(SEC_WEBSOCKET_KEY).and_then(|key| key.to_str().ok()).filter(|key| is_valid_key(key));
        let Some(key) = key else {
            return Self::Malformed(reply::bad_request(
                "A WebSocket request needs a Sec-WebSocket-Key of 16 bytes",
            ));
        };
        let accept = HeaderValue::try_from(accept_key(key)).expect("base64 is a header value");
        let Some(upgrade) = parts.extensions.remove::<OnUpgrade>() else {
            tracing::warn!("a WebSocket was refused: the server around the hub does not support upgrades");
            return Self::Malformed(reply::bad_request("This server cannot upgrade connections"));
        };
        let mut response = reply::bare(StatusCode::SWITCHING_PROTOCOLS, "");
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
        Self::WebSocket(Handshake { response, pending: PendingSocket::Hyper(upgrade, parts.version) })
    }

    /// RFC 8441 §5: no key, no Connection and no Upgrade; the pseudo-header says it all.
    fn of_connect(parts: &mut Parts) -> Self {
        if !is_websocket_connect(&parts.method, &parts.extensions) {
            return Self::None;
        }
        if !is_version_13(&parts.headers) {
            return Self::Malformed(unknown_version());
        }
        let native =
            parts.extensions.remove::<WebSocketUpgrade>().and_then(|upgrade| upgrade.0.lock().take());
        let hypers = parts.extensions.remove().map(|upgrade| PendingSocket::Hyper(upgrade, parts.version));
        let Some(pending) = native.map(PendingSocket::Http2).or(hypers) else {
            return Self::Malformed(reply::bad_request("This server cannot upgrade connections"));
        };
        Self::WebSocket(Handshake { response: reply::bare(StatusCode::OK, ""), pending })
    }
}

impl Handshake {
    /// The response that accepts, and the socket that follows it.
    pub(super) fn accept(self) -> (Response<Body>, PendingSocket) {
        (self.response, self.pending)
    }
}

impl PendingSocket {
    /// Ready once the response has been sent; the bytes were read before the socket was handed over.
    pub(crate) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Option<(Socket, Bytes)>> {
        match self {
            Self::Hyper(upgrade, version) => Pin::new(upgrade)
                .poll(cx)
                .map(|upgraded| upgraded.ok().map(|upgraded| take_over(upgraded, *version))),
            Self::Http2(socket) => Pin::new(socket)
                .poll(cx)
                .map(|socket| socket.ok().map(|socket| (Socket::Http2(socket), Bytes::new()))),
        }
    }
}

/// Whether a request of HTTP/2 is an extended CONNECT that asks for a WebSocket.
pub(super) fn is_websocket_connect(method: &Method, extensions: &Extensions) -> bool {
    let ours = extensions.get::<h2::ext::Protocol>().map(h2::ext::Protocol::as_str);
    let hypers = extensions.get::<hyper::ext::Protocol>().map(hyper::ext::Protocol::as_str);
    let is_websocket = ours.or(hypers).is_some_and(|name| name.eq_ignore_ascii_case("websocket"));
    method == Method::CONNECT && is_websocket
}

/// What follows such a request would be taken for frames by one of two servers, and for a body by the other.
fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(TRANSFER_ENCODING)
        || headers.get_all(CONTENT_LENGTH).into_iter().any(|length| length != "0")
}

pub(super) fn has_token(headers: &HeaderMap, name: HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(token))
}

fn is_version_13(headers: &HeaderMap) -> bool {
    headers.get(SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13")
}

/// RFC 6455 §4.4: the answer names the version that would be understood.
fn unknown_version() -> Response<Body> {
    let mut response =
        reply::upgrade_required("A WebSocket request needs the header Sec-WebSocket-Version: 13");
    response.headers_mut().insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    response
}
