//! A connection that is found by its id, which stands in it and not beside it once more.

use std::borrow::Borrow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use hubcast_protocol::ConnectionId;

use crate::connection::Live;

/// A connection as the element of a set.
pub(super) struct ById(pub(super) Arc<Live>);

impl Borrow<ConnectionId> for ById {
    fn borrow(&self) -> &ConnectionId {
        self.0.id_ref()
    }
}

impl Hash for ById {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.id_ref().hash(state);
    }
}

impl PartialEq for ById {
    fn eq(&self, other: &Self) -> bool {
        self.0.id_ref() == other.0.id_ref()
    }
}

impl Eq for ById {}
