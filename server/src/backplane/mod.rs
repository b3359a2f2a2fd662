//! How a message reaches the connections it is for.
//!
//! Invariant: only this folder's local part pushes other connections' messages into outboxes. A message is encoded at
//! most once per wire format, and no lock is held while it is handed out.
//!
//! A message is pushed to all its receivers at once; what is sliced is the flushing, which each connection's own task
//! does. tokio looks at the sockets after every 61 tasks, and a task that a socket wakes there stands behind the 256 of
//! its worker's own queue at most, and not behind all who got a broadcast: a slice is some 300 writes.

mod by_id;
mod dense;
mod envelope;
mod everyone;
mod local;
mod members;

pub(crate) use envelope::Envelope;
pub(crate) use local::Local;
