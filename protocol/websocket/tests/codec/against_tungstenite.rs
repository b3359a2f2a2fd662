//! The same bytes, read by this codec and by tungstenite: the same messages, or both refuse.
//!
//! Which differences are meant is said in `tungstenite_reading`.

use hubcast_websocket::{Decoder, Role};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::generated::{conversation, cuts, encode, pieces};
use crate::reading::{Reading, read_pieces};
use crate::tungstenite_reading::{End, MAX_MESSAGE, Theirs, judge, read_with_tungstenite};

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

fn judged_alike(wire: &[u8], cuts: &[Index], role: Role) -> Result<(), TestCaseError> {
    let (ours, theirs) = read_both(wire, cuts, role);
    judge(ours, &theirs).map_err(TestCaseError::fail)
}

fn read_both(wire: &[u8], cuts: &[Index], role: Role) -> (Reading, Theirs) {
    let decoder = Decoder::new(role).with_max_message_size(Some(MAX_MESSAGE as u64));
    (read_pieces(decoder, pieces(wire, cuts)), read_with_tungstenite(wire, role))
}
