//! How a message reaches the connections it is for.
//!
//! Invariant: only this folder's local part pushes other connections' messages into outboxes. A message is encoded at
//! most once per wire format, and no lock is held while it is handed out.

mod by_id;
mod dense;
mod envelope;
mod everyone;
mod local;
mod members;

pub(crate) use envelope::Envelope;
pub(crate) use local::Local;
