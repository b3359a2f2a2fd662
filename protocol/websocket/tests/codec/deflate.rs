//! permessage-deflate from one side to the other, and what an enemy makes of it.

use hubcast_websocket::{
    Decoder, Deflater, Event, FrameHeader, Inflated, Inflater, Opcode, Role, Violation, write_frame,
};
use proptest::prelude::*;

#[test]
fn the_examples_of_the_rfc_are_read() {
    // One frame and two fragments, shared window, no compression, BFINAL, two blocks (§7.2.3.1 to §7.2.3.6).
    let hello = [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00];
    let mut inflater = Inflater::new(15, true);
    assert_eq!(whole(&mut inflater, &[&hello]), Ok(b"Hello".to_vec()));
    assert_eq!(whole(&mut inflater, &[&hello[..3], &hello[3..]]), Ok(b"Hello".to_vec()));
    assert_eq!(whole(&mut inflater, &[&[0xf2, 0x00, 0x11, 0x00, 0x00]]), Ok(b"Hello".to_vec()));
    let stored = [0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00];
    assert_eq!(whole(&mut inflater, &[&stored]), Ok(b"Hello".to_vec()));
    let blocks = [0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00];
    assert_eq!(whole(&mut inflater, &[&blocks]), Ok(b"Hello".to_vec()));
    let with_final = [0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00];
    assert_eq!(whole(&mut inflater, &[&with_final]), Ok(b"Hello".to_vec()));
    assert_eq!(whole(&mut inflater, &[&hello]), Ok(b"Hello".to_vec()));
    assert_eq!(whole(&mut inflater, &[&[0x00]]), Ok(Vec::new()));
    assert_eq!(whole(&mut inflater, &[&[]]), Ok(Vec::new()), "nothing stands for nothing");
    assert_eq!(whole(&mut inflater, &[&hello]), Ok(b"Hello".to_vec()));
}

#[test]
fn a_bomb_is_refused_before_it_has_grown() {
    let mut bomb = Vec::new();
    Deflater::new(15, false, 9).deflate(&vec![0; 64 << 20], true, &mut bomb);
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let mut inflater = Inflater::new(15, false).with_max_message_size(Some(100_000));
    let mut out = Vec::with_capacity(8_192);
    let mut input = bomb.as_slice();
    let mut made = 0;
    let verdict = loop {
        match inflater.inflate(&mut input, true, &mut out) {
            Ok(Inflated::NeedsRoom) => {
                made += out.len();
                out.clear();
            }
            verdict => break verdict,
        }
    };
    assert_eq!(verdict, Err(Violation::MessageTooBig { limit: 100_000 }));
    assert_eq!((out.capacity(), made), (8_192, 98_304));
}

/// Found by fuzzing: the four bytes that stand behind each message are the middle of a copy in the first of these.
#[test]
fn what_had_no_room_at_the_end_of_a_message_is_still_of_that_message() {
    let messages = [
        &b"\x1c\xca\x31\x0a\x80\x30\x0c\x40\xd1\x9b\x38\xfc\x39\x4b\x1d\xb3\x79\x8e\xd2\xa1\x62\x70\x10\x8b\
        \xb4\x11\x94\xd2\xbb\x0b\xbe\xf9\x75\xfc\xbd\x0c\x0d\x82\xe7\x11\x94\xd2\xbb\x0b\xbe\xfb\x7d\x5a\
        \xf1\x86\xc6\xce\xfa\x87\x05\xe5\x41\x82\xe7\xba\x9b\xa3\x38\x42\xae\xfb\x7d\x5a\xf1\x86\xc6\xce"[..],
        &b"\xfa\x87\x05\xe5\x41\x28\xd6\xdc\x36\xb4\x73\xa0\x31\xc8\x9c\xc6\x48\x63\xfa\x00"[..],
    ];
    let read = |room| {
        let mut inflater = Inflater::new(15, true);
        messages.map(|message| inflated(&mut inflater, &[message], room))
    };
    let [first, second] = read(4_096);
    assert_eq!((first.map(|message| message.len()), second.map(|message| message.len())), (Ok(91), Ok(37)));
    for room in 1..100 {
        assert_eq!(read(room), read(4_096), "room for {room}");
    }
}

#[test]
fn a_message_of_exactly_the_limit_is_taken() {
    let mut compressed = Vec::new();
    Deflater::new(15, false, 6).deflate(&[b'x'; 10_000], true, &mut compressed);
    for (limit, fits) in [(10_000, true), (9_999, false)] {
        let mut inflater = Inflater::new(15, false).with_max_message_size(Some(limit));
        assert_eq!(whole(&mut inflater, &[&compressed]).is_ok(), fits, "{limit}");
    }
}

#[test]
fn what_is_no_deflate_and_streams_without_end_are_refused() {
    for bytes in [&[0xff_u8, 0xff, 0xff][..], &[0x06], &[0x00, 0x05, 0x00, 0x00, 0x00]] {
        assert_eq!(
            whole(&mut Inflater::new(15, true), &[bytes]),
            Err(Violation::InvalidDeflate),
            "{bytes:x?}"
        );
    }
    let empty_and_final = [0x03, 0x00];
    assert_eq!(
        whole(&mut Inflater::new(9, false), &[&empty_and_final.repeat(65)]),
        Err(Violation::InvalidDeflate)
    );
}

#[test]
fn a_message_that_refers_to_one_before_is_refused_where_nothing_was_to_be_taken_over() {
    let mut inflater = Inflater::new(15, false);
    assert_eq!(whole(&mut inflater, &[&[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]]), Ok(b"Hello".to_vec()));
    assert_eq!(whole(&mut inflater, &[&[0xf2, 0x00, 0x11, 0x00, 0x00]]), Err(Violation::InvalidDeflate));
}

#[test]
fn frames_of_a_message_are_counted() {
    let mut wire = Vec::new();
    write_frame(&mut wire, false, Opcode::Text, b"", Some([0; 4]));
    for _ in 0..3 {
        write_frame(&mut wire, false, Opcode::Continuation, b"", Some([0; 4]));
    }
    let mut decoder = Decoder::new(Role::Server).with_max_frames(Some(4));
    assert_eq!(decoder.decode(&mut wire.as_mut_slice()), Ok(None));
    let mut more = Vec::new();
    write_frame(&mut more, true, Opcode::Continuation, b"", Some([0; 4]));
    assert_eq!(decoder.decode(&mut more.as_mut_slice()), Err(Violation::TooManyFrames { limit: 4 }));
}

#[test]
fn a_compressed_message_may_be_a_little_longer_than_what_it_holds() {
    let verdict = |payload_length, rsv1| {
        let header =
            FrameHeader { fin: true, rsv1, opcode: Opcode::Binary, payload_length, mask: Some([0; 4]) };
        let mut bytes = header.encode().to_vec();
        let mut decoder =
            Decoder::new(Role::Server).with_rsv1_allowed(true).with_max_message_size(Some(8_000));
        decoder.decode(&mut bytes.as_mut_slice()).map(|event: Option<Event<'_>>| event.is_some())
    };
    assert_eq!(verdict(8_000, false), Ok(false));
    assert_eq!(verdict(8_001, false), Err(Violation::MessageTooBig { limit: 8_000 }));
    assert_eq!(verdict(10_024, true), Ok(false));
    assert_eq!(verdict(10_025, true), Err(Violation::MessageTooBig { limit: 8_000 }));
}

proptest! {
    #[test]
    fn messages_arrive_as_they_were_sent(
        messages in prop::collection::vec(
            prop::collection::vec(prop::collection::vec(prop_oneof![Just(b'a'), Just(b'b'), any::<u8>()], 0..300), 1..4),
            1..5,
        ),
        window_bits in 9_u8..=15,
        context_takeover in any::<bool>(),
        level in 1_u8..=9,
        cut in 1_usize..50,
        room in 1_usize..200,
    ) {
        let mut deflater = Deflater::new(window_bits, context_takeover, level);
        let mut inflater = Inflater::new(window_bits, context_takeover);
        for parts in messages {
            let mut compressed = Vec::new();
            for (index, part) in parts.iter().enumerate() {
                deflater.deflate(part, index + 1 == parts.len(), &mut compressed);
            }
            let pieces = compressed.chunks(cut).collect::<Vec<_>>();
            prop_assert_eq!(inflated(&mut inflater, &pieces, room), Ok(parts.concat()));
        }
    }

    #[test]
    fn no_bytes_make_a_panic_or_more_than_the_limit(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        context_takeover in any::<bool>(),
    ) {
        let mut inflater = Inflater::new(15, context_takeover).with_max_message_size(Some(1_000));
        for _ in 0..2 {
            if let Ok(message) = whole(&mut inflater, &[&bytes]) {
                prop_assert!(message.len() <= 1_000);
            } else {
                break;
            }
        }
    }
}

fn whole(inflater: &mut Inflater, pieces: &[&[u8]]) -> Result<Vec<u8>, Violation> {
    inflated(inflater, pieces, 1_000)
}

/// What pieces of one message hold, taken in portions of `room` at most.
fn inflated(inflater: &mut Inflater, pieces: &[&[u8]], room: usize) -> Result<Vec<u8>, Violation> {
    let mut message = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let is_last = index + 1 == pieces.len();
        let mut input = *piece;
        loop {
            let mut out = Vec::with_capacity(room);
            let inflated = inflater.inflate(&mut input, is_last, &mut out)?;
            message.extend(out);
            match inflated {
                Inflated::NeedsRoom => {}
                Inflated::NeedsInput | Inflated::EndOfMessage => break,
            }
        }
    }
    if pieces.is_empty() {
        let mut out = Vec::with_capacity(room);
        inflater.inflate(&mut [].as_slice(), true, &mut out)?;
    }
    Ok(message)
}
