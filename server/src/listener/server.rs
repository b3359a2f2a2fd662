//! Building a server: what it serves, where it listens, how long things may take.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use hubcast_protocol::contract::Client;
use tokio::net::TcpListener;
use tower::Service;

use super::address::Address;
use super::http2_keep_alive::KeepAlive;
use super::request_body::RequestBody;
use super::routes::Routes;
use super::running::RunningServer;
use super::security::Security;
use super::servable::Servable;
use super::shared::ListenerLimits;
#[cfg(feature = "tls")]
use super::tls::Tls;
use crate::http::BoxError;
use crate::limits;
use crate::options::HubOptions;
use crate::websocket::{WebSocket, WebSocketOptions, WebSocketService};

/// A server for hubs and the pages that use them.
///
/// ```no_run
/// # async fn serve(chat: hubcast::HubService) -> std::io::Result<()> {
/// hubcast::Server::new()
///     .hub("/chat", chat)
///     .client_script("/hubcast.js")
///     .listen(([127, 0, 0, 1], 5000))
///     .run()
///     .await
/// # }
/// ```
///
/// It runs on the application's tokio runtime. A worker of that has 256 places in its own queue; where more connections than
/// that are busy on each worker all the time, those beyond wait longer than the others. A runtime made with
/// [`global_queue_interval(3)`](tokio::runtime::Builder::global_queue_interval) treats them alike: with 1,000 busy connections on
/// one worker, the 99th percentile of an answer's latency falls from 159 ms to 19 ms.
pub struct Server {
    routes: Routes,
    listeners: Vec<(SocketAddr, Security)>,
    limits: ListenerLimits,
    hub_options: HubOptions,
}

impl Server {
    /// A server of nothing.
    pub fn new() -> Self {
        Self {
            routes: Routes::default(),
            hub_options: HubOptions::new(),
            listeners: Vec::new(),
            limits: ListenerLimits {
                tls_handshake: limits::TLS_HANDSHAKE_TIMEOUT,
                first_byte: limits::FIRST_BYTE_TIMEOUT,
                request_head: limits::REQUEST_HEAD_TIMEOUT,
                response_send: limits::RESPONSE_SEND_TIMEOUT,
                shutdown: limits::SHUTDOWN_TIMEOUT,
                http2_streams: limits::MAXIMUM_HTTP2_STREAMS,
                http2_keep_alive: KeepAlive {
                    interval: limits::HTTP2_KEEP_ALIVE_INTERVAL,
                    timeout: limits::HTTP2_KEEP_ALIVE_TIMEOUT,
                },
                http2_idle: limits::HTTP2_IDLE_TIMEOUT,
            },
        }
    }

    /// Serves a hub, or connections without one, at `path` and `path/negotiate`. Paths match in any ASCII case.
    ///
    /// # Panics
    ///
    /// If `path` does not start with a slash, has a query or a fragment, or is taken, or the one below it is.
    #[must_use]
    pub fn hub<C: Client + ?Sized>(mut self, path: &str, hub: impl Servable<C>) -> Self {
        self.routes.add_hub(path, hub.into_service(&self.hub_options).into_core());
        self
    }

    /// Sets the options of hubs that are added after this and have none of their own. Default: those of
    /// [`HubOptions::new`].
    #[must_use]
    pub fn hub_options(mut self, options: HubOptions) -> Self {
        self.hub_options = options;
        self
    }

    /// Serves WebSockets without a hub at `path`: `handler` runs for each, and it is closed when that returns.
    ///
    /// [`websocket`](crate::websocket) says what a handler can do and how it ends. A stop of the server closes them with
    /// 1001.
    ///
    /// # Panics
    ///
    /// If `path` does not start with a slash, has a query or a fragment, or is taken.
    #[must_use]
    pub fn websocket<H, F, E>(mut self, path: &str, options: WebSocketOptions, handler: H) -> Self
    where
        H: Fn(WebSocket) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.routes.add_websocket(path, WebSocketService::new(options, handler));
        self
    }

    /// Serves `content` at `path` to GET and HEAD.
    ///
    /// # Panics
    ///
    /// If `content_type` cannot be a header's value, or `path` does not start with a slash, has a query or a fragment, or
    /// is taken.
    #[must_use]
    pub fn page(mut self, path: &str, content_type: &'static str, content: impl Into<Bytes>) -> Self {
        self.routes.add_page(path, HeaderValue::from_static(content_type), content.into());
        self
    }

    /// Serves the JavaScript client that comes with this crate, an ES module, at `path`.
    ///
    /// # Panics
    ///
    /// As [`page`](Self::page).
    #[must_use]
    pub fn client_script(self, path: &str) -> Self {
        self.page(path, "text/javascript; charset=utf-8", crate::CLIENT_SCRIPT)
    }

    /// Serves every other path with a service of the application: an axum `Router`, for instance.
    #[must_use]
    pub fn fallback<S, B>(mut self, service: S) -> Self
    where
        S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        self.routes.set_fallback(service);
        self
    }

    /// Listens in clear text: HTTP/1.1, and HTTP/2 with prior knowledge. Port 0 lets the system choose.
    #[must_use]
    pub fn listen(mut self, address: impl Into<SocketAddr>) -> Self {
        self.listeners.push((address.into(), Security::ClearText));
        self
    }

    #[cfg(feature = "tls")]
    /// Listens with TLS: HTTP/2 and HTTP/1.1, whichever the client prefers. Port 0 lets the system choose.
    #[must_use]
    pub fn listen_tls(mut self, address: impl Into<SocketAddr>, tls: Tls) -> Self {
        self.listeners.push((address.into(), Security::Tls(tls)));
        self
    }

    /// Sets how long a TLS handshake may take. Default: 10 s.
    #[must_use]
    pub fn tls_handshake_timeout(mut self, limit: Duration) -> Self {
        self.limits.tls_handshake = limit;
        self
    }

    /// Sets how long a new connection in clear text may be silent. Default: 10 s.
    ///
    /// With TLS, the limits of the handshake and of the request's head say so.
    #[must_use]
    pub fn first_byte_timeout(mut self, limit: Duration) -> Self {
        self.limits.first_byte = limit;
        self
    }

    /// Sets how long the head of an HTTP/1.1 request, or an HTTP/2 connection up to its first request, may take.
    /// Default: 30 s.
    #[must_use]
    pub fn request_head_timeout(mut self, limit: Duration) -> Self {
        self.limits.request_head = limit;
        self
    }

    /// Sets how long a client may take nothing in while it is sent a response over HTTP/1.1; then its connection ends.
    /// Default: 10 s.
    ///
    /// Over HTTP/2 such a client does not answer pings, either: [`http2_keep_alive_timeout`](Self::http2_keep_alive_timeout).
    #[must_use]
    pub fn response_send_timeout(mut self, limit: Duration) -> Self {
        self.limits.response_send = limit;
        self
    }

    /// Sets how many streams one HTTP/2 connection may have open at once. Default: 100.
    #[must_use]
    pub fn maximum_http2_streams(mut self, count: u32) -> Self {
        self.limits.http2_streams = count;
        self
    }

    /// Sets how often an HTTP/2 connection is pinged. Default: 30 s.
    #[must_use]
    pub fn http2_keep_alive_interval(mut self, every: Duration) -> Self {
        self.limits.http2_keep_alive.interval = every;
        self
    }

    /// Sets how long an HTTP/2 connection may take to answer a ping before it is dropped with all its streams. Default:
    /// 20 s.
    #[must_use]
    pub fn http2_keep_alive_timeout(mut self, limit: Duration) -> Self {
        self.limits.http2_keep_alive.timeout = limit;
        self
    }

    /// Sets how long an HTTP/2 connection may be without a stream before it is told to go away. Default: 120 s.
    ///
    /// One of HTTP/1.1 ends when its next request does not come within the
    /// [`request_head_timeout`](Self::request_head_timeout).
    #[must_use]
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.limits.http2_idle = limit;
        self
    }

    /// Sets how long a graceful stop waits for connections to end before it cuts them. Default: 5 s.
    #[must_use]
    pub fn shutdown_timeout(mut self, limit: Duration) -> Self {
        self.limits.shutdown = limit;
        self
    }

    /// Binds the addresses and begins to serve.
    ///
    /// # Errors
    ///
    /// If there is nothing to listen on, or an address cannot be bound; the message names it.
    pub async fn start(self) -> io::Result<RunningServer> {
        if self.listeners.is_empty() {
            let what = "the server has no address: call `listen` or `listen_tls`";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        let mut bound = Vec::new();
        for (address, security) in self.listeners {
            let listener = TcpListener::bind(address).await.map_err(|error| {
                io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
            })?;
            let address = Address { scheme: security.scheme(), socket: listener.local_addr()? };
            bound.push((address, listener, security));
        }
        Ok(RunningServer::new(bound, Arc::new(self.routes), self.limits))
    }

    /// Serves until Ctrl-C or SIGTERM, then closes hub connections with a Close message and stops.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub async fn run(self) -> io::Result<()> {
        self.start().await?.run_until_signal().await
    }
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addresses = self.listeners.iter().map(|(address, _)| address).collect::<Vec<_>>();
        f.debug_struct("Server")
            .field("listeners", &addresses)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
