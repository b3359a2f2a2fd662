//! Frames of HTTP/2 by hand, right or wrong, and what a server's frames say.

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

use super::bound::soon;

/// How a connection begins: the preface and settings that change nothing.
pub(crate) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const PRIORITY: u8 = 2;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;

pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

/// `PROTOCOL_ERROR`: the peer broke a rule that concerns the whole connection.
pub(crate) const PROTOCOL_ERROR: u32 = 1;

/// `ENHANCE_YOUR_CALM`: the peer does too much of something.
pub(crate) const CALM: u32 = 11;

/// `REFUSED_STREAM`: nobody has looked at the request, so that it may be sent again.
pub(crate) const REFUSED_STREAM: u32 = 7;

/// A frame as a server sent it.
pub(crate) struct Frame {
    pub(crate) kind: u8,
    pub(crate) stream: u32,
    pub(crate) payload: Vec<u8>,
}

/// Reads on to a frame of one of these kinds.
pub(crate) async fn next_of(client: &mut TcpStream, kinds: &[u8]) -> Frame {
    loop {
        let mut head = [0; 9];
        soon(client.read_exact(&mut head)).await.unwrap();
        let [a, b, c, kind, _, stream @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        soon(client.read_exact(&mut payload)).await.unwrap();
        if kinds.contains(&kind) {
            return Frame { kind, stream: u32::from_be_bytes(stream), payload };
        }
    }
}

/// One frame.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut frame = (payload.len() as u32).to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// The header block of a request for `path`, with every field literal.
pub(crate) fn head(method: &str, path: &str) -> Vec<u8> {
    let mut head = Vec::new();
    for (name, value) in [(":method", method), (":scheme", "http"), (":path", path), (":authority", "a")] {
        field(&mut head, name, value);
    }
    head
}

/// Appends a field as HPACK's literal without indexing; neither text may be longer than 126 bytes.
pub(crate) fn field(head: &mut Vec<u8>, name: &str, value: &str) {
    head.push(0);
    for text in [name, value] {
        head.push(text.len() as u8);
        head.extend(text.as_bytes());
    }
}

/// With which code the server told its peer to go away in what it sent, if it did.
pub(crate) fn goaway(mut bytes: &[u8]) -> Option<u32> {
    let mut code = None;
    while let Some((head, rest)) = bytes.split_first_chunk::<9>() {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let (payload, rest) = rest.split_at_checked(length)?;
        if head[3] == GOAWAY {
            code = Some(u32::from_be_bytes(payload[4..8].try_into().unwrap()));
        }
        bytes = rest;
    }
    code
}
