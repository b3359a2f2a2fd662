//! The request that asks for a WebSocket: read as HTTP/1.1, asked again as HTTP/2, answered as HTTP/1.1.

use h2::ext::Protocol;
use http::response::Parts;
use http::{Method, Request};
use hubcast_websocket::accept_key;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use crate::Failure;

/// Bytes of a request's head.
const HEAD_LIMIT: usize = 16 * 1024;
const HEAD_END: &[u8] = b"\r\n\r\n";
/// What is about the HTTP/1.1 connection (RFC 9113 §8.2.2), or has another place or none in HTTP/2 (RFC 8441 §5).
const LEFT_OUT: [&str; 6] =
    ["connection", "upgrade", "host", "keep-alive", "sec-websocket-key", "content-length"];

/// A request for a WebSocket.
pub(crate) struct UpgradeRequest {
    target: String,
    key: String,
    headers: Vec<(String, String)>,
}

impl UpgradeRequest {
    /// Reads the request, and bytes that came ahead of their time.
    pub(crate) async fn read(socket: &mut TcpStream) -> Result<(Self, Vec<u8>), Failure> {
        let mut read = Vec::new();
        loop {
            if let Some(end) = read.windows(HEAD_END.len()).position(|window| window == HEAD_END) {
                let ahead = read.split_off(end + HEAD_END.len());
                let head = std::str::from_utf8(&read[..end]).map_err(|_| Failure::NoUpgrade)?;
                return Ok((Self::parse(head).ok_or(Failure::NoUpgrade)?, ahead));
            }
            if read.len() > HEAD_LIMIT || socket.read_buf(&mut read).await? == 0 {
                return Err(Failure::NoUpgrade);
            }
        }
    }

    fn parse(head: &str) -> Option<Self> {
        let (line, fields) = head.split_once("\r\n")?;
        let target = line.strip_prefix("GET ")?.strip_suffix(" HTTP/1.1")?.to_owned();
        let fields = fields.split("\r\n").map(|field| {
            let (name, value) = field.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        });
        let mut headers = fields.collect::<Option<Vec<_>>>()?;
        let value_of = |name: &str| headers.iter().find(|(other, _)| other == name).map(|(_, value)| value);
        let is_websocket = value_of("upgrade")?.eq_ignore_ascii_case("websocket");
        let key = value_of("sec-websocket-key")?.clone();
        headers.retain(|(name, _)| !LEFT_OUT.contains(&name.as_str()));
        is_websocket.then_some(Self { target, key, headers })
    }

    /// The same request as an extended CONNECT.
    pub(crate) fn connect(&self) -> http::Result<Request<()>> {
        let url = format!("http://localhost{}", self.target);
        let mut request = Request::builder().method(Method::CONNECT).uri(url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.extension(Protocol::from_static("websocket")).body(())
    }

    /// What the server answered, as the head of an HTTP/1.1 response.
    pub(crate) fn answer(&self, answer: &Parts) -> Vec<u8> {
        let mut head = if answer.status == 200 {
            let accept = accept_key(&self.key);
            format!(
                "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                 sec-websocket-accept: {accept}\r\n"
            )
        } else {
            format!("HTTP/1.1 {}\r\nconnection: close\r\n", answer.status)
        }
        .into_bytes();
        for (name, value) in answer.headers.iter().filter(|(name, _)| *name != "content-length") {
            head.extend_from_slice(name.as_str().as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        head
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "GET /echo?a=1 HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\
                        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
                        Sec-WebSocket-Extensions: permessage-deflate";

    #[test]
    fn an_upgrade_becomes_an_extended_connect() {
        let request = UpgradeRequest::parse(HEAD).and_then(|request| request.connect().ok());
        let request = request.expect("it is an upgrade");
        assert_eq!(
            (request.method(), request.uri().path_and_query()),
            (&Method::CONNECT, "/echo?a=1".parse().ok().as_ref())
        );
        assert_eq!(request.extensions().get::<Protocol>().map(Protocol::as_str), Some("websocket"));
        let names: Vec<_> = request.headers().keys().map(http::HeaderName::as_str).collect();
        assert_eq!(names, ["sec-websocket-version", "sec-websocket-extensions"]);
    }

    #[test]
    fn an_accepted_stream_is_answered_with_the_key_of_the_request() {
        let request = UpgradeRequest::parse(HEAD).expect("it is an upgrade");
        let (head, ()) = http::Response::builder()
            .header("sec-websocket-extensions", "permessage-deflate")
            .body(())
            .expect("it is a response")
            .into_parts();
        assert_eq!(
            String::from_utf8(request.answer(&head)).expect("it is text"),
            "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\
             sec-websocket-extensions: permessage-deflate\r\n\r\n"
        );
    }

    #[test]
    fn other_requests_are_none() {
        for head in [
            "",
            "GET / HTTP/1.1",
            "POST / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a",
            "GET / HTTP/1.1\r\nUpgrade: h2c\r\nSec-WebSocket-Key: a",
        ] {
            assert!(UpgradeRequest::parse(head).is_none(), "{head}");
        }
    }
}
