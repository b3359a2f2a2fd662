//! Frames written whole, for either role.
//!
//! A client passes a masking key for every frame, fresh from a secure source of randomness (RFC 6455 §10.3);
//! a server passes `None`. Not here: messages encoded in place (`open_frame`).

use crate::close::CloseCode;
use crate::header::{FrameHeader, MAX_CONTROL_PAYLOAD, Opcode};
use crate::mask::{MaskKey, apply_mask};

/// Appends one frame to `out`.
pub fn write_frame(out: &mut Vec<u8>, fin: bool, opcode: Opcode, payload: &[u8], mask: Option<[u8; 4]>) {
    write_parts(out, fin, opcode, &[payload], mask);
}

/// Appends a ping to `out`.
///
/// # Panics
///
/// If `payload` is longer than [`MAX_CONTROL_PAYLOAD`].
pub fn write_ping(out: &mut Vec<u8>, payload: &[u8], mask: Option<[u8; 4]>) {
    assert!(payload.len() <= MAX_CONTROL_PAYLOAD, "a ping takes at most {MAX_CONTROL_PAYLOAD} bytes");
    write_frame(out, true, Opcode::Ping, payload, mask);
}

/// Appends a pong to `out`. What a [`Ping`](crate::Event::Ping) holds always fits.
///
/// # Panics
///
/// If `payload` is longer than [`MAX_CONTROL_PAYLOAD`].
pub fn write_pong(out: &mut Vec<u8>, payload: &[u8], mask: Option<[u8; 4]>) {
    assert!(payload.len() <= MAX_CONTROL_PAYLOAD, "a pong takes at most {MAX_CONTROL_PAYLOAD} bytes");
    write_frame(out, true, Opcode::Pong, payload, mask);
}

/// Appends a close frame to `out`.
///
/// A code that must not travel, such as [`NO_STATUS_RECEIVED`](CloseCode::NO_STATUS_RECEIVED), makes a close
/// frame without code and reason. A reason of more than 123 bytes is cut before the code point that doesn't
/// fit.
pub fn write_close(out: &mut Vec<u8>, code: CloseCode, reason: &str, mask: Option<[u8; 4]>) {
    if !code.is_allowed_on_wire() {
        write_frame(out, true, Opcode::Close, &[], mask);
        return;
    }
    let code = code.as_u16().to_be_bytes();
    let reason = &reason[..reason.floor_char_boundary(MAX_CONTROL_PAYLOAD - code.len())];
    write_parts(out, true, Opcode::Close, &[&code, reason.as_bytes()], mask);
}

fn write_parts(out: &mut Vec<u8>, fin: bool, opcode: Opcode, parts: &[&[u8]], mask: Option<MaskKey>) {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let header = FrameHeader { fin, rsv1: false, opcode, payload_length: length as u64, mask }.encode();
    out.reserve(header.len() + length);
    out.extend_from_slice(&header);
    let payload_at = out.len();
    for part in parts {
        out.extend_from_slice(part);
    }
    if let Some(key) = mask {
        let _ = apply_mask(&mut out[payload_at..], key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut out = Vec::new();
        write(&mut out);
        out
    }

    #[test]
    fn a_close_frame_holds_code_and_reason() {
        let frame = written(|out| write_close(out, CloseCode::GOING_AWAY, "bye", None));
        assert_eq!(frame, b"\x88\x05\x03\xe9bye");
    }

    #[test]
    fn a_masked_close_frame_is_masked_across_code_and_reason() {
        let frame = written(|out| write_close(out, CloseCode::GOING_AWAY, "bye", Some([1, 2, 3, 4])));
        assert_eq!(frame, b"\x88\x85\x01\x02\x03\x04\x02\xeb\x61\x7d\x64");
    }

    #[test]
    fn a_code_that_must_not_travel_makes_an_empty_close_frame() {
        let frame = written(|out| write_close(out, CloseCode::ABNORMAL_CLOSURE, "lost", None));
        assert_eq!(frame, b"\x88\x00");
    }

    #[test]
    fn a_long_reason_is_cut_between_code_points() {
        let reason = "é".repeat(62);
        let frame = written(|out| write_close(out, CloseCode::NORMAL_CLOSURE, &reason, None));
        assert_eq!(frame[..4], [0x88, 124, 0x03, 0xe8]);
        assert_eq!(&frame[4..], "é".repeat(61).as_bytes());
    }

    #[test]
    fn pings_and_pongs_carry_their_bytes() {
        assert_eq!(written(|out| write_ping(out, b"hi", None)), b"\x89\x02hi");
        assert_eq!(written(|out| write_pong(out, b"", Some([1, 2, 3, 4]))), b"\x8a\x80\x01\x02\x03\x04");
    }

    #[test]
    #[should_panic(expected = "a ping takes at most 125 bytes")]
    fn a_ping_that_no_peer_would_take_is_a_mistake_of_the_caller() {
        write_ping(&mut Vec::new(), &[0; 126], None);
    }
}
