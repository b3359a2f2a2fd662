//! Answers from clients to calls that the server makes.
//!
//! The call is queued at once; what is awaited is the answer, within a time limit. Each asked connection answers through
//! its own [`AnswerReceiver`], so that nobody can answer for another. Dropping the wait forgets the question.

use std::any::{TypeId, type_name};
use std::cell::Cell;
use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll, Waker};
use std::time::Duration;

use futures_core::Stream;
use parking_lot::Mutex;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, UnitDeserializer};

use super::item_batch::queue_items_before_a_message;
use super::{BoxFuture, ClientAnswer, Hub, HubError, Recipients, SendError};
use crate::{ConnectionId, EncodeArguments, Payload};

/// Why a client gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientResultError {
    /// There is no such connection, or nobody is to be asked.
    #[error("Connection '{0}' does not exist.")]
    NotConnected(ConnectionId),
    /// The connection ended before it answered.
    #[error("Connection '{0}' disconnected.")]
    Disconnected(ConnectionId),
    /// The client did not answer in time.
    #[error("The client did not answer within {0:?}.")]
    TimedOut(Duration),
    /// The client's method failed, with this text.
    #[error("{0}")]
    Client(String),
    /// The client's method answered with nothing.
    #[error("Client didn't provide a result.")]
    NoResult,
    /// The answer cannot be read as what the method returns.
    #[error("Error trying to deserialize result to {0}.")]
    Binding(&'static str),
    /// The connected hook asks its own client, which can answer only once the hook is done.
    #[error("Client results inside OnConnectedAsync Hub methods are not allowed.")]
    InConnectedHook,
    /// The call could not be sent.
    #[error(transparent)]
    Send(#[from] SendError),
}

/// What callers read in ASP.NET Core when a client answered with nothing.
const STOCK_NO_RESULT: &str = "Exception of type 'Microsoft.AspNetCore.SignalR.HubException' was thrown.";

impl From<ClientResultError> for HubError {
    /// What the client answered wrongly goes to the caller, as in ASP.NET Core; the other errors stay here.
    fn from(error: ClientResultError) -> Self {
        match error {
            ClientResultError::Client(text) => Self::new(text),
            ClientResultError::Binding(_) => Self::new(error.to_string()),
            ClientResultError::NoResult => Self::new(STOCK_NO_RESULT),
            ClientResultError::NotConnected(_)
            | ClientResultError::Disconnected(_)
            | ClientResultError::TimedOut(_)
            | ClientResultError::InConnectedHook
            | ClientResultError::Send(_) => Self::hidden(error),
        }
    }
}

/// What a client answered.
#[derive(Debug, Clone, Copy)]
pub enum ClientOutcome<'a> {
    /// A value.
    Result(&'a Payload<'a>),
    /// Nothing.
    Void,
    /// An error text.
    Error(&'a str),
    /// Nothing, as its connection has ended.
    Disconnected,
}

/// Where the answer of one connection goes.
pub trait AnswerReceiver: Send {
    /// Takes the answer.
    fn answered(self: Box<Self>, outcome: ClientOutcome<'_>);
}

/// The wait for one client's answer. The question was sent when this was made.
#[must_use = "the client's answer is awaited"]
pub struct ClientResult<'a, T> {
    answers: ClientResults<'a, T>,
}

impl<'a, T: ClientAnswer> ClientResult<'a, T> {
    pub(super) fn ask(
        hub: &'a dyn Hub,
        recipients: &Recipients<'_>,
        target: &str,
        arguments: &dyn EncodeArguments,
        id: ConnectionId,
    ) -> Self {
        let mut answers = ClientResults::ask(hub, recipients, target, arguments);
        if answers.waiting.is_empty() && answers.failure.is_none() {
            answers.failure = Some((id, ClientResultError::NotConnected(id)));
        }
        Self { answers }
    }

    pub(super) fn failed(hub: &'a dyn Hub, id: ConnectionId, error: ClientResultError) -> Self {
        Self { answers: ClientResults::failed(hub, id, error) }
    }

    /// Sets how long to wait for the answer. Default: the hub's option `client_result_timeout`, 30 s.
    pub fn within(mut self, limit: Duration) -> Self {
        self.answers.limit = limit;
        self
    }
}

impl<T: ClientAnswer> Future for ClientResult<'_, T> {
    type Output = Result<T, ClientResultError>;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let answer = task::ready!(Pin::new(&mut self.get_mut().answers).poll_next(cx));
        Poll::Ready(match answer {
            Some((_, answer)) => answer,
            None => Err(ClientResultError::TimedOut(Duration::ZERO)),
        })
    }
}

/// The answers of several clients, each with its connection, in the order in which they come.
///
/// The stream ends once all have answered, have disconnected, or are out of time.
#[must_use = "the clients' answers are awaited"]
pub struct ClientResults<'a, T> {
    hub: &'a dyn Hub,
    waiting: Vec<ConnectionId>,
    arrived: Arc<Arrived<T>>,
    failure: Option<(ConnectionId, ClientResultError)>,
    limit: Duration,
    deadline: Option<BoxFuture<()>>,
    /// Forgets the questions when it goes.
    _asked: Option<Box<dyn Send + Sync>>,
}

struct Arrived<T>(Mutex<Answers<T>>);

struct Answers<T> {
    queue: VecDeque<(ConnectionId, Result<T, ClientResultError>)>,
    waker: Option<Waker>,
}

impl<'a, T: ClientAnswer> ClientResults<'a, T> {
    pub(super) fn ask(
        hub: &'a dyn Hub,
        recipients: &Recipients<'_>,
        target: &str,
        arguments: &dyn EncodeArguments,
    ) -> Self {
        let arrived = Arc::new(Arrived(Mutex::new(Answers { queue: VecDeque::new(), waker: None })));
        let mut waiting = Vec::new();
        queue_items_before_a_message();
        let asked = hub.ask(recipients, target, arguments, &mut |id| {
            waiting.push(id);
            Box::new(Receiver { id, arrived: Arc::clone(&arrived) })
        });
        let (asked, failure) = match asked {
            Ok(asked) => (Some(asked), None),
            Err(error) => {
                waiting.clear();
                (None, Some((nobody(), error.into())))
            }
        };
        let limit = hub.client_result_timeout();
        Self { hub, waiting, arrived, failure, limit, deadline: None, _asked: asked }
    }

    fn failed(hub: &'a dyn Hub, id: ConnectionId, error: ClientResultError) -> Self {
        let arrived = Arc::new(Arrived(Mutex::new(Answers { queue: VecDeque::new(), waker: None })));
        let failure = Some((id, error));
        Self {
            hub,
            waiting: Vec::new(),
            arrived,
            failure,
            limit: Duration::ZERO,
            deadline: None,
            _asked: None,
        }
    }

    /// Sets how long to wait for the answers. Default: the hub's option `client_result_timeout`, 30 s.
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Waits for the next answer; `None` once there is none to come.
    pub async fn next(&mut self) -> Option<(ConnectionId, Result<T, ClientResultError>)> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<T: ClientAnswer> Stream for ClientResults<'_, T> {
    type Item = (ConnectionId, Result<T, ClientResultError>);

    fn poll_next(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Some(failure) = this.failure.take() {
            let (id, error) = failure;
            return Poll::Ready(Some((id, Err(error))));
        }
        {
            let mut answers = this.arrived.0.lock();
            while let Some((id, answer)) = answers.queue.pop_front() {
                // Who is in two groups is asked twice. Whose time is over is waited for no more.
                if let Some(at) = this.waiting.iter().position(|waiting| *waiting == id) {
                    this.waiting.swap_remove(at);
                    return Poll::Ready(Some((id, answer)));
                }
            }
            if this.waiting.is_empty() {
                return Poll::Ready(None);
            }
            answers.waker = Some(cx.waker().clone());
        }
        let deadline = this.deadline.get_or_insert_with(|| this.hub.sleep(this.limit));
        if deadline.as_mut().poll(cx).is_pending() {
            WAITED.set(true);
            return Poll::Pending;
        }
        this._asked = None;
        // What is left has been asked in vain; a finished timer is not polled again.
        this.deadline = Some(Box::pin(std::future::ready(())));
        Poll::Ready(this.waiting.pop().map(|id| (id, Err(ClientResultError::TimedOut(this.limit)))))
    }
}

/// The id in the answer of nobody, where there is no connection to name.
pub(super) fn nobody() -> ConnectionId {
    ConnectionId::from_random([0; 16])
}

struct Receiver<T> {
    id: ConnectionId,
    arrived: Arc<Arrived<T>>,
}

impl<T: ClientAnswer> AnswerReceiver for Receiver<T> {
    fn answered(self: Box<Self>, outcome: ClientOutcome<'_>) {
        // Application code reads the answer: no lock is held around it.
        let answer = match outcome {
            ClientOutcome::Result(payload) => {
                payload.decode().map_err(|_| ClientResultError::Binding(type_name::<T>()))
            }
            ClientOutcome::Void if TypeId::of::<T>() == TypeId::of::<()>() => {
                let nothing: UnitDeserializer<ValueError> = ().into_deserializer();
                T::deserialize(nothing).map_err(|_| ClientResultError::NoResult)
            }
            ClientOutcome::Void => Err(ClientResultError::NoResult),
            ClientOutcome::Error(text) => Err(ClientResultError::Client(text.to_owned())),
            ClientOutcome::Disconnected => Err(ClientResultError::Disconnected(self.id)),
        };
        let waker = {
            let mut answers = self.arrived.0.lock();
            answers.queue.push_back((self.id, answer));
            answers.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> fmt::Debug for ClientResult<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClientResult").field(&self.answers).finish()
    }
}

impl<T> fmt::Debug for ClientResults<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientResults").field("waiting", &self.waiting).finish_non_exhaustive()
    }
}

thread_local! {
    static WAITED: Cell<bool> = const { Cell::new(false) };
    static IN_CONNECTED_HOOK: Cell<bool> = const { Cell::new(false) };
}

/// Polls a call and says whether it has come to wait for a client's answer: such a call lets others run meanwhile, as
/// the answer may stand behind them.
pub fn watch_for_waits<R>(poll: impl FnOnce() -> R) -> (R, bool) {
    WAITED.set(false);
    let polled = poll();
    (polled, WAITED.take())
}

/// Polls a connected hook, in which questions to clients are refused.
pub fn in_connected_hook<R>(poll: impl FnOnce() -> R) -> R {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            IN_CONNECTED_HOOK.set(false);
        }
    }
    IN_CONNECTED_HOOK.set(true);
    let _leave = Leave;
    poll()
}

pub(super) fn is_in_connected_hook() -> bool {
    IN_CONNECTED_HOOK.get()
}
