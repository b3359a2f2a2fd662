//! A WebSocket of a connection, negotiated before or not, and one that comes back to a connection that goes on.

use std::future::poll_fn;
use std::sync::Arc;

use http::Response;
use http::request::Parts;
use hubcast_protocol::Transport;

use super::answer::Refusal;
use super::claim::{Claim, Newcomer, Unclaimed};
use super::compression::announce_compression;
use super::life::Life;
use super::lookup::{check_offered, check_rate, check_transport, named};
use super::negotiate::random_id;
use super::query::connection_token;
use super::sender::Sender;
use super::upgrade::Handshake;
use super::{Body, reply};
use crate::connection::{Found, Live};
use crate::hub::HubCore;
use crate::transport::Arrival;

/// Opens a WebSocket.
pub(super) fn open(
    core: &Arc<HubCore>,
    parts: &Parts,
    sender: Sender,
    handshake: Handshake,
) -> Response<Body> {
    if core.is_stopping() {
        return reply::unavailable();
    }
    let opened = match connection_token(&parts.uri) {
        None => open_new(core, parts, sender, handshake),
        Some(_) => open_negotiated(core, parts, sender, handshake),
    };
    opened.unwrap_or_else(Refusal::into_response)
}

/// A connection that skipped negotiation has no token, and nobody comes back to it.
fn open_new(
    core: &Arc<HubCore>,
    parts: &Parts,
    sender: Sender,
    handshake: Handshake,
) -> Result<Response<Body>, Refusal> {
    check_offered(core, Transport::WebSockets)?;
    check_rate(core, parts)?;
    let newcomer = Newcomer::new(core, parts, sender, Transport::WebSockets)?;
    let live = Arc::new(newcomer.live(random_id(), false, None));
    let (mut response, pending) = handshake.accept();
    announce_compression(&mut response, &live, parts);
    core.tasks().spawn(Life::opening(live, None, pending));
    Ok(response)
}

fn open_negotiated(
    core: &Arc<HubCore>,
    parts: &Parts,
    sender: Sender,
    handshake: Handshake,
) -> Result<Response<Body>, Refusal> {
    let (token, found) = named(core, parts).map_err(|_| reply::unknown_id_for_websocket())?;
    check_transport(core, Transport::WebSockets, &found)?;
    if let Found::Connected(live) = &found {
        return resume(core, parts, &sender, live, handshake);
    }
    let principal = sender.principal.clone();
    let newcomer = Newcomer::new(core, parts, sender, Transport::WebSockets)?;
    match Claim::new(&token, newcomer) {
        Ok(claim) => {
            let (mut response, pending) = handshake.accept();
            announce_compression(&mut response, claim.live(), parts);
            core.tasks().spawn(Life::opening(Arc::clone(claim.live()), Some(claim), pending));
            Ok(response)
        }
        Err(Unclaimed::Unknown) => Err(reply::unknown_id_for_websocket().into()),
        // Another WebSocket was quicker.
        Err(Unclaimed::Connected(live)) => {
            let back = Sender { principal };
            resume(core, parts, &back, &live, handshake)
        }
    }
}

/// Hands a WebSocket to a connection that goes on.
fn resume(
    core: &HubCore,
    parts: &Parts,
    sender: &Sender,
    live: &Live,
    handshake: Handshake,
) -> Result<Response<Body>, Refusal> {
    check_transport_of(live)?;
    // It is on its way out, and its token with it.
    if live.inbox().is_some_and(|inbox| inbox.has_ended()) {
        return Err(reply::unknown_id_for_websocket().into());
    }
    let Some(inbox) = live.inbox().filter(|inbox| inbox.takes_sockets()) else {
        return Err(reply::already_connected().into());
    };
    sender.check_renewal(live, parts)?;
    live.renew(sender.principal.clone());
    let (response, mut pending) = handshake.accept();
    let inbox = Arc::clone(inbox);
    core.tasks().spawn(async move {
        let Some((socket, initial)) = poll_fn(|cx| pending.poll_ready(cx)).await else { return };
        if inbox.arrive(Arrival::Socket(socket, initial)).is_err() {
            tracing::debug!("a connection ended before its next WebSocket opened");
        }
    });
    Ok(response)
}

/// A request of another transport may have been quicker.
fn check_transport_of(live: &Live) -> Result<(), Refusal> {
    if live.transport() == Transport::WebSockets { Ok(()) } else { Err(reply::other_transport().into()) }
}
