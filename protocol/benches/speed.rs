//! How long one message takes, for a look before and after a change:
//! `cargo bench -p hubcast-protocol`.

#![expect(clippy::print_stdout, reason = "its output is its result")]
#![expect(clippy::disallowed_methods, reason = "the crate has no clock, its stopwatch does")]

use std::hint::black_box;
use std::time::Instant;

use hubcast_protocol::{HubMessage, HubProtocol, InvocationHead};

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
