//! Which connection tokens are known: negotiated and waiting for a transport, or connected.
//!
//! Invariant: a token that nobody comes back to is forgotten after the disconnect timeout, and their number is
//! bounded. Connections that skipped negotiation have no token and are not here.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use hubcast_protocol::{ConnectionId, ConnectionToken};
use parking_lot::Mutex;

/// The tokens of one hub.
pub(crate) struct Registry {
    tokens: DashMap<ConnectionToken, Known>,
    /// Tokens in the order in which they have to be used, with the time until then.
    deadlines: Mutex<VecDeque<(Duration, ConnectionToken)>>,
    pending: AtomicUsize,
    maximum_pending: usize,
}

/// What is known of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// Negotiated, and no transport has come for it.
    Pending(ConnectionId),
    /// In use by a WebSocket.
    Connected,
}

/// Too many negotiated connections wait for their transport.
#[derive(Debug)]
pub(crate) struct TooManyPending;

impl Registry {
    pub(crate) fn new(maximum_pending: usize) -> Self {
        Self {
            tokens: DashMap::new(),
            deadlines: Mutex::new(VecDeque::new()),
            pending: AtomicUsize::new(0),
            maximum_pending,
        }
    }

    /// Remembers a negotiated connection until `deadline`.
    pub(crate) fn add(
        &self,
        token: ConnectionToken,
        id: ConnectionId,
        deadline: Duration,
    ) -> Result<(), TooManyPending> {
        if self.pending.fetch_add(1, Ordering::Relaxed) >= self.maximum_pending {
            self.pending.fetch_sub(1, Ordering::Relaxed);
            return Err(TooManyPending);
        }
        self.tokens.insert(token, Known::Pending(id));
        self.deadlines.lock().push_back((deadline, token));
        Ok(())
    }

    /// What is known of a token.
    pub(crate) fn get(&self, token: &ConnectionToken) -> Option<Known> {
        self.tokens.get(token).map(|known| *known)
    }

    /// Takes a token into use; the state before tells whether that was possible.
    pub(crate) fn claim(&self, token: &ConnectionToken) -> Option<Known> {
        let mut known = self.tokens.get_mut(token)?;
        let before = *known;
        if matches!(before, Known::Pending(_)) {
            *known = Known::Connected;
            self.pending.fetch_sub(1, Ordering::Relaxed);
        }
        Some(before)
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
                entry.remove();
                self.pending.fetch_sub(1, Ordering::Relaxed);
                tracing::debug!("a negotiated connection was not used in time");
            }
        }
        self.give_back_memory();
    }

    /// How many negotiated connections wait for a transport.
    pub(crate) fn pending(&self) -> usize {
        self.pending.load(Ordering::Relaxed)
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

/// Entries from which on an emptied queue gives its memory back.
const LARGE: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_nobody_comes_back_to_is_forgotten_at_its_deadline() {
        let registry = Registry::new(10);
        registry.add(token(1), id(1), seconds(15)).expect("room");
        registry.add(token(2), id(2), seconds(16)).expect("room");
        registry.forget_overdue(seconds(14));
        assert_eq!(registry.get(&token(1)), Some(Known::Pending(id(1))));
        registry.forget_overdue(seconds(15));
        assert_eq!(registry.get(&token(1)), None);
        assert_eq!(registry.get(&token(2)), Some(Known::Pending(id(2))));
        assert_eq!(registry.pending(), 1);
    }

    #[test]
    fn a_token_in_use_outlives_its_deadline_and_is_claimed_once() {
        let registry = Registry::new(10);
        registry.add(token(1), id(1), seconds(15)).expect("room");
        assert_eq!(registry.claim(&token(1)), Some(Known::Pending(id(1))));
        assert_eq!(registry.claim(&token(1)), Some(Known::Connected));
        registry.forget_overdue(seconds(100));
        assert_eq!(registry.get(&token(1)), Some(Known::Connected));
        registry.forget(&token(1));
        assert_eq!(registry.claim(&token(1)), None);
    }

    #[test]
    fn over_the_limit_nothing_more_is_negotiated_until_some_are_gone() {
        let registry = Registry::new(2);
        registry.add(token(1), id(1), seconds(15)).expect("room");
        registry.add(token(2), id(2), seconds(15)).expect("room");
        registry.add(token(3), id(3), seconds(15)).expect_err("full");
        registry.claim(&token(1));
        registry.add(token(3), id(3), seconds(15)).expect("room again");
    }

    #[test]
    fn memory_returns_after_a_flood_of_negotiations() {
        let registry = Registry::new(100_000);
        for n in 0..50_000_u64 {
            let mut bytes = [0; 16];
            bytes[..8].copy_from_slice(&n.to_le_bytes());
            let token = ConnectionToken::from_random(bytes);
            registry.add(token, id(1), seconds(15)).expect("room");
        }
        registry.forget_overdue(seconds(15));
        assert_eq!(registry.pending(), 0);
        assert!(registry.tokens.capacity() < LARGE * 4, "{}", registry.tokens.capacity());
        assert!(registry.deadlines.lock().capacity() < LARGE);
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
