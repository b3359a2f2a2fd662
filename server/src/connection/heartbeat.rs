//! Pings, time-outs and forgotten negotiations of all connections of a hub: one task, one timer.
//!
//! Each connection sits in the slot of the second in which it has to be looked at next, so that a second's work is a
//! fraction of the connections. A connection that has ended is found gone when its slot comes. A second's work goes in
//! slices, between which everybody else has a turn: connections that opened together are pinged together.

use std::sync::{Arc, Weak};
use std::time::Duration;

use hubcast_protocol::connection::Due;
use parking_lot::Mutex;
use tokio::task::yield_now;
use tokio::time::{MissedTickBehavior, interval};

use super::clock::Clock;
use super::live::{Live, Signal};
use crate::hub::HubCore;

const TICK: Duration = Duration::from_secs(1);

/// A wheel of seconds; what is due later than its last slot is looked at there and put back.
pub(crate) struct Heartbeat {
    slots: [Mutex<Vec<Weak<Live>>>; SLOTS],
    /// Those of the second that is looked at.
    due: Mutex<Vec<Weak<Live>>>,
}

const SLOTS: usize = 64;

/// Connections that are looked at before others get their turn. An HTTP/2 connection never gives back the memory for the
/// frames that once waited in it, so that the pings of all its streams should not wait together.
const SLICE: usize = 32;

impl Heartbeat {
    pub(crate) fn new() -> Self {
        Self { slots: [const { Mutex::new(Vec::new()) }; SLOTS], due: Mutex::default() }
    }

    /// Looks after a connection from here on.
    pub(crate) fn add(&self, live: &Arc<Live>) {
        let now = Duration::from_secs(live.core().clock().seconds().into());
        self.insert(live, live.core().keep_alive().next_check_at(&live.observed(), now));
    }

    fn insert(&self, live: &Arc<Live>, at: Duration) {
        let now = u64::from(live.core().clock().seconds());
        // Rounded up, so that nothing is looked at just before it is due.
        let due = at.as_secs().saturating_add(u64::from(at.subsec_nanos() > 0));
        // Not the next second: its slot may be swept at this moment, by a clock that has just moved on.
        let due = due.clamp(now + 2, now + SLOTS as u64 - 1);
        self.slots[due as usize % SLOTS].lock().push(Arc::downgrade(live));
        // A stop that looked through the slots before this entry was there is seen here.
        if live.core().is_closing() {
            live.signal(Signal::Shutdown);
        }
    }

    /// Does something with every connection, handshaking ones too.
    pub(crate) fn for_each(&self, act: impl Fn(&Live)) {
        self.all().iter().filter_map(Weak::upgrade).for_each(|live| act(&live));
    }

    /// Every connection, handshaking ones too, and some that have ended.
    pub(crate) fn all(&self) -> Vec<Weak<Live>> {
        self.slots.iter().chain([&self.due]).flat_map(|slot| slot.lock().clone()).collect()
    }

    /// Looks at every connection whose second has come. The clock goes on meanwhile.
    async fn beat(&self, clock: &Clock, from: u64, to: u64) {
        for second in from..=to.min(from + SLOTS as u64 - 1) {
            let due = std::mem::take(&mut *self.slots[second as usize % SLOTS].lock());
            *self.due.lock() = due;
            loop {
                let slice = self.next_slice();
                if slice.is_empty() {
                    break;
                }
                slice.iter().filter_map(Weak::upgrade).for_each(|live| self.look_at(&live));
                yield_now().await;
                clock.advance();
            }
        }
        *self.due.lock() = Vec::new();
    }

    fn next_slice(&self) -> Vec<Weak<Live>> {
        let mut due = self.due.lock();
        let rest = due.len().saturating_sub(SLICE);
        due.split_off(rest)
    }

    fn look_at(&self, live: &Arc<Live>) {
        let keep_alive = live.core().keep_alive();
        let now = Duration::from_secs(live.core().clock().seconds().into());
        match keep_alive.due(&live.observed(), now) {
            Some(Due::PeerSilent) => return live.signal(Signal::PeerSilent),
            Some(Due::HandshakeOverdue) => return live.signal(Signal::HandshakeOverdue),
            Some(Due::SendOverdue) => return live.signal(Signal::SendOverdue),
            Some(Due::Expired) => return live.signal(Signal::Expired),
            Some(Due::Ping) => live.ping(),
            None => {}
        }
        self.insert(live, keep_alive.next_check_at(&live.observed(), now));
    }
}

/// Runs the heartbeat of a hub until the hub is gone.
pub(crate) async fn run(hub: Weak<HubCore>) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut next = 0;
    loop {
        ticks.tick().await;
        let Some(hub) = hub.upgrade() else { return };
        let now = hub.clock().advance();
        hub.heartbeat().beat(hub.clock(), next, now.as_secs()).await;
        next = now.as_secs() + 1;
        hub.registry().forget_overdue(now);
    }
}
