//! A connection token in use. Whichever way its connection ends, or never begins, the token is forgotten and whoever
//! waits for the connection is told.

use std::sync::Arc;

use http::request::Parts;
use hubcast_protocol::{ConnectionId, ConnectionToken, Transport};

use super::answer::Refusal;
use super::compression::agreed_compression;
use super::life::Life;
use super::reply;
use super::request_head::RequestHead;
use super::request_source::RequestSource;
use super::sender::Sender;
use crate::admission::AddressPlace;
use crate::connection::{Identity, Live};
use crate::hub::HubCore;
use crate::transport::{Inbox, Transport as Carrier};

/// A token that was taken into use by a connection; dropping it forgets the token.
pub(super) struct Claim {
    live: Arc<Live>,
    token: ConnectionToken,
}

/// Who comes for a connection, and by what.
pub(super) struct Newcomer<'a> {
    core: &'a Arc<HubCore>,
    parts: &'a Parts,
    sender: Sender,
    user: Option<String>,
    transport: Transport,
    place: Option<AddressPlace>,
}

/// Why a token cannot be taken into use.
pub(super) enum Unclaimed {
    Unknown,
    Connected(Arc<Live>),
}

impl Claim {
    /// Takes a token into use.
    pub(super) fn new(token: &ConnectionToken, newcomer: Newcomer<'_>) -> Result<Self, Unclaimed> {
        let core = newcomer.core;
        let limit = core.options().application_max_buffer_size;
        let is_websocket = newcomer.transport == Transport::WebSockets;
        let mut unwanted = None;
        let claimed = core.registry().claim(token, |pending| {
            let inbox = match &pending.inbox {
                Some(early) if !is_websocket => Some(Arc::clone(early)),
                early => {
                    unwanted.clone_from(early);
                    (!is_websocket || pending.stateful).then(|| Arc::new(Inbox::new(limit)))
                }
            };
            Arc::new(newcomer.live(pending.id, pending.stateful, inbox))
        });
        // A WebSocket takes no POST: one that waits for it would wait for ever.
        if let Some(early) = unwanted {
            early.end();
        }
        match claimed {
            None => Err(Unclaimed::Unknown),
            Some(Err(live)) => Err(Unclaimed::Connected(live)),
            Some(Ok(live)) => {
                if let Some(inbox) = live.inbox() {
                    inbox.set_limit(limit);
                }
                Ok(Self { live, token: *token })
            }
        }
    }

    /// Runs the connection to its end.
    pub(super) fn run(self, transport: Carrier) {
        let core = Arc::clone(self.live.core());
        core.tasks().spawn(Life::running(self, transport));
    }

    /// The connection.
    pub(super) fn live(&self) -> &Arc<Live> {
        &self.live
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.live.core().registry().forget(&self.token);
        if let Some(inbox) = self.live.inbox() {
            inbox.end();
        }
    }
}

impl<'a> Newcomer<'a> {
    /// Whoever sends the request, as a user of the hub. Behind a proxy it takes a place of its address.
    pub(super) fn new(
        core: &'a Arc<HubCore>,
        parts: &'a Parts,
        sender: Sender,
        transport: Transport,
    ) -> Result<Self, Refusal> {
        let user = sender.user(core, parts)?;
        let Ok(place) = RequestSource::enter(&parts.extensions) else {
            tracing::debug!("a connection was refused: its client's address has too many");
            return Err(reply::unavailable().into());
        };
        Ok(Self { core, parts, sender, user, transport, place })
    }

    /// The connection that it becomes.
    pub(super) fn live(self, id: ConnectionId, stateful: bool, inbox: Option<Arc<Inbox>>) -> Live {
        let source = RequestSource::of(&self.parts.extensions);
        let identity = Identity {
            id,
            user: self.user,
            http_version: self.parts.version,
            transport: self.transport,
            stateful,
            inbox,
            compresses: self.transport == Transport::WebSockets
                && !stateful
                && agreed_compression(self.core, self.parts).is_some(),
            principal: self.sender.principal,
            head: Some(RequestHead::new(self.parts, source.and_then(RequestSource::remote_address))),
            place: self.place,
        };
        Live::new(Arc::clone(self.core), identity)
    }
}
