//! HTTP/2 by the h2 crate: requests to the routes, extended CONNECT to WebSockets (RFC 8441).

use std::future::poll_fn;
use std::sync::Arc;

use bytes::Bytes;
use h2::server::{Connection, SendResponse};
use h2::{Reason, RecvStream, SendStream};
use http::header::{CONTENT_LENGTH, DATE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body as _;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use super::request_body::RequestBody;
use super::shared::Shared;
use crate::http::{Body, Http2Streams, WebSocketUpgrade};

/// Bytes that a client may send ahead on one stream, and on all streams of a connection together.
const STREAM_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 1024 * 1024;

/// Bytes of one stream that wait inside h2; what is more waits in the outbox, where it is counted.
const SEND_BUFFER: usize = 64 * 1024;

/// Bytes of a request's header fields.
const HEADER_LIST: u32 = 16 * 1024;

/// What unread small frames may add up to. While a call runs its stream is not read, and a client may fill the
/// window with tiny frames by right; h2's own budget would end the connection for all its streams.
const DATA_FRAME_BUDGET: usize = 64 * 1024 * 1024;

/// Serves one connection until it ends or the server stops and its streams have ended.
pub(super) async fn serve<S>(socket: S, shared: Arc<Shared>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = h2::server::Builder::new();
    builder
        .enable_connect_protocol()
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_concurrent_streams(shared.limits.http2_streams)
        .max_header_list_size(HEADER_LIST)
        .max_send_buffer_size(SEND_BUFFER)
        .data_frame_budget(DATA_FRAME_BUDGET);
    let mut connection: Connection<S, Bytes> =
        match timeout(shared.limits.request_head, builder.handshake(socket)).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return tracing::debug!(%error, "an HTTP/2 connection could not begin"),
            Err(_) => return tracing::debug!("an HTTP/2 connection did not begin in time"),
        };
    let mut stopping = false;
    loop {
        let accepted = tokio::select! {
            accepted = connection.accept() => accepted,
            () = shared.stop.cancelled(), if !stopping => {
                stopping = true;
                connection.graceful_shutdown();
                continue;
            }
        };
        match accepted {
            None => return,
            Some(Err(error)) => return tracing::debug!(%error, "an HTTP/2 connection ended"),
            Some(Ok((request, respond))) => {
                shared.tasks.spawn(answer(request, respond, Arc::clone(&shared)));
            }
        }
    }
}

async fn answer(request: Request<RecvStream>, respond: SendResponse<Bytes>, shared: Arc<Shared>) {
    let head = request.method() == Method::HEAD;
    if request.method() == Method::CONNECT {
        return answer_connect(request, respond, &shared);
    }
    let response = match shared.routes.answer(request.map(RequestBody::http2)) {
        Ok(response) => response,
        Err(answering) => answering.await,
    };
    if let Err(error) = send(response, respond, head).await {
        tracing::debug!(%error, "an HTTP/2 response could not be sent");
    }
}

/// A CONNECT that is accepted keeps both directions of its stream; one that is refused is a response like any other.
fn answer_connect(request: Request<RecvStream>, mut respond: SendResponse<Bytes>, shared: &Shared) {
    let (parts, receive) = request.into_parts();
    let mut request = Request::from_parts(parts, RequestBody::none());
    let (accepted, upgrade) = WebSocketUpgrade::new();
    request.extensions_mut().insert(upgrade);
    let Ok(response) = shared.routes.answer(request) else {
        return respond.send_reset(Reason::CONNECT_ERROR);
    };
    if accepted.is_closed() || response.status() != StatusCode::OK {
        shared.tasks.spawn(async move {
            if let Err(error) = send(response, respond, false).await {
                tracing::debug!(%error, "an HTTP/2 response could not be sent");
            }
        });
        return;
    }
    match respond.send_response(response.map(|_| ()), false) {
        Ok(send) => hand_over(accepted, (send, receive)),
        Err(error) => tracing::debug!(%error, "a WebSocket's stream ended before its response"),
    }
}

fn hand_over(accepted: tokio::sync::oneshot::Sender<Http2Streams>, streams: Http2Streams) {
    if accepted.send(streams).is_err() {
        tracing::debug!("a WebSocket was given up before its stream was there");
    }
}

async fn send(
    response: Response<Body>,
    mut respond: SendResponse<Bytes>,
    head: bool,
) -> Result<(), h2::Error> {
    let (mut parts, mut body) = response.into_parts();
    parts.version = http::Version::HTTP_2;
    if let Some(length) = body.size_hint().exact() {
        parts.headers.entry(CONTENT_LENGTH).or_insert_with(|| HeaderValue::from(length));
    }
    parts.headers.entry(DATE).or_insert_with(date);
    let bodiless = head || body.is_end_stream();
    let mut stream = respond.send_response(Response::from_parts(parts, ()), bodiless)?;
    if bodiless {
        return Ok(());
    }
    while let Some(frame) = poll_fn(|cx| std::pin::Pin::new(&mut body).poll_frame(cx)).await {
        match frame.map(http_body::Frame::into_data) {
            Ok(Ok(data)) => send_data(&mut stream, data).await?,
            Ok(Err(_)) => {}
            Err(error) => {
                tracing::debug!(error, "a response's body failed");
                stream.send_reset(Reason::INTERNAL_ERROR);
                return Ok(());
            }
        }
    }
    stream.send_data(Bytes::new(), true)
}

/// Sends as the client's window allows.
async fn send_data(stream: &mut SendStream<Bytes>, mut data: Bytes) -> Result<(), h2::Error> {
    stream.reserve_capacity(data.len());
    while !data.is_empty() {
        let room = stream.capacity();
        if room == 0 {
            match poll_fn(|cx| stream.poll_capacity(cx)).await {
                Some(Ok(_)) => continue,
                Some(Err(error)) => return Err(error),
                None => return Err(Reason::CANCEL.into()),
            }
        }
        stream.send_data(data.split_to(room.min(data.len())), false)?;
    }
    Ok(())
}

fn date() -> HeaderValue {
    HeaderValue::try_from(httpdate::fmt_http_date(std::time::SystemTime::now()))
        .expect("a date is a header value")
}
