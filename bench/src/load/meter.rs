//! What a span of load took: time, CPU time of the server and of the load itself, memory.

use std::time::{Duration, Instant};

use anyhow::Result;
use hdrhistogram::Histogram;

use super::process::{CpuTime, Usage};
use crate::sample::Latency;

const LONGEST: Duration = Duration::from_secs(120);
const SIGNIFICANT_DIGITS: u8 = 3;

/// The beginning of a span.
pub(crate) struct Meter {
    pid: Option<u32>,
    server: Option<Usage>,
    own: Usage,
    began: Instant,
}

/// What a span took.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) seconds: f64,
    /// Zero where no process was named.
    pub(crate) server: CpuTime,
    pub(crate) load: CpuTime,
    /// Resident memory of the server at the end, in bytes.
    pub(crate) server_resident: u64,
}

impl Meter {
    /// Begins a span; `pid` is the server.
    pub(crate) fn start(pid: Option<u32>) -> Result<Self> {
        let server = pid.map(Usage::of).transpose()?;
        Ok(Self { pid, server, own: Usage::own()?, began: Instant::now() })
    }

    /// What the span took up to now.
    pub(crate) fn read(&self) -> Result<Span> {
        let seconds = self.began.elapsed().as_secs_f64();
        let now = self.pid.map(Usage::of).transpose()?;
        let server = match (&now, &self.server) {
            (Some(now), Some(before)) => now.since(before),
            (None, _) | (_, None) => CpuTime { user: 0.0, system: 0.0 },
        };
        let server_resident = now.map_or(0, |now| now.resident);
        Ok(Span { seconds, server, load: Usage::own()?.since(&self.own), server_resident })
    }

    /// Resident memory of the server at the beginning, in bytes.
    pub(crate) fn resident_before(&self) -> u64 {
        self.server.as_ref().map_or(0, |server| server.resident)
    }
}

/// Latencies in nanoseconds.
pub(crate) struct Latencies {
    histogram: Histogram<u64>,
}

impl Latencies {
    /// None yet.
    pub(crate) fn new() -> Result<Self> {
        Ok(Self { histogram: Histogram::new_with_bounds(1, LONGEST.as_nanos() as u64, SIGNIFICANT_DIGITS)? })
    }

    /// Adds one; more than two minutes count as two minutes.
    pub(crate) fn record(&mut self, latency: Duration) {
        self.histogram.saturating_record(latency.as_nanos() as u64);
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.histogram.clear();
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.histogram.len()
    }

    /// The quantiles of a sample.
    pub(crate) fn quantiles(&self) -> Latency {
        let microseconds = |quantile| self.histogram.value_at_quantile(quantile) as f64 / 1_000.0;
        Latency {
            p50: microseconds(0.5),
            p90: microseconds(0.9),
            p99: microseconds(0.99),
            p999: microseconds(0.999),
            max: microseconds(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_in_microseconds() {
        let mut latencies = Latencies::new().expect("its bounds are right");
        (1..=100).for_each(|milliseconds| latencies.record(Duration::from_millis(milliseconds)));
        let Latency { p50, p90, max, .. } = latencies.quantiles();
        let near = |value: f64, expected: f64| (value / expected - 1.0).abs() < 0.001;
        assert!(near(p50, 50_000.0) && near(p90, 90_000.0) && near(max, 100_000.0), "{p50} {p90} {max}");
        assert_eq!(latencies.count(), 100);
    }
}
