//! A call that answers with a stream: items are written while the client keeps up, many in one go.
//!
//! No item is taken from a stream before there is room for it.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{self, Poll, ready};

use futures_core::Stream;
use pin_project_lite::pin_project;

use super::item_batch::{ItemBatch, Polled};
use super::running_call::unwritable;
use super::{Answer, CallError, CallFailure, Failure, Returned, RunningCall, call_memory};
use crate::EncodeError;

/// A call whose method returns a stream: `start` gets what takes the items, and runs until the last is taken.
pub fn run_stream<T, S, F>(start: S) -> Pin<Box<dyn RunningCall>>
where
    T: Returned + 'static,
    S: FnOnce(StreamItems<T>) -> F,
    F: Future<Output = Result<(), CallFailure>> + Send + 'static,
{
    let future = start(StreamItems { put: ItemBatch::put });
    match call_memory::take::<Streaming<F>>() {
        Some(mut call) => {
            call.as_mut().project().future.set(Some(future));
            call
        }
        None => Box::pin(Streaming { future: Some(future), head: None }),
    }
}

/// Takes the items of a stream, one after the other, as the client takes them in.
///
/// Its futures work inside of the call alone that gave it: that lends them the place where items go.
pub struct StreamItems<T> {
    /// As a function, so that the futures ask nothing of the type.
    put: Put<T>,
}

type Put<T> = fn(&T) -> Result<(), EncodeError>;

impl<T> StreamItems<T> {
    /// Sends all items of a stream.
    ///
    /// # Errors
    ///
    /// If an item cannot be written.
    pub async fn send_all(self, stream: impl Stream<Item = T>) -> Result<(), CallFailure> {
        let mut stream = pin!(stream);
        poll_fn(|cx| poll_items(stream.as_mut(), cx, Ok, self.put)).await
    }

    /// Sends the items of a stream up to its first error.
    ///
    /// # Errors
    ///
    /// That first error, or that an item cannot be written.
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
    /// The first error, or that an item cannot be written.
    pub async fn send_sorted<E>(
        self,
        stream: impl Stream<Item = Result<T, E>>,
        sort: fn(E) -> CallError,
    ) -> Result<(), CallFailure> {
        let mut stream = pin!(stream);
        let sorted = |item: Result<T, E>| item.map_err(|error| CallFailure::Stream(sort(error)));
        poll_fn(|cx| poll_items(stream.as_mut(), cx, sorted, self.put)).await
    }
}

/// Takes items while there is room; pending without a waker when there is none.
fn poll_items<S: Stream, T>(
    mut stream: Pin<&mut S>,
    cx: &mut task::Context<'_>,
    sort: impl Fn(S::Item) -> Result<T, CallFailure>,
    put: Put<T>,
) -> Poll<Result<(), CallFailure>> {
    while ItemBatch::takes_more() {
        let Some(item) = ready!(stream.as_mut().poll_next(cx)) else { return Poll::Ready(Ok(())) };
        put(&sort(item)?).map_err(|error| CallFailure::Stream(unwritable(error)))?;
    }
    Poll::Pending
}

pin_project! {
    /// Without a future once it has ended.
    struct Streaming<F> {
        #[pin]
        future: Option<F>,
        // What each item begins with, once it was polled.
        head: Option<Arc<[u8]>>,
    }
}

impl<F> RunningCall for Streaming<F>
where
    F: Future<Output = Result<(), CallFailure>> + Send + 'static,
{
    fn poll_answer(
        self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
        answer: &mut Answer<'_>,
    ) -> Poll<Result<(), CallFailure>> {
        let this = self.project();
        let Some(mut future) = this.future.as_pin_mut() else { return Poll::Pending };
        if let (None, Some(id)) = (&this.head, answer.invocation_id()) {
            let mut head = Vec::new();
            answer.codec().write_stream_item_head(&mut head, id);
            *this.head = Some(head.into());
        }
        while let Some(room) = answer.sink().room() {
            let poll = || catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
            let Polled { outcome, is_full } = ItemBatch::lend(answer, this.head.as_ref(), room, poll);
            match outcome {
                Ok(Poll::Pending) if is_full => {}
                Ok(Poll::Pending) => return Poll::Pending,
                Ok(Poll::Ready(Ok(()))) => {
                    let ended = answer.end();
                    return Poll::Ready(ended.map_err(|error| CallFailure::Stream(unwritable(error))));
                }
                Ok(Poll::Ready(Err(failure))) => return Poll::Ready(Err(failure)),
                Err(panic) => resume_unwind(panic),
            }
        }
        Poll::Pending
    }

    fn end(mut self: Pin<Box<Self>>) {
        let this = self.as_mut().project();
        *this.head = None;
        let mut future = this.future;
        future.set(None);
        call_memory::keep(self);
    }
}
