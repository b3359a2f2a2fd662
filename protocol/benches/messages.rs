//! How long it takes to read and to write one hub message: `cargo bench -p hubcast-protocol`.
//!
//! Throughput is in bytes of the message on the wire.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hubcast_protocol::{Codec, CompletionOutcome, HubMessage, HubProtocol, InvocationHead, PayloadNames};
use serde::{Deserialize, Serialize};

const ECHO: &[u8] = b"{\"type\":1,\"invocationId\":\"1\",\"target\":\"Echo\",\"arguments\":[\"hello\"]}\x1e";
const TYPE_LAST: &[u8] =
    b"{ \"arguments\": [\"hello\"], \"target\": \"Echo\", \"invocationId\": \"1\", \"type\": 1 }\x1e";
const HEAD: InvocationHead<'_> =
    InvocationHead { invocation_id: Some("1"), target: "Echo", headers: &[], stream_ids: &[] };
const PROTOCOLS: [HubProtocol; 2] = [HubProtocol::Json, HubProtocol::MessagePack];

criterion_group!(benches, read_an_invocation, write_messages, read_and_write_a_struct);
criterion_main!(benches);

fn read_an_invocation(criterion: &mut Criterion) {
    let kilobyte = format!(
        "{{\"type\":1,\"invocationId\":\"1\",\"target\":\"Echo\",\"arguments\":[\"{}\"]}}\u{1e}",
        "a".repeat(1024)
    );
    let mut messagepack = Vec::new();
    HubProtocol::MessagePack.write_invocation(&mut messagepack, &HEAD, &("hello",)).expect("a text");
    for (name, protocol, bytes) in [
        ("JSON", HubProtocol::Json, ECHO),
        ("JSON, type last, spaces", HubProtocol::Json, TYPE_LAST),
        ("JSON, 1 KB argument", HubProtocol::Json, kilobyte.as_bytes()),
        ("MessagePack", HubProtocol::MessagePack, &messagepack),
    ] {
        let mut group = criterion.benchmark_group(format!("read an invocation/{name}"));
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function("split and envelope", |b| b.iter(|| envelope(protocol, black_box(bytes))));
        group.bench_function("with arguments", |b| b.iter(|| arguments(protocol, black_box(bytes))));
        group.finish();
    }
}

fn write_messages(criterion: &mut Criterion) {
    let mut out = Vec::with_capacity(1024);
    for protocol in PROTOCOLS {
        let mut group = criterion.benchmark_group(format!("write/{protocol:?}"));
        let result = |out: &mut Vec<u8>| {
            out.clear();
            protocol.write_result(out, black_box("1"), black_box("hello")).expect("a text");
        };
        result(&mut out);
        group.throughput(Throughput::Bytes(out.len() as u64));
        group.bench_function("a result", |b| b.iter(|| result(&mut out)));
        let invocation = |out: &mut Vec<u8>| {
            out.clear();
            protocol.write_invocation(out, &HEAD, black_box(&("hello",))).expect("a text");
        };
        invocation(&mut out);
        group.throughput(Throughput::Bytes(out.len() as u64));
        group.bench_function("an invocation", |b| b.iter(|| invocation(&mut out)));
        group.finish();
    }
}

fn read_and_write_a_struct(criterion: &mut Criterion) {
    let post = Post { user_name: "Ada".into(), room_name: "lobby".into(), sent_at: 1, kind: Kind::Text };
    let mut out = Vec::with_capacity(1024);
    for protocol in PROTOCOLS {
        for names in [PayloadNames::AsWritten, PayloadNames::DotNet] {
            let codec = Codec::new(protocol, names);
            let mut group = criterion.benchmark_group(format!("a struct/{protocol:?}, names {names:?}"));
            let write = |out: &mut Vec<u8>| {
                out.clear();
                codec.write_result(out, "1", black_box(&post)).expect("a struct");
            };
            write(&mut out);
            group.throughput(Throughput::Bytes(out.len() as u64));
            group.bench_function("write", |b| b.iter(|| write(&mut out)));
            group.bench_function("read", |b| b.iter(|| read_post(codec, black_box(&out))));
            group.finish();
        }
    }
}

/// Four fields, of which three have two words.
#[derive(Serialize, Deserialize)]
struct Post {
    user_name: String,
    room_name: String,
    sent_at: i64,
    kind: Kind,
}

#[derive(Serialize, Deserialize)]
enum Kind {
    Text,
}

fn read_post(codec: Codec, bytes: &[u8]) -> Post {
    let split = codec.split(bytes, None).expect("right").expect("whole");
    let Ok(Some(HubMessage::Completion(completion))) = codec.decode(split.payload) else {
        unreachable!("it was written as a completion");
    };
    let CompletionOutcome::Result(payload) = completion.outcome else {
        unreachable!("it was written with a result");
    };
    payload.decode().expect("what was written")
}

fn envelope(protocol: HubProtocol, bytes: &[u8]) -> usize {
    invocation(protocol, bytes, |message| black_box(message).arguments.count())
}

fn arguments(protocol: HubProtocol, bytes: &[u8]) -> String {
    invocation(protocol, bytes, |message| {
        let (text,): (String,) = message.arguments.decode(1).expect("one text");
        text
    })
}

fn invocation<R>(
    protocol: HubProtocol,
    bytes: &[u8],
    read: impl FnOnce(&hubcast_protocol::Invocation<'_>) -> R,
) -> R {
    let split = protocol.split(bytes, Some(32 * 1024)).expect("right").expect("whole");
    match protocol.decode(split.payload) {
        Ok(Some(HubMessage::Invocation(invocation))) => read(&invocation),
        other => unreachable!("it is an invocation: {other:?}"),
    }
}
