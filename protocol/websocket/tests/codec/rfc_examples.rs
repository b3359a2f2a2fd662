//! The examples of RFC 6455 §5.7, quoted.

use hubcast_websocket::{Decoder, Opcode, Role, write_frame, write_ping, write_pong};

use crate::reading::{Seen, read};

const KEY: Option<[u8; 4]> = Some([0x37, 0xfa, 0x21, 0x3d]);
const MASKED_HELLO: [u8; 11] = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];

#[test]
fn a_single_frame_unmasked_text_message() {
    // "0x81 0x05 0x48 0x65 0x6c 0x6c 0x6f (contains "Hello")"
    let frame = [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f];
    assert_eq!(written(true, Opcode::Text, b"Hello", None), frame);
    assert_eq!(seen(Role::Client, &frame), [Seen::Text("Hello".into())]);
}

#[test]
fn a_single_frame_masked_text_message() {
    // "0x81 0x85 0x37 0xfa 0x21 0x3d 0x7f 0x9f 0x4d 0x51 0x58 (contains "Hello")"
    assert_eq!(written(true, Opcode::Text, b"Hello", KEY), MASKED_HELLO);
    assert_eq!(seen(Role::Server, &MASKED_HELLO), [Seen::Text("Hello".into())]);
}

#[test]
fn a_fragmented_unmasked_text_message() {
    // "0x01 0x03 0x48 0x65 0x6c (contains "Hel")"
    // "0x80 0x02 0x6c 0x6f (contains "lo")"
    let first = [0x01, 0x03, 0x48, 0x65, 0x6c];
    let last = [0x80, 0x02, 0x6c, 0x6f];
    assert_eq!(written(false, Opcode::Text, b"Hel", None), first);
    assert_eq!(written(true, Opcode::Continuation, b"lo", None), last);
    assert_eq!(seen(Role::Client, &[first.as_slice(), &last].concat()), [Seen::Text("Hello".into())]);
}

#[test]
fn an_unmasked_ping_request_and_masked_ping_response() {
    // "0x89 0x05 0x48 0x65 0x6c 0x6c 0x6f (contains a body of "Hello", but the contents of the body are
    // arbitrary)"
    let ping = [0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f];
    // "0x8a 0x85 0x37 0xfa 0x21 0x3d 0x7f 0x9f 0x4d 0x51 0x58 (contains a body of "Hello", matching the body
    // of the ping)"
    let pong = [0x8a, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    let mut out = Vec::new();
    write_ping(&mut out, b"Hello", None);
    assert_eq!(out, ping);
    out.clear();
    write_pong(&mut out, b"Hello", KEY);
    assert_eq!(out, pong);
    assert_eq!(seen(Role::Client, &ping), [Seen::Ping(b"Hello".into())]);
    assert_eq!(seen(Role::Server, &pong), [Seen::Pong(b"Hello".into())]);
}

#[test]
fn a_256_bytes_binary_message_in_a_single_unmasked_frame() {
    // "0x82 0x7E 0x0100 [256 bytes of binary data]"
    let payload: Vec<u8> = (0..=255).collect();
    let frame = [&[0x82, 0x7e, 0x01, 0x00], payload.as_slice()].concat();
    assert_eq!(written(true, Opcode::Binary, &payload, None), frame);
    assert_eq!(seen(Role::Client, &frame), [Seen::Binary(payload)]);
}

#[test]
fn a_64_kib_binary_message_in_a_single_unmasked_frame() {
    // "0x82 0x7F 0x0000000000010000 [65536 bytes of binary data]"
    let payload: Vec<u8> = (0..65_536_u32).map(|i| (i % 251) as u8).collect();
    let frame = [&[0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0], payload.as_slice()].concat();
    assert!(written(true, Opcode::Binary, &payload, None) == frame);
    assert!(seen(Role::Client, &frame) == [Seen::Binary(payload)]);
}

fn written(fin: bool, opcode: Opcode, payload: &[u8], mask: Option<[u8; 4]>) -> Vec<u8> {
    let mut out = Vec::new();
    write_frame(&mut out, fin, opcode, payload, mask);
    out
}

fn seen(role: Role, wire: &[u8]) -> Vec<Seen> {
    let reading = read(Decoder::new(role), wire);
    assert_eq!(reading.violation, None);
    reading.seen
}
