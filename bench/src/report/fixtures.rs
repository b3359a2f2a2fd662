//! Samples for tests.

use super::{Entry, Header, Machine, Outcome, Samples};
use crate::sample::{Latency, Sample};

/// An echo on HTTP/1.1 with these CPU times in microseconds.
pub(crate) fn sample(user: f64, system: f64) -> Sample {
    Sample {
        load: "echo".to_owned(),
        protocol: "json".to_owned(),
        http: "h1".to_owned(),
        tls: false,
        streams: 1,
        connections: 100,
        count: 300_000,
        seconds: 3.0,
        server_user_us: user,
        server_system_us: system,
        load_us: 4.0,
        server_rss: 10_000_000,
        bytes_per_connection: None,
        hold_percent: None,
        latency: Some(Latency { p50: 1_000.0, p90: 1_500.0, p99: 2_000.0, p999: 3_000.0, max: 4_000.0 }),
    }
}

pub(crate) fn idle(bytes: f64) -> Sample {
    Sample { bytes_per_connection: Some(bytes), ..sample(0.0, 0.0) }
}

fn entry(row: &str, server: &str, round: u32, connections: usize, sample: Sample) -> Entry {
    let (row, server) = (row.to_owned(), server.to_owned());
    Entry { row, server, round, connections, outcome: Outcome::Sample(sample) }
}

/// Three servers: the floor at 6 µs, Hubcast at 9, a peer with an awkward name at 18, and its failure on TLS.
pub(crate) fn samples() -> Samples {
    let mut entries = vec![entry("echo", "floor", 0, 100, sample(90.0, 9.0))];
    for (round, off) in [(1, 0.0), (2, 0.5), (3, -0.5)] {
        entries.push(entry("echo", "floor", round, 100, sample(2.0, 4.0)));
        entries.push(entry("echo", "hubcast", round, 100, sample(3.0 + off, 6.0)));
        entries.push(entry("echo", "a-peer", round, 100, sample(10.0, 8.0 + off)));
    }
    entries.push(entry("h2-echo", "hubcast", 1, 100, sample(1.0, 2.0)));
    entries.push(Entry {
        row: "tls-echo".to_owned(),
        server: "a-peer".to_owned(),
        round: 1,
        connections: 100,
        outcome: Outcome::Failed("refused | <403> & closed".to_owned()),
    });
    for (server, bytes) in [("floor", 150.0), ("hubcast", 1_800.0), ("a-peer", 26_000.0)] {
        entries.push(entry("idle", server, 1, 5_000, idle(bytes)));
    }
    for (connections, cost) in [(100, 3.0), (1_000, 4.0), (18_000, 6.0)] {
        entries.push(entry("growth-echo", "floor", 1, connections, sample(0.0, cost)));
        entries.push(entry("growth-echo", "hubcast", 1, connections, sample(cost / 2.0, cost)));
    }
    Samples { header: header(), entries }
}

fn header() -> Header {
    Header {
        machine: Machine {
            cpu: "A CPU".to_owned(),
            cores: 2,
            memory_mib: 16_000,
            kernel: "linux 6.1".to_owned(),
            version: "0.1.0".to_owned(),
            commit: Some("0123abc".to_owned()),
            date: "2026-11-22T23:40:00Z".to_owned(),
        },
        servers: ["floor", "hubcast", "a-peer"].map(str::to_owned).to_vec(),
        rounds: 3,
        seconds: 3.0,
        hold: Some(20.0),
        pinned: true,
        shares_core: false,
        left_out: vec!["growth-idle with 18000 connections: needs 18100 open files".to_owned()],
    }
}
