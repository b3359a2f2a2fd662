//! One side of a hub connection without I/O: what arrives, and when silence means something.

mod inbound;
mod keep_alive;
mod received;

pub use inbound::Inbound;
pub use keep_alive::{Due, KeepAlive, Observed};
pub use received::Received;
