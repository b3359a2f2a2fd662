//! Where a request comes from, as far as the server around the hub says so.

use std::net::SocketAddr;

/// Left in each request by our listener: the client's address, or that of the proxy before us.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RemoteAddress(pub(crate) SocketAddr);
