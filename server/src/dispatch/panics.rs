//! Panics of the application's code, which are errors: what goes wrong for one connection must not take its task along.

use std::any::Any;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hubcast_protocol::contract::CallError;

/// Runs a piece of the application; a panic is logged as one of `what`, and an error that clients do not read.
pub(crate) fn caught<T>(what: impl Display, run: impl FnOnce() -> T) -> Result<T, CallError> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        tracing::error!(panic = panic_text(&*panic), "{what} panicked");
        CallError::Hidden("panicked".into())
    })
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no text")
}
