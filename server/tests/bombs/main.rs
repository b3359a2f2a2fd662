//! What the bytes of attackers cost the server in memory: alone in their program, whose allocator counts.
//!
//! All that was asked of the allocator counts, also what was given back at once, so that a bound holds for whatever is
//! held at any moment. Clients write bytes that were made before, and read into one buffer. One test runs at a time.

#[path = "../support/bound.rs"]
#[expect(dead_code, reason = "the program `hub` waits for more")]
mod bound;
mod compressed;
#[path = "../support/frames.rs"]
#[expect(dead_code, reason = "the program `hub` sends more kinds of them")]
mod frames;
mod heads;
mod messages;
mod site;

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;
