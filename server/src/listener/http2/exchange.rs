//! One request of an HTTP/2 connection and its response. A client that resets the stream ends the work on it.

use std::future::poll_fn;
use std::task::Poll;

use bytes::Bytes;
use futures_util::future::Either;
use h2::server::SendResponse;
use h2::{RecvStream, SendStream};
use http::{Method, Request, Response, StatusCode};
use http_body::Body as _;
use tokio_util::sync::CancellationToken;

use super::response::{Framing, prepare, without_connection_headers};
use crate::http::{Answer, Body, Cut, WebSocketUpgrade};
use crate::listener::peer::Peer;
use crate::listener::request_body::RequestBody;
use crate::listener::shared::Shared;
use crate::transport::{Http2Place, Http2Socket};

/// Answers a request. Whatever works on its stream holds `place`.
///
/// What the request asks for begins at once, and only the rest is left to the future: requests of one connection take
/// effect in the order in which they came, as a client that sends a POST and then a DELETE relies on it.
pub(super) fn exchange(
    request: Request<RecvStream>,
    respond: SendResponse<Bytes>,
    shared: &Shared,
    peer: &Peer,
    place: Http2Place,
) -> impl Future<Output = ()> + Send + 'static {
    if request.method() == Method::CONNECT {
        return Either::Left(connect(request, respond, shared, peer, place));
    }
    let method = request.method().clone();
    let cut = CancellationToken::new();
    let mut request = request.map(RequestBody::http2);
    request.extensions_mut().insert(Cut(cut.clone()));
    let answer = shared.answer(request, peer);
    Either::Right(async move {
        tokio::select! {
            () = respond_with(answer, respond, &method, &place) => {}
            () = cut.cancelled() => tracing::debug!("a client did not read its response"),
        }
    })
}

async fn respond_with(answer: Answer, mut respond: SendResponse<Bytes>, method: &Method, place: &Http2Place) {
    let response = match answer {
        Answer::Ready(response) => response,
        Answer::Later(answering) => tokio::select! {
            response = answering => response,
            _ = poll_fn(|cx| respond.poll_reset(cx)) => return tracing::debug!("a request was given up"),
        },
    };
    log_failure(send(response, respond, method, place).await);
}

/// A CONNECT that is accepted keeps both directions of its stream; one that is refused is a response like any other.
fn connect(
    request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    shared: &Shared,
    peer: &Peer,
    place: Http2Place,
) -> impl Future<Output = ()> + Send + 'static {
    let (parts, receive) = request.into_parts();
    let mut request = Request::from_parts(parts, RequestBody::none());
    let (accepted, upgrade) = WebSocketUpgrade::new();
    request.extensions_mut().insert(upgrade);
    let answer = shared.answer(request, peer);
    async move {
        let response = answer.response().await;
        if accepted.is_closed() || response.status() != StatusCode::OK {
            return log_failure(send(response, respond, &Method::CONNECT, &place).await);
        }
        match respond.send_response(response.map(|_| ()), false) {
            Ok(send) => hand_over(accepted, Http2Socket::new(send, receive, place)),
            Err(error) => tracing::debug!(%error, "a WebSocket's stream ended before its response"),
        }
    }
}

fn hand_over(accepted: tokio::sync::oneshot::Sender<Http2Socket>, socket: Http2Socket) {
    if accepted.send(socket).is_err() {
        tracing::debug!("a WebSocket was given up before its stream was there");
    }
}

fn log_failure(sent: Result<(), h2::Error>) {
    if let Err(error) = sent {
        tracing::debug!(%error, "an HTTP/2 response could not be sent");
    }
}

async fn send(
    response: Response<Body>,
    mut respond: SendResponse<Bytes>,
    method: &Method,
    place: &Http2Place,
) -> Result<(), h2::Error> {
    let (mut parts, mut body) = response.into_parts();
    let framing = prepare(&mut parts, method, &body);
    let stream = respond.send_response(Response::from_parts(parts, ()), framing == Framing::HeadAlone)?;
    if framing == Framing::HeadAlone {
        return Ok(());
    }
    let sent = send_body(&mut body, stream).await;
    if sent.is_err() {
        // What the client sent before it gave up the stream comes first.
        place.settled().await;
    }
    sent
}

async fn send_body(body: &mut Body, mut stream: SendStream<Bytes>) -> Result<(), h2::Error> {
    while let Some(frame) = next_frame(body, &mut stream).await? {
        match frame.map(http_body::Frame::into_data) {
            Ok(Ok(data)) => send_data(&mut stream, data).await?,
            Ok(Err(frame)) => {
                if let Ok(mut trailers) = frame.into_trailers() {
                    without_connection_headers(&mut trailers);
                    return stream.send_trailers(trailers);
                }
            }
            Err(error) => {
                tracing::debug!(error, "a response's body failed");
                stream.send_reset(h2::Reason::INTERNAL_ERROR);
                return Ok(());
            }
        }
    }
    stream.send_data(Bytes::new(), true)
}

type Frame = Result<http_body::Frame<Bytes>, crate::http::BoxError>;

/// The next frame of the body, unless the client gives the stream up first.
async fn next_frame(body: &mut Body, stream: &mut SendStream<Bytes>) -> Result<Option<Frame>, h2::Error> {
    poll_fn(|cx| {
        if let Poll::Ready(reason) = stream.poll_reset(cx) {
            return Poll::Ready(Err(reason.map_or_else(|error| error, Into::into)));
        }
        std::pin::Pin::new(&mut *body).poll_frame(cx).map(Ok)
    })
    .await
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
                // A reset by the client.
                None => return Err(h2::Reason::CANCEL.into()),
            }
        }
        stream.send_data(data.split_to(room.min(data.len())), false)?;
    }
    Ok(())
}
