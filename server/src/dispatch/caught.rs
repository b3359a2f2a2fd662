//! Hooks whose panics are errors: what goes wrong in one connection's hook must not take its task along.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use hubcast_protocol::contract::{BoxFuture, CallError};

use super::calls::panic_text;

/// Starts a hook; a panic in it, then or later, is a hidden error.
pub(super) fn caught(
    start: impl FnOnce() -> BoxFuture<Result<(), CallError>>,
) -> BoxFuture<Result<(), CallError>> {
    match catch_unwind(AssertUnwindSafe(start)) {
        Ok(hook) => Box::pin(Caught(hook)),
        Err(panic) => {
            let error = panicked(panic_text(&*panic));
            Box::pin(async move { Err(error) })
        }
    }
}

struct Caught(BoxFuture<Result<(), CallError>>);

impl Future for Caught {
    type Output = Result<(), CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(cx))) {
            Ok(polled) => polled,
            Err(panic) => Poll::Ready(Err(panicked(panic_text(&*panic)))),
        }
    }
}

fn panicked(text: &str) -> CallError {
    tracing::error!(panic = text, "a hook of a hub panicked");
    CallError::Hidden("panicked".into())
}
