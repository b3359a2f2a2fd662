//! A set of connections that messages fan out to.
//!
//! Kept dense, with positions only once it is large, and a cached snapshot, so that nobody holds a lock while sending.

use std::collections::HashMap;
use std::sync::Arc;

use hubcast_protocol::ConnectionId;

use crate::connection::Live;

/// The members of a group, the connections of a user, or all of a hub.
#[derive(Default)]
pub(crate) struct Members {
    list: Vec<Arc<Live>>,
    /// Where each member stands in the list; kept only above [`SEARCHED`] members.
    positions: HashMap<ConnectionId, usize>,
    snapshot: Option<Snapshot>,
}

/// The members at one moment.
pub(crate) type Snapshot = Arc<[Arc<Live>]>;

/// Up to this many members a search through the list is as fast as a look-up.
const SEARCHED: usize = 64;

impl Members {
    /// Adds a connection; `false` if it was there.
    pub(crate) fn insert(&mut self, live: Arc<Live>) -> bool {
        if self.position(&live.id()).is_some() {
            return false;
        }
        let at = self.list.len();
        if at == SEARCHED {
            self.positions = self.list.iter().enumerate().map(|(at, live)| (live.id(), at)).collect();
        }
        if at >= SEARCHED {
            self.positions.insert(live.id(), at);
        }
        self.list.push(live);
        self.snapshot = None;
        true
    }

    /// Removes a connection; `false` if it was not there.
    pub(crate) fn remove(&mut self, id: &ConnectionId) -> bool {
        let Some(at) = self.position(id) else { return false };
        self.list.swap_remove(at);
        self.positions.remove(id);
        if self.list.len() <= SEARCHED {
            self.positions = HashMap::new();
        } else if let Some(moved) = self.list.get(at) {
            self.positions.insert(moved.id(), at);
        }
        if self.list.len() < self.list.capacity() / 4 {
            self.list.shrink_to(self.list.len() * 2);
        }
        self.snapshot = None;
        true
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The members as they are, shared until one joins or leaves.
    pub(crate) fn snapshot(&mut self) -> Snapshot {
        Arc::clone(self.snapshot.get_or_insert_with(|| self.list.as_slice().into()))
    }

    fn position(&self, id: &ConnectionId) -> Option<usize> {
        if self.list.len() > SEARCHED {
            self.positions.get(id).copied()
        } else {
            self.list.iter().position(|member| member.id() == *id)
        }
    }
}
