//! Joining and leaving groups.

use super::Hub;
use crate::ConnectionId;

/// Why a connection is not in a group that it was put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GroupError {
    /// It is in as many groups as one may be in.
    #[error("A connection may be in no more than {limit} groups.")]
    TooMany {
        /// How many those are.
        limit: usize,
    },
}

/// The groups of a hub.
///
/// A group exists while it has members. Names are case-sensitive. A connection leaves its groups when it ends.
#[derive(Clone, Copy)]
pub struct Groups<'a> {
    hub: &'a dyn Hub,
}

impl<'a> Groups<'a> {
    /// The groups of `hub`.
    pub fn new(hub: &'a dyn Hub) -> Self {
        Self { hub }
    }

    /// Puts a connection into a group. It does nothing for a connection that is gone or a member already.
    ///
    /// # Errors
    /// If the connection is in as many groups as one may be in.
    #[expect(clippy::unused_async, reason = "a backplane on other nodes has to be waited for")]
    pub async fn add(&self, id: ConnectionId, group: &str) -> Result<(), GroupError> {
        self.hub.join(id, group)
    }

    /// Takes a connection out of a group. It does nothing for who is no member.
    #[expect(clippy::unused_async, reason = "a backplane on other nodes has to be waited for")]
    pub async fn remove(&self, id: ConnectionId, group: &str) {
        self.hub.leave(id, group);
    }
}
