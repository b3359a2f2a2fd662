//! Which connection tokens are known: negotiated and waiting for a transport, or connected.
//!
//! Invariant: a token that nobody comes back to is forgotten after the disconnect timeout, and their number is
//! bounded. Connections that skipped negotiation have no token and are not here.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use hubcast_protocol::{ConnectionId, ConnectionToken, Transport};
use metrics::Gauge;
use parking_lot::Mutex;

use super::Live;
use crate::limits::EARLY_POST_BUFFER_SIZE;
use crate::transport::Inbox;

/// The tokens of one hub.
pub(crate) struct Registry {
    tokens: DashMap<ConnectionToken, Known>,
    /// Tokens in the order in which they have to be used, with the time until then.
    deadlines: Mutex<VecDeque<(Duration, ConnectionToken)>>,
    pending: AtomicUsize,
    maximum_pending: usize,
    /// Shows how many are pending.
    gauge: Gauge,
}

/// What is known of a token.
enum Known {
    /// Negotiated, and no transport has come for it.
    Pending(Pending),
    /// In use.
    Connected(Weak<Live>),
}

/// A connection that was negotiated.
pub(crate) struct Pending {
    pub(crate) id: ConnectionId,
    /// Whether it was granted that it can be resumed.
    pub(crate) stateful: bool,
    /// What was posted before its transport came.
    pub(crate) inbox: Option<Arc<Inbox>>,
}

/// Whom a request with a token is for.
pub(crate) enum Found {
    /// A connection that waits for its transport.
    Pending,
    Connected(Arc<Live>),
}

/// Too many negotiated connections wait for their transport.
#[derive(Debug)]
pub(crate) struct TooManyPending;

impl Registry {
    pub(crate) fn new(maximum_pending: usize, gauge: Gauge) -> Self {
        Self {
            tokens: DashMap::new(),
            deadlines: Mutex::new(VecDeque::new()),
            pending: AtomicUsize::new(0),
            maximum_pending,
            gauge,
        }
    }

    /// Remembers a negotiated connection until `deadline`.
    pub(crate) fn add(
        &self,
        token: ConnectionToken,
        id: ConnectionId,
        stateful: bool,
        deadline: Duration,
    ) -> Result<(), TooManyPending> {
        if self.pending.fetch_add(1, Ordering::Relaxed) >= self.maximum_pending {
            self.pending.fetch_sub(1, Ordering::Relaxed);
            return Err(TooManyPending);
        }
        self.gauge.increment(1);
        self.tokens.insert(token, Known::Pending(Pending { id, stateful, inbox: None }));
        self.deadlines.lock().push_back((deadline, token));
        Ok(())
    }

    /// Whom a token is for.
    pub(crate) fn find(&self, token: &ConnectionToken) -> Option<Found> {
        self.tokens.get(token)?.found()
    }

    /// Takes a pending token into use by the connection that `connect` makes of it; `Found` tells what it was.
    ///
    /// `connect` runs with the map locked: it does nothing but make the connection, or refuse to.
    pub(crate) fn claim(
        &self,
        token: &ConnectionToken,
        connect: impl FnOnce(&Pending) -> Arc<Live>,
    ) -> Option<Result<Arc<Live>, Arc<Live>>> {
        let mut known = self.tokens.get_mut(token)?;
        let live = match &*known {
            Known::Connected(live) => return Some(Err(live.upgrade()?)),
            Known::Pending(pending) => connect(pending),
        };
        *known = Known::Connected(Arc::downgrade(&live));
        self.no_longer_pending(1);
        Some(Ok(live))
    }

    /// Where a POST to a token's connection goes: before its transport has come, into an inbox that takes little.
    pub(crate) fn inbox(&self, token: &ConnectionToken) -> Option<Arc<Inbox>> {
        match &mut *self.tokens.get_mut(token)? {
            Known::Pending(pending) => {
                let inbox = pending.inbox.get_or_insert_with(|| Arc::new(Inbox::new(EARLY_POST_BUFFER_SIZE)));
                Some(Arc::clone(inbox))
            }
            Known::Connected(live) => {
                let live = live.upgrade()?;
                live.inbox().filter(|_| live.transport() != Transport::WebSockets).cloned()
            }
        }
    }

    /// Forgets a token whose connection has ended.
    pub(crate) fn forget(&self, token: &ConnectionToken) {
        self.tokens.remove(token);
        self.give_back_memory();
    }

    /// Forgets the tokens that nobody came for by `now`.
    pub(crate) fn forget_overdue(&self, now: Duration) {
        loop {
            let token = {
                let mut deadlines = self.deadlines.lock();
                match deadlines.front() {
                    Some((deadline, _)) if *deadline <= now => deadlines.pop_front(),
                    _ => break,
                }
            };
            let Some((_, token)) = token else { break };
            if let Entry::Occupied(entry) = self.tokens.entry(token)
                && matches!(entry.get(), Known::Pending(_))
            {
                if let Known::Pending(Pending { inbox: Some(inbox), .. }) = entry.remove() {
                    inbox.end();
                }
                self.no_longer_pending(1);
                tracing::debug!("a negotiated connection was not used in time");
            }
        }
        self.give_back_memory();
    }

    /// Tells those who post to connections whose transport has not come that there are to be none any more.
    pub(crate) fn end_pending(&self) {
        let inboxes = self.tokens.iter().filter_map(|known| match known.value() {
            Known::Pending(pending) => pending.inbox.clone(),
            Known::Connected(_) => None,
        });
        for inbox in inboxes.collect::<Vec<_>>() {
            inbox.end();
        }
    }

    /// How many negotiated connections wait for a transport.
    pub(crate) fn pending(&self) -> usize {
        self.pending.load(Ordering::Relaxed)
    }

    fn no_longer_pending(&self, count: usize) {
        self.pending.fetch_sub(count, Ordering::Relaxed);
        self.gauge.decrement(count as f64);
    }

    fn give_back_memory(&self) {
        let mut deadlines = self.deadlines.lock();
        if deadlines.capacity() > LARGE && deadlines.len() < deadlines.capacity() / 4 {
            let keep = deadlines.len() * 2;
            deadlines.shrink_to(keep);
            self.tokens.shrink_to_fit();
        }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.no_longer_pending(self.pending());
    }
}

impl Known {
    fn found(&self) -> Option<Found> {
        match self {
            Self::Pending(_) => Some(Found::Pending),
            Self::Connected(live) => live.upgrade().map(Found::Connected),
        }
    }
}

/// Entries from which on an emptied queue gives its memory back.
const LARGE: usize = 1024;

#[cfg(test)]
mod tests {
    use hubcast_protocol::contract::{HubDefinition, NoClient};

    use super::*;
    use crate::connection::Identity;
    use crate::dispatch::MethodTable;
    use crate::hub::HubCore;
    use crate::options::HubOptions;

    #[test]
    fn a_token_that_nobody_comes_back_to_is_forgotten_at_its_deadline() {
        let registry = of(10);
        registry.add(token(1), id(1), false, seconds(15)).expect("room");
        registry.add(token(2), id(2), true, seconds(16)).expect("room");
        registry.forget_overdue(seconds(14));
        assert_eq!(pending(&registry, 1), Some((id(1), false)));
        registry.forget_overdue(seconds(15));
        assert_eq!(pending(&registry, 1), None);
        assert_eq!(pending(&registry, 2), Some((id(2), true)));
        assert_eq!(registry.pending(), 1);
    }

    #[test]
    fn a_token_in_use_outlives_its_deadline_and_is_claimed_once() {
        let registry = of(10);
        registry.add(token(1), id(1), false, seconds(15)).expect("room");
        let live = registry.claim(&token(1), |pending| live(pending.id)).expect("known").expect("free");
        assert_eq!(live.id(), id(1));
        let again = registry.claim(&token(1), |_| unreachable!("it is in use")).expect("known");
        assert!(again.is_err_and(|user| Arc::ptr_eq(&user, &live)));
        registry.forget_overdue(seconds(100));
        assert!(matches!(registry.find(&token(1)), Some(Found::Connected(_))));
        registry.forget(&token(1));
        assert!(registry.find(&token(1)).is_none());
    }

    #[test]
    fn a_connection_that_has_ended_is_not_found() {
        let registry = of(10);
        registry.add(token(1), id(1), false, seconds(15)).expect("room");
        drop(registry.claim(&token(1), |pending| live(pending.id)));
        assert!(registry.find(&token(1)).is_none());
        assert!(registry.inbox(&token(1)).is_none());
    }

    #[tokio::test]
    async fn what_was_posted_early_ends_with_its_token() {
        let registry = of(10);
        registry.add(token(1), id(1), false, seconds(15)).expect("room");
        let inbox = registry.inbox(&token(1)).expect("known");
        let post = inbox.post().expect("the connection may come");
        post.take(b"x").await.expect("the connection may come");
        assert!(Arc::ptr_eq(&inbox, &registry.inbox(&token(1)).expect("known")));
        registry.forget_overdue(seconds(15));
        post.take(b"y").await.expect_err("it has not come");
    }

    #[test]
    fn over_the_limit_nothing_more_is_negotiated_until_some_are_gone() {
        let registry = of(2);
        registry.add(token(1), id(1), false, seconds(15)).expect("room");
        registry.add(token(2), id(2), false, seconds(15)).expect("room");
        registry.add(token(3), id(3), false, seconds(15)).expect_err("full");
        drop(registry.claim(&token(1), |pending| live(pending.id)));
        registry.add(token(3), id(3), false, seconds(15)).expect("room again");
    }

    #[test]
    fn memory_returns_after_a_flood_of_negotiations() {
        let registry = of(100_000);
        for n in 0..50_000_u64 {
            let mut bytes = [0; 16];
            bytes[..8].copy_from_slice(&n.to_le_bytes());
            let token = ConnectionToken::from_random(bytes);
            registry.add(token, id(1), false, seconds(15)).expect("room");
        }
        registry.forget_overdue(seconds(15));
        assert_eq!(registry.pending(), 0);
        assert!(registry.tokens.capacity() < LARGE * 4, "{}", registry.tokens.capacity());
        assert!(registry.deadlines.lock().capacity() < LARGE);
    }

    fn of(maximum_pending: usize) -> Registry {
        Registry::new(maximum_pending, Gauge::noop())
    }

    fn pending(registry: &Registry, n: u8) -> Option<(ConnectionId, bool)> {
        match registry.tokens.get(&token(n))?.value() {
            Known::Pending(pending) => Some((pending.id, pending.stateful)),
            Known::Connected(_) => None,
        }
    }

    fn live(id: ConnectionId) -> Arc<Live> {
        let table = MethodTable::new(HubDefinition::<dyn NoClient>::new("Test"));
        let core = HubCore::new(Box::new(table), HubOptions::new());
        let identity = Identity {
            id,
            user: None,
            http_version: http::Version::HTTP_11,
            transport: Transport::LongPolling,
            stateful: false,
            compresses: false,
            inbox: None,
            principal: None,
            head: None,
            place: None,
        };
        Arc::new(Live::new(core, identity))
    }

    fn token(n: u8) -> ConnectionToken {
        ConnectionToken::from_random([n; 16])
    }

    fn id(n: u8) -> ConnectionId {
        ConnectionId::from_random([n; 16])
    }

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }
}
