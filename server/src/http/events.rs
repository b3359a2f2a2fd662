//! A GET that accepts `text/event-stream`: the event stream of a connection.

use std::sync::Arc;

use http::Response;
use http::request::Parts;
use hubcast_protocol::Transport;

use super::answer::Refusal;
use super::claim::{Claim, Newcomer, Unclaimed};
use super::cut::Cut;
use super::lookup::{check_transport, named};
use super::sender::Sender;
use super::{Body, reply};
use crate::hub::HubCore;
use crate::transport::{Events, Transport as Carrier};

/// Opens an event stream.
pub(super) fn open(core: &Arc<HubCore>, parts: &Parts, sender: Sender) -> Response<Body> {
    try_open(core, parts, sender).unwrap_or_else(Refusal::into_response)
}

fn try_open(core: &Arc<HubCore>, parts: &Parts, sender: Sender) -> Result<Response<Body>, Refusal> {
    let (token, found) = named(core, parts)?;
    check_transport(core, Transport::ServerSentEvents, &found)?;
    if core.is_stopping() {
        return Err(reply::unavailable().into());
    }
    let newcomer = Newcomer::new(core, parts, sender, Transport::ServerSentEvents)?;
    let claim = match Claim::new(&token, newcomer) {
        Ok(claim) => claim,
        Err(Unclaimed::Unknown) => return Err(reply::unknown_id().into()),
        Err(Unclaimed::Connected(_)) => return Err(reply::already_connected().into()),
    };
    let Some(inbox) = claim.live().inbox().cloned() else {
        return Err(reply::failed().into());
    };
    let cut = parts.extensions.get::<Cut>().map(|cut| cut.0.clone());
    let options = core.options();
    let (events, body) =
        Events::new(inbox, options.transport_max_buffer_size, options.disconnect_timeout, cut);
    claim.run(Carrier::Events(Box::new(events)));
    Ok(reply::events(body))
}
