//! What `#[hub]` and `#[client]` expand to: the meeting point of generated code, the server and the clients.
//!
//! It knows no server and no runtime, so a program that only calls hubs can use the same traits without linking
//! either. The server implements [`Connection`] and [`Hub`]; generated code builds a [`HubDefinition`].
//! Users meet [`Context`], [`Clients`], [`Groups`] and [`HubError`] here; the rest is for generated code.

mod answer;
mod call_memory;
mod client_result;
mod clients;
mod context;
mod error;
mod groups;
mod item_batch;
mod items;
mod method;
mod principal;
mod recipients;
mod requirement;
mod running_call;
mod schema_hash;
mod slow_consumer;
mod streaming_call;
#[cfg(feature = "typescript")]
pub mod typescript;
mod upload;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

pub use answer::{Answer, AnswerSink, ItemRoom, ItemSink};
pub use client_result::{
    AnswerReceiver, ClientOutcome, ClientResult, ClientResultError, ClientResults, in_connected_hook,
    watch_for_waits,
};
pub use clients::{Clients, Proxy};
pub use context::{Connection, Context, DisconnectReason, Hub};
pub use error::{CallError, Failure, HubError, SendError};
pub use groups::{GroupError, Groups};
pub use items::{Items, Kept};
pub use method::{Argument, Call, ClientAnswer, ClientArgument, Method, Returned};
pub use principal::Principal;
pub use recipients::{Audience, Recipients, Sending};
pub use requirement::{Authorization, Requirement};
pub use running_call::{CallFailure, RunningCall, run, run_result};
pub use schema_hash::SchemaHash;
pub use slow_consumer::SlowConsumerPolicy;
pub use streaming_call::{StreamItems, run_stream};
pub use upload::{Upload, UploadError, UploadSink};

pub use crate::{Arguments, BindError, EncodeArguments};

/// A boxed future that may move between threads.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The client side of a hub, as a type: `#[client]` implements it for `dyn ChatClient`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no client contract",
    note = "write `#[hubcast::client]` on the trait"
)]
pub trait Client: 'static {
    /// What sends to some receivers, with one method for each method of the client.
    type Proxy<'a>: From<Proxy<'a>>;

    /// What sends to one connection, and may ask it for an answer.
    type Single<'a>: From<Proxy<'a>>;
}

/// The client contract of a hub that calls nothing on its clients.
pub trait NoClient {}

impl Client for dyn NoClient {
    type Proxy<'a> = Proxy<'a>;
    type Single<'a> = Proxy<'a>;
}

/// A hub ready to be served: what it answers to and the object that answers.
///
/// The method `into_hub` that `#[hub]` adds to the trait makes one.
pub struct HubDefinition<C: Client + ?Sized> {
    name: &'static str,
    methods: Vec<Method<C>>,
    requirements: Vec<Requirement>,
    schema: Option<SchemaHash>,
    connected: Hook<C>,
    disconnected: LeaveHook<C>,
    refreshed: Hook<C>,
}

type Hook<C> = Box<dyn Fn(&Context<C>) -> BoxFuture<Result<(), CallError>> + Send + Sync>;
type LeaveHook<C> =
    Box<dyn Fn(&Context<C>, DisconnectReason) -> BoxFuture<Result<(), CallError>> + Send + Sync>;

impl<C: Client + ?Sized> HubDefinition<C> {
    /// Starts the definition of the hub trait `name`.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            methods: Vec::new(),
            requirements: Vec::new(),
            schema: None,
            connected: Box::new(|_| Box::pin(async { Ok(()) })),
            disconnected: Box::new(|_, _| Box::pin(async { Ok(()) })),
            refreshed: Box::new(|_| Box::pin(async { Ok(()) })),
        }
    }

    /// Adds what runs once a connection's handshake is done, before its first call.
    #[must_use]
    pub fn on_connected<F, Fut, E>(mut self, hook: F) -> Self
    where
        F: Fn(Context<C>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Failure,
    {
        self.connected = boxed(hook);
        self
    }

    /// Adds what runs after a connection has ended.
    #[must_use]
    pub fn on_disconnected<F, Fut, E>(mut self, hook: F) -> Self
    where
        F: Fn(Context<C>, DisconnectReason) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Failure,
    {
        self.disconnected = Box::new(move |cx, reason| {
            let call = hook(cx.clone(), reason);
            Box::pin(async move { call.await.map_err(Failure::into_call_error) })
        });
        self
    }

    /// Adds what runs after a client has renewed its credentials.
    #[must_use]
    pub fn on_authentication_refreshed<F, Fut, E>(mut self, hook: F) -> Self
    where
        F: Fn(Context<C>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Failure,
    {
        self.refreshed = boxed(hook);
        self
    }

    /// Adds a method.
    ///
    /// # Panics
    ///
    /// If a method with that name, in whatever case and with whatever underscores, is there. The attribute refuses
    /// such a trait at compile time; only names made by hand get here.
    #[must_use]
    pub fn method(mut self, method: Method<C>) -> Self {
        let clash = self.methods.iter().find(|known| same_name(known.name(), method.name()));
        assert!(clash.is_none(), "the hub has two methods that clients cannot tell apart: {}", method.name());
        self.methods.push(method);
        self
    }

    /// Asks something of everyone who connects and of every call, beside what was asked before.
    #[must_use]
    pub fn require(mut self, requirement: Requirement) -> Self {
        self.requirements.push(requirement);
        self
    }

    /// Says what stands for the names and types of the contract, for clients that ask whether theirs are the same.
    #[must_use]
    pub fn schema(mut self, hash: SchemaHash) -> Self {
        self.schema = Some(hash);
        self
    }

    /// What stands for the names and types of the contract, if that was said.
    pub fn schema_hash(&self) -> Option<SchemaHash> {
        self.schema
    }

    /// What is asked of everyone who connects.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// The name of the hub trait.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The methods in the order of the trait.
    pub fn methods(&self) -> &[Method<C>] {
        &self.methods
    }

    /// Runs the hook for a connection that has just opened.
    pub fn connected(&self, cx: &Context<C>) -> BoxFuture<Result<(), CallError>> {
        (self.connected)(cx)
    }

    /// Runs the hook for a connection that has ended.
    pub fn disconnected(
        &self,
        cx: &Context<C>,
        reason: DisconnectReason,
    ) -> BoxFuture<Result<(), CallError>> {
        (self.disconnected)(cx, reason)
    }

    /// Runs the hook for a connection whose client has renewed its credentials.
    pub fn authentication_refreshed(&self, cx: &Context<C>) -> BoxFuture<Result<(), CallError>> {
        (self.refreshed)(cx)
    }
}

fn boxed<C: Client + ?Sized, F, Fut, E>(hook: F) -> Hook<C>
where
    F: Fn(Context<C>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), E>> + Send + 'static,
    E: Failure,
{
    Box::new(move |cx| {
        let call = hook(cx.clone());
        Box::pin(async move { call.await.map_err(Failure::into_call_error) })
    })
}

impl<C: Client + ?Sized> fmt::Debug for HubDefinition<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let methods = self.methods.iter().map(Method::name).collect::<Vec<_>>();
        f.debug_struct("HubDefinition").field("name", &self.name).field("methods", &methods).finish()
    }
}

/// Whether a client may mean `known` when it asks for `asked`: case and underscores do not count.
pub fn same_name(known: &str, asked: &str) -> bool {
    folded(known).eq(folded(asked))
}

/// The characters of a wire name that count when methods are looked up.
pub fn folded(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase)
}
