//! `POST {hub}/negotiate`: gives out a connection id, a token, and the transports to try.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, Response, Uri};
use hubcast_protocol::negotiate::{NegotiatedConnection, Secret};
use hubcast_protocol::{ConnectionId, ConnectionToken, NegotiateRequest, NegotiateResponse, Transport};

use super::{Body, reply};
use crate::hub::HubCore;

/// The oldest version of negotiation that is answered.
const MINIMUM_VERSION: i32 = 0;

/// Answers a negotiation. Its body is not looked at.
pub(super) fn answer(core: &Arc<HubCore>, method: &Method, uri: &Uri) -> Response<Body> {
    if method != Method::POST {
        return reply::method_not_allowed();
    }
    if core.is_stopping() {
        return reply::unavailable();
    }
    let request = match NegotiateRequest::from_query(uri.query().unwrap_or_default(), MINIMUM_VERSION) {
        Ok(request) => request,
        Err(error) => return written(&NegotiateResponse::Error(error.to_string().into())),
    };
    let id = random_id();
    let token = if request.version == 0 { ConnectionToken::from(id) } else { random_token() };
    // Rounded up to the next whole second, as the clock shows only those.
    let now = Duration::from_secs(u64::from(core.clock().seconds()) + 1);
    let deadline = now.saturating_add(core.options().disconnect_timeout);
    if core.registry().add(token, id, deadline).is_err() {
        tracing::warn!("negotiation refused: too many negotiated connections wait for their transport");
        return reply::unavailable();
    }
    core.meters().negotiated.increment(1);
    written(&NegotiateResponse::Connection(NegotiatedConnection {
        use_stateful_reconnect: false,
        version: request.version,
        connection_id: id.as_str().into(),
        connection_token: (request.version > 0).then(|| Secret::new(token.as_str())),
        transports: vec![Transport::WebSockets.into()],
    }))
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
