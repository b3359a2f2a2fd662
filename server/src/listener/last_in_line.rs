//! A future that lets the tasks that are ready go first.
//!
//! All streams of an HTTP/2 connection leave their frames with one task, which writes them. The runtime runs a task
//! that was just woken before all others, so that each stream's answer would be a write of its own; by going to the
//! end of the line once, the task finds the answers of all streams that were ready, and writes them together.

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

pin_project! {
    /// A future that is polled once the tasks that were ready before it have run.
    pub(super) struct LastInLine<F> {
        #[pin]
        future: F,
        waited: bool,
    }
}

impl<F> LastInLine<F> {
    pub(super) fn new(future: F) -> Self {
        Self { future, waited: false }
    }
}

impl<F: Future> Future for LastInLine<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if !*this.waited {
            *this.waited = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        *this.waited = false;
        this.future.poll(cx)
    }
}
