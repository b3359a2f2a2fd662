//! WebSockets of the application's own, without a hub: accepting them, receiving and sending, closing.
//!
//! Over HTTP/1.1 and HTTP/2 alike, in our own [`Server`](crate::Server) and in every other that is built on hyper:
//!
//! ```no_run
//! use hubcast::Server;
//! use hubcast::websocket::{WebSocketError, WebSocketOptions};
//!
//! # async fn serve() -> std::io::Result<()> {
//! Server::new()
//!     .websocket("/echo", WebSocketOptions::new(), async |mut socket| {
//!         while let Some(message) = socket.receive().await? {
//!             socket.send(message).await?;
//!         }
//!         Ok::<_, WebSocketError>(())
//!     })
//!     .listen(([127, 0, 0, 1], 5000))
//!     .run()
//!     .await
//! # }
//! ```
//!
//! # How it ends
//!
//! | What happens | What the application sees | What the client sees |
//! | --- | --- | --- |
//! | the client closes | `receive` gives `None`, [`WebSocket::received_close`] its code and reason | its own code back, and our end |
//! | the application closes, or its handler returns | [`WebSocket::close`] returns when the client has answered | the code and reason that were given, or 1000 |
//! | the handler panics or fails | | 1011 |
//! | the client breaks RFC 6455 | [`WebSocketError::Protocol`] | 1002 |
//! | it sends text that is not UTF-8, or what cannot be decompressed | the same | 1007 |
//! | it sends a message of too many frames | the same | 1008 |
//! | it sends a message that is too large | the same | 1009 |
//! | the server stops | the client's close, or [`WebSocketError::Closed`] when it sends | 1001 |
//! | the client goes without a close frame | [`WebSocketError::Cut`] | |
//! | it answers no ping, or reads nothing | [`WebSocketError::Silent`], [`WebSocketError::WriteTimedOut`] | 1006 |
//!
//! The codes 1005, 1006 and 1015 mean that there was none and are never sent. 1000, 1001, 1003, 1007 to 1014 and 3000 to 4999
//! may be sent; 4000 to 4999 are the application's own.
//!
//! # What bounds it
//!
//! Nothing is read before it is asked for, so that a client waits for a slow application. One message and 64 KiB may wait to be
//! written, and 16 KiB of pongs. Everything else is an option of [`WebSocketOptions`].
//!
//! # What is counted
//!
//! `hubcast_websockets_total`, `hubcast_active_websockets` by HTTP version, `hubcast_websocket_duration_seconds`,
//! `hubcast_websocket_protocol_errors_total` and `hubcast_timed_out_websockets_total`, through the `metrics` facade. The
//! recorder has to be there before the options are made.

mod accept;
mod closer;
mod compression;
mod compressor;
mod error;
mod keep_alive;
mod message;
mod meters;
mod options;
mod reading;
mod receiver;
mod running;
mod sender;
mod service;
mod shared;
mod socket;

pub use accept::{Accepted, Opening, accept, is_websocket_request};
pub use closer::Closer;
pub use compression::Compression;
pub use error::{CloseStatus, WebSocketError};
/// Close codes and what a client can do wrong, from the `hubcast-websocket` crate.
pub use hubcast_websocket::{CloseCode, Violation};
pub use message::{Message, MessageKind, Part, SendFlags, Text};
pub use options::WebSocketOptions;
pub use receiver::WebSocketReceiver;
pub use sender::WebSocketSender;
pub use service::WebSocketService;
pub use socket::WebSocket;
