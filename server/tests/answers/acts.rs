//! What a client sends in each recorded case, by the case's name.

use hubcast_websocket::{Opcode, write_frame};
use serde_json::{Value, json};

use crate::support::{Http1, call as invocation, json_handshake};

/// One thing that a client sends.
pub(super) enum Act {
    /// A masked frame: whether it is the last of its message, its kind, its payload.
    Frame(bool, Opcode, Vec<u8>),
    /// Bytes as they are.
    Raw(Vec<u8>),
    /// The end of the client's direction.
    End,
}

use Act::{End, Frame, Raw};

/// The limit of the hub that was recorded.
const LIMIT: usize = 1 << 20;

/// The headers of an upgrade.
pub(super) fn upgrade<'k>(what: &str, key: &'k str) -> Option<Vec<(&'static str, &'k str)>> {
    let mut headers = Http1::upgrade_headers(key).to_vec();
    let mut set = |name: &'static str, value: Option<&'static str>| {
        headers.retain(|(known, _)| *known != name);
        headers.extend(value.map(|value| (name, value)));
    };
    match what {
        "good" | "with POST" => {}
        "Connection: keep-alive, Upgrade" => set("Connection", Some("keep-alive, Upgrade")),
        "Upgrade: WebSocket" => set("Upgrade", Some("WebSocket")),
        "Upgrade: h2c" => set("Upgrade", Some("h2c")),
        "version 12" => set("Sec-WebSocket-Version", Some("12")),
        "no version" => set("Sec-WebSocket-Version", None),
        "no key" => set("Sec-WebSocket-Key", None),
        "a key of 5 bytes" => set("Sec-WebSocket-Key", Some("AAAAAAA=")),
        "no Connection header" => set("Connection", None),
        "an offer of permessage-deflate" => {
            set("Sec-WebSocket-Extensions", Some("permessage-deflate; client_max_window_bits"));
        }
        "an offer of a subprotocol" => set("Sec-WebSocket-Protocol", Some("a, b")),
        _ => return None,
    }
    Some(headers)
}

/// A hub handshake.
pub(super) fn handshake(what: &str) -> Option<Vec<Act>> {
    let hello = json_handshake();
    let shaken = |protocol: &str, version: &str| {
        text(&format!("{{\"protocol\":\"{protocol}\",\"version\":{version}}}\x1e"))
    };
    Some(match what {
        "good" | "without negotiation" => vec![text(hello)],
        "good, in a binary frame" => vec![Frame(true, Opcode::Binary, hello.into())],
        "good, version 2" => vec![shaken("json", "2")],
        "version 3" => vec![shaken("json", "3")],
        "version 0" => vec![shaken("json", "0")],
        "protocol in other letters" => vec![shaken("JSON", "1")],
        "unknown protocol" => vec![shaken("x", "1")],
        "no protocol" => vec![text("{\"version\":1}\x1e")],
        "no version" => vec![text("{\"protocol\":\"json\"}\x1e")],
        "a version in quotes" => vec![shaken("json", "\"1\"")],
        "not JSON" => vec![text("nonsense\x1e")],
        "an array" => vec![text("[]\x1e")],
        "empty" => vec![text("\x1e")],
        "a hub message instead" => vec![text("{\"type\":6}\x1e")],
        "more than the limit without an end" => vec![text(&"x".repeat(LIMIT + 2))],
        "a call right behind it" => vec![text(&format!("{hello}{}", echo("1", "x")))],
        "in pieces, byte by byte" => hello.chars().map(|letter| text(&letter.to_string())).collect(),
        _ => return None,
    })
}

/// A call, or something else that a client says.
pub(super) fn call(what: &str) -> Option<Vec<Act>> {
    let one = |target: &str, arguments: Value| vec![text(&invocation("1", target, &arguments))];
    let then_echo = |message: &str| vec![text(&format!("{message}\x1e")), text(&echo("1", "alive"))];
    Some(match what {
        "Echo" => vec![text(&echo("1", "héllo ✓"))],
        "Echo in other letters" => one("eCHO", json!(["x"])),
        "Echo, no answer wanted" => vec![unanswered("Echo", &json!(["x"]))],
        "Echo with an empty id" => vec![text(&echo("", "x"))],
        "a method without a result" => one("JoinGroup", json!(["g"])),
        "text with <, >, &, ', \", \\, control letters" => {
            one("Echo", json!(["<a href='x'>&\"\\\u{1}\u{7f}\u{2028}"]))
        }
        "null for a string" => one("Echo", json!([null])),
        "a number for a string" => one("Echo", json!([1])),
        "too few arguments" => one("Echo", json!([])),
        "too many arguments" => one("Echo", json!(["a", "b"])),
        "unknown method" => one("Nothing", json!([])),
        "unknown method, no answer wanted" => vec![unanswered("Nothing", &json!([]))],
        "Fail" => one("Fail", json!(["no way"])),
        "Crash" => one("Crash", json!([])),
        "Fail, no answer wanted, then Echo" => {
            vec![unanswered("Fail", &json!(["x"])), text(&echo("1", "alive"))]
        }
        "the same id twice" => vec![text(&echo("1", "a")), text(&echo("1", "b"))],
        "two in one frame" => vec![text(&(echo("1", "a") + &echo("2", "b")))],
        "stream without an id" => vec![text("{\"type\":4,\"target\":\"Counter\",\"arguments\":[3]}\x1e")],
        "stream of a plain method" => {
            vec![text("{\"type\":4,\"invocationId\":\"s\",\"target\":\"Echo\",\"arguments\":[\"x\"]}\x1e")]
        }
        "stream of an unknown method" => {
            vec![text("{\"type\":4,\"invocationId\":\"s\",\"target\":\"Nothing\",\"arguments\":[]}\x1e")]
        }
        "an item for an unknown stream" => then_echo(r#"{"type":2,"invocationId":"x","item":1}"#),
        "a completion for an unknown call" => then_echo(r#"{"type":3,"invocationId":"x","result":1}"#),
        "cancel of an unknown call" => then_echo(r#"{"type":5,"invocationId":"x"}"#),
        "ping" => then_echo(r#"{"type":6}"#),
        "an unknown type of message" => {
            vec![text("{\"type\":99}\x1e"), text(&echo("1", "alive")), text(&echo("2", "alive"))]
        }
        "ack and sequence without stateful reconnect" => {
            then_echo("{\"type\":8,\"sequenceId\":1}\x1e{\"type\":9,\"sequenceId\":1}")
        }
        "not JSON" => vec![text("nonsense\x1e")],
        "no type" => vec![text("{}\x1e")],
        "headers are accepted" => {
            let headed = echo("1", "x").replacen("\"type\":1", "\"type\":1,\"headers\":{\"a\":\"b\"}", 1);
            vec![text(&headed)]
        }
        "the client's Close message" => vec![text("{\"type\":7}\x1e")],
        "a message over the limit" => vec![text(&echo("1", &"x".repeat(LIMIT)))],
        "no end of message, over the limit" => vec![text(&"{".repeat(LIMIT + 2))],
        "invalid UTF-8 in a text frame" => {
            let mut bytes =
                b"{\"type\":1,\"invocationId\":\"1\",\"target\":\"Echo\",\"arguments\":[\"".to_vec();
            bytes.extend(b"\xff\xfe\"]}\x1e");
            vec![Frame(true, Opcode::Text, bytes)]
        }
        "a broadcast reaches its sender before the answer" => one("Broadcast", json!(["to all"])),
        _ => return None,
    })
}

/// Frames, good and bad.
pub(super) fn frames(what: &str) -> Option<Vec<Act>> {
    let close = |payload: &[u8]| vec![Frame(true, Opcode::Close, payload.to_vec())];
    let raw = |first: u8, payload: &[u8]| {
        let mut bytes = vec![first, 0x80 | u8::try_from(payload.len()).expect("short"), 0, 0, 0, 0];
        bytes.extend(payload);
        vec![Raw(bytes)]
    };
    Some(match what {
        "close 1000" => close(b"\x03\xe8bye"),
        "close without a code" => close(b""),
        "close 3000" => close(&3000_u16.to_be_bytes()),
        "close with code 1005" => close(&1005_u16.to_be_bytes()),
        "close of one byte" => close(b"\x03"),
        "ping" => vec![Frame(true, Opcode::Ping, b"hi".to_vec())],
        "pong unasked" => vec![Frame(true, Opcode::Pong, b"hi".to_vec())],
        "a ping of 126 bytes" => vec![Frame(true, Opcode::Ping, vec![b'x'; 126])],
        "not masked" => {
            let mut bytes = Vec::new();
            write_frame(&mut bytes, true, Opcode::Text, echo("1", "x").as_bytes(), None);
            vec![Raw(bytes)]
        }
        "a reserved bit" => raw(0x80 | 0x40 | 1, echo("1", "x").as_bytes()),
        "a reserved opcode" => raw(0x80 | 3, b"x"),
        "a continuation without a start" => vec![Frame(true, Opcode::Continuation, echo("1", "x").into())],
        "a message in three parts with a ping between" => vec![
            Frame(false, Opcode::Text, b"{\"type\":1,\"invocationId\":\"1\",\"targ".to_vec()),
            Frame(true, Opcode::Ping, b"p".to_vec()),
            Frame(false, Opcode::Continuation, b"et\":\"Echo\",\"argum".to_vec()),
            Frame(true, Opcode::Continuation, b"ents\":[\"x\"]}\x1e".to_vec()),
        ],
        "a new message inside a message" => {
            vec![Frame(false, Opcode::Text, b"{".to_vec()), text("}\x1e")]
        }
        "half a hub message in each frame" => {
            vec![
                text("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Echo\","),
                text("\"arguments\":[\"x\"]}\x1e"),
            ]
        }
        "an empty text frame" => vec![text(""), text(&echo("1", "alive"))],
        "the socket's end" => vec![End],
        _ => return None,
    })
}

fn text(text: &str) -> Act {
    Frame(true, Opcode::Text, text.into())
}

fn echo(id: &str, argument: &str) -> String {
    invocation(id, "Echo", &json!([argument]))
}

fn unanswered(target: &str, arguments: &Value) -> Act {
    text(&format!("{{\"type\":1,\"target\":\"{target}\",\"arguments\":{arguments}}}\x1e"))
}
