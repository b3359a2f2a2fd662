//! What a hub method knows of its call: the connection behind it, and the way to the other clients.

use core::net::SocketAddr; // an address is no socket: `core` has it, too
use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use super::{
    AnswerReceiver, BoxFuture, Client, Clients, GroupError, Groups, Items, Kept, NoClient, Principal,
    Recipients, SendError, Sending,
};
use crate::{ConnectionId, EncodeArguments, Headers, HubProtocol, OwnedHeaders, Transport};

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

    /// Queues a call of `target` that each receiver answers; `receiver` makes the place for an answer.
    ///
    /// What is returned forgets the questions when it is dropped.
    ///
    /// # Errors
    ///
    /// If the arguments cannot be encoded.
    fn ask(
        &self,
        recipients: &Recipients<'_>,
        target: &str,
        arguments: &dyn EncodeArguments,
        receiver: &mut dyn FnMut(ConnectionId) -> Box<dyn AnswerReceiver>,
    ) -> Result<Box<dyn Send + Sync>, SendError>;

    /// How long an answer of a client is waited for.
    fn client_result_timeout(&self) -> Duration;

    /// Waits.
    fn sleep(&self, time: Duration) -> BoxFuture<()>;

    /// Puts a connection into a group.
    fn join(&self, id: ConnectionId, group: &str) -> Result<(), GroupError>;

    /// Takes a connection out of a group.
    fn leave(&self, id: ConnectionId, group: &str);
}

/// One open connection, as its hub methods see it. The server implements it.
pub trait Connection: Any + Send + Sync {
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
    /// Who it is, if authentication has said; the newest after a refresh.
    fn principal(&self) -> Option<Principal>;
    /// A header of the request that opened it, or `None` if it has none of that name or no text.
    fn header(&self, name: &str) -> Option<&str>;
    /// A parameter of that request's query, decoded; names match in any ASCII case.
    fn query(&self, name: &str) -> Option<Cow<'_, str>>;
    /// The path of that request.
    fn path(&self) -> &str;
    /// The address that the request came from, if the server knows it.
    fn remote_address(&self) -> Option<SocketAddr>;
    /// What the application keeps with it.
    fn kept(&self) -> &Kept;
    /// How long ago its transport began.
    fn age(&self) -> Duration;
    /// Done when it has ended.
    fn ended(&self) -> BoxFuture<()>;
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
    /// Those of the message that called, if it has any.
    message_headers: Option<Arc<OwnedHeaders>>,
    client: PhantomData<fn(&C)>,
}

impl<C: Client + ?Sized> Context<C> {
    /// The context of what happens on `connection`.
    pub fn new(connection: Arc<dyn Connection>) -> Self {
        Self { connection, message_headers: None, client: PhantomData }
    }

    /// The context of a call whose message has these headers.
    pub fn of_call(connection: Arc<dyn Connection>, headers: &Headers<'_>) -> Self {
        let message_headers = (!headers.is_empty()).then(|| Arc::new(headers.into()));
        Self { connection, message_headers, client: PhantomData }
    }

    /// The connection itself, for the server.
    #[doc(hidden)]
    pub fn connection(&self) -> &Arc<dyn Connection> {
        &self.connection
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

    /// Who the caller is, as authentication has said; after a refresh, the newest.
    pub fn principal(&self) -> Option<Principal> {
        self.connection.principal()
    }

    /// A header of the request that opened the connection; `None` if there is none of that name, or it is no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.connection.header(name)
    }

    /// A header of the message that this call came with, not of a request; `None` in hooks. Names are case-sensitive.
    ///
    /// Of several with one name the last counts. Clients of .NET and JavaScript send none by themselves but for the
    /// trace context of .NET.
    pub fn message_header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.message_headers.as_ref()?.as_headers().get(name)
    }

    /// A cookie of the request that opened the connection.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let pairs = self.header("cookie")?.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.into_iter().find_map(|(key, value)| (key == name).then_some(value))
    }

    /// A parameter of the query of the request that opened the connection, decoded; names match in any ASCII case.
    pub fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        self.connection.query(name)
    }

    /// The path of the request that opened the connection.
    pub fn path(&self) -> &str {
        self.connection.path()
    }

    /// The address that the connection came from, if the server knows it.
    pub fn remote_address(&self) -> Option<SocketAddr> {
        self.connection.remote_address()
    }

    /// Lends the connection's own state of type `S`, made by `Default` when it is first asked for.
    ///
    /// It lives as long as the connection. Calls of one connection may run at the same time: use a lock or an atomic
    /// inside for what changes.
    pub fn state<S: Default + Send + Sync + 'static>(&self) -> &S {
        self.connection.kept().state()
    }

    /// Values that hub methods leave with the connection.
    pub fn items(&self) -> &Items {
        self.connection.kept().items()
    }

    /// How long ago the connection's transport began, in whole seconds.
    pub fn age(&self) -> Duration {
        self.connection.age()
    }

    /// Waits until the connection has ended. A call ends with its connection by itself; this is for tasks it starts.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<C> {
        self.connection.ended()
    }

    /// Ends the connection: a Close message is sent, and nothing more is read.
    pub fn abort(&self) {
        self.connection.abort();
    }

    /// The caller alone.
    pub fn caller(&self) -> C::Single<'_> {
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
    ///
    /// # Errors
    /// If the caller is in as many groups as a connection may be in.
    pub async fn join(&self, group: &str) -> Result<(), GroupError> {
        self.groups().add(self.connection_id(), group).await
    }

    /// Takes the caller out of a group.
    pub async fn leave(&self, group: &str) {
        self.groups().remove(self.connection_id(), group).await;
    }
}

impl<C: Client + ?Sized> Clone for Context<C> {
    fn clone(&self) -> Self {
        Self {
            connection: Arc::clone(&self.connection),
            message_headers: self.message_headers.clone(),
            client: PhantomData,
        }
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
    /// The application closed it from outside, with this text for the client.
    ClosedByServer(String),
    /// The time of its credentials has run out.
    AuthenticationExpired,
    /// The client sent nothing within the client timeout.
    TimedOut,
    /// The client broke the hub protocol; the text says how.
    ProtocolError(String),
    /// The client read too slowly: more bytes waited for it than the limit allows.
    SlowConsumer,
    /// The client sent more messages or bytes than a rate limit allows.
    RateLimited,
    /// The transport failed or ended without a close.
    TransportFailed,
    /// The server is stopping.
    ServerShutdown,
}
