//! Building a server: what it serves.
//!
//! Its other options are beside what they are about: `endpoint`, `listener_limits`, `forwarding`, `health`, `draining`.

use std::fmt;
use std::io;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use hubcast_protocol::contract::Client;
use tokio::task::spawn_blocking;
use tower::Service;

use super::bound::Bound;
use super::draining::Draining;
use super::endpoint::Endpoint;
use super::forwarding::ForwardingOptions;
use super::listener_limits::ListenerLimits;
use super::request_body::RequestBody;
use super::routes::Routes;
use super::running::RunningServer;
use super::servable::Servable;
use crate::http::BoxError;
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
    pub(super) routes: Routes,
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) limits: ListenerLimits,
    pub(super) forwarding: ForwardingOptions,
    pub(super) draining: Draining,
    hub_options: HubOptions,
}

impl Server {
    /// A server of nothing.
    pub fn new() -> Self {
        Self {
            routes: Routes::default(),
            hub_options: HubOptions::new(),
            endpoints: Vec::new(),
            limits: ListenerLimits::default(),
            forwarding: ForwardingOptions::default(),
            draining: Draining::default(),
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

    /// Binds the endpoints and begins to serve.
    ///
    /// # Errors
    ///
    /// If there is nothing to listen on, or an endpoint cannot be bound; the message names it.
    pub async fn start(self) -> io::Result<RunningServer> {
        if self.endpoints.is_empty() {
            let what = "the server has no address: call `listen` or `listen_tls`";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
        }
        let mut bound = Vec::new();
        for endpoint in self.endpoints {
            // Files may be slow, and so may whoever listens at a Unix socket already.
            bound.extend(spawn_blocking(move || Bound::open(endpoint)).await??);
        }
        let Self { routes, limits, forwarding, draining, .. } = self;
        RunningServer::new(bound, routes, limits, forwarding, draining)
    }

    /// Serves until Ctrl-C or SIGTERM, then [stops](RunningServer::run_until_signal).
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
        f.debug_struct("Server")
            .field("endpoints", &self.endpoints)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
