//! What the rest of the application may ask about a hub's connections and do to them.
//!
//! Everything here is about the connections of this process.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hubcast_protocol::contract::{Client, Connection as _, Hub as _, Principal};
use hubcast_protocol::{ConnectionId, HubProtocol, Transport};

use super::HubHandle;
use crate::connection::Live;

/// An open connection, as it was when it was asked about.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ConnectionInfo {
    /// Its public id.
    pub id: ConnectionId,
    /// Who the user is, if that is known.
    pub user: Option<String>,
    /// What authentication has said of it.
    pub principal: Option<Principal>,
    /// What carries it.
    pub transport: Transport,
    /// The HTTP version that its transport began with.
    pub http_version: http::Version,
    /// The format of its messages.
    pub protocol: HubProtocol,
    /// Where it came from, if the server knows.
    pub remote_address: Option<SocketAddr>,
    /// How long ago its transport began, in whole seconds.
    pub age: Duration,
    /// The groups that it is in, in no order.
    pub groups: Vec<String>,
}

impl ConnectionInfo {
    fn of(live: &Arc<Live>) -> Self {
        let groups = live.groups.lock().names().iter().map(|name| name.to_string()).collect();
        Self {
            id: live.id(),
            user: live.user().map(str::to_owned),
            principal: live.principal(),
            transport: live.transport(),
            http_version: live.http_version(),
            protocol: live.protocol(),
            remote_address: live.remote_address(),
            age: live.age(),
            groups,
        }
    }
}

impl<C: Client + ?Sized> HubHandle<C> {
    /// Lists the open connections.
    pub fn connections(&self) -> Vec<ConnectionInfo> {
        self.core().local().everyone().iter().map(ConnectionInfo::of).collect()
    }

    /// Tells about one connection; `None` if it is not open.
    pub fn connection(&self, id: ConnectionId) -> Option<ConnectionInfo> {
        self.core().local().connection(&id).as_ref().map(ConnectionInfo::of)
    }

    /// Lists the connections of a user.
    pub fn user_connections(&self, user: &str) -> Vec<ConnectionInfo> {
        let connections = self.core().local().user(user);
        connections.iter().flat_map(|connections| connections.iter()).map(ConnectionInfo::of).collect()
    }

    /// Whether a user has an open connection.
    pub fn is_online(&self, user: &str) -> bool {
        self.core().local().user(user).is_some_and(|connections| !connections.is_empty())
    }

    /// Lists the users who have an open connection, in no order.
    pub fn online_users(&self) -> Vec<String> {
        self.core().local().users()
    }

    /// Lists the members of a group, in no order.
    pub fn group_members(&self, group: &str) -> Vec<ConnectionId> {
        let members = self.core().local().group(group);
        members.iter().flat_map(|members| members.iter()).map(|live| live.id()).collect()
    }

    /// Lists the groups that have members, with how many each has, in no order.
    pub fn group_sizes(&self) -> Vec<(String, usize)> {
        self.core().local().group_sizes()
    }

    /// Puts all open connections of a user into a group, and says how many those are. Connections that the user opens
    /// later are not in it, nor are those that are in too many groups.
    pub fn add_user_to_group(&self, user: &str, group: &str) -> usize {
        let mut refused = 0;
        let all =
            self.for_user(user, |live| refused += usize::from(self.core().join(live.id(), group).is_err()));
        all - refused
    }

    /// Takes all connections of a user out of a group, and says how many connections the user has.
    pub fn remove_user_from_group(&self, user: &str, group: &str) -> usize {
        self.for_user(user, |live| self.core().local().leave(live.id(), group))
    }

    /// Closes a connection with a Close message that carries `reason` and lets no client reconnect by itself; `false`
    /// if it is not open.
    ///
    /// The disconnected hook sees [`DisconnectReason::ClosedByServer`](crate::DisconnectReason::ClosedByServer).
    pub fn close(&self, id: ConnectionId, reason: &str) -> bool {
        let live = self.core().local().connection(&id);
        live.inspect(|live| live.close(reason)).is_some()
    }

    /// Closes every connection of a user as [`close`](Self::close) does, and says how many those are.
    pub fn close_user(&self, user: &str, reason: &str) -> usize {
        self.for_user(user, |live| live.close(reason))
    }

    fn for_user(&self, user: &str, mut act: impl FnMut(&Live)) -> usize {
        let connections = self.core().local().user(user);
        let connections = connections.iter().flat_map(|connections| connections.iter());
        connections.inspect(|live| act(live)).count()
    }
}
