//! However the bytes of a stream arrive, the same is seen.

use hubcast_websocket::{CloseCode, Decoder, Opcode, Role, write_close, write_frame, write_ping, write_pong};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::generated::{conversation, cuts, encode, pieces};
use crate::reading::{Seen, read, read_pieces};

#[test]
fn every_cut_and_every_two_cuts_of_a_conversation_read_the_same() {
    for (role, mask) in [(Role::Server, Some([0xa1, 0xb2, 0xc3, 0xd4])), (Role::Client, None)] {
        let mut wire = Vec::new();
        write_frame(&mut wire, false, Opcode::Text, "Grüße, ".as_bytes(), mask);
        write_ping(&mut wire, b"are you there?", mask);
        write_frame(&mut wire, true, Opcode::Continuation, "wörld €😀".as_bytes(), mask);
        write_frame(&mut wire, true, Opcode::Binary, &[0xff; 130], mask);
        write_pong(&mut wire, b"", mask);
        write_frame(&mut wire, true, Opcode::Text, b"", mask);
        write_close(&mut wire, CloseCode::GOING_AWAY, "ciao", mask);
        let expected = [
            Seen::Ping(b"are you there?".into()),
            Seen::Text("Grüße, wörld €😀".into()),
            Seen::Binary(vec![0xff; 130]),
            Seen::Pong(Vec::new()),
            Seen::Text(String::new()),
            Seen::Close(Some((1001, "ciao".into()))),
        ];

        for first in 0..=wire.len() {
            for second in first..=wire.len() {
                let pieces = [&wire[..first], &wire[first..second], &wire[second..]];
                let reading = read_pieces(Decoder::new(role), pieces);
                assert_eq!(reading.violation, None);
                assert_eq!(reading.seen, expected, "cut at {first} and {second}");
            }
        }
        assert_eq!(read_pieces(Decoder::new(role), wire.chunks(1)).seen, expected);
    }
}

#[test]
fn a_64_bit_length_may_be_cut_anywhere() {
    let mut wire = Vec::new();
    write_frame(&mut wire, true, Opcode::Binary, &[9; 65_536], Some([1, 2, 3, 4]));
    for cut in 0..20 {
        let reading = read_pieces(Decoder::new(Role::Server), [&wire[..cut], &wire[cut..]]);
        assert!(reading.seen == [Seen::Binary(vec![9; 65_536])], "cut at {cut}");
    }
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded_by_either_role(sent in conversation(), cuts in cuts()) {
        for role in [Role::Server, Role::Client] {
            let (wire, expected) = encode(&sent, role);
            let reading = read_pieces(Decoder::new(role), pieces(&wire, &cuts));
            prop_assert_eq!(reading.violation, None);
            prop_assert_eq!(reading.seen, expected);
        }
    }

    #[test]
    fn arbitrary_bytes_are_read_the_same_however_they_are_cut(
        bytes in vec(prop_oneof![0x80..0x8b_u8, 0..6_u8, any::<u8>()], 0..200),
        cuts in cuts(),
        limit in proptest::option::of(0..64_u64),
    ) {
        for role in [Role::Server, Role::Client] {
            let decoder = || Decoder::new(role).with_max_message_size(limit);
            let whole = read(decoder(), &bytes);
            prop_assert_eq!(&read_pieces(decoder(), pieces(&bytes, &cuts)), &whole);
            prop_assert_eq!(&read_pieces(decoder(), bytes.chunks(1)), &whole);
        }
    }

    #[test]
    fn a_damaged_conversation_is_read_the_same_however_it_is_cut(
        sent in conversation(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cuts in cuts(),
    ) {
        for role in [Role::Server, Role::Client] {
            let (mut wire, _) = encode(&sent, role);
            for (index, byte) in &damage {
                if !wire.is_empty() {
                    let index = index.index(wire.len());
                    wire[index] = *byte;
                }
            }
            let whole = read(Decoder::new(role), &wire);
            prop_assert_eq!(read_pieces(Decoder::new(role), pieces(&wire, &cuts)), whole);
        }
    }
}
