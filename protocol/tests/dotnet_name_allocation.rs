//! Writing with .NET's names allocates nothing for a name that was written before.
//!
//! One test, because the allocator counts for the whole process.

use std::alloc::System;

use hubcast_protocol::{Codec, HubProtocol, PayloadNames};
use serde::Serialize;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How often it is measured: the test's harness has another thread, which may allocate at its start.
const ROUNDS: usize = 8;

#[test]
fn a_name_is_allocated_once() {
    let values = [(1, Row { line_no: 1, by: Author::SomeBody { full_name: "Ada" } }); 10];
    for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
        let codec = Codec::new(protocol, PayloadNames::DotNet);
        let mut out = Vec::with_capacity(4096);
        codec.write_result(&mut out, "1", &values[0]).expect("a value");
        let fewest = (0..ROUNDS).map(|_| {
            out.clear();
            let region = Region::new(ALLOCATOR);
            codec.write_result(&mut out, "1", &values).expect("values");
            region.change().bytes_allocated
        });
        assert_eq!(fewest.min(), Some(0), "{protocol:?}");
    }
}

#[derive(Serialize, Clone, Copy)]
struct Row {
    line_no: i32,
    by: Author,
}

#[derive(Serialize, Clone, Copy)]
enum Author {
    SomeBody { full_name: &'static str },
}
