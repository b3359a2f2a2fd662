//! A negotiated connection as a client without WebSockets uses it: a request for everything, each on a connection of
//! its own, in either HTTP version.

use std::net::SocketAddr;

use bytes::Bytes;
use futures_util::future::{Either, select};
use h2::RecvStream;
use http::Request;
use tokio::task::JoinHandle;

use super::bound::soon;
use super::fixture::Fixture;
use super::http1::Http1;
use super::http2::Http2;
use super::hub_client::json_handshake;
use super::response::Response;
use super::way::Way;
use super::websocket::WebSocket;

/// What a request needs to name its connection.
#[derive(Clone)]
pub(crate) struct Requests {
    way: Way,
    pub(crate) connection_id: String,
    pub(crate) target: String,
}

/// Both HTTP versions.
pub(crate) const BOTH: [bool; 2] = [false, true];

const VERSION_1: &str = "?negotiateVersion=1";

impl Requests {
    /// Negotiates.
    pub(crate) async fn negotiate(server: &Fixture, http2: bool) -> Self {
        Self::negotiate_as(server, http2, &[]).await
    }

    /// Negotiates with whatever server listens there.
    pub(crate) async fn negotiate_at(address: SocketAddr, http2: bool) -> Self {
        Self::negotiate_over(Way::clear_text(address, http2), VERSION_1, &[]).await
    }

    /// Negotiates with these headers.
    pub(crate) async fn negotiate_as(server: &Fixture, http2: bool, headers: &[(&str, &str)]) -> Self {
        let way = Way::clear_text(server.address(), http2);
        Self::negotiate_over(way, VERSION_1, headers).await
    }

    /// Negotiates by this query over one of the four ways.
    pub(crate) async fn negotiate_over(way: Way, query: &str, headers: &[(&str, &str)]) -> Self {
        let (connection_id, target) = (String::new(), String::new());
        let mut requests = Self { way, connection_id, target };
        let answer = requests.ask_at("POST", &format!("/hub/negotiate{query}"), headers, b"").await.json();
        requests.connection_id = answer["connectionId"].as_str().unwrap().to_owned();
        let token = answer["connectionToken"].as_str().unwrap_or(&requests.connection_id);
        requests.target = format!("/hub?id={token}");
        requests
    }

    /// A connection by long polling with its handshake done.
    pub(crate) async fn long_polling(server: &Fixture, http2: bool) -> Self {
        let requests = Self::negotiate(server, http2).await;
        requests.open_polls().await;
        requests
    }

    /// The first poll and the handshake.
    pub(crate) async fn open_polls(&self) {
        let first = self.poll().await;
        assert_eq!((first.status, first.text()), (200, ""));
        assert_eq!(self.post(json_handshake()).await.status, 200);
        assert_eq!(self.poll().await.text(), "{}\u{1e}");
    }

    pub(crate) async fn ask(&self, method: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        self.ask_at(method, &self.target, headers, body).await
    }

    pub(crate) async fn ask_at(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        self.way.ask(method, target, headers, body).await
    }

    pub(crate) async fn poll(&self) -> Response {
        self.ask("GET", &[], b"").await
    }

    /// A poll under way.
    pub(crate) fn polling(&self) -> JoinHandle<Response> {
        let requests = self.clone();
        tokio::spawn(async move { requests.poll().await })
    }

    pub(crate) async fn post(&self, text: &str) -> Response {
        self.ask("POST", &[], text.as_bytes()).await
    }

    pub(crate) async fn delete(&self) -> Response {
        self.ask("DELETE", &[], b"").await
    }

    /// Two polls of which the newer waits: the answer to the older, and the newer.
    pub(crate) async fn two_polls(&self) -> (Response, JoinHandle<Response>) {
        let (older, newer) = match soon(select(self.polling(), self.polling())).await {
            Either::Left(polls) | Either::Right(polls) => polls,
        };
        (older.unwrap(), newer)
    }

    /// Opens a WebSocket, or says what the answer was.
    pub(crate) async fn websocket(&self) -> Result<WebSocket, Response> {
        if self.way.http2 {
            return self.way.open_http2().await.websocket(&self.target, &[]).await;
        }
        self.way.open_http1().await.upgrade(&self.target, &[]).await
    }

    /// Opens an event stream.
    pub(crate) async fn events(&self) -> EventStream {
        self.events_accepting("text/event-stream").await
    }

    /// Opens an event stream by that `Accept`.
    pub(crate) async fn events_accepting(&self, accept: &str) -> EventStream {
        let headers = [("Accept", accept)];
        if !self.way.http2 {
            let mut connection = self.way.open_http1().await;
            let head = connection.head_of("GET", &self.target, &headers).await;
            return EventStream { head, wire: Events::Http1(connection), read: String::new() };
        }
        let mut connection = self.way.open_http2().await;
        let url = format!("http://localhost{}", self.target);
        let request = Request::get(url).header(headers[0].0, headers[0].1).body(()).unwrap();
        let (response, _) = connection.start(request, true).await.unwrap();
        let (head, stream) = soon(response).await.unwrap().into_parts();
        let head = Response { status: head.status.as_u16(), headers: head.headers, body: Vec::new() };
        EventStream { head, wire: Events::Http2 { _connection: connection, stream }, read: String::new() }
    }
}

/// An event stream that is read as it comes.
pub(crate) struct EventStream {
    pub(crate) head: Response,
    wire: Events,
    read: String,
}

enum Events {
    Http1(Http1),
    /// The connection ends when it is dropped.
    Http2 {
        _connection: Http2,
        stream: RecvStream,
    },
}

impl EventStream {
    /// The next event with its empty line, or the comment at the beginning; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<String> {
        loop {
            let end = if self.read.starts_with(':') { "\r\n" } else { "\r\n\r\n" };
            if let Some(at) = self.read.find(end) {
                return Some(self.read.drain(..at + end.len()).collect());
            }
            let part = self.part().await?;
            self.read.push_str(std::str::from_utf8(&part).unwrap());
        }
    }

    /// Reads on until the end and says whether it is one as it should be.
    pub(crate) async fn has_ended(mut self) -> bool {
        self.next().await.is_none() && self.read.is_empty()
    }

    /// Waits until the stream is reset, without reading it.
    pub(crate) async fn is_cut(&mut self) -> bool {
        let Events::Http2 { stream, .. } = &mut self.wire else { panic!("it is a stream of HTTP/2") };
        loop {
            match soon(stream.data()).await {
                // Its window stays shut.
                Some(Ok(_)) => {}
                Some(Err(error)) => return error.is_reset(),
                None => return false,
            }
        }
    }

    async fn part(&mut self) -> Option<Bytes> {
        match &mut self.wire {
            Events::Http1(connection) => connection.chunk().await.map(Bytes::from),
            Events::Http2 { stream, .. } => {
                let data = soon(stream.data()).await?.unwrap();
                stream.flow_control().release_capacity(data.len()).unwrap();
                Some(data)
            }
        }
    }
}
