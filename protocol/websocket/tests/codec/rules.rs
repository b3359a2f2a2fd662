//! Every rule of RFC 6455 that a peer can break, and what is allowed right beside it.
//!
//! Unless a test says otherwise the frames are unmasked and read as a client reads them.

use hubcast_websocket::{CloseCode, DataKind, Decoder, Event, Role, Violation};

use crate::reading::{Reading, Seen, read};

#[test]
fn a_server_refuses_a_frame_without_a_mask() {
    // "a server MUST close the connection upon receiving a frame that is not masked" (§5.1)
    assert_eq!(violation(Role::Server, b"\x81\x02hi"), Violation::UnmaskedFrame);
    assert_eq!(violation(Role::Server, b"\x89\x00"), Violation::UnmaskedFrame);
}

#[test]
fn a_client_refuses_a_frame_with_a_mask() {
    // "A client MUST close a connection if it detects a masked frame." (§5.1)
    assert_eq!(violation(Role::Client, b"\x81\x82\0\0\0\0hi"), Violation::MaskedFrame);
    assert_eq!(violation(Role::Client, b"\x89\x80\0\0\0\0"), Violation::MaskedFrame);
}

#[test]
fn reserved_bits_are_refused_on_every_kind_of_frame() {
    // "MUST be 0 unless an extension is negotiated that defines meanings for non-zero values." (§5.2)
    for bit in [0x40, 0x20, 0x10] {
        for opcode in [0x1, 0x2, 0x8, 0x9, 0xa] {
            assert_eq!(violation(Role::Client, &[0x80 | bit | opcode, 0]), Violation::ReservedBit);
        }
        assert_eq!(violation(Role::Client, &[0x01, 0x01, b'a', 0x80 | bit, 0]), Violation::ReservedBit);
    }
}

#[test]
fn reserved_opcodes_are_refused() {
    // "If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket Connection_." (§5.2)
    for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        assert_eq!(violation(Role::Client, &[0x80 | opcode, 0]), Violation::ReservedOpcode(opcode));
    }
}

#[test]
fn control_frames_are_neither_fragmented_nor_longer_than_125_bytes() {
    // "All control frames MUST have a payload length of 125 bytes or less and MUST NOT be fragmented." (§5.5)
    for opcode in [0x8, 0x9, 0xa] {
        assert_eq!(violation(Role::Client, &[opcode, 0]), Violation::FragmentedControlFrame);
        assert_eq!(violation(Role::Client, &[0x80 | opcode, 126]), Violation::ControlFrameTooLong);
        assert_eq!(violation(Role::Client, &[0x80 | opcode, 127]), Violation::ControlFrameTooLong);
    }
    let longest = [[0x89, 125].as_slice(), &[b'x'; 125]].concat();
    assert_eq!(seen(&longest), [Seen::Ping(vec![b'x'; 125])]);
}

#[test]
fn a_continuation_needs_a_message_to_continue() {
    assert_eq!(violation(Role::Client, b"\x80\x01a"), Violation::ContinuationWithoutStart);
    assert_eq!(violation(Role::Client, b"\x00\x01a"), Violation::ContinuationWithoutStart);
    let after_a_message = read(Decoder::new(Role::Client), b"\x81\x01a\x80\x01b");
    assert_eq!(
        after_a_message,
        Reading { seen: vec![Seen::Text("a".into())], violation: Some(Violation::ContinuationWithoutStart) }
    );
}

#[test]
fn a_message_may_not_begin_inside_another() {
    for opcode in [0x81, 0x82, 0x01, 0x02] {
        assert_eq!(
            violation(Role::Client, &[0x01, 0x01, b'a', opcode, 0x01, b'b']),
            Violation::MessageInsideMessage
        );
    }
}

#[test]
fn control_frames_may_come_between_the_frames_of_a_message() {
    // "Control frames (see Section 5.5) MAY be injected in the middle of a fragmented message." (§5.4)
    assert_eq!(
        seen(b"\x01\x01a\x89\x01p\x00\x01b\x8a\x00\x80\x01c"),
        [Seen::Ping(b"p".into()), Seen::Pong(Vec::new()), Seen::Text("abc".into())]
    );
    assert_eq!(seen(b"\x01\x01a\x88\x00"), [Seen::Close(None)]);
}

#[test]
fn empty_frames_are_part_of_a_message() {
    assert_eq!(seen(b"\x81\x00"), [Seen::Text(String::new())]);
    assert_eq!(seen(b"\x01\x00\x00\x00\x80\x00"), [Seen::Text(String::new())]);
    assert_eq!(seen(b"\x02\x00\x00\x01a\x00\x00\x80\x00"), [Seen::Binary(b"a".into())]);
}

#[test]
fn lengths_must_be_minimal_and_below_two_to_the_63() {
    assert_eq!(violation(Role::Client, b"\x82\x7e\x00\x7d"), Violation::LengthNotMinimal);
    assert_eq!(violation(Role::Client, b"\x82\x7f\0\0\0\0\0\0\xff\xff"), Violation::LengthNotMinimal);
    assert_eq!(violation(Role::Client, b"\x82\x7f\x80\0\0\0\0\0\0\0"), Violation::LengthTooLarge);
}

#[test]
fn a_close_frame_has_no_payload_or_a_code_that_may_travel() {
    assert_eq!(seen(b"\x88\x00"), [Seen::Close(None)]);
    assert_eq!(seen(b"\x88\x02\x03\xe8"), [Seen::Close(Some((1000, String::new())))]);
    assert_eq!(seen(b"\x88\x05\x0b\xb8bye"), [Seen::Close(Some((3000, "bye".into())))]);
    assert_eq!(violation(Role::Client, b"\x88\x01\x03"), Violation::HalfCloseCode);
    for code in [0_u16, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] {
        let [high, low] = code.to_be_bytes();
        assert_eq!(
            violation(Role::Client, &[0x88, 2, high, low]),
            Violation::CloseCodeNotAllowed(CloseCode::new(code))
        );
    }
}

#[test]
fn the_reason_of_a_close_frame_is_utf_8_of_up_to_123_bytes() {
    let reason = "r".repeat(123);
    let longest = [b"\x88\x7d\x03\xe8".as_slice(), reason.as_bytes()].concat();
    assert_eq!(seen(&longest), [Seen::Close(Some((1000, reason)))]);
    assert_eq!(violation(Role::Client, b"\x88\x04\x03\xe8\xc3\x28"), Violation::InvalidUtf8);
}

#[test]
fn nothing_is_read_after_a_close_frame() {
    assert_eq!(seen(b"\x88\x00\x81\x02hi\xff\xff\xff"), [Seen::Close(None)]);
}

#[test]
fn nothing_is_read_after_a_violation() {
    let mut decoder = Decoder::new(Role::Client);
    let mut bytes = *b"\xff\xff\x81\x02hi";
    assert_eq!(decoder.decode(&mut bytes.as_mut_slice()), Err(Violation::ReservedBit));
    let mut bytes = *b"\x81\x02hi";
    let mut input = bytes.as_mut_slice();
    assert_eq!(decoder.decode(&mut input), Ok(None));
    assert_eq!(input, b"");
}

#[test]
fn a_message_as_large_as_allowed_passes_and_one_byte_more_does_not() {
    let limited = || Decoder::new(Role::Client).with_max_message_size(Some(5));
    let whole = read(limited(), b"\x81\x05hello\x01\x03hel\x89\x01p\x80\x02lo");
    assert_eq!(whole.violation, None);
    assert_eq!(whole.seen, [Seen::Text("hello".into()), Seen::Ping(b"p".into()), Seen::Text("hello".into())]);
    let too_big = Some(Violation::MessageTooBig { limit: 5 });
    assert_eq!(read(limited(), b"\x81\x06").violation, too_big);
    assert_eq!(read(limited(), b"\x01\x03hel\x80\x03").violation, too_big);
    assert_eq!(read(limited(), b"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff").violation, too_big);
    assert_eq!(read(limited().with_max_message_size(None), b"\x81\x06hello!").violation, None);
}

#[test]
fn the_first_reserved_bit_marks_a_message_where_it_is_allowed() {
    let compressing = || Decoder::new(Role::Client).with_rsv1_allowed(true);
    let mut decoder = compressing();
    let mut bytes = *b"\x41\x02\xff\xfe\x80\x01\xfd\x81\x01a";
    let mut input = bytes.as_mut_slice();
    let kind = DataKind::Text;
    let mut next = |payload: &mut [u8], end_of_message, rsv1| {
        let expected = Event::Data { kind, payload, end_of_message, rsv1 };
        assert_eq!(decoder.decode(&mut input), Ok(Some(expected)));
    };
    next(&mut [0xff, 0xfe], false, true);
    next(&mut [0xfd], true, true);
    next(&mut [b'a'], true, false);

    // "An endpoint MUST NOT set the "Per-Message Compressed" bit of control frames and non-first fragments of
    // a data message." (RFC 7692 §6)
    assert_eq!(read(compressing(), b"\xc9\x00").violation, Some(Violation::ReservedBit));
    assert_eq!(read(compressing(), b"\x01\x01a\xc0\x00").violation, Some(Violation::ReservedBit));
    assert_eq!(read(compressing(), b"\xa1\x00").violation, Some(Violation::ReservedBit));
}

fn seen(wire: &[u8]) -> Vec<Seen> {
    let reading = read(Decoder::new(Role::Client), wire);
    assert_eq!(reading.violation, None);
    reading.seen
}

fn violation(role: Role, wire: &[u8]) -> Violation {
    read(Decoder::new(role), wire).violation.expect("the bytes break a rule")
}
