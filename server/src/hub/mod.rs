//! A hub at work, and the handle by which the rest of the application reaches it.

mod control;
mod core;
mod departing;
mod handle;
mod meters;
mod pace;

pub use control::ConnectionInfo;
pub(crate) use core::HubCore;
pub(crate) use departing::ask_in_batches;
pub use handle::{ConnectionCounts, HubHandle};
pub(crate) use pace::Pace;
