//! Placeholder of requirements.
use super::Principal;
/// What is asked of a caller.
#[derive(Clone)]
pub struct Requirement(());
/// Who asks for what.
pub struct Authorization<'a> {
    /// The hub.
    pub hub: &'a str,
    /// The method, if it is a call.
    pub method: Option<&'a str>,
    /// Who asks.
    pub principal: Option<&'a Principal>,
}
impl Requirement {
    /// Somebody who is known.
    pub fn authenticated() -> Self {
        Self(())
    }
    /// Whether it is met.
    pub fn allows(&self, who: &Authorization<'_>) -> bool {
        who.principal.is_some()
    }
}
