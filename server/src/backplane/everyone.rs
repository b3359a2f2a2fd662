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

#[cfg(test)]
mod tests {
    use hubcast_protocol::contract::{HubDefinition, NoClient};
    use hubcast_protocol::{ConnectionId, Transport};

    use super::*;
    use crate::connection::Identity;
    use crate::dispatch::MethodTable;
    use crate::hub::HubCore;
    use crate::options::HubOptions;

    #[test]
    fn who_leaves_gives_its_place_to_the_last() {
        let (mut everyone, [first, second, third]) = (Everyone::default(), [1, 2, 3].map(live));
        for live in [&first, &second, &third] {
            everyone.insert(Arc::clone(live));
        }
        everyone.remove(&first);
        assert_eq!(ids(&mut everyone), [third.id(), second.id()]);
        everyone.remove(&third);
        everyone.remove(&third);
        assert_eq!(ids(&mut everyone), [second.id()]);
    }

    #[test]
    fn who_never_came_in_takes_nobody_along() {
        let mut everyone = Everyone::default();
        let (first, stranger) = (live(1), live(2));
        everyone.remove(&stranger);
        everyone.insert(Arc::clone(&first));
        everyone.remove(&stranger);
        assert_eq!(ids(&mut everyone), [first.id()]);
    }

    fn ids(everyone: &mut Everyone) -> Vec<ConnectionId> {
        everyone.snapshot().iter().map(|live| live.id()).collect()
    }

    fn live(n: u8) -> Arc<Live> {
        let table = MethodTable::new(HubDefinition::<dyn NoClient>::new("Test"));
        let core = HubCore::new(Box::new(table), HubOptions::new());
        let identity = Identity {
            id: ConnectionId::from_random([n; 16]),
            user: None,
            http_version: http::Version::HTTP_11,
            transport: Transport::WebSockets,
            principal: None,
            compresses: false,
            inbox: None,
            stateful: false,
            head: None,
            place: None,
        };
        Arc::new(Live::new(core, identity))
    }
}
