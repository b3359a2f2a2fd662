//! What the bytes of attackers cost the server in memory: alone in their program, whose allocator counts.
//!
//! All that was asked of the allocator counts, also what was given back at once, so that a bound holds for whatever is
//! held at any moment. Clients write bytes that were made before, and read into one buffer.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "../support/bound.rs"]
mod bound;
mod compressed;
#[path = "../support/frames.rs"]
#[expect(dead_code, reason = "the program `hub` sends more kinds of them")]
mod frames;
mod heads;
mod messages;
mod site;
mod storms;

use std::alloc::System;
use std::sync::{Mutex, PoisonError};

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Runs a test while no other does, as what another asks for would count: its runtime, too.
fn alone(test: impl Future<Output = ()>) {
    static ALONE: Mutex<()> = Mutex::new(());
    // One that failed before this one takes nothing from it.
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(test);
}
