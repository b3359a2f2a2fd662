//! Who receives a message, and the wait for it to be on its way.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{self, Poll};

use super::{BoxFuture, SendError, SlowConsumerPolicy};
use crate::ConnectionId;

/// The receivers of one message.
#[derive(Debug, Clone)]
pub struct Recipients<'a> {
    /// Who it is for.
    pub audience: Audience<'a>,
    /// Connections that do not get it although they belong to the audience.
    pub except: Vec<ConnectionId>,
    /// What happens to it where a receiver is behind, if the sender has said so.
    pub when_slow: Option<SlowConsumerPolicy<'a>>,
}

/// Who a message is for, before exceptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience<'a> {
    /// Every connection of the hub.
    All,
    /// One connection.
    Connection(ConnectionId),
    /// Several connections.
    Connections(Vec<ConnectionId>),
    /// The members of a group.
    Group(Cow<'a, str>),
    /// The members of several groups; who is in two of them receives the message twice.
    Groups(Vec<String>),
    /// Every connection of a user.
    User(Cow<'a, str>),
    /// Every connection of several users.
    Users(Vec<String>),
}

impl Recipients<'_> {
    /// Whether `id` is left out.
    pub fn excludes(&self, id: &ConnectionId) -> bool {
        self.except.contains(id)
    }
}

/// The wait until a message is on its way: most often it is over at once.
///
/// The message is queued when this is made. Dropping it does not take the message back; it only gives up the wait for
/// room that a full connection asks of its sender.
#[must_use = "the sender has to wait for room: await this"]
pub struct Sending(State);

enum State {
    Done,
    Failed(Option<SendError>),
    Waiting(BoxFuture<()>),
}

impl Sending {
    /// A message that is on its way.
    pub const DONE: Self = Self(State::Done);

    /// A message that could not be sent.
    pub fn failed(error: SendError) -> Self {
        Self(State::Failed(Some(error)))
    }

    /// A message whose receiver asks the sender to wait.
    pub fn wait(room: BoxFuture<()>) -> Self {
        Self(State::Waiting(room))
    }
}

impl Future for Sending {
    type Output = Result<(), SendError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Done => Poll::Ready(Ok(())),
            State::Failed(error) => Poll::Ready(error.take().map_or(Ok(()), Err)),
            State::Waiting(room) => room.as_mut().poll(cx).map(Ok),
        }
    }
}

impl fmt::Debug for Sending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").field("waits", &matches!(self.0, State::Waiting(_))).finish()
    }
}
