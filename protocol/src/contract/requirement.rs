//! What a hub or one of its methods asks of its caller.
//!
//! Several requirements of one thing must all hold. An anonymous caller meets none but a policy that says so. What a
//! refusal looks like on the wire is the server's matter.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::Principal;

/// One condition on who may connect to a hub or call a method: what `#[authorize]` expands to.
///
/// ```
/// use hubcast_protocol::contract::{Authorization, Principal, Requirement};
///
/// fn is_verified(authorization: &Authorization<'_>) -> bool {
///     authorization.principal.is_some_and(|principal| principal.has_claim("verified", "true"))
/// }
///
/// let ada = Principal::new().with_role("admin").with_claim("verified", true);
/// let call = Authorization::new("ChatHub", Some("Clear"), Some(&ada));
/// let requirements = [Requirement::role("admin"), Requirement::policy(is_verified)];
/// assert!(Requirement::all_allow(&requirements, &call));
/// ```
#[derive(Clone)]
pub struct Requirement(Kind);

#[derive(Clone)]
enum Kind {
    Authenticated,
    Roles(Vec<Cow<'static, str>>),
    Claim { name: Cow<'static, str>, value: Cow<'static, str> },
    Policy(Arc<dyn Fn(&Authorization<'_>) -> bool + Send + Sync>),
}

impl Requirement {
    /// The caller is known: it has a [`Principal`].
    pub const fn authenticated() -> Self {
        Self(Kind::Authenticated)
    }

    /// The caller has this role.
    pub fn role(role: impl Into<Cow<'static, str>>) -> Self {
        Self(Kind::Roles(vec![role.into()]))
    }

    /// The caller has at least one of these roles. Of no roles it can have none: nobody is allowed.
    pub fn roles(roles: impl IntoIterator<Item = impl Into<Cow<'static, str>>>) -> Self {
        Self(Kind::Roles(roles.into_iter().map(Into::into).collect()))
    }

    /// The caller has a claim with this value, or one that lists it.
    pub fn claim(name: impl Into<Cow<'static, str>>, value: impl Into<Cow<'static, str>>) -> Self {
        Self(Kind::Claim { name: name.into(), value: value.into() })
    }

    /// The function of the application allows it. It is asked about anonymous callers too, and must not block.
    pub fn policy(policy: impl Fn(&Authorization<'_>) -> bool + Send + Sync + 'static) -> Self {
        Self(Kind::Policy(Arc::new(policy)))
    }

    /// Whether the caller meets the requirement.
    ///
    /// # Panics
    ///
    /// If the application's function does.
    pub fn allows(&self, authorization: &Authorization<'_>) -> bool {
        let principal = authorization.principal;
        match &self.0 {
            Kind::Authenticated => principal.is_some(),
            Kind::Roles(roles) => {
                principal.is_some_and(|known| roles.iter().any(|role| known.has_role(role)))
            }
            Kind::Claim { name, value } => principal.is_some_and(|known| known.has_claim(name, value)),
            Kind::Policy(policy) => policy(authorization),
        }
    }

    /// Whether the caller meets every one of them; if there are none, it does.
    ///
    /// # Panics
    ///
    /// If a function of the application does.
    pub fn all_allow(requirements: &[Self], authorization: &Authorization<'_>) -> bool {
        requirements.iter().all(|requirement| requirement.allows(authorization))
    }
}

impl fmt::Debug for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Authenticated => f.write_str("Authenticated"),
            Kind::Roles(roles) => f.debug_tuple("Roles").field(roles).finish(),
            Kind::Claim { name, .. } => f.debug_struct("Claim").field("name", name).finish_non_exhaustive(),
            Kind::Policy(_) => f.debug_tuple("Policy").finish_non_exhaustive(),
        }
    }
}

/// Who wants what: the subject of a [`Requirement`].
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Authorization<'a> {
    /// The name of the hub trait.
    pub hub: &'a str,
    /// The wire name of the method that is called; `None` when a client negotiates or connects.
    pub method: Option<&'a str>,
    /// Who the caller is; `None` for an anonymous one.
    pub principal: Option<&'a Principal>,
}

impl<'a> Authorization<'a> {
    /// A caller's wish to connect to a hub, or to call a method of it.
    pub const fn new(hub: &'a str, method: Option<&'a str>, principal: Option<&'a Principal>) -> Self {
        Self { hub, method, principal }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anonymous_caller_meets_nothing_but_a_policy_that_says_so() {
        let anonymous = Authorization::new("ChatHub", None, None);
        let refused = [
            Requirement::authenticated(),
            Requirement::role("admin"),
            Requirement::claim("level", "7"),
            Requirement::policy(|authorization| authorization.principal.is_some()),
        ];
        for requirement in refused {
            assert!(!requirement.allows(&anonymous), "{requirement:?}");
        }
        assert!(Requirement::policy(|_| true).allows(&anonymous));
    }

    #[test]
    fn any_caller_with_a_principal_is_authenticated() {
        assert!(allows(&Requirement::authenticated(), &Principal::new()));
    }

    #[test]
    fn one_of_the_roles_is_enough_and_of_none_nobody_has_one() {
        let user = Principal::new().with_role("user");
        assert!(allows(&Requirement::roles(["admin", "user"]), &user));
        assert!(allows(&Requirement::roles(vec![String::from("user")]), &user));
        assert!(!allows(&Requirement::roles(["admin", "owner"]), &user));
        assert!(!allows(&Requirement::role("admin"), &user));
        assert!(!allows(&Requirement::roles([""; 0]), &user));
    }

    #[test]
    fn a_claim_must_have_the_value() {
        let principal = Principal::new().with_claim("level", 7);
        assert!(allows(&Requirement::claim("level", "7"), &principal));
        assert!(!allows(&Requirement::claim("level", "8"), &principal));
        assert!(!allows(&Requirement::claim("floor", "7"), &principal));
    }

    #[test]
    fn a_policy_sees_the_hub_the_method_and_the_caller() {
        fn only_ada_clears(authorization: &Authorization<'_>) -> bool {
            let name = authorization.principal.and_then(Principal::name_identifier);
            (authorization.hub, authorization.method, name) == ("ChatHub", Some("Clear"), Some("ada"))
        }
        let requirement = Requirement::policy(only_ada_clears);
        let ada = Principal::new().with_claim("sub", "ada");
        assert!(requirement.allows(&Authorization::new("ChatHub", Some("Clear"), Some(&ada))));
        assert!(!requirement.allows(&Authorization::new("ChatHub", None, Some(&ada))));
        assert!(!requirement.allows(&Authorization::new("NewsHub", Some("Clear"), Some(&ada))));
    }

    #[test]
    fn all_requirements_must_hold() {
        let both = [Requirement::role("admin"), Requirement::claim("level", "7")];
        let admin = Principal::new().with_role("admin");
        let verified_admin = admin.clone().with_claim("level", 7);
        for (principal, is_allowed) in [(admin, false), (verified_admin, true)] {
            let call = Authorization::new("ChatHub", None, Some(&principal));
            assert_eq!(Requirement::all_allow(&both, &call), is_allowed, "{principal:?}");
        }
        assert!(Requirement::all_allow(&[], &Authorization::new("ChatHub", None, None)));
    }

    #[test]
    fn debug_names_the_condition_without_the_value_of_a_claim() {
        let shown = |requirement: &Requirement| format!("{requirement:?}");
        assert_eq!(shown(&Requirement::authenticated()), "Authenticated");
        assert_eq!(shown(&Requirement::role("admin")), r#"Roles(["admin"])"#);
        assert_eq!(shown(&Requirement::claim("level", "SECRET")), r#"Claim { name: "level", .. }"#);
        assert_eq!(shown(&Requirement::policy(|_| true)), "Policy(..)");
    }

    fn allows(requirement: &Requirement, principal: &Principal) -> bool {
        requirement.allows(&Authorization::new("ChatHub", Some("Clear"), Some(principal)))
    }
}
