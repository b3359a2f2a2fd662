//! A set of connections that messages fan out to.
//!
//! It knows their positions only once it is large.

use std::collections::HashMap;
use std::sync::Arc;

use hubcast_protocol::ConnectionId;

use super::dense::{Dense, Snapshot};
use crate::connection::Live;

/// The members of a group, or the connections of a user.
#[derive(Default)]
pub(crate) struct Members {
    list: Dense,
    /// Where each member stands in the list; kept only above [`SEARCHED`] members.
    positions: HashMap<ConnectionId, usize>,
}

/// Up to this many members a search through the list is as fast as a look-up.
const SEARCHED: usize = 64;

impl Members {
    /// Adds a connection; `false` if it was there.
    pub(crate) fn insert(&mut self, live: Arc<Live>) -> bool {
        if self.position(&live.id()).is_some() {
            return false;
        }
        let at = self.len();
        if at == SEARCHED {
            self.positions =
                self.list.members().iter().enumerate().map(|(at, live)| (live.id(), at)).collect();
        }
        if at >= SEARCHED {
            self.positions.insert(live.id(), at);
        }
        self.list.push(live);
        true
    }

    /// Removes a connection; `false` if it was not there.
    pub(crate) fn remove(&mut self, id: &ConnectionId) -> bool {
        let Some(at) = self.position(id) else { return false };
        self.positions.remove(id);
        if let Some(moved) = self.list.remove(at)
            && !self.positions.is_empty()
        {
            self.positions.insert(moved.id(), at);
        }
        if self.len() <= SEARCHED {
            self.positions = HashMap::new();
        }
        true
    }

    pub(crate) fn len(&self) -> usize {
        self.list.members().len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.members().is_empty()
    }

    /// The members as they are, shared until one joins or leaves.
    pub(crate) fn snapshot(&mut self) -> Snapshot {
        self.list.snapshot()
    }

    fn position(&self, id: &ConnectionId) -> Option<usize> {
        if self.len() > SEARCHED {
            self.positions.get(id).copied()
        } else {
            self.list.members().iter().position(|member| member.id() == *id)
        }
    }
}
