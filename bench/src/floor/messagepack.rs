//! MessagePack on the floor: reads just enough of a call, and copies arguments as they are.
//!
//! Right for what our load sends: no headers, and lengths, ids and targets as short as they can be written.

use hubcast_websocket::Opcode;

use super::connection::write_frame;
use super::hub::{Call, Encoding};

const NIL: u8 = 0xc0;
const EMPTY_MAP: u8 = 0x80;
const EMPTY_ARRAY: u8 = 0x90;

/// Takes the next whole message off `rest`.
pub(super) fn split<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (mut length, mut position) = (0, 0);
    loop {
        let byte = *rest.get(position)?;
        length |= usize::from(byte & 0x7f) << (7 * position);
        position += 1;
        if byte & 0x80 == 0 {
            break;
        }
        if position == 4 {
            return None;
        }
    }
    let message = rest.get(position..position + length)?;
    *rest = &rest[position + length..];
    Some(message)
}

/// The call in a message, `[kind, headers, id, target, arguments, streams]`; `None` if it is something else.
pub(super) fn call(message: &[u8]) -> Option<Call<'_>> {
    // An invocation or one that asks for a stream, without headers.
    let [_, 1 | 4, EMPTY_MAP, rest @ ..] = message else { return None };
    let (id, rest) = value(rest)?;
    let (target, rest) = value(rest)?;
    let (&count, rest) = rest.split_first()?;
    let (first, rest) = value(rest)?;
    Some(match (target.get(1..)?, count) {
        (b"Echo", 0x91) => Call::Echo { id, text: first },
        (b"Broadcast", 0x91) => Call::Broadcast { text: first },
        (b"JoinGroup", 0x91) => Call::JoinGroup { id, group: first },
        (b"SendToGroup", 0x92) => Call::SendToGroup { group: first, text: value(rest)?.0 },
        (b"Counter", 0x91) => Call::Counter { id, items: number(first)? },
        _ => return None,
    })
}

/// Splits off a text, a number from 0 on, or nil.
fn value(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = match *input {
        [0..=0x7f | NIL, ..] => 1,
        [short @ 0xa0..=0xbf, ..] => 1 + usize::from(short & 0x1f),
        [0xcc, ..] => 2,
        [0xcd, ..] => 3,
        [0xce, ..] => 5,
        [0xd9, length, ..] => 2 + usize::from(length),
        [0xda, high, low, ..] => 3 + usize::from(u16::from_be_bytes([high, low])),
        _ => return None,
    };
    input.split_at_checked(length)
}

fn number(value: &[u8]) -> Option<u64> {
    Some(match *value {
        [small @ 0..=0x7f] => small.into(),
        [0xcc, byte] => byte.into(),
        [0xcd, high, low] => u16::from_be_bytes([high, low]).into(),
        [0xce, a, b, c, d] => u32::from_be_bytes([a, b, c, d]).into(),
        _ => return None,
    })
}

/// Writes MessagePack.
pub(super) struct MessagePack;

impl MessagePack {
    /// Writes a message with its length in front.
    fn message(out: &mut Vec<u8>, parts: &[&[u8]]) {
        let mut length = parts.iter().map(|part| part.len()).sum::<usize>();
        let mut message = Vec::with_capacity(length + 4);
        while length > 0x7f {
            message.push(length as u8 & 0x7f | 0x80);
            length >>= 7;
        }
        message.push(length as u8);
        parts.iter().for_each(|part| message.extend_from_slice(part));
        write_frame(out, Self::OPCODE, &message);
    }
}

impl Encoding for MessagePack {
    const OPCODE: Opcode = Opcode::Binary;

    fn result(out: &mut Vec<u8>, id: &[u8], result: &[u8]) {
        Self::message(out, &[&[0x95, 3, EMPTY_MAP], id, &[3], result]);
    }

    fn void(out: &mut Vec<u8>, id: &[u8]) {
        Self::message(out, &[&[0x94, 3, EMPTY_MAP], id, &[2]]);
    }

    fn item(out: &mut Vec<u8>, id: &[u8], item: u64) {
        let [.., c, d] = item.to_be_bytes();
        let number: &[u8] = match item {
            0..=0x7f => &[d],
            0x80..=0xff => &[0xcc, d],
            0x100..=0xffff => &[0xcd, c, d],
            _ => &[&[0xcf], item.to_be_bytes().as_slice()].concat(),
        };
        Self::message(out, &[&[0x94, 2, EMPTY_MAP], id, number]);
    }

    fn receive(out: &mut Vec<u8>, text: &[u8]) {
        Self::message(out, &[&[0x96, 1, EMPTY_MAP, NIL, 0xa7], b"receive", &[0x91], text, &[EMPTY_ARRAY]]);
    }
}

#[cfg(test)]
mod tests {
    use hubcast_protocol::{HubProtocol, InvocationHead};

    use super::*;

    fn written(id: Option<&str>, target: &str, arguments: &dyn hubcast_protocol::EncodeArguments) -> Vec<u8> {
        let mut out = Vec::new();
        let head = InvocationHead { invocation_id: id, ..InvocationHead::to(target) };
        HubProtocol::MessagePack.write_invocation(&mut out, &head, arguments).expect("it is well-formed");
        out
    }

    #[test]
    fn calls_are_found_with_their_arguments_as_they_are() {
        let text = "x".repeat(100);
        let message = written(Some("31"), "Echo", &(text.as_str(),));
        let mut rest = message.as_slice();
        let found = call(split(&mut rest).expect("it is well-formed"));
        let expected = [b"\xd9\x64", text.as_bytes()].concat();
        assert_eq!(found, Some(Call::Echo { id: b"\xa231", text: &expected }));
        assert_eq!(rest, b"");

        let message = written(None, "SendToGroup", &("g", "ab"));
        let found = call(split(&mut message.as_slice()).expect("it is well-formed"));
        assert_eq!(found, Some(Call::SendToGroup { group: b"\xa1g", text: b"\xa2ab" }));

        let message = written(Some("1"), "Counter", &(1_000,));
        let found = call(split(&mut message.as_slice()).expect("it is well-formed"));
        assert_eq!(found, Some(Call::Counter { id: b"\xa11", items: 1_000 }));
    }

    #[test]
    fn broken_messages_are_passed_over() {
        let message = written(Some("1"), "Echo", &("hello",));
        for length in 0..message.len() {
            assert_eq!(split(&mut &message[..length]), None);
            let _ = call(&message[1..length.max(1)]);
        }
        assert_eq!(split(&mut [0xff; 9].as_slice()), None);
        assert_eq!(call(&[0x91, 6]), None);
    }

    #[test]
    fn numbers_of_a_stream_read_back() {
        for item in [0, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let mut frame = Vec::new();
            MessagePack::item(&mut frame, b"\xa11", item);
            let split = HubProtocol::MessagePack
                .split(&frame[2..], None)
                .expect("it is well-formed")
                .expect("it is well-formed");
            let Ok(Some(hubcast_protocol::HubMessage::StreamItem(read))) =
                HubProtocol::MessagePack.decode(split.payload)
            else {
                panic!("{frame:?}");
            };
            assert_eq!(
                (read.invocation_id.as_ref(), read.item.decode::<u64>().expect("it is well-formed")),
                ("1", item)
            );
        }
    }
}
