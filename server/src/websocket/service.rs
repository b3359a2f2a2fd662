//! WebSockets of the application as a tower service, for our own server and for every other.

use std::convert::Infallible;
use std::fmt;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use hubcast_protocol::contract::BoxFuture;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;
use tower::Service;

use super::running::run;
use super::{WebSocket, WebSocketOptions, accept};
use crate::http::{Body, BoxError, unavailable};
use crate::listener::Stop;

type Handler = Arc<dyn Fn(WebSocket) -> BoxFuture<Result<(), BoxError>> + Send + Sync>;

/// A handler of WebSockets as a [`tower::Service`]. A clone is cheap and serves the same.
///
/// ```
/// use hubcast::websocket::{WebSocketError, WebSocketOptions, WebSocketService};
///
/// let echo = WebSocketService::new(WebSocketOptions::new(), async |mut socket| {
///     while let Some(message) = socket.receive().await? {
///         socket.send(message).await?;
///     }
///     Ok::<_, WebSocketError>(())
/// });
/// let router: axum::Router = axum::Router::new().route_service("/echo", echo);
/// ```
///
/// A WebSocket is closed when its handler returns: with 1000, or 1011 after a panic or an error that is no
/// [`WebSocketError`](super::WebSocketError).
#[derive(Clone)]
pub struct WebSocketService {
    core: Arc<Core>,
}

struct Core {
    options: WebSocketOptions,
    handler: Handler,
    tasks: TaskTracker,
    stop: Stop,
    cut: Stop,
}

impl WebSocketService {
    /// Runs `handler` for each WebSocket.
    pub fn new<H, F, E>(options: WebSocketOptions, handler: H) -> Self
    where
        H: Fn(WebSocket) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let handler: Handler = Arc::new(move |socket| {
            let handling = handler(socket);
            Box::pin(async move { handling.await.map_err(Into::into) })
        });
        let (tasks, stop, cut) = (TaskTracker::new(), Stop::default(), Stop::default());
        Self { core: Arc::new(Core { options, handler, tasks, stop, cut }) }
    }

    /// Closes all WebSockets with 1001 and takes no more. Handlers see the client's close, or
    /// [`Closed`](super::WebSocketError::Closed) when they send.
    ///
    /// Says whether all had ended within `limit`; those that had not were cut. In our own [`Server`](crate::Server) it is done
    /// with the server's stop.
    pub async fn stop(&self, limit: Duration) -> bool {
        let core = &self.core;
        core.tasks.close();
        core.stop.give();
        let ended = timeout(limit, core.tasks.wait()).await.is_ok();
        core.cut.give();
        ended
    }

    /// Answers a request.
    pub(crate) fn answer<B>(&self, request: Request<B>) -> Response<Body> {
        let core = &self.core;
        if core.tasks.is_closed() {
            return unavailable();
        }
        let accepted = match accept(request, &core.options) {
            Ok(accepted) => accepted,
            Err(refusal) => return *refusal,
        };
        let (response, opening) = accepted.into_parts();
        let running = {
            let core = Arc::clone(core);
            async move {
                match opening.open().await {
                    Ok(socket) => run(socket, |socket| (core.handler)(socket), core.stop.watch()).await,
                    Err(_) => tracing::debug!("a connection ended before its WebSocket opened"),
                }
            }
        };
        core.tasks.spawn(core.cut.cuts(running));
        response
    }
}

impl<B> Service<Request<B>> for WebSocketService {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        ready(Ok(self.answer(request)))
    }
}

impl fmt::Debug for WebSocketService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketService").field("options", &self.core.options).finish_non_exhaustive()
    }
}
