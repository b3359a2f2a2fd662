//! A client of HTTP/1.1 that sends what it is told, right or wrong.

use std::net::SocketAddr;

use http::{HeaderMap, HeaderName, HeaderValue};
use hubcast_websocket::client_key;

use super::response::Response;
use super::tls::connect_tls;
use super::websocket::WebSocket;
use super::wire::Wire;

/// One connection.
pub(crate) struct Http1 {
    wire: Wire,
    read: Vec<u8>,
}

impl Http1 {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self::on(Wire::connect(address).await)
    }

    pub(crate) async fn connect_tls(address: SocketAddr) -> Self {
        Self::on(Wire::Socket(Box::new(connect_tls(address, &["http/1.1"]).await)))
    }

    pub(crate) fn on(wire: Wire) -> Self {
        Self { wire, read: Vec::new() }
    }

    /// Sends a request without a body and waits for its response.
    pub(crate) async fn ask(&mut self, method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
        self.send(method, target, headers, b"").await;
        self.response(method).await
    }

    /// Sends a request with a body and waits for its response.
    pub(crate) async fn post(&mut self, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        self.send("POST", target, headers, body).await;
        self.response("POST").await
    }

    async fn send(&mut self, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) {
        let mut head = format!("{method} {target} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            head.push_str("Host: localhost\r\n");
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || ["POST", "PUT", "PATCH"].contains(&method) {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        self.wire.write(&[head.as_bytes(), body].concat()).await;
    }

    /// The headers of a well-formed WebSocket request.
    pub(crate) fn upgrade_headers(key: &str) -> [(&'static str, &str); 4] {
        [
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", key),
        ]
    }

    /// Opens a WebSocket, or says what the answer was.
    pub(crate) async fn upgrade(self, target: &str, headers: &[(&str, &str)]) -> Result<WebSocket, Response> {
        let key = client_key([7; 16]);
        let all = [&Self::upgrade_headers(&key)[..], headers].concat();
        let (response, socket) = self.upgrade_with(target, &all).await;
        socket.ok_or(response)
    }

    /// Sends a WebSocket request with these headers and no others.
    pub(crate) async fn upgrade_with(
        mut self,
        target: &str,
        headers: &[(&str, &str)],
    ) -> (Response, Option<WebSocket>) {
        let response = self.ask("GET", target, headers).await;
        let socket = (response.status == 101).then(|| self.into_websocket());
        (response, socket)
    }

    /// What the connection is after an upgrade.
    pub(crate) fn into_websocket(self) -> WebSocket {
        WebSocket::new(self.wire, self.read)
    }

    /// Sends a request without a body and waits for the head of its response.
    pub(crate) async fn head_of(&mut self, method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
        self.send(method, target, headers, b"").await;
        self.head().await
    }

    /// Receives the next chunk of a body; `None` is its end.
    pub(crate) async fn chunk(&mut self) -> Option<Vec<u8>> {
        let size = String::from_utf8(self.until(b"\r\n").await).unwrap();
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        let chunk = self.take(size).await;
        self.until(b"\r\n").await;
        (size > 0).then_some(chunk)
    }

    async fn head(&mut self) -> Response {
        let head = self.until(b"\r\n\r\n").await;
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let mut headers = HeaderMap::new();
        for line in lines.filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(": ").unwrap();
            headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
        }
        Response { status, headers, body: Vec::new() }
    }

    /// Receives the response to a request with that method.
    pub(crate) async fn response(&mut self, method: &str) -> Response {
        let mut response = self.head().await;
        if method == "HEAD" || [101, 204, 304].contains(&response.status) {
            return response;
        }
        if let Some(length) = response.header("content-length") {
            let length = length.parse().unwrap();
            response.body = self.take(length).await;
        } else if response.header("transfer-encoding") == Some("chunked") {
            response.body = self.chunks().await;
        }
        response
    }

    /// Waits until the server has closed the connection, and says whether it sent nothing before.
    pub(crate) async fn is_closed(&mut self) -> bool {
        self.read.is_empty() && self.wire.read().await.is_ok_and(|rest| rest.is_empty())
    }

    async fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk().await {
            body.extend(chunk);
        }
        body
    }

    async fn until(&mut self, mark: &[u8]) -> Vec<u8> {
        loop {
            if let Some(at) = self.read.windows(mark.len()).position(|window| window == mark) {
                return self.read.drain(..at + mark.len()).collect();
            }
            self.fill().await;
        }
    }

    async fn take(&mut self, length: usize) -> Vec<u8> {
        while self.read.len() < length {
            self.fill().await;
        }
        self.read.drain(..length).collect()
    }

    async fn fill(&mut self) {
        let more = self.wire.read().await.unwrap();
        assert!(!more.is_empty(), "the connection ended before the response: {:?}", self.read);
        self.read.extend_from_slice(&more);
    }
}
