//! Placeholder of the principal.
use serde_json::{Map, Value};
/// Who a connection is.
#[derive(Clone, Default)]
pub struct Principal {
    claims: Map<String, Value>,
}
impl Principal {
    /// One claim.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.claims.get(name)
    }
}
