//! HTTP/1.1 by hyper.

use std::convert::Infallible;
use std::error::Error as _;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

use super::listener_limits::ListenerLimits;
use super::meters::TimeOut;
use super::peer::Peer;
use super::request_body::RequestBody;
use super::shared::Shared;
use crate::http::Cut;
use crate::limits::MAXIMUM_REQUEST_HEADERS;
use crate::transport::WriteLimit;

/// Serves one connection until it ends, becomes a WebSocket, or the server stops.
pub(super) async fn serve<S>(socket: S, peer: Peer, shared: Arc<Shared>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    shared.meters.accepted_http1(&peer);
    let stop = shared.stop.clone();
    let unread = CancellationToken::new();
    let cut = Cut(unread.clone());
    let limits = shared.limits;
    let socket = WriteLimit::new(socket, limits.response_send);
    let has_asked = AtomicBool::new(false);
    let service = service_fn(|mut request: Request<Incoming>| {
        has_asked.store(true, Ordering::Relaxed);
        request.extensions_mut().insert(cut.clone());
        let answered = shared.answer(request.map(RequestBody::http1), &peer);
        async move { Ok::<_, Infallible>(answered.response().await) }
    });
    let connection = builder(&limits).serve_connection(TokioIo::new(socket), service).with_upgrades();
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
        if error.is_parse_too_large() {
            shared.meters.head_refused();
        }
        // One that was idle between two requests is none that was too slow.
        if error.is_timeout() && !has_asked.load(Ordering::Relaxed) {
            shared.meters.timed_out(TimeOut::RequestHead);
        }
        if is_unread(&error) {
            shared.meters.timed_out(TimeOut::Response);
        }
        tracing::debug!(%peer, %error, "an HTTP/1.1 connection ended");
    }
}

fn builder(limits: &ListenerLimits) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.request_head)
        .max_buf_size(limits.request_head_size);
    // It is hyper's own default, which costs less if it is not said.
    if limits.request_headers != MAXIMUM_REQUEST_HEADERS {
        builder.max_headers(limits.request_headers);
    }
    builder
}

/// Whether it comes from the [`WriteLimit`], and not from the operating system, which gives up on peers of its own accord.
fn is_unread(error: &hyper::Error) -> bool {
    let source = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    source.is_some_and(|source| source.kind() == io::ErrorKind::TimedOut && source.raw_os_error().is_none())
}
