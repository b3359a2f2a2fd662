//! A violation is told with the byte that makes it certain, not at the end of the frame or message.

use hubcast_websocket::{Decoder, Role, Violation};

#[test]
fn the_first_two_bytes_of_a_frame_are_judged_alone() {
    for (start, expected) in [
        ([0x81, 0x00], Violation::UnmaskedFrame),
        ([0x83, 0xff], Violation::ReservedOpcode(3)),
        ([0x91, 0xff], Violation::ReservedBit),
        ([0x09, 0x80], Violation::FragmentedControlFrame),
        ([0x89, 0xfe], Violation::ControlFrameTooLong),
        ([0x80, 0xff], Violation::ContinuationWithoutStart),
    ] {
        assert_eq!(refused_after(Role::Server, &start), Some((2, expected)));
    }
}

#[test]
fn a_wrong_length_is_refused_before_its_payload() {
    let too_large = b"\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0";
    assert_eq!(refused_after(Role::Client, too_large), Some((10, Violation::LengthTooLarge)));
    let not_minimal = b"\x82\x7e\x00\x01\0\0\0";
    assert_eq!(refused_after(Role::Client, not_minimal), Some((4, Violation::LengthNotMinimal)));
}

#[test]
fn invalid_utf_8_is_refused_in_the_middle_of_a_frame() {
    // "κόσμε", then U+110000, then more: the second byte of F4 90 80 80 is the first that cannot be right.
    let payload = "κόσμε".bytes().chain([0xf4, 0x90, 0x80, 0x80]).chain(*b"edited");
    let wire: Vec<u8> = [0x81, 20].into_iter().chain(payload).collect();
    assert_eq!(refused_after(Role::Client, &wire), Some((2 + 10 + 2, Violation::InvalidUtf8)));
}

#[test]
fn invalid_utf_8_is_refused_across_frames() {
    // A surrogate, U+D800, whose first byte ends a frame.
    let wire = b"\x01\x01\xed\x89\x00\x00\x05\xa0\x80abc";
    assert_eq!(refused_after(Role::Client, wire), Some((8, Violation::InvalidUtf8)));
}

#[test]
fn text_that_ends_inside_a_code_point_is_refused_at_its_end() {
    assert_eq!(refused_after(Role::Client, b"\x81\x02\xe2\x82"), Some((4, Violation::InvalidUtf8)));
    let ended_by_an_empty_frame = b"\x01\x02\xe2\x82\x80\x00";
    assert_eq!(refused_after(Role::Client, ended_by_an_empty_frame), Some((6, Violation::InvalidUtf8)));
    assert_eq!(refused_after(Role::Client, b"\x01\x02\xe2\x82\x80\x01\xac"), None);
}

#[test]
fn binary_messages_are_not_text() {
    assert_eq!(refused_after(Role::Client, b"\x82\x03\xff\xfe\xfd"), None);
}

/// Feeds bytes one at a time and returns how many it took to be refused, and why.
fn refused_after(role: Role, wire: &[u8]) -> Option<(usize, Violation)> {
    let mut decoder = Decoder::new(role);
    for (index, byte) in wire.iter().enumerate() {
        let mut piece = [*byte];
        if let Err(violation) = decoder.decode(&mut piece.as_mut_slice()) {
            return Some((index + 1, violation));
        }
    }
    None
}
