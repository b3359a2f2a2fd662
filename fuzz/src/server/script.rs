//! An input as a client's bytes. Its first byte says how: as they are, or as steps of WebSockets over HTTP/1.1 or HTTP/2.
//!
//! A step is one byte that says which, and what it needs behind it. Steps make frames whose checksums, masks and lengths
//! are right, so that the fuzzer gets past the first layer.

use hubcast_websocket::{CloseCode, MAX_CONTROL_PAYLOAD, Opcode, write_close, write_frame, write_ping};

use crate::script::Script;

/// Streams of HTTP/2 that steps choose from: 1, 3, 5, …
const STREAMS: u8 = 6;
/// Bytes that an input may become.
const LIMIT: usize = 256 * 1024;
const MASK: Option<[u8; 4]> = Some([1, 2, 3, 4]);
const HANDSHAKES: [&[u8]; 2] =
    [b"{\"protocol\":\"json\",\"version\":1}\x1e", b"{\"protocol\":\"messagepack\",\"version\":2}\x1e"];

/// What the client sends.
pub(super) fn bytes(data: &[u8]) -> Vec<u8> {
    let Some((&first, rest)) = data.split_first() else {
        return Vec::new();
    };
    let mut out = match first % 3 {
        0 => rest.to_vec(),
        1 => over_http1(&mut Script(rest)),
        _ => over_http2(&mut Script(rest)),
    };
    out.truncate(LIMIT);
    out
}

fn over_http1(script: &mut Script<'_>) -> Vec<u8> {
    let mut out = b"GET /hub HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
        sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        .to_vec();
    while out.len() < LIMIT && websocket_step(script, &mut out) {}
    out
}

/// Appends what a WebSocket's client sends in one step; `false` at the end of the script.
fn websocket_step(script: &mut Script<'_>, out: &mut Vec<u8>) -> bool {
    let Some(step) = script.byte() else {
        return false;
    };
    match step % 8 {
        0 => {
            let handshake = HANDSHAKES[usize::from(script.number() % 2)];
            write_frame(out, true, Opcode::Text, handshake, MASK);
        }
        1 => {
            // A record of its own, as most messages are.
            let record = [script.some(), b"\x1e"].concat();
            write_frame(out, true, Opcode::Text, &record, MASK);
        }
        2 => write_frame(out, true, Opcode::Binary, script.some(), MASK),
        3 => {
            let flags = script.number();
            let opcode = if flags & 1 == 0 { Opcode::Text } else { Opcode::Continuation };
            write_frame(out, flags & 2 != 0, opcode, script.some(), MASK);
        }
        4 => write_ping(out, short(script.some()), MASK),
        5 => write_close(out, CloseCode::NORMAL_CLOSURE, "", MASK),
        6 => {
            // A length, and a payload that need not be as long.
            out.extend([script.number(), 0x80 | script.number()]);
            out.extend(MASK.unwrap_or_default());
            out.extend(script.some());
        }
        _ => out.extend(script.some()),
    }
    true
}

/// As much as a control frame takes.
fn short(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(MAX_CONTROL_PAYLOAD)]
}

fn over_http2(script: &mut Script<'_>) -> Vec<u8> {
    let mut out = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    frame(&mut out, 4, 0, 0, &[]);
    while out.len() < LIMIT {
        let Some(step) = script.byte() else {
            break;
        };
        let stream = u32::from(script.number() % STREAMS) * 2 + 1;
        match step % 12 {
            0 => frame(&mut out, 1, 4, stream, &websocket_head()),
            1 => frame(&mut out, 1, 5, stream, &request_head("POST", "/hub/negotiate")),
            2 => frame(&mut out, 1, 4, stream, &request_head("POST", "/hub?id=x")),
            3..=5 => {
                let mut payload = Vec::new();
                websocket_step(script, &mut payload);
                frame(&mut out, 0, 0, stream, &payload);
            }
            6 => frame(&mut out, 0, 1, stream, script.some()),
            7 => frame(&mut out, 3, 0, stream, &[0, 0, 0, 8]),
            8 => frame(&mut out, 8, 0, script.number().into(), &[0, 0, script.number(), script.number()]),
            9 => frame(&mut out, 4, script.number() & 1, 0, script.some()),
            10 => frame(&mut out, 6, 0, 0, &[script.number(); 8]),
            _ => {
                let (kind, flags) = (script.number(), script.number());
                frame(&mut out, kind, flags, stream, script.some());
            }
        }
    }
    out
}

/// Appends a frame of HTTP/2.
fn frame(out: &mut Vec<u8>, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
    let length = u32::try_from(payload.len()).unwrap_or_default().to_be_bytes();
    out.extend_from_slice(&length[1..]);
    out.extend([kind, flags]);
    out.extend(stream.to_be_bytes());
    out.extend_from_slice(payload);
}

fn websocket_head() -> Vec<u8> {
    let mut head = request_head("CONNECT", "/hub");
    field(&mut head, ":protocol", "websocket");
    field(&mut head, "sec-websocket-version", "13");
    head
}

fn request_head(method: &str, path: &str) -> Vec<u8> {
    let mut head = Vec::new();
    for (name, value) in [(":method", method), (":scheme", "http"), (":path", path), (":authority", "a")] {
        field(&mut head, name, value);
    }
    head
}

/// Appends a field as HPACK's literal without indexing.
fn field(head: &mut Vec<u8>, name: &str, value: &str) {
    head.push(0);
    for text in [name, value] {
        head.push(u8::try_from(text.len()).unwrap_or_default());
        head.extend_from_slice(text.as_bytes());
    }
}
