//! `{hub}`: opens the WebSocket of a connection, negotiated before or not.

use std::str::FromStr as _;
use std::sync::Arc;

use http::header::{ACCEPT, HOST, ORIGIN};
use http::request::Parts;
use http::{Method, Response};
use hubcast_protocol::ConnectionToken;

use super::negotiate::random_id;
use super::query::connection_token;
use super::upgrade::{Handshake, PendingSocket, Wish};
use super::{Body, reply};
use crate::connection::{Connection, Identity, Known, Live};
use crate::hub::HubCore;

/// Answers a request to the hub's own path.
pub(super) fn answer(core: &Arc<HubCore>, mut parts: Parts) -> Response<Body> {
    match Wish::of(&mut parts) {
        Wish::WebSocket(handshake) => open(core, &parts, handshake),
        Wish::Malformed(refusal) => refusal,
        Wish::None => without_websocket(core, &parts),
    }
}

fn open(core: &Arc<HubCore>, parts: &Parts, handshake: Handshake) -> Response<Body> {
    if core.is_stopping() {
        return reply::unavailable();
    }
    let host = parts.uri.authority().map(http::uri::Authority::as_str);
    let host = host.or_else(|| parts.headers.get(HOST).and_then(|host| host.to_str().ok()));
    let origin = parts.headers.get(ORIGIN);
    if !core.options().allowed_origins.allow(origin, host) {
        core.meters().refused_origins.increment(1);
        tracing::info!(?origin, host, "a WebSocket was refused: its page's origin is not allowed");
        return reply::forbidden();
    }
    let (id, token) = match connection_token(&parts.uri) {
        None => (random_id(), None),
        Some(token) => {
            let Ok(token) = ConnectionToken::from_str(&token) else {
                return reply::unknown_id_for_websocket();
            };
            match core.registry().claim(&token) {
                None => return reply::unknown_id_for_websocket(),
                Some(Known::Connected) => return reply::already_connected(),
                Some(Known::Pending(id)) => (id, Some(token)),
            }
        }
    };
    let user = core.options().user.as_ref().and_then(|user| user(parts));
    let identity = Identity { id, user, http_version: parts.version };
    let (response, pending) = handshake.accept();
    core.tasks().spawn(run(Arc::clone(core), identity, token, pending));
    response
}

/// The whole life of a connection from its response on.
async fn run(core: Arc<HubCore>, identity: Identity, token: Option<ConnectionToken>, pending: PendingSocket) {
    let Some((socket, initial)) = pending.ready().await else {
        if let Some(token) = &token {
            core.registry().forget(token);
        }
        return tracing::debug!("a connection ended before its WebSocket opened");
    };
    let live = Arc::new(Live::new(core, identity));
    Connection::new(live, socket, initial, token).await;
}

/// What is left to answer while WebSockets are the only transport.
fn without_websocket(core: &HubCore, parts: &Parts) -> Response<Body> {
    let method = &parts.method;
    let wants_events = method == Method::GET && accepts_events(parts);
    if ![Method::GET, Method::POST, Method::DELETE].contains(method) {
        return reply::method_not_allowed();
    }
    // Responses about events carry no cache headers, as ASP.NET Core's do not.
    let cached_as = if wants_events { &Method::POST } else { method };
    let Some(token) = connection_token(&parts.uri) else {
        return reply::no_id(cached_as);
    };
    let known = ConnectionToken::from_str(&token).ok().and_then(|token| core.registry().get(&token));
    if known.is_none() {
        return reply::unknown_id(cached_as);
    }
    if wants_events {
        return reply::transport_not_supported(method, "ServerSentEvents");
    }
    if method == Method::GET {
        return reply::transport_not_supported(method, "LongPolling");
    }
    if method == Method::POST { reply::post_to_websocket() } else { reply::delete_refused() }
}

fn accepts_events(parts: &Parts) -> bool {
    let accepted = parts.headers.get_all(ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
    accepted
        .flat_map(|value| value.split(','))
        .any(|media| media.trim().eq_ignore_ascii_case("text/event-stream"))
}
