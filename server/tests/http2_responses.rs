//! How the fallback's responses go out over HTTP/2, and that nothing works on for a client that has gone.

use std::convert::Infallible;
use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use http_body_util::StreamBody;
use hubcast::{Body, BoxError, RequestBody};
use tower::service_fn;

use crate::support::{Fixture, Http2, Setup, eventually, soon};

#[tokio::test]
async fn headers_of_an_http1_connection_are_left_out() {
    let server = serving(async |_| {
        Response::builder()
            .header("Connection", "keep-alive, X-Hop")
            .header("Keep-Alive", "timeout=5")
            .header("Proxy-Connection", "close")
            .header("Transfer-Encoding", "chunked")
            .header("Upgrade", "h2c")
            .header("X-Hop", "this connection alone")
            .header("X-End", "to the end")
            .body(Body::from(Bytes::from_static(b"ok")))
            .unwrap()
    })
    .await;
    let answer = Http2::connect(server.address()).await.ask("GET", "/").await;
    assert_eq!((answer.status, answer.text()), (200, "ok"));
    let mut names = answer.headers.keys().map(http::HeaderName::as_str).collect::<Vec<_>>();
    names.sort_unstable();
    assert_eq!(names, ["content-length", "date", "x-end"]);
}

#[tokio::test]
async fn a_response_that_can_have_no_content_says_no_length() {
    let server = serving(async |request| {
        let status = request.uri().path()[1..].parse::<u16>().unwrap();
        Response::builder().status(status).body(Body::empty()).unwrap()
    })
    .await;
    let mut connection = Http2::connect(server.address()).await;
    for (method, target, length) in
        [("GET", "/204", None), ("GET", "/304", None), ("HEAD", "/200", None), ("GET", "/200", Some("0"))]
    {
        let answer = connection.ask(method, target).await;
        assert_eq!(answer.header("content-length"), length, "{method} {target}");
    }
}

#[tokio::test]
async fn a_length_that_the_service_names_is_sent_except_with_204() {
    let server = serving(async |request| {
        let status = request.uri().path()[1..].parse::<u16>().unwrap();
        let response = Response::builder().status(status).header("Content-Length", "7");
        response.body(Body::empty()).unwrap()
    })
    .await;
    let mut connection = Http2::connect(server.address()).await;
    for (method, target, length) in
        [("GET", "/204", None), ("GET", "/304", Some("7")), ("HEAD", "/200", Some("7"))]
    {
        let answer = connection.ask(method, target).await;
        assert_eq!(answer.header("content-length"), length, "{method} {target}");
    }
}

#[tokio::test]
async fn trailers_are_sent() {
    let server = serving(async |_| {
        let mut trailers = HeaderMap::new();
        trailers.insert("x-sum", "42".parse().unwrap());
        let frames = [Frame::data(Bytes::from_static(b"ok")), Frame::trailers(trailers)];
        let frames = futures_util::stream::iter(frames.map(Ok::<_, BoxError>));
        Response::new(Body::new(StreamBody::new(frames)))
    })
    .await;
    let mut connection = Http2::connect(server.address()).await;
    let request = Request::get("http://localhost/").body(()).unwrap();
    let (response, _) = connection.start(request, true).await.unwrap();
    let mut body = soon(response).await.unwrap().into_body();
    assert_eq!(soon(body.data()).await.unwrap().unwrap(), "ok");
    assert!(soon(body.data()).await.is_none());
    let trailers = soon(body.trailers()).await.unwrap().unwrap();
    assert_eq!(trailers["x-sum"], "42");
}

#[tokio::test]
async fn work_for_a_client_that_resets_its_stream_ends() {
    let alive = Arc::new(AtomicUsize::new(0));
    let in_service = Arc::clone(&alive);
    let server = serving(move |request| {
        let here = Alive::new(&in_service);
        async move {
            let says = match request.uri().path() {
                "/handler" => pending().await,
                "/silent-body" => None,
                _ => Some(Bytes::from(vec![b'x'; 100_000])),
            };
            Response::new(Body::new(Endless { here, says }))
        }
    })
    .await;
    let mut connection = Http2::connect(server.address()).await;
    for target in ["/handler", "/silent-body", "/full-window"] {
        let request = Request::get(format!("http://localhost{target}")).body(()).unwrap();
        let (response, mut send) = connection.start(request, false).await.unwrap();
        eventually(|| alive.load(Ordering::Relaxed) == 1).await;
        let response = if target == "/handler" { None } else { Some(soon(response).await.unwrap()) };
        send.send_reset(h2::Reason::CANCEL);
        eventually(|| alive.load(Ordering::Relaxed) == 0).await;
        drop(response);
    }
    assert_eq!(connection.ask("POST", "/hub/negotiate").await.status, 200);
}

#[tokio::test]
async fn work_for_a_connection_that_ends_ends() {
    let alive = Arc::new(AtomicUsize::new(0));
    let in_service = Arc::clone(&alive);
    let server = serving(move |_| {
        let here = Alive::new(&in_service);
        async move {
            let _here = here;
            pending().await
        }
    })
    .await;
    let mut connection = Http2::connect(server.address()).await;
    let request = Request::get("http://localhost/").body(()).unwrap();
    let _asked = connection.start(request, true).await.unwrap();
    eventually(|| alive.load(Ordering::Relaxed) == 1).await;
    connection.abort();
    eventually(|| alive.load(Ordering::Relaxed) == 0).await;
}

/// A server whose fallback is `answer`.
async fn serving<F, Answer>(answer: F) -> Fixture
where
    F: Fn(Request<RequestBody>) -> Answer + Clone + Send + Sync + 'static,
    Answer: Future<Output = Response<Body>> + Send + 'static,
{
    let service = service_fn(move |request| {
        let answering = answer(request);
        async move { Ok::<_, Infallible>(answering.await) }
    });
    Setup::new().server(|server| server.fallback(service)).start().await
}

/// Counted while it lives.
struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A body without an end, which says the same over and over, or nothing.
struct Endless {
    #[expect(dead_code, reason = "it counts while it lives")]
    here: Alive,
    says: Option<Bytes>,
}

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &self.says {
            None => Poll::Pending,
            Some(says) => Poll::Ready(Some(Ok(Frame::data(says.clone())))),
        }
    }
}
