//! Which connection a request is for, and whether it may come for it: by its transport, and that soon.

use std::str::FromStr as _;

use http::request::Parts;
use hubcast_protocol::{ConnectionToken, Transport};

use super::answer::Refusal;
use super::query::connection_token;
use super::reply;
use super::request_source::RequestSource;
use crate::connection::Found;
use crate::hub::HubCore;

/// The connection that a request names, and its token.
pub(super) fn named(core: &HubCore, parts: &Parts) -> Result<(ConnectionToken, Found), Refusal> {
    let Some(token) = connection_token(&parts.uri) else {
        return Err(reply::no_id().into());
    };
    let token = ConnectionToken::from_str(&token).ok();
    let found = token.and_then(|token| Some((token, core.registry().find(&token)?)));
    found.ok_or_else(|| reply::unknown_id().into())
}

/// Refuses a transport that the hub does not offer, or that is not the connection's.
pub(super) fn check_transport(core: &HubCore, transport: Transport, found: &Found) -> Result<(), Refusal> {
    check_offered(core, transport)?;
    match found {
        Found::Connected(live) if live.transport() != transport => Err(reply::other_transport().into()),
        Found::Connected(_) | Found::Pending => Ok(()),
    }
}

/// Refuses who connects more often than a rate limit allows.
pub(super) fn check_rate(core: &HubCore, parts: &Parts) -> Result<(), Refusal> {
    let Some(limiter) = core.rate_limiter() else { return Ok(()) };
    let source = RequestSource::of(&parts.extensions);
    let address = source.and_then(RequestSource::remote_address).map(|address| address.ip());
    limiter.connects(address).map_err(|wait| {
        tracing::debug!(?wait, "a client was refused: it connects too often");
        reply::too_many_connects(wait).into()
    })
}

/// Refuses a transport that the hub does not offer.
pub(super) fn check_offered(core: &HubCore, transport: Transport) -> Result<(), Refusal> {
    if core.options().transports.contains(&transport) {
        return Ok(());
    }
    Err(reply::transport_not_supported(transport.name()).into())
}
