//! Who a connection is: the claims that the application or a token made about it.
//!
//! Claims are personal data: no `Debug` shows their values. How a token becomes a principal is the server's matter;
//! what a hub asks of one is [`Requirement`](super::Requirement).

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::{Map, Value};

/// Who a connection is, as the application or its token said. A connection without one is anonymous.
///
/// It cannot be changed once it is shared: a clone costs a reference count and has the same claims.
///
/// ```
/// use hubcast_protocol::contract::Principal;
///
/// let ada = Principal::new().with_claim("sub", "ada").with_role("admin");
/// assert_eq!(ada.name_identifier(), Some("ada"));
/// assert!(ada.has_role("admin"));
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Principal(Arc<Inner>);

#[derive(Clone, Default, PartialEq)]
struct Inner {
    claims: Map<String, Value>,
    expires_at: Option<SystemTime>,
}

impl Principal {
    /// A principal without claims: authenticated, and nothing more is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// A principal with these claims. Neither `exp` nor another claim becomes its expiry.
    pub fn from_claims(claims: Map<String, Value>) -> Self {
        Self(Arc::new(Inner { claims, expires_at: None }))
    }

    /// Adds a claim, or replaces the one with that name.
    #[must_use]
    pub fn with_claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.inner().claims.insert(name.into(), value.into());
        self
    }

    /// Adds a role to those in the claim `role`.
    #[must_use]
    pub fn with_role(mut self, role: impl Into<String>) -> Self {
        let roles = self.inner().claims.entry(ROLES[0]).or_insert_with(|| Value::Array(Vec::new()));
        match roles {
            Value::Array(roles) => roles.push(Value::String(role.into())),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                *roles = Value::Array(vec![roles.take(), Value::String(role.into())]);
            }
        }
        self
    }

    /// Says until when the claims hold. Default: for ever.
    #[must_use]
    pub fn with_expires_at(mut self, time: SystemTime) -> Self {
        self.inner().expires_at = Some(time);
        self
    }

    /// All claims, by name. Names are case-sensitive.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.0.claims
    }

    /// The value of a claim.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.0.claims.get(name)
    }

    /// Whether a claim has this value, or is a list that holds it.
    ///
    /// A number or a truth value counts as the text that JSON writes for it.
    pub fn has_claim(&self, name: &str, value: &str) -> bool {
        self.claim(name).is_some_and(|found| holds(found, value))
    }

    /// Who the user is: the first text that is not empty of the claims `sub`, `nameid` and .NET's `NameIdentifier`.
    pub fn name_identifier(&self) -> Option<&str> {
        let texts = NAME_IDENTIFIERS.iter().filter_map(|name| self.claim(name)?.as_str());
        texts.into_iter().find(|text| !text.is_empty())
    }

    /// Whether one of the claims `role`, `roles` and .NET's `Role` is or lists this role. Case counts, as in .NET.
    pub fn has_role(&self, role: &str) -> bool {
        ROLES.iter().any(|name| self.has_claim(name, role))
    }

    /// Until when the claims hold; `None` for ever.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.0.expires_at
    }

    fn inner(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.0)
    }
}

fn holds(claim: &Value, text: &str) -> bool {
    match claim {
        Value::String(claim) => claim == text,
        Value::Array(claims) => claims.iter().any(|claim| !claim.is_array() && holds(claim, text)),
        Value::Bool(claim) => text == if *claim { "true" } else { "false" },
        Value::Number(claim) => text == claim.to_string().as_str(),
        Value::Null | Value::Object(_) => false,
    }
}

impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claims = self.0.claims.keys().collect::<Vec<_>>();
        f.debug_struct("Principal").field("claims", &claims).field("expires_at", &self.0.expires_at).finish()
    }
}

const NAME_IDENTIFIERS: [&str; 3] =
    ["sub", "nameid", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier"];

const ROLES: [&str; 3] = ["role", "roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::time::Duration;

    #[test]
    fn the_user_is_the_first_name_identifier_that_is_a_text() {
        let [sub, nameid, dotnet] = NAME_IDENTIFIERS;
        let everything =
            Principal::new().with_claim(sub, "ada").with_claim(nameid, "grace").with_claim(dotnet, "edith");
        assert_eq!(everything.name_identifier(), Some("ada"));
        assert_eq!(everything.clone().with_claim(sub, "").name_identifier(), Some("grace"));
        let last = everything.with_claim(sub, 7).with_claim(nameid, json!(["grace"]));
        assert_eq!(last.name_identifier(), Some("edith"));
        assert_eq!(Principal::new().name_identifier(), None);
    }

    #[test]
    fn a_role_is_a_text_or_one_of_a_list_in_any_of_the_three_claims() {
        for name in ROLES {
            let one = Principal::new().with_claim(name, "admin");
            let several = Principal::new().with_claim(name, json!(["user", "admin", 7, ["nested"]]));
            for principal in [one, several] {
                assert!(principal.has_role("admin"), "{name}");
                assert!(!principal.has_role("Admin"), "{name}");
                assert!(!principal.has_role("nested"), "{name}");
                assert!(!principal.has_role(""), "{name}");
            }
        }
        assert!(!Principal::new().with_claim("role", json!({"admin": true})).has_role("admin"));
    }

    #[test]
    fn a_role_is_added_to_those_that_are_there() {
        let principal = Principal::new().with_claim("role", "user").with_role("admin").with_role("owner");
        assert_eq!(principal.claim("role"), Some(&json!(["user", "admin", "owner"])));
        assert_eq!(Principal::new().with_role("admin").claim("role"), Some(&json!(["admin"])));
    }

    #[test]
    fn numbers_and_truth_values_are_claims_by_their_json_text() {
        let principal = Principal::new().with_claim("level", 7).with_claim("verified", true);
        assert!(principal.has_claim("level", "7"));
        assert!(principal.has_claim("verified", "true"));
        assert!(!principal.has_claim("verified", "True"));
        assert!(!principal.has_claim("absent", "null"));
    }

    #[test]
    fn a_changed_clone_leaves_the_first_as_it_was() {
        let first = Principal::new().with_claim("sub", "ada");
        let second = first.clone().with_claim("sub", "grace").with_expires_at(SystemTime::UNIX_EPOCH);
        assert_eq!((first.name_identifier(), first.expires_at()), (Some("ada"), None));
        assert_eq!(
            (second.name_identifier(), second.expires_at()),
            (Some("grace"), Some(SystemTime::UNIX_EPOCH))
        );
    }

    #[test]
    fn debug_shows_the_names_of_claims_and_no_value() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        let principal = Principal::new()
            .with_claim("sub", "SECRET-1")
            .with_claim("roles", json!(["SECRET-2"]))
            .with_expires_at(time);
        let shown = format!("{principal:?}");
        assert!(shown.starts_with(r#"Principal { claims: ["roles", "sub"], expires_at: Some("#), "{shown}");
        assert!(!shown.contains("SECRET"), "{shown}");
    }
}
