//! A decoder owns no memory while idle and needs none to read: alone in its program, whose allocator counts.

use std::alloc::System;
use std::hint::black_box;

use hubcast_websocket::{CloseCode, Decoder, Opcode, Role, write_close, write_frame, write_ping, write_pong};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROUNDS: usize = 8;

#[test]
fn frames_are_read_without_an_allocation_unless_a_control_frame_is_cut() {
    let wire = conversation();
    let mut scratch = wire.clone();
    assert_eq!(fewest_allocations(&wire, &mut scratch, &[wire.len()]), 0);

    let inside_a_header_and_inside_payloads = [3, 34, 463, GROUP - 500];
    assert_eq!(fewest_allocations(&wire, &mut scratch, &inside_a_header_and_inside_payloads), 0);

    let ping = b"\x89\x82\0\0\0\0hi";
    assert_eq!(fewest_allocations(ping, &mut scratch[..8], &[7, 1]), 2);
}

const GROUPS: usize = 500;
const GROUP: usize = 10 * (6 + 90) + (6 + 20) + 6;

/// Thousands of frames: groups of ten data frames, a ping and a pong, then a close.
fn conversation() -> Vec<u8> {
    let mut wire = Vec::new();
    let mask = Some([0x11, 0x22, 0x33, 0x44]);
    for _ in 0..GROUPS {
        for _ in 0..5 {
            write_frame(&mut wire, false, Opcode::Text, "è€😀".repeat(10).as_bytes(), mask);
            write_frame(&mut wire, true, Opcode::Continuation, &[b'a'; 90], mask);
        }
        write_ping(&mut wire, &[7; 20], mask);
        write_pong(&mut wire, b"", mask);
    }
    assert_eq!(wire.len(), GROUPS * GROUP);
    write_close(&mut wire, CloseCode::NORMAL_CLOSURE, "done", mask);
    wire
}

/// The allocations of reading `wire` in pieces of `lengths`, over and over, by the round with the fewest: the
/// test's harness has another thread, which may allocate at its start.
fn fewest_allocations(wire: &[u8], scratch: &mut [u8], lengths: &[usize]) -> usize {
    (0..ROUNDS)
        .map(|_| {
            scratch.copy_from_slice(wire);
            let region = Region::new(ALLOCATOR);
            let mut decoder = Decoder::new(Role::Server);
            let mut rest = &mut *scratch;
            for length in lengths.iter().cycle() {
                let Some(mut input) = rest.split_off_mut(..(*length).min(rest.len())) else {
                    unreachable!("a piece is no longer than the rest");
                };
                while let Some(event) = decoder.decode(&mut input).expect("the frames are valid") {
                    black_box(event);
                }
                if rest.is_empty() {
                    break;
                }
            }
            region.change().allocations
        })
        .min()
        .expect("there are rounds")
}
