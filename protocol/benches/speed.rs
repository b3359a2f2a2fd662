//! How long one message takes, for a look before and after a change:
//! `cargo bench -p hubcast-protocol`.

#![expect(clippy::print_stdout, reason = "its output is its result")]
#![expect(clippy::disallowed_methods, reason = "the crate has no clock, its stopwatch does")]

use std::hint::black_box;
use std::time::Instant;

use hubcast_protocol::{Codec, CompletionOutcome, HubMessage, HubProtocol, InvocationHead, PayloadNames};
use serde::{Deserialize, Serialize};

const ECHO: &[u8] = b"{\"type\":1,\"invocationId\":\"1\",\"target\":\"Echo\",\"arguments\":[\"hello\"]}\x1e";
const TYPE_LAST: &[u8] =
    b"{ \"arguments\": [\"hello\"], \"target\": \"Echo\", \"invocationId\": \"1\", \"type\": 1 }\x1e";

fn main() {
    let kilobyte = format!(
        "{{\"type\":1,\"invocationId\":\"1\",\"target\":\"Echo\",\"arguments\":[\"{}\"]}}\u{1e}",
        "a".repeat(1024)
    );
    let mut messagepack = Vec::new();
    let head = InvocationHead { invocation_id: Some("1"), ..InvocationHead::to("Echo") };
    HubProtocol::MessagePack.write_invocation(&mut messagepack, &head, &("hello",)).expect("a text");

    for (name, protocol, bytes) in [
        ("JSON", HubProtocol::Json, ECHO),
        ("JSON, type last, spaces", HubProtocol::Json, TYPE_LAST),
        ("JSON, 1 KB argument", HubProtocol::Json, kilobyte.as_bytes()),
        ("MessagePack", HubProtocol::MessagePack, &messagepack),
    ] {
        time(&format!("{name}: split and envelope"), || envelope(protocol, black_box(bytes)));
        time(&format!("{name}: the same with arguments"), || arguments(protocol, black_box(bytes)));
    }

    let mut out = Vec::with_capacity(1024);
    for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
        time(&format!("{protocol:?}: write a result"), || {
            out.clear();
            protocol.write_result(&mut out, black_box("1"), black_box("hello")).expect("a text");
            out.len()
        });
        time(&format!("{protocol:?}: write an invocation"), || {
            out.clear();
            protocol.write_invocation(&mut out, &head, black_box(&("hello",))).expect("a text");
            out.len()
        });
    }

    for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
        for names in [PayloadNames::AsWritten, PayloadNames::DotNet] {
            let codec = Codec::new(protocol, names);
            let post =
                Post { user_name: "Ada".into(), room_name: "lobby".into(), sent_at: 1, kind: Kind::Text };
            time(&format!("{protocol:?}, names {names:?}: write a struct"), || {
                out.clear();
                codec.write_result(&mut out, "1", black_box(&post)).expect("a struct");
                out.len()
            });
            time(&format!("{protocol:?}, names {names:?}: read a struct"), || {
                read_post(codec, black_box(&out))
            });
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

fn read_post(codec: Codec, bytes: &[u8]) -> usize {
    let split = codec.split(bytes, None).expect("right").expect("whole");
    let Ok(Some(HubMessage::Completion(completion))) = codec.decode(split.payload) else {
        return 0;
    };
    let CompletionOutcome::Result(payload) = completion.outcome else {
        return 0;
    };
    payload.decode::<Post>().expect("what was written").user_name.len()
}

fn envelope(protocol: HubProtocol, bytes: &[u8]) -> usize {
    let split = protocol.split(bytes, Some(32 * 1024)).expect("right").expect("whole");
    let Ok(Some(HubMessage::Invocation(invocation))) = protocol.decode(split.payload) else {
        return 0;
    };
    black_box(&invocation).arguments.count()
}

fn arguments(protocol: HubProtocol, bytes: &[u8]) -> usize {
    let split = protocol.split(bytes, Some(32 * 1024)).expect("right").expect("whole");
    let Ok(Some(HubMessage::Invocation(invocation))) = protocol.decode(split.payload) else {
        return 0;
    };
    let (text,): (String,) = invocation.arguments.decode(1).expect("one text");
    text.len()
}

/// Prints the median of seven runs.
fn time(name: &str, mut step: impl FnMut() -> usize) {
    const STEPS: u32 = 200_000;
    let mut runs: Vec<_> = (0..7)
        .map(|_| {
            let start = Instant::now();
            (0..STEPS).for_each(|_| {
                black_box(step());
            });
            start.elapsed().as_nanos() as f64 / f64::from(STEPS)
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    println!("{:>7.1} ns  {name}", runs[3]);
}
