//! Which user a principal is: what `Clients::user` sends by.

use std::fmt;
use std::sync::Arc;

use hubcast_protocol::contract::Principal;

/// From a principal to the user's id. Default: [`Principal::name_identifier`].
#[derive(Clone, Default)]
pub(crate) struct UserId(Option<Function>);

type Function = Arc<dyn Fn(&Principal) -> Option<String> + Send + Sync>;

impl UserId {
    /// Ids by a function of the application.
    pub(crate) fn by(function: impl Fn(&Principal) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(function)))
    }

    /// The id of the user; `None` makes it no user's connection.
    ///
    /// # Panics
    ///
    /// If the application's function does.
    pub(crate) fn of(&self, principal: &Principal) -> Option<String> {
        match &self.0 {
            Some(function) => function(principal),
            None => principal.name_identifier().map(str::to_owned),
        }
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserId").field("by_function", &self.0.is_some()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_its_name_identifier_unless_a_function_says_otherwise() {
        let ada = Principal::new().with_claim("sub", "ada").with_claim("email", "ada@example.com");
        assert_eq!(UserId::default().of(&ada).as_deref(), Some("ada"));
        assert_eq!(UserId::default().of(&Principal::new()), None);
        let by_mail = UserId::by(|principal| principal.claim("email")?.as_str().map(str::to_owned));
        assert_eq!(by_mail.of(&ada).as_deref(), Some("ada@example.com"));
        assert_eq!(by_mail.of(&Principal::new().with_claim("sub", "ada")), None);
    }
}
