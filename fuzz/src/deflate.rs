//! permessage-deflate: what was compressed comes back, whatever the windows and parts; any other bytes make no more than is
//! allowed, and the same in any pieces; and offers are answered within the terms.
//!
//! The first byte of an input says which of them the rest is.

use hubcast_websocket::{DeflateAgreement, DeflateTerms, Deflater, Inflated, Inflater, Violation};

use crate::script::Script;

/// Compressed bytes of a peer, messages to compress, or the offers of a client.
pub fn deflate(data: &[u8]) {
    let Some((&first, rest)) = data.split_first() else {
        return;
    };
    match first % 4 {
        0 | 1 => inflate(&mut Script(rest)),
        2 => round_trip(&mut Script(rest)),
        _ => offers(rest),
    }
}

/// Bytes that one message may become.
const LIMIT: usize = 64 * 1024;

fn inflate(script: &mut Script<'_>) {
    let (flags, size, room) = (script.number(), script.number(), script.number());
    let inflater = || {
        let window = 8 + (flags >> 1) % 8;
        Inflater::new(window, flags & 1 != 0).with_max_message_size(Some(LIMIT as u64))
    };
    let messages = [script.some(), script.0];
    let whole = read(inflater(), &messages, usize::MAX, 4096);
    let pieces = read(inflater(), &messages, usize::from(size).max(1), usize::from(room).max(1));
    assert_eq!(whole, pieces);
}

/// What the messages became, in pieces of so many bytes, with so much room at a time.
fn read(mut inflater: Inflater, messages: &[&[u8]], size: usize, room: usize) -> Vec<Result<Vec<u8>, bool>> {
    let mut read = Vec::new();
    for message in messages {
        match one(&mut inflater, message, size, room) {
            Ok(message) => read.push(Ok(message)),
            Err(violation) => {
                read.push(Err(matches!(violation, Violation::MessageTooBig { .. })));
                break;
            }
        }
    }
    read
}

fn one(inflater: &mut Inflater, message: &[u8], size: usize, room: usize) -> Result<Vec<u8>, Violation> {
    let mut whole = Vec::new();
    let mut pieces: Vec<&[u8]> = message.chunks(size).collect();
    if pieces.is_empty() {
        pieces.push(&[]);
    }
    let last = pieces.len() - 1;
    for (number, mut piece) in pieces.into_iter().enumerate() {
        loop {
            let mut out = Vec::with_capacity(room);
            let capacity = out.capacity();
            let inflated = inflater.inflate(&mut piece, number == last, &mut out)?;
            assert_eq!(out.capacity(), capacity, "it made room of its own");
            whole.extend_from_slice(&out);
            assert!(whole.len() <= LIMIT, "{} bytes of one message", whole.len());
            match inflated {
                Inflated::NeedsRoom => assert!(!out.is_empty(), "there was room"),
                Inflated::NeedsInput => break assert!(number < last && piece.is_empty()),
                Inflated::EndOfMessage => break assert!(number == last && piece.is_empty()),
            }
        }
    }
    Ok(whole)
}

fn round_trip(script: &mut Script<'_>) {
    let (window, flags) = (9 + script.number() % 7, script.number());
    let takeover = flags & 1 != 0;
    let mut deflater = Deflater::new(window, takeover, flags >> 4);
    let mut inflater = Inflater::new(window, takeover).with_max_message_size(Some(LIMIT as u64));
    while let Some(step) = script.byte() {
        let (mut message, mut compressed) = (Vec::new(), Vec::new());
        for part in 0..=step % 3 {
            let bytes = script.some().repeat(usize::from(step >> 4) + 1);
            message.extend_from_slice(&bytes);
            deflater.deflate(&bytes, part == step % 3, &mut compressed);
        }
        if step & 4 != 0 {
            deflater.rest();
        }
        let read = one(&mut inflater, &compressed, usize::from(script.number()).max(1), 1 + message.len());
        assert_eq!(read, Ok(message), "{compressed:x?}");
    }
}

fn offers(bytes: &[u8]) {
    let Some((&flags, rest)) = bytes.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let terms = DeflateTerms {
        server_context_takeover: flags & 1 != 0,
        client_context_takeover: flags & 2 != 0,
        server_window_bits: 9 + (flags >> 2) % 7,
        client_window_bits: 9 + (flags >> 5) % 7,
    };
    let Some(agreed) = DeflateAgreement::accept(text.split('\n'), &terms) else {
        return;
    };
    assert!(terms.server_context_takeover || !agreed.server_context_takeover);
    assert!(terms.client_context_takeover || !agreed.client_context_takeover);
    assert!((9..=terms.server_window_bits).contains(&agreed.server_window_bits), "{agreed:?} of {terms:?}");
    assert!((8..=15).contains(&agreed.client_window_bits), "{agreed:?}");
    // As an offer, the answer asks for what was agreed on.
    let answer = agreed.answer();
    let again = DeflateAgreement::accept([answer.as_str()], &terms);
    let kept = |agreed: DeflateAgreement| (agreed.server_window_bits, agreed.server_context_takeover);
    assert_eq!(again.map(kept), Some(kept(agreed)), "{answer}");
}
