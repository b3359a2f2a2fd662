//! The function of a connection without a hub, whose panics are errors.

use std::future::{Future, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use hubcast_protocol::contract::{BoxFuture, CallError};

use crate::dispatch::caught;

type Run = BoxFuture<Result<(), CallError>>;

/// Starts a function; a panic in it, then or later, is an error.
pub(super) fn guarded(start: impl FnOnce() -> Run) -> Run {
    match caught(A_FUNCTION, start) {
        Ok(run) => Box::pin(Guarded(run)),
        Err(error) => Box::pin(ready(Err(error))),
    }
}

/// What a log says that panicked.
const A_FUNCTION: &str = "the function of a connection";

struct Guarded(Run);

impl Future for Guarded {
    type Output = Result<(), CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        caught(A_FUNCTION, || self.0.as_mut().poll(cx)).unwrap_or_else(|error| Poll::Ready(Err(error)))
    }
}
