//! Reading a message allocates nothing unless a text in it holds escapes, and then no more than the message is long.
//!
//! One test, because the allocator counts for the whole process.

use std::alloc::System;

use hubcast_protocol::{HubMessage, HubProtocol, InvocationHead};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How often a step is measured: the test's harness has another thread, which may allocate at its start.
const ROUNDS: usize = 8;

/// What a server lets a message be long.
const LIMIT: usize = 32 * 1024;

#[test]
fn reading_never_allocates_more_than_the_message() {
    let head = InvocationHead {
        invocation_id: Some("1"),
        headers: &[("traceparent", "00-1-2-01")],
        stream_ids: &["a", "b"],
        ..InvocationHead::to("Echo")
    };
    for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
        let mut out = Vec::new();
        protocol.write_invocation(&mut out, &head, &("hello", vec![1; 100])).expect("numbers and texts");
        protocol.write_stream_item(&mut out, "1", "item").expect("a text");
        protocol.write_result(&mut out, "1", &[1, 2, 3]).expect("numbers");
        protocol.write_error(&mut out, "1", "because");
        protocol.write_close(&mut out, Some("gone"), true);
        protocol.write_ping(&mut out);
        assert_eq!(allocated(|| read_all(protocol, &out)), 0, "{protocol:?}");
    }

    let escaped = format!("{{\"type\":7,\"error\":\"{}\"}}\u{1e}", "\\n".repeat(1000));
    assert_eq!(allocated(|| read_all(HubProtocol::Json, escaped.as_bytes())), 2000);

    // Arrays, maps and texts that announce four billion elements, as headers, as arguments and as a whole message.
    let hostile_messagepack: &[&[u8]] = &[
        b"\xdd\xff\xff\xff\xff\x01",
        b"\x96\x01\xdf\xff\xff\xff\xff\xc0\xa1t\x90\x90",
        b"\x96\x01\x80\xdb\xff\xff\xff\xff\xa1t\x90\x90",
        b"\x96\x01\x80\xc0\xa1t\xdd\xff\xff\xff\xff\x90",
        b"\x96\x01\x80\xc0\xa1t\x91\xdf\xff\xff\xff\xff\x90",
        b"\x96\x01\x80\xc0\xa1t\x91\xdb\xff\xff\xff\xff\x90",
        b"\x96\x01\x80\xc0\xa1t\x91\xc9\xff\xff\xff\xff\x00\x90",
        b"\x96\x01\x80\xc0\xa1t\x90\xdd\xff\xff\xff\xff",
        b"\x94\x02\x80\xa1s\xdd\xff\xff\xff\xff",
    ];
    for message in hostile_messagepack {
        let bytes = allocated(|| {
            if let Ok(Some(message)) = HubProtocol::MessagePack.decode(message) {
                bind(&message);
            }
        });
        assert!(bytes < 200, "{bytes} bytes for {message:x?}");
    }
    let prefix = [0xff, 0xff, 0xff, 0xff, 0x07];
    assert_eq!(allocated(|| assert!(HubProtocol::MessagePack.split(&prefix, Some(LIMIT)).is_err())), 0);

    let deep: Vec<u8> = [b"{\"x\":".as_slice(), &b"[".repeat(LIMIT)].concat();
    assert_eq!(allocated(|| assert!(HubProtocol::Json.decode(&deep).is_err())), 0);
    let deep: Vec<u8> = [b"\x96\x01\x80\xc0\xa1t".as_slice(), &b"\x91".repeat(LIMIT)].concat();
    assert_eq!(allocated(|| assert!(HubProtocol::MessagePack.decode(&deep).is_ok())), 0);
}

/// The bytes that `step` allocates in total, whether or not it frees them, by the round with the fewest.
fn allocated(mut step: impl FnMut()) -> usize {
    (0..ROUNDS)
        .map(|_| {
            let region = Region::new(ALLOCATOR);
            step();
            region.change().bytes_allocated
        })
        .min()
        .expect("there are rounds")
}

fn read_all(protocol: HubProtocol, mut bytes: &[u8]) {
    while let Some(split) = protocol.split(bytes, Some(LIMIT)).expect("the framing is right") {
        let message =
            protocol.decode(split.payload).expect("the message is right").expect("the type is known");
        if let HubMessage::Invocation(invocation) = &message {
            assert_eq!((invocation.headers.iter().count(), invocation.stream_ids.iter().count()), (1, 2));
        }
        bytes = &bytes[split.consumed..];
    }
    assert_eq!(bytes, b"");
}

/// Binding may fail, and allocates what serde's error says, but not what the message announces.
fn bind(message: &HubMessage<'_>) {
    match message {
        HubMessage::Invocation(invocation) => {
            assert!(invocation.arguments.decode::<(Vec<u64>,)>(1).is_err());
        }
        HubMessage::StreamItem(item) => assert!(item.item.decode::<Vec<u64>>().is_err()),
        HubMessage::StreamInvocation(_)
        | HubMessage::Completion(_)
        | HubMessage::CancelInvocation(_)
        | HubMessage::Ping
        | HubMessage::Close(_)
        | HubMessage::Ack(_)
        | HubMessage::Sequence(_) => unreachable!("none of them is hostile here"),
    }
}
