//! The connections of this process: who is here, in which groups, as which user.

use std::sync::Arc;

use dashmap::{DashMap, DashSet};
use hubcast_protocol::ConnectionId;
use hubcast_protocol::contract::{Audience, GroupError, Recipients, SendError, Sending, SlowConsumerPolicy};
use parking_lot::Mutex;

use super::Envelope;
use super::by_id::ById;
use super::dense::Snapshot;
use super::everyone::Everyone;
use super::members::Members;
use crate::connection::Live;

/// The membership index of one hub.
pub(crate) struct Local {
    connections: DashSet<ById>,
    all: Mutex<Everyone>,
    groups: DashMap<Arc<str>, Members>,
    users: DashMap<Box<str>, Members>,
}

impl Local {
    pub(crate) fn new() -> Self {
        Self {
            connections: DashSet::new(),
            all: Mutex::default(),
            groups: DashMap::new(),
            users: DashMap::new(),
        }
    }

    /// A connection has opened and receives from here on.
    pub(crate) fn add(&self, live: &Arc<Live>) {
        self.connections.insert(ById(Arc::clone(live)));
        self.all.lock().insert(Arc::clone(live));
        if let Some(user) = live.user() {
            self.users.entry(user.into()).or_default().insert(Arc::clone(live));
        }
    }

    /// A connection has ended: it leaves its groups and receives no more.
    pub(crate) fn remove(&self, live: &Live) {
        let id = live.id();
        let joined = live.groups.lock().end();
        for group in joined {
            self.remove_from_group(&id, &group);
        }
        if let Some(user) = live.user()
            && let dashmap::Entry::Occupied(mut members) = self.users.entry(user.into())
            && members.get_mut().remove(&id)
            && members.get().is_empty()
        {
            members.remove();
        }
        self.all.lock().remove(live);
        self.connections.remove(&id);
    }

    /// Puts a connection into a group, as one of `limit` at most; nothing happens if it is gone or a member already.
    pub(crate) fn join(&self, id: ConnectionId, group: &str, limit: usize) -> Result<(), GroupError> {
        let Some(live) = self.connection(&id) else { return Ok(()) };
        // Held until the group has it too, so that an end at the same moment finds it in both or in neither.
        let mut joined = live.groups.lock();
        if joined.is_over() {
            return Ok(());
        }
        let names = joined.names();
        if names.len() >= limit {
            let is_member = names.iter().any(|name| **name == *group);
            return if is_member { Ok(()) } else { Err(GroupError::TooMany { limit }) };
        }
        let name = Arc::<str>::from(group);
        if self.groups.entry(Arc::clone(&name)).or_default().insert(Arc::clone(&live)) {
            joined.add(name);
        }
        Ok(())
    }

    /// Takes a connection out of a group; nothing happens if it is no member.
    pub(crate) fn leave(&self, id: ConnectionId, group: &str) {
        let Some(live) = self.connection(&id) else { return };
        let mut joined = live.groups.lock();
        if joined.remove(group) {
            self.remove_from_group(&id, group);
        }
    }

    fn remove_from_group(&self, id: &ConnectionId, group: &str) {
        let Some(mut members) = self.groups.get_mut(group) else {
            return;
        };
        members.remove(id);
        if members.is_empty() {
            drop(members);
            self.groups.remove_if(group, |_, members| members.is_empty());
        }
    }

    /// Queues a message for its receivers here; `policy` says what happens where one of them is behind.
    pub(crate) fn send(
        &self,
        recipients: &Recipients<'_>,
        envelope: &Envelope<'_>,
        policy: SlowConsumerPolicy<'_>,
    ) -> Result<Sending, SendError> {
        let key = match policy {
            // A target holds no such separator, or else it is its own fault alone.
            SlowConsumerPolicy::Latest(key) => Some(format!("{}\u{1f}{key}", envelope.target())),
            SlowConsumerPolicy::Wait | SlowConsumerPolicy::Close | SlowConsumerPolicy::DropOldest => None,
        };
        let mut full = Vec::new();
        self.visit(recipients, |live| {
            let piece = envelope.piece(live.codec(), live.framing())?;
            match policy {
                SlowConsumerPolicy::Close => live.outbox.push(piece),
                SlowConsumerPolicy::Wait => {
                    live.outbox.push(piece);
                    if live.outbox.is_full() {
                        full.push(Arc::clone(live));
                    }
                }
                SlowConsumerPolicy::DropOldest | SlowConsumerPolicy::Latest(_) => {
                    let dropped = live.outbox.push_droppable(piece, key.as_deref());
                    if dropped > 0 {
                        let meters = live.core().meters();
                        let counter =
                            if key.is_some() { &meters.dropped_for_latest } else { &meters.dropped_oldest };
                        counter.increment(dropped);
                    }
                }
            }
            Ok(())
        })?;
        if full.is_empty() {
            return Ok(Sending::DONE);
        }
        Ok(Sending::wait(Box::pin(async move {
            for live in full {
                live.outbox.room().await;
            }
        })))
    }

    /// Goes through the receivers here; one that is in two of several groups comes twice. No lock is held meanwhile.
    pub(crate) fn visit(
        &self,
        recipients: &Recipients<'_>,
        mut visit: impl FnMut(&Arc<Live>) -> Result<(), SendError>,
    ) -> Result<(), SendError> {
        let mut visit_one =
            |live: &Arc<Live>| if recipients.excludes(&live.id()) { Ok(()) } else { visit(live) };
        match &recipients.audience {
            Audience::All => visit_all(Some(self.everyone()), visit_one),
            Audience::Connection(id) => self.connection(id).iter().try_for_each(visit_one),
            Audience::Connections(ids) => {
                ids.iter().filter_map(|id| self.connection(id)).try_for_each(|live| visit_one(&live))
            }
            Audience::Group(name) => visit_all(self.named_group(name)?, &mut visit_one),
            Audience::Groups(names) => {
                names.iter().try_for_each(|name| visit_all(self.named_group(name)?, &mut visit_one))
            }
            Audience::User(id) => visit_all(self.user(id), &mut visit_one),
            Audience::Users(ids) => ids.iter().try_for_each(|id| visit_all(self.user(id), &mut visit_one)),
        }
    }

    fn named_group(&self, name: &str) -> Result<Option<Snapshot>, SendError> {
        if name.is_empty() { Err(SendError::EmptyGroupName) } else { Ok(self.group(name)) }
    }

    /// One connection.
    pub(crate) fn connection(&self, id: &ConnectionId) -> Option<Arc<Live>> {
        self.connections.get(id).map(|found| Arc::clone(&found.0))
    }

    /// The members of a group.
    pub(crate) fn group(&self, name: &str) -> Option<Snapshot> {
        self.groups.get_mut(name).map(|mut members| members.snapshot())
    }

    /// The connections of a user.
    pub(crate) fn user(&self, id: &str) -> Option<Snapshot> {
        self.users.get_mut(id).map(|mut members| members.snapshot())
    }

    /// The users who are connected.
    pub(crate) fn users(&self) -> Vec<String> {
        self.users.iter().map(|user| user.key().to_string()).collect()
    }

    /// The groups, with the number of their members.
    pub(crate) fn group_sizes(&self) -> Vec<(String, usize)> {
        self.groups.iter().map(|group| (group.key().to_string(), group.len())).collect()
    }

    /// Everyone who is connected at this moment.
    pub(crate) fn everyone(&self) -> Snapshot {
        self.all.lock().snapshot()
    }
}

fn visit_all(
    members: Option<Snapshot>,
    visit: impl FnMut(&Arc<Live>) -> Result<(), SendError>,
) -> Result<(), SendError> {
    members.map_or(Ok(()), |members| members.iter().try_for_each(visit))
}
