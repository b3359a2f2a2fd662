//! A call under way: polled by its connection, which lends it the place where its answer goes.
//!
//! Calls that answer with a stream are in `streaming_call`.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{self, Poll};

use pin_project_lite::pin_project;

use super::{Answer, CallError, Failure, Returned, call_memory};
use crate::EncodeError;

/// A call under way. Dropping it cancels it.
pub trait RunningCall: Send {
    /// Drives the call. When it is done, a success has been written to `answer`; an error has not.
    ///
    /// A stream writes items while the answer has room. If it is pending because there is none, nothing wakes its task:
    /// who lent the answer polls again when there is.
    fn poll_answer(
        self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        answer: &mut Answer<'_>,
    ) -> Poll<Result<(), CallFailure>>;

    /// Drops the call, and keeps its memory for the next call of the same method.
    fn end(self: Pin<Box<Self>>);
}

/// How a call failed: which sentence the client reads depends on it.
#[derive(Debug)]
pub enum CallFailure {
    /// The method failed, or its result could not be written.
    Method(CallError),
    /// Its stream failed on the way.
    Stream(CallError),
}

/// A call whose method returns a plain value.
pub fn run<F>(future: F) -> Pin<Box<dyn RunningCall>>
where
    F: Future<Output: Returned> + Send + 'static,
{
    SingleAnswer::<F, Plain>::begin(future)
}

/// A call whose method returns a `Result`.
pub fn run_result<F, T, E>(future: F) -> Pin<Box<dyn RunningCall>>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: Returned,
    E: Failure,
{
    SingleAnswer::<F, Fallible>::begin(future)
}

pin_project! {
    /// A call with one answer, and what to make of it; without a future once it has ended.
    struct SingleAnswer<F, K> {
        #[pin]
        future: Option<F>,
        kind: PhantomData<K>,
    }
}

impl<F, K> SingleAnswer<F, K>
where
    F: Future + Send + 'static,
    K: Completion<F::Output>,
{
    fn begin(future: F) -> Pin<Box<Self>> {
        match call_memory::take::<Self>() {
            Some(mut call) => {
                call.as_mut().project().future.set(Some(future));
                call
            }
            None => Box::pin(Self { future: Some(future), kind: PhantomData }),
        }
    }
}

impl<F, K> RunningCall for SingleAnswer<F, K>
where
    F: Future + Send + 'static,
    K: Completion<F::Output>,
{
    fn poll_answer(
        self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        answer: &mut Answer<'_>,
    ) -> Poll<Result<(), CallFailure>> {
        let Some(future) = self.project().future.as_pin_mut() else { return Poll::Pending };
        future.poll(cx).map(|output| K::complete(output, answer).map_err(CallFailure::Method))
    }

    fn end(mut self: Pin<Box<Self>>) {
        self.as_mut().project().future.set(None);
        call_memory::keep(self);
    }
}

/// How the output of a method completes its call.
trait Completion<T>: Send + 'static {
    fn complete(output: T, answer: &mut Answer<'_>) -> Result<(), CallError>;
}

/// The output is the result.
struct Plain;

impl<T: Returned> Completion<T> for Plain {
    fn complete(output: T, answer: &mut Answer<'_>) -> Result<(), CallError> {
        answer.result(&output).map_err(unwritable)
    }
}

/// The output is a result or an error.
struct Fallible;

impl<T: Returned, E: Failure> Completion<Result<T, E>> for Fallible {
    fn complete(output: Result<T, E>, answer: &mut Answer<'_>) -> Result<(), CallError> {
        answer.result(&output.map_err(Failure::into_call_error)?).map_err(unwritable)
    }
}

/// Clients do not read why a value could not be written.
pub(super) fn unwritable(error: EncodeError) -> CallError {
    CallError::Hidden(error.into())
}
