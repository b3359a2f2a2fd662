//! One hub method as the server sees it: a name, and how a call of it starts.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{self, Poll};

use pin_project_lite::pin_project;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Answer, CallError, Client, Context, Failure};
use crate::{Arguments, BindError};

/// One method of a hub.
pub struct Method<C: Client + ?Sized> {
    name: &'static str,
    start: Start<C>,
}

type Start<C> = Box<
    dyn for<'a> Fn(&Context<C>, &Arguments<'a>) -> Result<Pin<Box<dyn RunningCall>>, BindError> + Send + Sync,
>;

impl<C: Client + ?Sized> Method<C> {
    /// A method with the name it has on the wire. `start` binds the arguments and gives the call, not yet polled.
    pub fn new<F>(name: &'static str, start: F) -> Self
    where
        F: for<'a> Fn(&Context<C>, &Arguments<'a>) -> Result<Pin<Box<dyn RunningCall>>, BindError>
            + Send
            + Sync
            + 'static,
    {
        Self { name, start: Box::new(start) }
    }

    /// The name on the wire.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Binds the arguments and starts a call.
    ///
    /// # Errors
    ///
    /// If the arguments are not what the method takes; the connection lives on.
    pub fn start(
        &self,
        cx: &Context<C>,
        arguments: &Arguments<'_>,
    ) -> Result<Pin<Box<dyn RunningCall>>, BindError> {
        (self.start)(cx, arguments)
    }
}

impl<C: Client + ?Sized> fmt::Debug for Method<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Method").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A call under way. Dropping it cancels it.
pub trait RunningCall: Send {
    /// Drives the call. When it is done, a success has been written to `answer`; an error has not.
    fn poll_answer(
        self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        answer: &mut Answer<'_>,
    ) -> Poll<Result<(), CallError>>;
}

/// A call whose method returns a plain value.
pub fn run<F>(future: F) -> Pin<Box<dyn RunningCall>>
where
    F: Future<Output: Returned> + Send + 'static,
{
    Box::pin(Infallible { future })
}

/// A call whose method returns a `Result`.
pub fn run_result<F, T, E>(future: F) -> Pin<Box<dyn RunningCall>>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: Returned,
    E: Failure,
{
    Box::pin(Fallible { future })
}

pin_project! {
    struct Infallible<F> { #[pin] future: F }
}

pin_project! {
    struct Fallible<F> { #[pin] future: F }
}

impl<F: Future<Output: Returned> + Send> RunningCall for Infallible<F> {
    fn poll_answer(
        self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        answer: &mut Answer<'_>,
    ) -> Poll<Result<(), CallError>> {
        let value = task::ready!(self.project().future.poll(cx));
        Poll::Ready(answer.result(&value).map_err(|error| CallError::Hidden(error.into())))
    }
}

impl<F, T, E> RunningCall for Fallible<F>
where
    F: Future<Output = Result<T, E>> + Send,
    T: Returned,
    E: Failure,
{
    fn poll_answer(
        self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        answer: &mut Answer<'_>,
    ) -> Poll<Result<(), CallError>> {
        Poll::Ready(match task::ready!(self.project().future.poll(cx)) {
            Ok(value) => answer.result(&value).map_err(|error| CallError::Hidden(error.into())),
            Err(error) => Err(error.into_call_error()),
        })
    }
}

/// What a hub method may take as an argument: anything that serde can read without borrowing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a hub method",
    label = "clients send this as JSON or MessagePack, so it must be deserializable",
    note = "add `#[derive(serde::Deserialize)]` to `{Self}`, and take owned types: `String`, not `&str`"
)]
pub trait Argument: DeserializeOwned + Send {}

impl<T: DeserializeOwned + Send> Argument for T {}

/// What a hub method may return: anything that serde can write.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be returned from a hub method",
    label = "it goes to the client as JSON or MessagePack, so it must be serializable",
    note = "add `#[derive(serde::Serialize)]` to `{Self}`"
)]
pub trait Returned: Serialize + Send {}

impl<T: Serialize + Send> Returned for T {}

/// What a client method may take as an argument: anything that serde can write.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a client method",
    label = "it goes to the client as JSON or MessagePack, so it must be serializable",
    note = "add `#[derive(serde::Serialize)]` to `{Self}`"
)]
pub trait ClientArgument: Serialize + Send + Sync {}

impl<T: Serialize + Send + Sync> ClientArgument for T {}
