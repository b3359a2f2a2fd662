//! One of the four ways to a server: an HTTP version, in clear text or over TLS.

use std::net::SocketAddr;

use super::http1::Http1;
use super::http2::Http2;
use super::response::Response;

/// The way, and where it leads.
#[derive(Clone, Copy)]
pub(crate) struct Way {
    address: SocketAddr,
    pub(crate) http2: bool,
    tls: bool,
}

impl Way {
    /// In clear text.
    pub(crate) fn clear_text(address: SocketAddr, http2: bool) -> Self {
        Self { address, http2, tls: false }
    }

    /// Over TLS.
    pub(crate) fn tls(address: SocketAddr, http2: bool) -> Self {
        Self { address, http2, tls: true }
    }

    /// A connection of HTTP/1.1, whichever version the way has.
    pub(crate) async fn open_http1(self) -> Http1 {
        if self.tls { Http1::connect_tls(self.address).await } else { Http1::connect(self.address).await }
    }

    /// A connection of HTTP/2, whichever version the way has.
    pub(crate) async fn open_http2(self) -> Http2 {
        if self.tls { Http2::connect_tls(self.address).await } else { Http2::connect(self.address).await }
    }

    /// Asks on a connection of its own.
    pub(crate) async fn ask(
        self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        if self.http2 {
            return self.open_http2().await.ask_with(method, target, headers, body).await;
        }
        let mut connection = self.open_http1().await;
        if body.is_empty() {
            return connection.ask(method, target, headers).await;
        }
        connection.post(target, headers, body).await
    }
}
