//! The answer to an upgrade, whatever else the request says.

use hubcast_websocket::accept_key;

const KEY_HEADER: &str = "sec-websocket-key:";

/// The whole answer to the request in `head`; `None` if it asks for no WebSocket.
pub(super) fn answer(head: &[u8]) -> Option<String> {
    let head = std::str::from_utf8(head).ok()?;
    let is_key =
        |line: &&str| line.get(..KEY_HEADER.len()).is_some_and(|name| name.eq_ignore_ascii_case(KEY_HEADER));
    let key = head.lines().find(is_key)?[KEY_HEADER.len()..].trim();
    Some(format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {}\r\n\r\n",
        accept_key(key)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_rfc_is_answered_as_there() {
        let answer = answer(b"GET / HTTP/1.1\r\nSEC-WebSocket-Key:  dGhlIHNhbXBsZSBub25jZQ== \r\n\r\n")
            .expect("it is well-formed");
        assert!(
            answer.ends_with("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"),
            "{answer}"
        );
    }

    #[test]
    fn another_request_has_no_answer() {
        assert_eq!(answer(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), None);
        assert_eq!(answer(b"\xff\xfe"), None);
    }
}
