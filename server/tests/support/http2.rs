//! A client of HTTP/2 on the h2 crate, with extended CONNECT (RFC 8441).

use std::net::SocketAddr;

use bytes::Bytes;
use h2::client::{Builder, ResponseFuture, SendRequest};
use h2::ext::Protocol;
use h2::{Reason, RecvStream, SendStream};
use http::{Method, Request};
use tokio::task::JoinHandle;

use super::bound::soon;
use super::response::Response;
use super::tls::connect_tls;
use super::websocket::WebSocket;
use super::wire::{Socket, Wire, connect};

/// One connection.
pub(crate) struct Http2 {
    requests: SendRequest<Bytes>,
    connection: JoinHandle<Result<(), h2::Error>>,
}

impl Http2 {
    /// Connects in clear text with prior knowledge.
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self::connect_with(address, &Builder::new()).await
    }

    pub(crate) async fn connect_with(address: SocketAddr, builder: &Builder) -> Self {
        Self::on(connect(address).await, builder).await
    }

    pub(crate) async fn connect_tls(address: SocketAddr) -> Self {
        Self::on(connect_tls(address, &["h2"]).await, &Builder::new()).await
    }

    pub(crate) async fn on(socket: impl Socket + 'static, builder: &Builder) -> Self {
        let (requests, connection) = soon(builder.handshake(socket)).await.unwrap();
        let connection = tokio::spawn(connection);
        Self { requests, connection }
    }

    /// Sends a request and waits for its whole response.
    pub(crate) async fn ask(&mut self, method: &str, target: &str) -> Response {
        self.ask_with(method, target, &[], b"").await
    }

    /// Sends a request with headers and a body and waits for its whole response.
    pub(crate) async fn ask_with(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        let response = self.send(method, target, headers, body).await;
        let (head, mut stream) = soon(response).await.unwrap().into_parts();
        let body = read_whole(&mut stream).await;
        Response { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// Sends a request and leaves it to the caller to wait for its response; what is sent before it waits is one write.
    pub(crate) async fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> ResponseFuture {
        let mut request = Request::builder().method(method).uri(format!("http://localhost{target}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (response, mut send) = self.start(request.body(()).unwrap(), body.is_empty()).await.unwrap();
        if !body.is_empty() {
            send.send_data(Bytes::copy_from_slice(body), true).unwrap();
        }
        response
    }

    pub(crate) async fn start(
        &mut self,
        request: Request<()>,
        end: bool,
    ) -> Result<(ResponseFuture, SendStream<Bytes>), h2::Error> {
        let mut requests = soon(self.requests.clone().ready()).await?;
        requests.send_request(request, end)
    }

    /// Waits until the server's settings say that it takes extended CONNECT.
    pub(crate) async fn takes_connect(&self) {
        super::eventually(|| self.requests.is_extended_connect_protocol_enabled()).await;
    }

    /// Sends an extended CONNECT for `protocol`; an accepted one is a stream of bytes.
    pub(crate) async fn extended_connect(
        &mut self,
        protocol: &str,
        url: &str,
        headers: &[(&str, &str)],
    ) -> Result<Wire, Response> {
        let (response, wire) = self.extended_connect_with(protocol, url, headers).await;
        wire.ok_or(response)
    }

    /// The same, with the answer in any case.
    pub(crate) async fn extended_connect_with(
        &mut self,
        protocol: &str,
        url: &str,
        headers: &[(&str, &str)],
    ) -> (Response, Option<Wire>) {
        self.takes_connect().await;
        let mut request = Request::builder().method(Method::CONNECT).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.extension(Protocol::from(protocol)).body(()).unwrap();
        let (response, send) = self.start(request, false).await.unwrap();
        let (head, mut receive) = soon(response).await.unwrap().into_parts();
        let mut response = Response { status: head.status.as_u16(), headers: head.headers, body: Vec::new() };
        if head.status == 200 {
            return (response, Some(Wire::Stream(send, receive)));
        }
        response.body = read_whole(&mut receive).await;
        (response, None)
    }

    /// Sends a WebSocket request; the answer in any case.
    pub(crate) async fn websocket_with(
        &mut self,
        target: &str,
        headers: &[(&str, &str)],
    ) -> (Response, Option<WebSocket>) {
        let url = format!("http://localhost{target}");
        let all = [&[("sec-websocket-version", "13")], headers].concat();
        let (response, wire) = self.extended_connect_with("websocket", &url, &all).await;
        (response, wire.map(|wire| WebSocket::new(wire, Vec::new())))
    }

    /// Opens a WebSocket, or says what the answer was.
    pub(crate) async fn websocket(
        &mut self,
        target: &str,
        headers: &[(&str, &str)],
    ) -> Result<WebSocket, Response> {
        let url = format!("http://localhost{target}");
        let all = [&[("sec-websocket-version", "13")], headers].concat();
        let wire = self.extended_connect("websocket", &url, &all).await?;
        Ok(WebSocket::new(wire, Vec::new()))
    }

    /// Sends a request that is answered with a reset; with which reason.
    pub(crate) async fn reset_of(&mut self, method: &str, target: &str) -> Option<Reason> {
        let request = Request::builder().method(method).uri(format!("http://localhost{target}"));
        let (response, _) = self.start(request.body(()).unwrap(), true).await.unwrap();
        soon(response).await.err().and_then(|error| error.reason())
    }

    /// Drops the connection as it is.
    pub(crate) fn abort(&self) {
        self.connection.abort();
    }

    /// Waits until the server has ended the connection.
    pub(crate) async fn ended(self) -> Result<(), h2::Error> {
        drop(self.requests);
        soon(self.connection).await.unwrap()
    }
}

async fn read_whole(stream: &mut RecvStream) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(data) = soon(stream.data()).await {
        let data = data.unwrap();
        body.extend_from_slice(&data);
        stream.flow_control().release_capacity(data.len()).unwrap();
    }
    body
}
