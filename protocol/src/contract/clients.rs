//! Choosing who receives: all, one, a group, a user, each with and without exceptions.

use std::borrow::Cow;
use std::marker::PhantomData;

use super::client_result::{is_in_connected_hook, nobody};
use super::item_batch::queue_items_before_a_message;
use super::{
    Audience, Client, ClientAnswer, ClientResult, ClientResultError, ClientResults, Hub, Recipients, Sending,
    SlowConsumerPolicy,
};
use crate::{ConnectionId, EncodeArguments};

/// The clients of a hub, to choose receivers from.
///
/// From inside a hub method it also knows the caller; [`Context::clients`](super::Context::clients) gives that one.
pub struct Clients<'a, C: Client + ?Sized> {
    hub: &'a dyn Hub,
    when_slow: Option<SlowConsumerPolicy<'a>>,
    client: PhantomData<fn(&C)>,
}

impl<C: Client + ?Sized> Clone for Clients<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Client + ?Sized> Copy for Clients<'_, C> {}

impl<'a, C: Client + ?Sized> Clients<'a, C> {
    /// The clients of `hub`.
    pub fn new(hub: &'a dyn Hub) -> Self {
        Self { hub, when_slow: None, client: PhantomData }
    }

    /// Says what happens to a message where a receiver is behind. Default: a message to one connection
    /// [waits](SlowConsumerPolicy::Wait), one to many does what the hub's option says.
    ///
    /// Questions, which are to be answered, are queued as if it had not been said. On a connection that can be resumed, what may
    /// be dropped is dropped when it comes, not when it waits.
    #[must_use]
    pub fn when_slow(self, policy: SlowConsumerPolicy<'a>) -> Self {
        Self { when_slow: Some(policy), ..self }
    }

    /// Every connection of the hub.
    pub fn all(self) -> C::Proxy<'a> {
        self.audience(Audience::All)
    }

    /// Every connection but these.
    pub fn all_except(self, ids: impl IntoIterator<Item = ConnectionId>) -> C::Proxy<'a> {
        self.audience_except(Audience::All, ids)
    }

    /// One connection. A connection that is gone receives nothing, and that is no error.
    pub fn client(self, id: ConnectionId) -> C::Single<'a> {
        let recipients =
            Recipients { audience: Audience::Connection(id), except: Vec::new(), when_slow: self.when_slow };
        Proxy { hub: self.hub, recipients }.into()
    }

    /// Several connections.
    pub fn clients(self, ids: impl IntoIterator<Item = ConnectionId>) -> C::Proxy<'a> {
        self.audience(Audience::Connections(ids.into_iter().collect()))
    }

    /// The members of a group. Names are case-sensitive.
    pub fn group(self, name: impl Into<Cow<'a, str>>) -> C::Proxy<'a> {
        self.audience(Audience::Group(name.into()))
    }

    /// The members of a group but these.
    pub fn group_except(
        self,
        name: impl Into<Cow<'a, str>>,
        ids: impl IntoIterator<Item = ConnectionId>,
    ) -> C::Proxy<'a> {
        self.audience_except(Audience::Group(name.into()), ids)
    }

    /// The members of several groups. Who is in two of them receives the message twice, as in ASP.NET Core.
    pub fn groups(self, names: impl IntoIterator<Item = impl Into<String>>) -> C::Proxy<'a> {
        self.audience(Audience::Groups(names.into_iter().map(Into::into).collect()))
    }

    /// The members of several groups but these.
    pub fn groups_except(
        self,
        names: impl IntoIterator<Item = impl Into<String>>,
        ids: impl IntoIterator<Item = ConnectionId>,
    ) -> C::Proxy<'a> {
        self.audience_except(Audience::Groups(names.into_iter().map(Into::into).collect()), ids)
    }

    /// Every connection of a user.
    pub fn user(self, id: impl Into<Cow<'a, str>>) -> C::Proxy<'a> {
        self.audience(Audience::User(id.into()))
    }

    /// Every connection of a user but these: the other tabs of the caller, for instance.
    pub fn user_except(
        self,
        id: impl Into<Cow<'a, str>>,
        ids: impl IntoIterator<Item = ConnectionId>,
    ) -> C::Proxy<'a> {
        self.audience_except(Audience::User(id.into()), ids)
    }

    /// Every connection of several users.
    pub fn users(self, ids: impl IntoIterator<Item = impl Into<String>>) -> C::Proxy<'a> {
        self.audience(Audience::Users(ids.into_iter().map(Into::into).collect()))
    }

    fn audience(self, audience: Audience<'a>) -> C::Proxy<'a> {
        self.audience_except(audience, [])
    }

    fn audience_except(
        self,
        audience: Audience<'a>,
        ids: impl IntoIterator<Item = ConnectionId>,
    ) -> C::Proxy<'a> {
        let except = ids.into_iter().collect();
        let recipients = Recipients { audience, except, when_slow: self.when_slow };
        Proxy { hub: self.hub, recipients }.into()
    }
}

/// Some receivers of a hub; `#[client]` wraps it in a type with one method for each method of the client.
#[derive(Clone)]
pub struct Proxy<'a> {
    hub: &'a dyn Hub,
    recipients: Recipients<'a>,
}

impl<'a> Proxy<'a> {
    /// Calls `target` on the receivers with `arguments`, a tuple; no answer is expected.
    ///
    /// The message is queued for all receivers when this is called, encoded once per wire format. A
    /// connection's messages arrive in the order in which they were sent. A message to a single connection that has
    /// much waiting makes its sender wait; a message to many never waits, unless [`Clients::when_slow`] or the hub's option says
    /// so.
    ///
    /// # Errors
    ///
    /// If the arguments cannot be encoded. That a receiver is gone is no error.
    pub fn send(&self, target: &str, arguments: &dyn EncodeArguments) -> Sending {
        queue_items_before_a_message();
        self.hub.send(&self.recipients, target, arguments).unwrap_or_else(Sending::failed)
    }

    /// Calls `target` on the one receiver with `arguments`, a tuple, and waits for its answer.
    ///
    /// The error of a proxy of several receivers is [`ClientResultError::NotConnected`].
    pub fn ask<T: ClientAnswer>(&self, target: &str, arguments: &dyn EncodeArguments) -> ClientResult<'a, T> {
        let Audience::Connection(id) = self.recipients.audience else {
            let nobody = nobody();
            return ClientResult::failed(self.hub, nobody, ClientResultError::NotConnected(nobody));
        };
        if is_in_connected_hook() {
            return ClientResult::failed(self.hub, id, ClientResultError::InConnectedHook);
        }
        ClientResult::ask(self.hub, &self.recipients, target, arguments, id)
    }

    /// Calls `target` on every receiver with `arguments`, a tuple, and gives their answers as they come.
    pub fn ask_all<T: ClientAnswer>(
        &self,
        target: &str,
        arguments: &dyn EncodeArguments,
    ) -> ClientResults<'a, T> {
        ClientResults::ask(self.hub, &self.recipients, target, arguments)
    }
}
