//! `POST {hub}/refresh?id=`: new credentials for a connection that goes on.
//!
//! The connection stays that of its user: groups, and what is sent to the user, are as they were when it connected.

use http::request::Parts;
use http::{Method, Response, StatusCode};

use super::answer::Refusal;
use super::lookup::named;
use super::negotiate::lifetime_of;
use super::query::connection_token;
use super::sender::{Sender, check_origin, unauthorized};
use super::{Body, reply};
use crate::auth::Authentication;
use crate::connection::Found;
use crate::hub::HubCore;

/// Renews the credentials of a connection.
pub(super) fn answer(core: &HubCore, parts: &Parts, sender: &Sender) -> Response<Body> {
    if parts.method != Method::POST {
        return reply::method_not_allowed();
    }
    refresh(core, parts, sender).unwrap_or_else(Refusal::into_response)
}

fn refresh(core: &HubCore, parts: &Parts, sender: &Sender) -> Result<Response<Body>, Refusal> {
    check_origin(core, parts)?;
    let Some(principal) = &sender.principal else {
        return Err(unauthorized(core, &Authentication::Anonymous).into());
    };
    if connection_token(&parts.uri).is_none() {
        return Err(reply::json_error(StatusCode::BAD_REQUEST, "missing_connection_token").into());
    }
    let Ok((_, Found::Connected(live))) = named(core, parts) else {
        return Err(reply::json_error(StatusCode::NOT_FOUND, "connection_not_found").into());
    };
    if !sender.may_renew(&live, parts)? {
        tracing::info!(connection = %live.id(), "new credentials were refused");
        return Err(reply::json_error(StatusCode::FORBIDDEN, "permission_change_rejected").into());
    }
    live.renew(Some(principal.clone()));
    Ok(reply::json(match lifetime_of(principal) {
        Some(lifetime) => format!(r#"{{"tokenLifetimeSeconds":{}}}"#, lifetime.as_secs()).into_bytes(),
        None => b"{}".to_vec(),
    }))
}
