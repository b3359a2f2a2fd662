//! The same bytes, read by this codec and by tungstenite: the same messages, or both refuse.
//!
//! Differences that are meant:
//! - tungstenite judges whole frames. Where the stream ends inside a frame that this codec refuses already,
//!   it still waits.
//! - It takes lengths that are not written in the fewest bytes.
//! - It turns a close code that must not travel into a close of its own, 1002 "Protocol violation", and
//!   counts the registered 1014 among them.

use std::io::{self, Cursor, Read, Write};

use hubcast_websocket::{Decoder, Role, Violation};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use tungstenite::error::ProtocolError;
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Error, Message, WebSocket, protocol};

use crate::generated::{conversation, cuts, encode, pieces};
use crate::reading::{Reading, Seen, read_pieces};

const MAX_MESSAGE: usize = 1 << 17;

proptest! {
    #[test]
    fn valid_conversations_are_read_alike(sent in conversation(), cuts in cuts()) {
        for role in [Role::Server, Role::Client] {
            let (wire, _) = encode(&sent, role);
            let (ours, theirs) = read_both(&wire, &cuts, role);
            prop_assert_eq!(ours.violation, None);
            prop_assert_eq!(&ours.seen, &theirs.seen);
            prop_assert_ne!(theirs.end, End::Refused);
        }
    }

    #[test]
    fn damaged_conversations_are_judged_alike(
        sent in conversation(),
        damage in vec((near_the_start(), damage()), 1..4),
        cut_off in proptest::option::of(any::<Index>()),
        cuts in cuts(),
    ) {
        for role in [Role::Server, Role::Client] {
            let (mut wire, _) = encode(&sent, role);
            if let Some(cut_off) = cut_off {
                wire.truncate(cut_off.index(wire.len() + 1));
            }
            for (place, damage) in &damage {
                if let Some(byte) = wire.get_mut(*place) {
                    *byte = damage.of(*byte);
                }
            }
            judged_alike(&wire, &cuts, role)?;
        }
    }

    #[test]
    fn rows_of_small_frames_are_judged_alike(frames in vec(small_frame(), 0..6), cuts in cuts()) {
        judged_alike(&frames.concat(), &cuts, Role::Client)?;
    }
}

/// Bytes that often make sense as a frame: every opcode and bit, few bytes of payload, many of them UTF-8.
fn small_frame() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![
        8 => prop_oneof![Just(0x00), Just(0x01), Just(0x02), Just(0x80), Just(0x81), Just(0x82)],
        3 => prop_oneof![Just(0x88), Just(0x89), Just(0x8a)],
        1 => any::<u8>(),
    ];
    let byte = prop_oneof![
        Just(0x03),
        Just(0xe8),
        Just(0xf0),
        Just(0x9f),
        Just(0x98),
        Just(0x80),
        Just(0xe2),
        Just(0xed),
        Just(0xa0),
        Just(b'a'),
        any::<u8>(),
    ];
    (first, vec(byte, 0..5)).prop_map(|(first, payload)| {
        let mut frame = vec![first, payload.len() as u8];
        frame.extend(payload);
        frame
    })
}

fn near_the_start() -> impl Strategy<Value = usize> {
    prop_oneof![3 => 0..16_usize, 2 => 0..400_usize]
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![(0..8_u8).prop_map(Damage::Flip), any::<u8>().prop_map(Damage::Put)]
}

#[derive(Debug, Clone, Copy)]
enum Damage {
    Flip(u8),
    Put(u8),
}

impl Damage {
    fn of(self, byte: u8) -> u8 {
        match self {
            Self::Flip(bit) => byte ^ (1 << bit),
            Self::Put(byte) => byte,
        }
    }
}

/// How tungstenite's reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Refused,
    Closed,
    WaitsForMore,
}

#[derive(Debug)]
struct Theirs {
    seen: Vec<Seen>,
    end: End,
}

fn judged_alike(wire: &[u8], cuts: &[Index], role: Role) -> Result<(), TestCaseError> {
    let (mut ours, theirs) = read_both(wire, cuts, role);
    let own_close = Seen::Close(Some((1002, "Protocol violation".into())));
    match ours.violation {
        Some(Violation::LengthNotMinimal) => {
            prop_assert!(theirs.seen.starts_with(&ours.seen), "{ours:?} {theirs:?}");
            return Ok(());
        }
        Some(Violation::CloseCodeNotAllowed(_)) if theirs.end == End::Closed => ours.seen.push(own_close),
        Some(_) => prop_assert_ne!(theirs.end, End::Closed, "{:?} {:?}", ours, theirs),
        None => {
            if let Some(Seen::Close(Some((1014, _)))) = ours.seen.last() {
                ours.seen.pop();
                ours.seen.push(own_close);
            }
            prop_assert_ne!(theirs.end, End::Refused, "{:?} {:?}", ours, theirs);
        }
    }
    prop_assert_eq!(&ours.seen, &theirs.seen, "{:?} {:?}", ours, theirs);
    Ok(())
}

fn read_both(wire: &[u8], cuts: &[Index], role: Role) -> (Reading, Theirs) {
    let decoder = Decoder::new(role).with_max_message_size(Some(MAX_MESSAGE as u64));
    (read_pieces(decoder, pieces(wire, cuts)), read_with_tungstenite(wire, role))
}

fn read_with_tungstenite(wire: &[u8], role: Role) -> Theirs {
    let role = match role {
        Role::Server => protocol::Role::Server,
        Role::Client => protocol::Role::Client,
    };
    let config = WebSocketConfig::default()
        .read_buffer_size(4096)
        .max_frame_size(Some(MAX_MESSAGE))
        .max_message_size(Some(MAX_MESSAGE));
    let stream = Replies(Cursor::new(wire));
    let mut socket = WebSocket::from_raw_socket(stream, role, Some(config));
    let mut seen = Vec::new();
    loop {
        match socket.read() {
            Ok(Message::Text(text)) => seen.push(Seen::Text(text.to_string())),
            Ok(Message::Binary(bytes)) => seen.push(Seen::Binary(bytes.to_vec())),
            Ok(Message::Ping(bytes)) => seen.push(Seen::Ping(bytes.to_vec())),
            Ok(Message::Pong(bytes)) => seen.push(Seen::Pong(bytes.to_vec())),
            Ok(Message::Close(frame)) => {
                let frame = frame.map(|frame| (frame.code.into(), frame.reason.to_string()));
                seen.push(Seen::Close(frame));
                return Theirs { seen, end: End::Closed };
            }
            Ok(Message::Frame(_)) => unreachable!("tungstenite reads no bare frames"),
            Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => {
                return Theirs { seen, end: End::WaitsForMore };
            }
            Err(_) => {
                return Theirs { seen, end: End::Refused };
            }
        }
    }
}

/// Gives out recorded bytes and takes the answers without a look.
struct Replies<'w>(Cursor<&'w [u8]>);

impl Read for Replies<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Replies<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
