//! `{hub}`: opens the WebSocket of a connection, negotiated before or not.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr as _;
use std::sync::Arc;

use http::header::{ACCEPT, HOST, ORIGIN};
use http::request::Parts;
use http::{Method, Response};
use hubcast_protocol::{ConnectionToken, Transport};

use super::claim::{Claim, Unclaimed};
use super::negotiate::random_id;
use super::query::connection_token;
use super::upgrade::{Handshake, PendingSocket, Wish};
use super::{Body, reply};
use crate::connection::{Connection, Identity, Live};
use crate::dispatch::panic_text;
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
    let Ok(host) = host(parts) else {
        return reply::bad_request("A request has one Host");
    };
    let origins = parts.headers.get_all(ORIGIN);
    if !core.options().allowed_origins.allow(origins, host) {
        core.meters().refused_origins.increment(1);
        let origin = parts.headers.get(ORIGIN);
        tracing::info!(?origin, host, "a WebSocket was refused: its page's origin is not allowed");
        return reply::forbidden();
    }
    let Ok(user) = user(core, parts) else {
        return reply::failed();
    };
    let (id, claim) = match connection_token(&parts.uri).map(|token| Claim::new(core, &token)) {
        None => (random_id(), None),
        Some(Ok((id, claim))) => (id, Some(claim)),
        Some(Err(Unclaimed::Unknown)) => return reply::unknown_id_for_websocket(),
        Some(Err(Unclaimed::AlreadyConnected)) => return reply::already_connected(),
    };
    let transport = Transport::WebSockets;
    let http_version = parts.version;
    let identity =
        Identity { id, user, http_version, transport, principal: None, inbox: None, stateful: false };
    let (response, pending) = handshake.accept();
    core.tasks().spawn(run(Arc::clone(core), identity, claim, pending));
    response
}

/// The host that a request is for. More than one leaves open which of them its page belongs to (RFC 9112 §3.2).
pub(super) fn host(parts: &Parts) -> Result<Option<&str>, SeveralHosts> {
    let mut hosts = parts.headers.get_all(HOST).into_iter();
    let header = hosts.next();
    if hosts.next().is_some() {
        return Err(SeveralHosts);
    }
    let authority = parts.uri.authority().map(http::uri::Authority::as_str);
    Ok(authority.or_else(|| header.and_then(|host| host.to_str().ok())))
}

pub(super) struct SeveralHosts;

/// Asks the application who the user is.
fn user(core: &HubCore, parts: &Parts) -> Result<Option<String>, Panicked> {
    let Some(user) = &core.options().user else { return Ok(None) };
    catch_unwind(AssertUnwindSafe(|| user(parts))).map_err(|panic| {
        tracing::error!(panic = panic_text(&*panic), "the function that says who a user is panicked");
        Panicked
    })
}

struct Panicked;

/// The whole life of a connection from its response on.
async fn run(core: Arc<HubCore>, identity: Identity, claim: Option<Claim>, pending: PendingSocket) {
    let Some((socket, initial)) = pending.ready().await else {
        return tracing::debug!("a connection ended before its WebSocket opened");
    };
    let live = Arc::new(Live::new(core, identity));
    Connection::new(
        live,
        crate::transport::Transport::WebSocket(crate::transport::WebSocketTransport::new(socket)),
        initial,
    )
    .await;
    drop(claim);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_task_of_a_connection_stays_small() {
        fn size<A, B, C, D, F>(_: fn(A, B, C, D) -> F) -> usize {
            size_of::<F>()
        }
        assert!(size(run) <= 576, "{}", size(run));
    }
}
