//! Our own server: listeners on TCP and Unix sockets, in clear text and with TLS, for HTTP/1.1 and HTTP/2,
//! routes to hubs and pages, and a graceful stop.
//!
//! HTTP/1.1 is hyper's; HTTP/2 is spoken with the h2 crate itself, so that a WebSocket's frames go straight into its
//! stream. Both hand requests to the same routes.

mod accept;
mod address;
mod bound;
mod draining;
mod endpoint;
mod forwarding;
mod health;
mod http1;
mod http2;
mod http2_keep_alive;
#[cfg(unix)]
mod inherited;
mod listener_limits;
mod meters;
mod networks;
mod peer;
#[cfg(feature = "tls")]
mod pem_files;
mod proxy_protocol;
mod request_body;
mod routes;
mod running;
mod security;
mod servable;
mod server;
mod shared;
mod signals;
mod stop;
mod stream_listener;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "tls")]
mod tls_watch;
#[cfg(unix)]
mod unix_file;

pub use address::Address;
pub use endpoint::Endpoint;
pub use forwarding::{ForwardingHeader, TrustedProxies, TrustedProxiesError};
pub use networks::InvalidNetwork;
pub use proxy_protocol::ProxyProtocol;
pub use request_body::RequestBody;
pub use running::RunningServer;
pub use servable::Servable;
pub use server::Server;
pub(crate) use stop::Stop;
#[cfg(feature = "tls")]
pub use tls::{Tls, TlsError};
