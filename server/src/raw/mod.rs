//! Connections without a hub: the same negotiation and transports carry bytes to a function of the application.

mod connection;
mod guarded;
mod incoming;
mod service;

pub use connection::RawConnection;
pub(crate) use incoming::Incoming;
pub(crate) use service::RawHandler;
pub use service::RawService;
