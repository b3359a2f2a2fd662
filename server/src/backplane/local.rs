//! The connections of this process: who is here, in which groups, as which user.

use std::sync::Arc;

use dashmap::DashMap;
use hubcast_protocol::ConnectionId;
use hubcast_protocol::contract::{Audience, Recipients, SendError, Sending};
use parking_lot::Mutex;

use super::Envelope;
use super::members::{Members, Snapshot};
use crate::connection::Live;

/// The membership index of one hub.
pub(crate) struct Local {
    connections: DashMap<ConnectionId, Arc<Live>>,
    all: Mutex<Members>,
    groups: DashMap<Arc<str>, Members>,
    users: DashMap<Box<str>, Members>,
}

impl Local {
    pub(crate) fn new() -> Self {
        Self {
            connections: DashMap::new(),
            all: Mutex::new(Members::default()),
            groups: DashMap::new(),
            users: DashMap::new(),
        }
    }

    /// A connection has opened and receives from here on.
    pub(crate) fn add(&self, live: &Arc<Live>) {
        self.connections.insert(live.id(), Arc::clone(live));
        self.all.lock().insert(Arc::clone(live));
        if let Some(user) = live.user() {
            self.users.entry(user.into()).or_default().insert(Arc::clone(live));
        }
    }

    /// A connection has ended: it leaves its groups and receives no more.
    pub(crate) fn remove(&self, live: &Live) {
        let id = live.id();
        for group in live.groups.lock().take().unwrap_or_default() {
            self.remove_from_group(&id, &group);
        }
        if let Some(user) = live.user()
            && let dashmap::Entry::Occupied(mut members) = self.users.entry(user.into())
            && members.get_mut().remove(&id)
            && members.get().is_empty()
        {
            members.remove();
        }
        self.all.lock().remove(&id);
        self.connections.remove(&id);
    }

    /// Puts a connection into a group; nothing happens if it is gone or a member already.
    pub(crate) fn join(&self, id: ConnectionId, group: &str) {
        let Some(live) = self.connections.get(&id).map(|live| Arc::clone(&live)) else {
            return;
        };
        // Held until the group has it too, so that an end at the same moment finds it in both or in neither.
        let mut joined = live.groups.lock();
        let Some(names) = joined.as_mut() else { return };
        let name = Arc::<str>::from(group);
        if self.groups.entry(Arc::clone(&name)).or_default().insert(Arc::clone(&live)) {
            names.push(name);
        }
    }

    /// Takes a connection out of a group; nothing happens if it is no member.
    pub(crate) fn leave(&self, id: ConnectionId, group: &str) {
        let Some(live) = self.connections.get(&id).map(|live| Arc::clone(&live)) else {
            return;
        };
        let mut joined = live.groups.lock();
        let Some(names) = joined.as_mut() else { return };
        if let Some(at) = names.iter().position(|name| **name == *group) {
            names.swap_remove(at);
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

    /// Queues a message for its receivers here.
    pub(crate) fn send(
        &self,
        recipients: &Recipients<'_>,
        envelope: &Envelope<'_>,
    ) -> Result<Sending, SendError> {
        match &recipients.audience {
            Audience::All => {
                let everyone = self.all.lock().snapshot();
                fan_out(&everyone, recipients, envelope)?;
            }
            Audience::Connection(id) => return self.send_to_one(*id, recipients, envelope),
            Audience::Connections(ids) => {
                for id in ids {
                    // A message to many never waits.
                    drop(self.send_to_one(*id, recipients, envelope)?);
                }
            }
            Audience::Group(name) => self.send_to_group(name, recipients, envelope)?,
            Audience::Groups(names) => {
                for name in names {
                    self.send_to_group(name, recipients, envelope)?;
                }
            }
            Audience::User(id) => self.send_to_user(id, recipients, envelope)?,
            Audience::Users(ids) => {
                for id in ids {
                    self.send_to_user(id, recipients, envelope)?;
                }
            }
        }
        Ok(Sending::DONE)
    }

    fn send_to_one(
        &self,
        id: ConnectionId,
        recipients: &Recipients<'_>,
        envelope: &Envelope<'_>,
    ) -> Result<Sending, SendError> {
        let live = match self.connections.get(&id) {
            Some(live) if !recipients.excludes(&id) => Arc::clone(&live),
            _ => return Ok(Sending::DONE),
        };
        live.outbox.push(envelope.piece(live.protocol(), live.framing())?);
        if !live.outbox.is_full() {
            return Ok(Sending::DONE);
        }
        Ok(Sending::wait(Box::pin(async move { live.outbox.room().await })))
    }

    fn send_to_group(
        &self,
        name: &str,
        recipients: &Recipients<'_>,
        envelope: &Envelope<'_>,
    ) -> Result<(), SendError> {
        if name.is_empty() {
            return Err(SendError::EmptyGroupName);
        }
        let members = self.groups.get_mut(name).map(|mut members| members.snapshot());
        members.map_or(Ok(()), |members| fan_out(&members, recipients, envelope))
    }

    fn send_to_user(
        &self,
        id: &str,
        recipients: &Recipients<'_>,
        envelope: &Envelope<'_>,
    ) -> Result<(), SendError> {
        let members = self.users.get_mut(id).map(|mut members| members.snapshot());
        members.map_or(Ok(()), |members| fan_out(&members, recipients, envelope))
    }

    /// Everyone who is connected at this moment.
    pub(crate) fn everyone(&self) -> Snapshot {
        self.all.lock().snapshot()
    }
}

fn fan_out(
    members: &Snapshot,
    recipients: &Recipients<'_>,
    envelope: &Envelope<'_>,
) -> Result<(), SendError> {
    for live in members.iter() {
        if !recipients.excludes(&live.id()) {
            live.outbox.push(envelope.piece(live.protocol(), live.framing())?);
        }
    }
    Ok(())
}
