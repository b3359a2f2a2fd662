//! Connections one beside the other, with a cached snapshot, so that nobody holds a lock while sending.

use std::sync::Arc;

use crate::connection::Live;

/// A list of connections. Who leaves it gives its place to the last.
#[derive(Default)]
pub(crate) struct Dense {
    list: Vec<Arc<Live>>,
    snapshot: Option<Snapshot>,
}

/// The members at one moment.
pub(crate) type Snapshot = Arc<[Arc<Live>]>;

impl Dense {
    /// Adds a connection at the end.
    pub(super) fn push(&mut self, live: Arc<Live>) {
        self.list.push(live);
        self.snapshot = None;
    }

    /// Removes the connection at a place and says who stands there from here on.
    pub(super) fn remove(&mut self, at: usize) -> Option<&Arc<Live>> {
        self.list.swap_remove(at);
        if self.list.len() < self.list.capacity() / 4 {
            self.list.shrink_to(self.list.len() * 2);
        }
        self.snapshot = None;
        self.list.get(at)
    }

    pub(super) fn members(&self) -> &[Arc<Live>] {
        &self.list
    }

    /// The members as they are, shared until one joins or leaves.
    pub(super) fn snapshot(&mut self) -> Snapshot {
        Arc::clone(self.snapshot.get_or_insert_with(|| self.list.as_slice().into()))
    }
}
