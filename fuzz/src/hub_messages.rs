//! Hub messages: however the bytes are cut, the same messages come out; and what was read can be written and read again.
//!
//! The first byte of an input says in pieces of which size the rest arrives, and whether there is a limit.

use hubcast_protocol::connection::Inbound;
use hubcast_protocol::{Codec, HubProtocol, PayloadNames, ProtocolError};
use serde::de::IgnoredAny;

use crate::words::{describe, write};

/// JSON records, as a hub reads them.
pub fn json(data: &[u8]) {
    check(HubProtocol::Json, data);
}

/// MessagePack messages, as a hub reads them.
pub fn messagepack(data: &[u8]) {
    check(HubProtocol::MessagePack, data);
}

/// A limit that short inputs can exceed.
const LIMIT: usize = 48;

fn check(protocol: HubProtocol, data: &[u8]) {
    let Some((&first, wire)) = data.split_first() else {
        return;
    };
    let limit = (first & 0x80 != 0).then_some(LIMIT);
    let size = usize::from(first & 0x7f).max(1);
    let whole = read(protocol, limit, [wire]);
    let pieces = read(protocol, limit, wire.chunks(size));
    assert_eq!(whole.payloads, pieces.payloads, "the pieces are of {size} bytes");
    assert_eq!(whole.refusal, pieces.refusal, "the pieces are of {size} bytes");
    for payload in &whole.payloads {
        reads_alike(protocol, payload);
    }
}

/// What was cut out of a stream, and why it went no further.
struct Reading {
    payloads: Vec<Vec<u8>>,
    refusal: Option<String>,
}

fn read<'p>(
    protocol: HubProtocol,
    limit: Option<usize>,
    pieces: impl IntoIterator<Item = &'p [u8]>,
) -> Reading {
    let mut inbound = Inbound::new(limit);
    inbound.switch_to(protocol);
    let mut payloads = Vec::new();
    for mut piece in pieces {
        loop {
            match inbound.next(&mut piece) {
                Ok(Some(payload)) => {
                    assert!(limit.is_none_or(|limit| payload.len() < limit), "a message is over the limit");
                    payloads.push(payload.to_vec());
                }
                Ok(None) => break,
                Err(error) => return Reading { payloads, refusal: Some(error.to_string()) },
            }
        }
        assert!(piece.is_empty(), "more was asked for, but {piece:?} was left");
    }
    Reading { payloads, refusal: None }
}

/// Reads one message with either kind of names, and once more after it was written.
fn reads_alike(protocol: HubProtocol, payload: &[u8]) {
    for names in [PayloadNames::AsWritten, PayloadNames::DotNet] {
        let codec = Codec::new(protocol, names);
        let Ok(message) = codec.decode(payload) else {
            continue;
        };
        if protocol == HubProtocol::Json {
            let parsed = serde_json::from_slice::<IgnoredAny>(payload);
            assert!(parsed.is_ok(), "{parsed:?}, but it was read as {message:?}");
        }
        let Some(message) = message else {
            continue;
        };
        let Some(words) = describe(&message) else {
            continue;
        };
        let mut again = Vec::new();
        write(protocol, &message, &mut again);
        assert_eq!(read_again(protocol, &again), Ok(words), "{message:?} was written as {again:?}");
    }
}

fn read_again(protocol: HubProtocol, bytes: &[u8]) -> Result<String, ProtocolError> {
    let split = protocol.split(bytes, None)?.expect("a message that was written is whole");
    assert_eq!(split.consumed, bytes.len());
    let message = protocol.decode(split.payload)?.expect("a message that was written is of a known type");
    Ok(describe(&message).expect("payloads that were written can be read"))
}
