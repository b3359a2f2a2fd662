//! Our own server: TCP and TLS listeners for HTTP/1.1 and HTTP/2, routes to hubs and pages, and a graceful stop.
//!
//! HTTP/1.1 is hyper's; HTTP/2 is spoken with the h2 crate itself, so that a WebSocket's frames go straight into its
//! stream. Both hand requests to the same routes.

mod accept;
mod address;
mod http1;
mod http2;
mod http2_keep_alive;
mod meters;
mod request_body;
mod routes;
mod running;
mod security;
mod servable;
mod server;
mod shared;
mod signals;
mod stop;
#[cfg(feature = "tls")]
mod tls;

pub use address::{Address, Scheme};
pub use request_body::RequestBody;
pub use running::RunningServer;
pub use servable::Servable;
pub use server::Server;
pub(crate) use stop::Stop;
#[cfg(feature = "tls")]
pub use tls::{Tls, TlsError};
