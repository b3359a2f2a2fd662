//! JSON on the floor: looks for the fields by their names, and copies arguments as they are.
//!
//! Right for what our load sends: fields without blanks between, and no escapes in ids and targets.

use std::io::Write;

use hubcast_websocket::Opcode;

use super::connection::write_frame;
use super::hub::{Call, Encoding};

pub(super) const SEPARATOR: u8 = 0x1e;

/// The call in a message without its separator; `None` if it is something else.
pub(super) fn call(message: &[u8]) -> Option<Call<'_>> {
    let target = text_after(message, b"\"target\":\"")?;
    let arguments = after(message, b"\"arguments\":[")?;
    let arguments = &arguments[..arguments.iter().rposition(|&byte| byte == b']')?];
    let id = || text_after(message, b"\"invocationId\":\"");
    Some(match target {
        b"Echo" => Call::Echo { id: id()?, text: arguments },
        b"Broadcast" => Call::Broadcast { text: arguments },
        b"JoinGroup" => Call::JoinGroup { id: id()?, group: arguments },
        b"SendToGroup" => {
            let comma = arguments.iter().position(|&byte| byte == b',')?;
            Call::SendToGroup { group: &arguments[..comma], text: &arguments[comma + 1..] }
        }
        b"Counter" => Call::Counter { id: id()?, items: std::str::from_utf8(arguments).ok()?.parse().ok()? },
        _ => return None,
    })
}

fn after<'a>(message: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let start = message.windows(name.len()).position(|window| window == name)?;
    Some(&message[start + name.len()..])
}

fn text_after<'a>(message: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let rest = after(message, name)?;
    Some(&rest[..rest.iter().position(|&byte| byte == b'"')?])
}

/// Writes JSON.
pub(super) struct Json;

impl Encoding for Json {
    const OPCODE: Opcode = Opcode::Text;

    fn result(out: &mut Vec<u8>, id: &[u8], result: &[u8]) {
        let parts = [b"{\"type\":3,\"invocationId\":\"", id, b"\",\"result\":", result, b"}\x1e"];
        write_frame(out, Self::OPCODE, &parts.concat());
    }

    fn void(out: &mut Vec<u8>, id: &[u8]) {
        write_frame(out, Self::OPCODE, &[b"{\"type\":3,\"invocationId\":\"", id, b"\"}\x1e"].concat());
    }

    fn item(out: &mut Vec<u8>, id: &[u8], item: u64) {
        let mut number = [0; 20];
        let mut rest = number.as_mut_slice();
        let _ = write!(rest, "{item}");
        let left = rest.len();
        let number = &number[..number.len() - left];
        let parts = [b"{\"type\":2,\"invocationId\":\"", id, b"\",\"item\":", number, b"}\x1e"];
        write_frame(out, Self::OPCODE, &parts.concat());
    }

    fn receive(out: &mut Vec<u8>, text: &[u8]) {
        let parts = [b"{\"type\":1,\"target\":\"receive\",\"arguments\":[", text, b"]}\x1e"];
        write_frame(out, Self::OPCODE, &parts.concat());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_with_their_arguments_as_they_are() {
        let echo = call(br#"{"type":1,"invocationId":"7","target":"Echo","arguments":["a]\"b"]}"#);
        assert_eq!(echo, Some(Call::Echo { id: b"7", text: br#""a]\"b""# }));
        let send = call(br#"{"type":1,"target":"SendToGroup","arguments":["g","a,b"]}"#);
        assert_eq!(send, Some(Call::SendToGroup { group: br#""g""#, text: br#""a,b""# }));
        let counter = call(br#"{"type":4,"invocationId":"1","target":"Counter","arguments":[30]}"#);
        assert_eq!(counter, Some(Call::Counter { id: b"1", items: 30 }));
    }

    #[test]
    fn what_is_no_call_is_passed_over() {
        for message in [br#"{"type":6}"#.as_slice(), b"", br#"{"target":"Echo","arguments":["#] {
            assert_eq!(call(message), None);
        }
    }

    #[test]
    fn numbers_of_a_stream_are_written_in_full() {
        let mut out = Vec::new();
        Json::item(&mut out, b"1", 1_234);
        assert_eq!(out, b"\x81\x2a{\"type\":2,\"invocationId\":\"1\",\"item\":1234}\x1e");
    }
}
