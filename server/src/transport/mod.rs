//! Moves bytes for one connection: sockets below, hub bytes above.
//!
//! Only this folder and the listener name sockets, and neither knows what a hub message is.

mod framing;
mod http2_socket;
mod rewind;
mod scratch;
mod socket;
mod take_over;
mod websocket;

pub(crate) use framing::{Framing, OpenPiece};
pub(crate) use http2_socket::Http2Socket;
pub(crate) use rewind::Rewind;
pub(crate) use scratch::with_scratch;
pub(crate) use socket::Socket;
pub(crate) use take_over::take_over;
pub(crate) use websocket::{Part, WebSocketTransport};
