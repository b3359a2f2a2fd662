//! `POST {hub}/negotiate`: gives out a connection id, a token, and the transports to try, or says where to negotiate.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::request::Parts;
use http::{Method, Response};
use hubcast_protocol::contract::{Principal, SchemaHash};
use hubcast_protocol::negotiate::{AvailableTransport, NegotiatedConnection, SchemaQuestion, Secret};
use hubcast_protocol::{ConnectionId, ConnectionToken, NegotiateRequest, NegotiateResponse, Transport};

use super::answer::Refusal;
use super::lookup::check_rate;
use super::sender::{Sender, guarded};
use super::{Body, reply};
use crate::hub::HubCore;
use crate::redirect::Redirect;

/// Answers a negotiation. Its body is not looked at.
pub(super) fn answer(core: &Arc<HubCore>, parts: &Parts, sender: &Sender) -> Response<Body> {
    if parts.method != Method::POST {
        return reply::method_not_allowed();
    }
    negotiate(core, parts, sender).unwrap_or_else(Refusal::into_response)
}

fn negotiate(core: &HubCore, parts: &Parts, sender: &Sender) -> Result<Response<Body>, Refusal> {
    if core.is_stopping() {
        return Err(reply::unavailable().into());
    }
    check_rate(core, parts)?;
    let options = core.options();
    let query = parts.uri.query().unwrap_or_default();
    let request = NegotiateRequest::from_query(query, options.minimum_protocol_version)
        .map_err(|error| written(&NegotiateResponse::Error(error.to_string().into())))?;
    if let Some(redirect) = redirect(core, parts)? {
        let access_token = redirect.access_token.map(Secret::new);
        return Ok(written(&NegotiateResponse::Redirect { url: redirect.url.into(), access_token }));
    }
    let id = random_id();
    let token = if request.version == 0 { ConnectionToken::from(id) } else { random_token() };
    let stateful = options.stateful_reconnects && request.use_stateful_reconnect;
    // Rounded up to the next whole second, as the clock shows only those.
    let now = Duration::from_secs(u64::from(core.clock().seconds()) + 1);
    let deadline = now.saturating_add(options.disconnect_timeout);
    if core.registry().add(token, id, stateful, deadline).is_err() {
        // An attack would fill a log of warnings.
        tracing::debug!("a negotiation was refused: too many connections wait for their transport");
        core.meters().refused_negotiations.increment(1);
        return Err(reply::too_many_pending(options.disconnect_timeout).into());
    }
    core.meters().negotiated.increment(1);
    let lifetime = sender.principal.as_ref().filter(|_| options.authentication_refresh);
    Ok(written(&NegotiateResponse::Connection(NegotiatedConnection {
        use_stateful_reconnect: stateful,
        version: request.version,
        connection_id: id.as_str().into(),
        connection_token: (request.version > 0).then(|| Secret::new(token.as_str())),
        transports: offered(core),
        token_lifetime: lifetime.and_then(lifetime_of),
        schema: schema(core, request.schema),
    })))
}

/// What stands for the hub's contract, for those who ask. Whoever asks says what they have.
fn schema(core: &HubCore, question: SchemaQuestion) -> Option<SchemaHash> {
    let SchemaQuestion::Yes(theirs) = question else { return None };
    let ours = core.dispatch().schema()?;
    if let Some(theirs) = theirs.filter(|theirs| *theirs != ours) {
        let hub = core.dispatch().hub_name();
        tracing::debug!(hub, %ours, %theirs, "a client was built with another contract");
    }
    Some(ours)
}

fn offered(core: &HubCore) -> Vec<AvailableTransport> {
    let offered = Transport::ALL.into_iter().filter(|known| core.options().transports.contains(known));
    offered.map(AvailableTransport::from).collect()
}

fn redirect(core: &HubCore, parts: &Parts) -> Result<Option<Redirect>, Refusal> {
    match &core.options().redirect {
        Some(redirect) => guarded("redirects negotiations", || redirect(parts)),
        None => Ok(None),
    }
}

/// How long the principal's claims still hold, if not for ever: whole seconds, at most what clients count in.
pub(super) fn lifetime_of(principal: &Principal) -> Option<Duration> {
    let left = principal.expires_at()?.duration_since(SystemTime::now()).ok()?;
    let seconds = left.as_secs().min(i32::MAX as u64);
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

/// A public id for a new connection.
pub(super) fn random_id() -> ConnectionId {
    ConnectionId::from_random(random_bytes())
}

fn random_token() -> ConnectionToken {
    ConnectionToken::from_random(random_bytes())
}

fn random_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("an operating system without randomness cannot keep secrets");
    bytes
}

fn written(response: &NegotiateResponse<'_>) -> Response<Body> {
    let mut body = Vec::new();
    response.write(&mut body);
    reply::json(body)
}
