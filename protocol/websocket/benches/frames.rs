//! How long a hundred frames take to read and to write: `cargo bench -p hubcast-websocket`.
//!
//! Throughput is in bytes of payload.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use hubcast_websocket::{Decoder, Event, Opcode, Role, write_frame};

const FRAMES: u32 = 100;
const CASES: [(Opcode, usize); 3] = [(Opcode::Text, 100), (Opcode::Binary, 100), (Opcode::Binary, 10_000)];

criterion_group!(benches, read, write);
criterion_main!(benches);

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read 100 masked frames");
    for (opcode, length) in CASES {
        let mut wire = Vec::new();
        for frame in 0..FRAMES {
            write_frame(&mut wire, true, opcode, &vec![b'a'; length], Some(frame.to_be_bytes()));
        }
        group.throughput(Throughput::Bytes(u64::from(FRAMES) * length as u64));
        let mut decoder = Decoder::new(Role::Server);
        group.bench_function(format!("{opcode:?} of {length} bytes"), |b| {
            // Reading unmasks in place.
            b.iter_batched_ref(
                || wire.clone(),
                |wire| {
                    let mut input = wire.as_mut_slice();
                    let mut frames = 0;
                    while let Some(event) = decoder.decode(&mut input).expect("the frames are valid") {
                        frames +=
                            u32::from(matches!(black_box(event), Event::Data { end_of_message: true, .. }));
                    }
                    assert_eq!(frames, FRAMES);
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn write(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("write 100 frames");
    for (opcode, length) in CASES {
        let payload = vec![b'a'; length];
        let mut wire = Vec::with_capacity(FRAMES as usize * (length + 14));
        group.throughput(Throughput::Bytes(u64::from(FRAMES) * length as u64));
        group.bench_function(format!("{opcode:?} of {length} bytes"), |b| {
            b.iter(|| {
                wire.clear();
                for _ in 0..FRAMES {
                    write_frame(&mut wire, true, opcode, black_box(&payload), None);
                }
            });
        });
    }
    group.finish();
}
