//! Who sends a request: from what a tower layer found out, from a bearer token, or from a function.
//!
//! Nothing here answers a request: `http/` turns an [`Authentication`] into a status. No token and no claim reaches
//! a log or a `Debug`; a [`Rejection`] holds a reason in our own words. What a hub asks of a caller is
//! [`Requirement`](crate::Requirement).

mod refresh;
mod rejection;
mod user_id;

#[cfg(any(feature = "jwt", feature = "jwt-rust-crypto"))]
mod jwt;

use http::HeaderValue;
use http::request::Parts;
use hubcast_protocol::contract::Principal;

#[cfg(any(feature = "jwt", feature = "jwt-rust-crypto"))]
pub use jwt::{JwksHandle, JwtBearer, JwtKey, KeyError};
pub use refresh::AuthenticationRefresh;
pub use rejection::Rejection;
pub(crate) use user_id::UserId;

/// Says who sends a request.
///
/// [`JwtBearer`] reads bearer tokens; a function from the head of a request to a [`Principal`] is enough for anything
/// else. It is asked for each request of a client that has no [`Principal`] among its extensions, so that any tower
/// layer in front of the hub can answer instead:
///
/// ```
/// use axum::Router;
/// use axum::extract::Request;
/// use axum::middleware::{Next, from_fn};
/// use axum::response::Response;
/// use hubcast::{HubService, Principal};
///
/// async fn sign_in(mut request: Request, next: Next) -> Response {
///     if let Some(user) = user_of_session(request.headers()) {
///         request.extensions_mut().insert(Principal::new().with_claim("sub", user));
///     }
///     next.run(request).await
/// }
///
/// # fn user_of_session(_: &axum::http::HeaderMap) -> Option<String> { None }
/// # fn router(chat: HubService) -> Router {
/// Router::new()
///     .route_service("/chat", chat.clone())
///     .route_service("/chat/negotiate", chat)
///     .layer(from_fn(sign_in))
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot say who sends a request",
    note = "give a `JwtBearer`, or a function `Fn(&http::request::Parts) -> Option<Principal>`"
)]
pub trait Authenticate: Send + Sync + 'static {
    /// Says who sends the request. It must not block.
    fn authenticate(&self, parts: &Parts) -> Authentication;

    /// The `WWW-Authenticate` of the answer 401. Default: none.
    fn challenge(&self, authentication: &Authentication) -> Option<HeaderValue> {
        let _ = authentication;
        None
    }
}

impl<F> Authenticate for F
where
    F: Fn(&Parts) -> Option<Principal> + Send + Sync + 'static,
{
    fn authenticate(&self, parts: &Parts) -> Authentication {
        self(parts).map_or(Authentication::Anonymous, Authentication::Known)
    }
}

/// What a request says of its sender.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Authentication {
    /// It holds no credentials.
    Anonymous,
    /// It is from this user.
    Known(Principal),
    /// It holds credentials that are not valid. Its sender is anonymous; the reason is for the log.
    Rejected(Rejection),
}

impl Authentication {
    /// Who the sender is, if known.
    pub fn principal(&self) -> Option<&Principal> {
        match self {
            Self::Known(principal) => Some(principal),
            Self::Anonymous | Self::Rejected(_) => None,
        }
    }
}

/// Says who sends a request: the [`Principal`] among its extensions, else what the hub's own way finds.
///
/// # Panics
///
/// If the application's function does.
pub(crate) fn sender(own: Option<&dyn Authenticate>, parts: &Parts) -> Authentication {
    if let Some(principal) = parts.extensions.get::<Principal>() {
        return Authentication::Known(principal.clone());
    }
    own.map_or(Authentication::Anonymous, |own| own.authenticate(parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    #[test]
    fn what_a_layer_found_out_comes_before_the_hubs_own_way() {
        let named = |name: &str| Principal::new().with_claim("sub", name);
        let own = |_: &Parts| Some(Principal::new().with_claim("sub", "own"));
        let mut parts = Request::new(()).into_parts().0;
        assert_eq!(sender(None, &parts), Authentication::Anonymous);
        assert_eq!(sender(Some(&own), &parts), Authentication::Known(named("own")));
        parts.extensions.insert(named("layer"));
        assert_eq!(sender(Some(&own), &parts), Authentication::Known(named("layer")));
        assert_eq!(sender(None, &parts), Authentication::Known(named("layer")));
    }

    #[test]
    fn a_function_that_knows_nobody_leaves_the_sender_anonymous_without_a_challenge() {
        let nobody = |_: &Parts| None;
        let parts = Request::new(()).into_parts().0;
        let found = nobody.authenticate(&parts);
        assert_eq!(found, Authentication::Anonymous);
        assert_eq!(nobody.challenge(&found), None);
    }
}
