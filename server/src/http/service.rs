//! The hub as a tower service, for our own server and for every other.

use std::convert::Infallible;
use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use hubcast_protocol::contract::{Client, HubDefinition, NoClient};
use tower::Service;

use super::{Body, BoxError, connect, negotiate};
use crate::dispatch::MethodTable;
use crate::hub::{HubCore, HubHandle};
use crate::options::HubOptions;

/// A hub as a [`tower::Service`]: it answers `POST {path}/negotiate` and the WebSocket requests to `{path}`.
///
/// It looks at no more of a request's path than whether it ends in `/negotiate`, so it may be mounted anywhere. In
/// axum 0.8:
///
/// ```
/// # use hubcast::HubService;
/// # fn router(chat: HubService) -> axum::Router {
/// axum::Router::new()
///     .route_service("/chat", chat.clone())
///     .route_service("/chat/negotiate", chat)
/// # }
/// ```
///
/// It takes requests with any body of bytes. A clone is cheap and serves the same hub.
pub struct HubService<C: Client + ?Sized = dyn NoClient> {
    core: Arc<HubCore>,
    client: PhantomData<fn(&C)>,
}

impl<C: Client + ?Sized> HubService<C> {
    /// A hub with the default options.
    pub fn new(definition: HubDefinition<C>) -> Self {
        Self::with_options(definition, HubOptions::new())
    }

    /// A hub with options of its own.
    pub fn with_options(definition: HubDefinition<C>, options: HubOptions) -> Self {
        Self::of(HubCore::new(Box::new(MethodTable::new(definition)), options))
    }

    /// A handle to send to the hub's clients from anywhere.
    pub fn handle(&self) -> HubHandle<C> {
        HubHandle::new(Arc::clone(&self.core))
    }

    pub(crate) fn of(core: Arc<HubCore>) -> Self {
        Self { core, client: PhantomData }
    }

    pub(crate) fn into_core(self) -> Arc<HubCore> {
        self.core
    }
}

/// Answers a request to a hub.
pub(crate) fn answer<B>(core: &Arc<HubCore>, request: Request<B>) -> Response<Body> {
    core.start();
    let (parts, _) = request.into_parts();
    if is_negotiate(parts.uri.path()) {
        return negotiate::answer(core, &parts.method, &parts.uri);
    }
    connect::answer(core, parts)
}

fn is_negotiate(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case("negotiate"))
}

impl<B, C: Client + ?Sized> Service<Request<B>> for HubService<C>
where
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = HubFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> HubFuture {
        HubFuture(ready(Ok(answer(&self.core, request))))
    }
}

impl<C: Client + ?Sized> From<HubDefinition<C>> for HubService<C> {
    fn from(definition: HubDefinition<C>) -> Self {
        Self::new(definition)
    }
}

impl<C: Client + ?Sized> Clone for HubService<C> {
    fn clone(&self) -> Self {
        Self { core: Arc::clone(&self.core), client: PhantomData }
    }
}

impl<C: Client + ?Sized> fmt::Debug for HubService<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HubService").field(&self.core).finish()
    }
}

/// The response of a hub to come.
#[must_use = "futures do nothing unless polled"]
pub struct HubFuture(Ready<Result<Response<Body>, Infallible>>);

impl Future for HubFuture {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl fmt::Debug for HubFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HubFuture").finish_non_exhaustive()
    }
}
