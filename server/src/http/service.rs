//! The hub as a tower service, for our own server and for every other.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use hubcast_protocol::contract::{Client, HubDefinition, NoClient};
use tower::Service;

use super::answer::{Answer, Answering};
use super::cors::{AllowedOrigin, preflight};
use super::sender::Sender;
use super::{Body, BoxError, connect, negotiate, refresh};
use crate::dispatch::MethodTable;
use crate::hub::{HubCore, HubHandle};
use crate::options::HubOptions;

/// A hub as a [`tower::Service`]: it answers `{path}/negotiate`, `{path}` itself for all transports, and `{path}/refresh`
/// where clients may renew their credentials.
///
/// It looks at no more of a request's path than whether it ends in one of those two, so it may be mounted anywhere. In
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
pub(crate) fn answer<B>(core: &Arc<HubCore>, request: Request<B>) -> Answer
where
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    core.start();
    let (parts, body) = request.into_parts();
    let origins = &core.options().allowed_origins;
    if let Some(response) = preflight(origins, &parts) {
        return response.into();
    }
    // WebSockets are not subject to CORS.
    let is_connect = parts.method == Method::CONNECT;
    let Some(origin) = AllowedOrigin::of(origins, &parts).filter(|_| !is_connect) else {
        return answer_sender(core, parts, body);
    };
    answer_sender(core, parts, body).map(move |response| {
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            origin.add_headers(response.headers_mut());
        }
    })
}

fn answer_sender<B>(core: &Arc<HubCore>, parts: Parts, body: B) -> Answer
where
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    let sender = match Sender::admit(core, &parts) {
        Ok(sender) => sender,
        Err(refusal) => return refusal.into(),
    };
    if ends_in(parts.uri.path(), "negotiate") {
        return negotiate::answer(core, &parts, &sender).into();
    }
    if core.options().authentication_refresh && ends_in(parts.uri.path(), "refresh") {
        return refresh::answer(core, &parts, &sender).into();
    }
    connect::answer(core, parts, sender, body)
}

fn ends_in(path: &str, name: &str) -> bool {
    path.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(name))
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
        HubFuture(match answer(&self.core, request) {
            Answer::Ready(response) => Pending::Ready(Some(response)),
            Answer::Later(answering) => Pending::Later(answering),
        })
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
pub struct HubFuture(Pending);

enum Pending {
    /// `None` once it was given away.
    Ready(Option<Response<Body>>),
    Later(Answering),
}

impl Future for HubFuture {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(match &mut self.0 {
            Pending::Ready(response) => response.take().expect("a future is not polled after its end"),
            Pending::Later(answering) => ready!(answering.as_mut().poll(cx)),
        }))
    }
}

impl fmt::Debug for HubFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HubFuture").finish_non_exhaustive()
    }
}
