//! The function of a connection without a hub, whose panics are errors: the connection's task outlives them.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use hubcast_protocol::contract::{BoxFuture, CallError};

use crate::dispatch::panic_text;

type Run = BoxFuture<Result<(), CallError>>;

/// Starts a function; a panic in it, then or later, is a hidden error.
pub(super) fn caught(start: impl FnOnce() -> Run) -> Run {
    match catch_unwind(AssertUnwindSafe(start)) {
        Ok(run) => Box::pin(Caught(run)),
        Err(panic) => {
            let error = panicked(panic_text(&*panic));
            Box::pin(async move { Err(error) })
        }
    }
}

struct Caught(Run);

impl Future for Caught {
    type Output = Result<(), CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(cx)));
        polled.unwrap_or_else(|panic| Poll::Ready(Err(panicked(panic_text(&*panic)))))
    }
}

fn panicked(text: &str) -> CallError {
    tracing::error!(panic = text, "the function of a connection panicked");
    CallError::Hidden("panicked".into())
}
