//! What a hub method knows of its call: the connection behind it, and the way to the other clients.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::{Client, Clients, Groups, NoClient, Recipients, SendError, Sending};
use crate::{ConnectionId, EncodeArguments, HubProtocol, Transport};

/// A hub at work, as its methods and the outside see it. The server implements it.
pub trait Hub: Send + Sync {
    /// Queues a call of `target` for the receivers.
    ///
    /// # Errors
    ///
    /// If the arguments cannot be encoded.
    fn send(
        &self,
        recipients: &Recipients<'_>,
        target: &str,
        arguments: &dyn EncodeArguments,
    ) -> Result<Sending, SendError>;

    /// Puts a connection into a group.
    fn join(&self, id: ConnectionId, group: &str);

    /// Takes a connection out of a group.
    fn leave(&self, id: ConnectionId, group: &str);
}

/// One open connection, as its hub methods see it. The server implements it.
pub trait Connection: Send + Sync {
    /// Its public id.
    fn id(&self) -> ConnectionId;
    /// Who the user is, if the application has said.
    fn user(&self) -> Option<&str>;
    /// The format of its messages.
    fn protocol(&self) -> HubProtocol;
    /// What carries it.
    fn transport(&self) -> Transport;
    /// The HTTP version that its transport began with.
    fn http_version(&self) -> http::Version;
    /// Ends it: a Close message is sent and nothing more is read.
    fn abort(&self);
    /// The hub it belongs to.
    fn hub(&self) -> &dyn Hub;
}

/// The connection that a hub method is called on, and the way to the others.
///
/// `C` is the client contract as a type: `Context<dyn ChatClient>`. A clone is cheap and may outlive the call.
pub struct Context<C: Client + ?Sized = dyn NoClient> {
    connection: Arc<dyn Connection>,
    client: PhantomData<fn(&C)>,
}

impl<C: Client + ?Sized> Context<C> {
    /// The context of calls on `connection`.
    pub fn new(connection: Arc<dyn Connection>) -> Self {
        Self { connection, client: PhantomData }
    }

    /// The caller's public connection id: what others address it by. It is no secret.
    pub fn connection_id(&self) -> ConnectionId {
        self.connection.id()
    }

    /// Who the user is, as the application's function of the connection's request said; `None` if it said nothing.
    pub fn user(&self) -> Option<&str> {
        self.connection.user()
    }

    /// The format of the connection's messages.
    pub fn protocol(&self) -> HubProtocol {
        self.connection.protocol()
    }

    /// What carries the connection.
    pub fn transport(&self) -> Transport {
        self.connection.transport()
    }

    /// The HTTP version that the connection's transport began with.
    pub fn http_version(&self) -> http::Version {
        self.connection.http_version()
    }

    /// Ends the connection: a Close message is sent, and nothing more is read.
    pub fn abort(&self) {
        self.connection.abort();
    }

    /// The caller alone.
    pub fn caller(&self) -> C::Proxy<'_> {
        self.clients().client(self.connection_id())
    }

    /// Every connection but the caller's.
    pub fn others(&self) -> C::Proxy<'_> {
        self.clients().all_except([self.connection_id()])
    }

    /// The members of a group but the caller.
    pub fn others_in_group<'a>(&'a self, name: &'a str) -> C::Proxy<'a> {
        self.clients().group_except(name, [self.connection_id()])
    }

    /// All clients of the hub, to choose receivers from.
    pub fn clients(&self) -> Clients<'_, C> {
        Clients::new(self.connection.hub())
    }

    /// The groups of the hub.
    pub fn groups(&self) -> Groups<'_> {
        Groups::new(self.connection.hub())
    }

    /// Puts the caller into a group.
    pub async fn join(&self, group: &str) {
        self.groups().add(self.connection_id(), group).await;
    }

    /// Takes the caller out of a group.
    pub async fn leave(&self, group: &str) {
        self.groups().remove(self.connection_id(), group).await;
    }
}

impl<C: Client + ?Sized> Clone for Context<C> {
    fn clone(&self) -> Self {
        Self { connection: Arc::clone(&self.connection), client: PhantomData }
    }
}

impl<C: Client + ?Sized> fmt::Debug for Context<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("connection_id", &self.connection.id()).finish_non_exhaustive()
    }
}

/// Why a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DisconnectReason {
    /// The client closed it, with a Close message or with its transport's own close.
    ClosedByClient,
    /// A hub method aborted it.
    Aborted,
    /// The client sent nothing within the client timeout.
    TimedOut,
    /// The client broke the hub protocol; the text says how.
    ProtocolError(String),
    /// The client read too slowly: more bytes waited for it than the limit allows.
    SlowConsumer,
    /// The transport failed or ended without a close.
    TransportFailed,
    /// The server is stopping.
    ServerShutdown,
}
