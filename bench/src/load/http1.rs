//! The upgrade of an HTTP/1.1 connection to a WebSocket.
//!
//! Easy to break: the same nonce serves every connection, since it protects nothing, so request and expected answer are
//! made once.

use std::future::poll_fn;

use anyhow::{Result, ensure};
use hubcast_websocket::{accept_key, client_key};

use super::pipe::Pipe;
use super::target::Target;

const HEAD_LIMIT: usize = 8 << 10;

/// The request that is sent on every connection, and the key that its answer must have.
pub(crate) struct Upgrade {
    request: String,
    accept: String,
}

impl Upgrade {
    /// The upgrade at `target`.
    pub(crate) fn new(target: &Target) -> Self {
        let key = client_key(*b"hubcast's bench!");
        let Target { authority, path, .. } = target;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
        );
        Self { request, accept: accept_key(&key) }
    }

    /// Asks for the upgrade and reads the answer.
    pub(crate) async fn perform(&self, pipe: &mut Pipe) -> Result<()> {
        let mut out = self.request.clone().into_bytes();
        poll_fn(|cx| pipe.poll_write(cx, &mut out)).await?;
        let mut head = [0; HEAD_LIMIT];
        let mut length = 0;
        while !head[..length].ends_with(b"\r\n\r\n") {
            ensure!(length < HEAD_LIMIT, "the answer to the upgrade is too long");
            let read = poll_fn(|cx| pipe.poll_read(cx, &mut head[length..])).await?;
            ensure!(read > 0, "the server ended the connection instead of upgrading it");
            length += read;
        }
        self.check(&String::from_utf8_lossy(&head[..length]))
    }

    fn check(&self, head: &str) -> Result<()> {
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap_or_default();
        ensure!(status.starts_with("HTTP/1.1 101"), "the server refused the upgrade: {status}");
        let accept = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-accept"))
            .map(|(_, value)| value.trim());
        ensure!(accept == Some(&self.accept), "the server's Sec-WebSocket-Accept is wrong: {accept:?}");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upgrade() -> Upgrade {
        Upgrade::new(&"ws://127.0.0.1:7000/bench".parse().expect("it is well-formed"))
    }

    #[test]
    fn the_request_names_host_and_path() {
        assert!(upgrade().request.starts_with("GET /bench HTTP/1.1\r\nHost: 127.0.0.1:7000\r\n"));
    }

    #[test]
    fn an_answer_must_switch_protocols_with_the_right_key() {
        let upgrade = upgrade();
        let right =
            format!("HTTP/1.1 101 Switching Protocols\r\nsec-websocket-accept: {}\r\n\r\n", upgrade.accept);
        assert!(upgrade.check(&right).is_ok());
        let refused = upgrade.check("HTTP/1.1 404 Not Found\r\n\r\n").expect_err("it is refused").to_string();
        assert_eq!(refused, "the server refused the upgrade: HTTP/1.1 404 Not Found");
        let wrong = upgrade.check("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: abc=\r\n\r\n");
        assert_eq!(
            wrong.expect_err("it is refused").to_string(),
            "the server's Sec-WebSocket-Accept is wrong: Some(\"abc=\")"
        );
    }
}
