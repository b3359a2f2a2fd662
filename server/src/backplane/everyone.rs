//! All connections of a hub. Each keeps its own place, which a map from ids to places would cost more for.

use std::ptr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::dense::{Dense, Snapshot};
use crate::connection::Live;

/// The open connections of a hub.
#[derive(Default)]
pub(super) struct Everyone(Dense);

impl Everyone {
    /// Adds a connection, which is not there.
    pub(super) fn insert(&mut self, live: Arc<Live>) {
        note_place(&live, self.0.members().len());
        self.0.push(live);
    }

    /// Removes a connection if it is there.
    pub(super) fn remove(&mut self, live: &Live) {
        // Whoever never came in has the place of another.
        let at = live.place.load(Ordering::Relaxed) as usize;
        if !self.0.members().get(at).is_some_and(|member| ptr::eq(&raw const **member, live)) {
            return;
        }
        if let Some(moved) = self.0.remove(at) {
            note_place(moved, at);
        }
    }

    /// All of them at this moment.
    pub(super) fn snapshot(&mut self) -> Snapshot {
        self.0.snapshot()
    }
}

fn note_place(live: &Live, at: usize) {
    let at = u32::try_from(at).expect("each connection takes more than a byte of 4 GiB");
    live.place.store(at, Ordering::Relaxed);
}
