//! A call under way: polled by its connection, which lends it the place where its answer goes.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};

use futures_core::Stream;
use parking_lot::Mutex;
use pin_project_lite::pin_project;

use super::{Answer, CallError, Failure, Returned};

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

/// A call whose method returns a stream: `start` gets what takes the items, and runs until the last is taken.
pub fn run_stream<T, S, F>(start: S) -> Pin<Box<dyn RunningCall>>
where
    T: Returned + 'static,
    S: FnOnce(StreamItems<T>) -> F,
    F: Future<Output = Result<(), CallFailure>> + Send + 'static,
{
    let slot = Arc::new(Mutex::new(None));
    let future = start(StreamItems { slot: Arc::clone(&slot) });
    Box::pin(Streaming { future, slot })
}

/// Takes the items of a stream, one after the other, as the client takes them in.
///
/// An item passes through a slot, as the answer is lent to the call only while it is polled, and the stream may borrow
/// from the hub that the same future owns.
pub struct StreamItems<T> {
    slot: Slot<T>,
}

type Slot<T> = Arc<Mutex<Option<T>>>;

impl<T> StreamItems<T> {
    /// Sends all items of a stream.
    ///
    /// # Errors
    ///
    /// None; the type is that of a stream that can fail.
    pub async fn send_all(self, stream: impl Stream<Item = T>) -> Result<(), CallFailure> {
        let mut stream = std::pin::pin!(stream);
        while let Some(item) = next(stream.as_mut()).await {
            self.send(item).await;
        }
        Ok(())
    }

    /// Sends the items of a stream up to its first error.
    ///
    /// # Errors
    ///
    /// That first error.
    pub async fn send_results<E: Failure>(
        self,
        stream: impl Stream<Item = Result<T, E>>,
    ) -> Result<(), CallFailure> {
        self.send_sorted(stream, E::into_call_error).await
    }

    /// The same with the function that sorts the error: the future asks nothing of its type.
    ///
    /// # Errors
    ///
    /// The first error.
    pub async fn send_sorted<E>(
        self,
        stream: impl Stream<Item = Result<T, E>>,
        sort: fn(E) -> CallError,
    ) -> Result<(), CallFailure> {
        let mut stream = std::pin::pin!(stream);
        while let Some(item) = next(stream.as_mut()).await {
            let item = item.map_err(|error| CallFailure::Stream(sort(error)))?;
            self.send(item).await;
        }
        Ok(())
    }

    /// Leaves the item in the slot and lets whoever polls take it.
    async fn send(&self, item: T) {
        *self.slot.lock() = Some(item);
        std::future::poll_fn(|_| if self.slot.lock().is_some() { Poll::Pending } else { Poll::Ready(()) })
            .await;
    }
}

async fn next<S: Stream>(mut stream: Pin<&mut S>) -> Option<S::Item> {
    std::future::poll_fn(|cx| stream.as_mut().poll_next(cx)).await
}

pin_project! {
    struct Infallible<F> { #[pin] future: F }
}

pin_project! {
    struct Fallible<F> { #[pin] future: F }
}

pin_project! {
    struct Streaming<F, T> { #[pin] future: F, slot: Slot<T> }
}

impl<F: Future<Output: Returned> + Send> RunningCall for Infallible<F> {
    fn poll_answer(
        self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        answer: &mut Answer<'_>,
    ) -> Poll<Result<(), CallFailure>> {
        let value = task::ready!(self.project().future.poll(cx));
        Poll::Ready(
            answer.result(&value).map_err(|error| CallFailure::Method(CallError::Hidden(error.into()))),
        )
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
    ) -> Poll<Result<(), CallFailure>> {
        let outcome = match task::ready!(self.project().future.poll(cx)) {
            Ok(value) => answer.result(&value).map_err(|error| CallError::Hidden(error.into())),
            Err(error) => Err(error.into_call_error()),
        };
        Poll::Ready(outcome.map_err(CallFailure::Method))
    }
}

impl<F, T> RunningCall for Streaming<F, T>
where
    F: Future<Output = Result<(), CallFailure>> + Send,
    T: Returned,
{
    fn poll_answer(
        self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        answer: &mut Answer<'_>,
    ) -> Poll<Result<(), CallFailure>> {
        let mut this = self.project();
        loop {
            if !answer.has_room() {
                return Poll::Pending;
            }
            let polled = this.future.as_mut().poll(cx);
            let item = this.slot.lock().take();
            let is_item = item.is_some();
            if let Some(item) = item
                && let Err(error) = answer.item(&item)
            {
                return Poll::Ready(Err(CallFailure::Stream(CallError::Hidden(error.into()))));
            }
            match polled {
                Poll::Pending if is_item => {}
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) => {
                    let ended = answer.end();
                    return Poll::Ready(
                        ended.map_err(|error| CallFailure::Stream(CallError::Hidden(error.into()))),
                    );
                }
                Poll::Ready(Err(failure)) => return Poll::Ready(Err(failure)),
            }
        }
    }
}
