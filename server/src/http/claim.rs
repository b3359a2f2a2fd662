//! A connection token in use. Whichever way its connection ends, or never begins, the token is forgotten.

use std::sync::Arc;

use hubcast_protocol::{ConnectionId, ConnectionToken};

use crate::connection::Known;
use crate::hub::HubCore;

/// A token that was taken into use; dropping it forgets the token.
pub(super) struct Claim {
    core: Arc<HubCore>,
    token: ConnectionToken,
}

/// Why a token cannot be taken into use.
pub(super) enum Unclaimed {
    Unknown,
    AlreadyConnected,
}

impl Claim {
    /// Takes a token into use; the id is that of its connection.
    pub(super) fn new(core: &Arc<HubCore>, token: &str) -> Result<(ConnectionId, Self), Unclaimed> {
        let token = token.parse::<ConnectionToken>().map_err(|_| Unclaimed::Unknown)?;
        match core.registry().claim(&token) {
            None => Err(Unclaimed::Unknown),
            Some(Known::Connected) => Err(Unclaimed::AlreadyConnected),
            Some(Known::Pending(id)) => Ok((id, Self { core: Arc::clone(core), token })),
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.core.registry().forget(&self.token);
    }
}
