//! A hub at work, and the handle by which the rest of the application reaches it.

mod control;
mod core;
mod departing;
mod handle;
mod meters;

pub use control::ConnectionInfo;
pub(crate) use core::HubCore;
pub(crate) use departing::Departing;
pub use handle::{ConnectionCounts, HubHandle};
