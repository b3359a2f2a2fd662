//! The opening handshake of a WebSocket that is not a hub's: origin, subprotocol, permessage-deflate.

use http::header::{ORIGIN, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderValue, Method, Response, Version};
use hubcast_websocket::{DeflateAgreement, DeflateTerms};

use super::sender::host;
use super::upgrade::{PendingSocket, Wish, has_token, is_websocket_connect};
use super::{Body, reply};
use crate::allowed_origins::AllowedOrigins;

/// What a WebSocket may be.
pub(crate) struct Terms<'t> {
    pub(crate) origins: &'t AllowedOrigins,
    /// In the order of preference.
    pub(crate) protocols: &'t [String],
    pub(crate) deflate: Option<&'t DeflateTerms>,
}

/// What was agreed on.
pub(crate) struct AcceptedHandshake {
    pub(crate) response: Response<Body>,
    pub(crate) socket: PendingSocket,
    pub(crate) protocol: Option<Box<str>>,
    pub(crate) deflate: Option<DeflateAgreement>,
}

/// Whether a request wants to become a WebSocket, well-formed or not.
pub(crate) fn wants_websocket(
    method: &Method,
    version: Version,
    headers: &HeaderMap,
    extensions: &Extensions,
) -> bool {
    if version == Version::HTTP_2 {
        return is_websocket_connect(method, extensions);
    }
    method == Method::GET && has_token(headers, UPGRADE, "websocket")
}

/// Accepts a request as a WebSocket, or says what to answer it.
pub(crate) fn accept_websocket(
    parts: &mut Parts,
    terms: &Terms<'_>,
) -> Result<AcceptedHandshake, Box<Response<Body>>> {
    let handshake = match Wish::of(parts) {
        Wish::WebSocket(handshake) => handshake,
        Wish::Malformed(refusal) => return Err(Box::new(refusal)),
        Wish::None => return Err(Box::new(no_websocket(parts.version))),
    };
    check_origin(parts, terms.origins)?;
    let protocol = chosen_protocol(&parts.headers, terms.protocols);
    let deflate = terms.deflate.and_then(|terms| {
        let offers = parts.headers.get_all(SEC_WEBSOCKET_EXTENSIONS).into_iter();
        DeflateAgreement::accept(offers.filter_map(|offer| offer.to_str().ok()), terms)
    });
    let (mut response, socket) = handshake.accept();
    let headers = response.headers_mut();
    if let Some(name) = &protocol {
        headers.insert(SEC_WEBSOCKET_PROTOCOL, name.clone());
    }
    if let Some(agreement) = &deflate {
        let answer =
            HeaderValue::try_from(agreement.answer()).expect("its letters are those of a header value");
        headers.insert(SEC_WEBSOCKET_EXTENSIONS, answer);
    }
    let protocol = protocol.and_then(|name| name.to_str().ok().map(Into::into));
    Ok(AcceptedHandshake { response, socket, protocol, deflate })
}

fn no_websocket(version: Version) -> Response<Body> {
    const WHAT: &str = "Only WebSockets are served here";
    if version == Version::HTTP_2 {
        return reply::bad_request(WHAT);
    }
    // "The server MUST send an Upgrade header field in a 426 response" (RFC 9110 §15.5.22)
    let mut response = reply::upgrade_required(WHAT);
    let headers = response.headers_mut();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(http::header::CONNECTION, HeaderValue::from_static("Upgrade"));
    response
}

fn check_origin(parts: &Parts, origins: &AllowedOrigins) -> Result<(), Box<Response<Body>>> {
    let Ok(host) = host(parts) else {
        return Err(Box::new(reply::bad_request("A request has one Host")));
    };
    if origins.allow(parts.headers.get_all(ORIGIN), host) {
        return Ok(());
    }
    let origin = parts.headers.get(ORIGIN);
    tracing::info!(?origin, host, "a WebSocket was refused: its page's origin is not allowed");
    Err(Box::new(reply::forbidden()))
}

/// The first of our protocols that the client offers, as it is written (RFC 6455 §4.2.2).
fn chosen_protocol(headers: &HeaderMap, ours: &[String]) -> Option<HeaderValue> {
    let offers = || {
        let values = headers.get_all(SEC_WEBSOCKET_PROTOCOL).into_iter();
        values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).map(str::trim)
    };
    let chosen = ours.iter().find(|name| offers().any(|offer| offer == name.as_str()))?;
    HeaderValue::try_from(chosen.as_str()).ok()
}
