//! How far a connection is: from the hub handshake to the end, or a function of the application instead of a hub.

use std::sync::Arc;

use hubcast_protocol::HubProtocol;
use hubcast_protocol::contract::{BoxFuture, CallError};

use super::ending::Ending;
use super::live::Live;
use crate::raw::{Incoming, RawConnection};

/// How far a connection is.
pub(super) enum Phase {
    Handshaking,
    /// The connected hook runs; calls wait.
    Connecting(Hook),
    Open,
    /// No hub: bytes go to a function of the application.
    Raw(Box<Raw>),
    /// The connected hook has failed: the disconnected one is not owed.
    Refused,
    Ending(Box<Ending>),
}

/// Application code that the connection's task drives.
pub(super) type Hook = BoxFuture<Result<(), CallError>>;

/// The function of the application that runs instead of a hub, and what it has not taken yet.
pub(super) struct Raw {
    pub(super) run: Hook,
    pub(super) incoming: Arc<Incoming>,
}

impl Phase {
    /// How a connection begins: with a hub handshake, or with a function of the application.
    pub(super) fn first(live: &Arc<Live>) -> Self {
        let Some(handler) = live.core().raw_handler() else {
            return Self::Handshaking;
        };
        live.speaks(HubProtocol::Json);
        live.core().local().add(live);
        let incoming = Arc::new(Incoming::default());
        let connection = RawConnection::new(Arc::clone(live), Arc::clone(&incoming));
        Self::Raw(Box::new(Raw { run: handler(connection), incoming }))
    }
}
