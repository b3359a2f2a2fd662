//! Who sends a request, and whether the hub takes it: authentication, what the hub requires, the origin of the page.
//!
//! It runs for every request, as each may come from somebody else: the connection's token alone makes nobody its user.
//! The application's functions run here; one that panics is answered with 500.

use http::Response;
use http::header::{HOST, ORIGIN};
use http::request::Parts;
use hubcast_protocol::contract::{Authorization, Connection as _, Principal, Requirement};

use super::answer::Refusal;
use super::{Body, reply};
use crate::auth::{Authentication, AuthenticationRefresh, sender};
use crate::connection::Live;
use crate::dispatch::caught;
use crate::hub::HubCore;

/// The sender of a request that may come in.
pub(super) struct Sender {
    pub(super) principal: Option<Principal>,
}

impl Sender {
    /// Whoever sends the request, or the response that refuses it.
    pub(super) fn admit(core: &HubCore, parts: &Parts) -> Result<Self, Refusal> {
        let found =
            guarded("says who sends a request", || sender(core.options().authentication.as_deref(), parts))?;
        if let Authentication::Rejected(rejection) = &found {
            tracing::debug!(%rejection, "the credentials of a request were not accepted");
        }
        let principal = found.principal();
        let is_allowed = guarded("says who may connect", || {
            let authorization = Authorization::new(core.dispatch().hub_name(), None, principal);
            Requirement::all_allow(core.dispatch().requirements(), &authorization)
                && Requirement::all_allow(&core.options().requirements, &authorization)
        })?;
        if is_allowed {
            return Ok(Self { principal: principal.cloned() });
        }
        if principal.is_some() {
            return Err(reply::may_not().into());
        }
        Err(unauthorized(core, &found).into())
    }

    /// The user that the sender is: by the function of the request, else by the principal.
    pub(super) fn user(&self, core: &HubCore, parts: &Parts) -> Result<Option<String>, Refusal> {
        guarded("says who a user is", || match (&core.options().user, &self.principal) {
            (Some(user), _) => user(parts),
            (None, Some(principal)) => core.options().user_id.of(principal),
            (None, None) => None,
        })
    }

    /// Whether the sender's credentials may take the place of the connection's.
    pub(super) fn may_renew(&self, live: &Live, parts: &Parts) -> Result<bool, Refusal> {
        let (Some(policy), Some(new)) = (&live.core().options().refresh_policy, &self.principal) else {
            return Ok(self.user(live.core(), parts)?.as_deref() == live.user());
        };
        let previous = live.principal();
        let refresh = AuthenticationRefresh { connection_id: live.id(), previous: previous.as_ref(), new };
        guarded("decides about new credentials", || policy(&refresh))
    }

    /// Refuses whoever may not go on with the connection: another user, unless the application lets its credentials
    /// take the place of those before.
    pub(super) fn check_renewal(&self, live: &Live, parts: &Parts) -> Result<(), Refusal> {
        let has_policy = live.core().options().refresh_policy.is_some();
        if has_policy && self.principal.is_some() && self.principal != live.principal() {
            return if self.may_renew(live, parts)? { Ok(()) } else { Err(refused(live)) };
        }
        self.check_user(live, parts)
    }

    /// Refuses whoever is not the user of the connection, if it has one.
    ///
    /// Without credentials nobody is: who has got hold of a token must not get more by leaving them out.
    pub(super) fn check_user(&self, live: &Live, parts: &Parts) -> Result<(), Refusal> {
        if live.user().is_none() || self.user(live.core(), parts)?.as_deref() == live.user() {
            return Ok(());
        }
        // What has renewed the connection's credentials may be another user's, where the application allows that.
        let is_newest = self.principal.is_some() && self.principal == live.principal();
        if is_newest && live.core().options().refresh_policy.is_some() {
            return Ok(());
        }
        Err(refused(live))
    }
}

fn refused(live: &Live) -> Refusal {
    tracing::info!(connection = %live.id(), "a request was refused: it is not from the connection's user");
    reply::may_not().into()
}

/// A request without valid credentials where some are needed.
pub(super) fn unauthorized(core: &HubCore, found: &Authentication) -> Response<Body> {
    let own = core.options().authentication.as_deref();
    reply::unauthorized(own.and_then(|own| own.challenge(found)))
}

/// Refuses a request of a page that may not connect.
pub(super) fn check_origin(core: &HubCore, parts: &Parts) -> Result<(), Refusal> {
    let Ok(host) = host(parts) else {
        return Err(reply::bad_request("A request has one Host").into());
    };
    if core.options().allowed_origins.allow(parts.headers.get_all(ORIGIN), host) {
        return Ok(());
    }
    core.meters().refused_origins.increment(1);
    let origin = parts.headers.get(ORIGIN);
    tracing::info!(?origin, host, "a request was refused: its page's origin is not allowed");
    Err(reply::forbidden().into())
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

/// A request with several Host headers.
pub(super) struct SeveralHosts;

/// Runs a function of the application.
pub(super) fn guarded<T>(what: &str, ask: impl FnOnce() -> T) -> Result<T, Refusal> {
    caught(format_args!("the function that {what}"), ask).map_err(|_| reply::failed().into())
}
