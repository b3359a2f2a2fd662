//! How long a frame takes to read. A figure to look at, not a verdict: `cargo bench -p hubcast-websocket`.

use std::hint::black_box;
use std::io::Write;

use hubcast_websocket::{Decoder, Event, Opcode, Role, write_frame};

const FRAMES: usize = 100;
const ROUNDS: usize = 2_000;

#[expect(clippy::disallowed_methods, reason = "it measures time; the codec itself reads no clock")]
fn main() {
    for (opcode, length) in [(Opcode::Text, 100), (Opcode::Binary, 100), (Opcode::Binary, 10_000)] {
        let mut wire = Vec::new();
        for frame in 0..FRAMES as u32 {
            let payload = vec![b'a'; length];
            write_frame(&mut wire, true, opcode, &payload, Some(frame.to_be_bytes()));
        }
        let mut scratch = wire.clone();
        let mut decoder = Decoder::new(Role::Server);
        let mut best = f64::INFINITY;
        for _ in 0..ROUNDS {
            scratch.copy_from_slice(&wire);
            let mut input = scratch.as_mut_slice();
            let mut frames = 0;
            let start = std::time::Instant::now();
            while let Some(event) = decoder.decode(&mut input).expect("the frames are valid") {
                frames += usize::from(matches!(black_box(event), Event::Data { end_of_message: true, .. }));
            }
            best = best.min(start.elapsed().as_nanos() as f64 / FRAMES as f64);
            assert_eq!(frames, FRAMES);
        }
        writeln!(std::io::stderr(), "{opcode:?} of {length} bytes: {best:.1} ns").expect("stderr is open");
    }
}
