//! HTTP/1.1 by hyper.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

use super::request_body::RequestBody;
use super::shared::Shared;
use crate::http::{Cut, RemoteAddress};
use crate::limits::MAXIMUM_REQUEST_HEAD;
use crate::transport::WriteLimit;

/// Serves one connection until it ends, becomes a WebSocket, or the server stops.
pub(super) async fn serve<S>(socket: S, peer: SocketAddr, shared: Arc<Shared>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    shared.meters.accepted_http1(peer);
    let stop = shared.stop.clone();
    let unread = CancellationToken::new();
    let cut = Cut(unread.clone());
    let limit = shared.limits.request_head;
    let socket = WriteLimit::new(socket, shared.limits.response_send);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(RemoteAddress(peer));
        request.extensions_mut().insert(cut.clone());
        let answered = shared.routes.answer(request.map(RequestBody::http1));
        async move { Ok::<_, Infallible>(answered.response().await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limit)
        .max_buf_size(MAXIMUM_REQUEST_HEAD)
        .serve_connection(TokioIo::new(socket), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let served = async {
        tokio::select! {
            served = connection.as_mut() => served,
            () = stop.watch() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    };
    let served = tokio::select! {
        served = served => served,
        () = unread.cancelled() => return tracing::debug!("a client did not read its response"),
    };
    if let Err(error) = served {
        tracing::debug!(%error, "an HTTP/1.1 connection ended");
    }
}
