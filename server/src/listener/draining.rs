//! How a server that stops parts with its clients: it says that it is not ready, then asks them to reconnect, batch by batch.
//!
//! Not here: how large a batch is (`pace`), and what follows once all were asked (`running`).

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::pace::Pace;
use super::server::Server;
use super::shared::Shared;
use crate::hub::Departing;
use crate::limits;

/// How long the parts of a graceful stop may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draining {
    unready: Duration,
    pace: Pace,
    pub(super) shutdown: Duration,
}

impl Server {
    /// Sets for how long a server that stops says that it is not ready before it does anything else. Default: 1 s, where
    /// [`health`](Self::health) is served, else nothing.
    ///
    /// In that time everything is served as before. It should be longer than whoever asks for readiness needs to notice: in
    /// Kubernetes the period of the probe times its failure threshold.
    #[must_use]
    pub fn unready_delay(mut self, delay: Duration) -> Self {
        self.draining.unready = delay;
        self
    }

    /// Sets how many clients a second are asked to reconnect when the server stops. Default: 1,000.
    ///
    /// They are asked in batches, in random order, ten times a second with half of that more or less between two: by a Close
    /// message that lets them reconnect, whatever their transport. Connections without a hub are closed. The first batch is
    /// asked at once.
    #[must_use]
    pub fn drain_rate(mut self, per_second: u32) -> Self {
        self.draining.pace.per_second = per_second;
        self
    }

    /// Sets within which time all clients are asked, in faster batches than those of the
    /// [`drain_rate`](Self::drain_rate) if need be. Default: 10 s.
    ///
    /// With nothing at all, all are asked at once.
    #[must_use]
    pub fn drain_period(mut self, limit: Duration) -> Self {
        self.draining.pace.within = limit;
        self
    }

    /// Sets how long a graceful stop waits, after all clients were asked to reconnect, for connections to end before it
    /// cuts them. Default: 5 s.
    #[must_use]
    pub fn shutdown_timeout(mut self, limit: Duration) -> Self {
        self.draining.shutdown = limit;
        self
    }
}

impl Draining {
    /// Returns once all clients were asked.
    pub(super) async fn run(&self, shared: &Shared) {
        if let Some(health) = shared.routes.health() {
            health.readiness().stop();
            if !self.unready.is_zero() {
                tracing::info!(delay = ?self.unready, "stopping: not ready any more");
                sleep(self.unready).await;
            }
        }
        shared.is_draining.store(true, Ordering::Relaxed);
        let mut staying = shared.routes.hubs().flat_map(|hub| hub.close_doors()).collect::<Vec<_>>();
        let batches = self.pace.batches(staying.len());
        tracing::info!(
            connections = staying.len(),
            batches = batches.number,
            "stopping: clients are asked to reconnect"
        );
        let mut told_at = Instant::now();
        for (number, size) in batches.sizes().enumerate() {
            if number > 0 {
                sleep(batches.until_next(random::<1>()[0])).await;
            }
            for _ in 0..size {
                take_random(&mut staying).inspect(Departing::ask);
            }
            if told_at.elapsed() >= REPORT_EVERY {
                told_at = Instant::now();
                tracing::info!(left = staying.len(), "stopping: clients are asked to reconnect");
            }
        }
    }
}

/// How often the log tells how far it is.
const REPORT_EVERY: Duration = Duration::from_secs(1);

fn take_random(staying: &mut Vec<Departing>) -> Option<Departing> {
    let random = u64::from_le_bytes(random());
    let position = random.checked_rem(staying.len() as u64)?;
    Some(staying.swap_remove(position as usize))
}

/// Without randomness the order is that in which they are known.
fn random<const BYTES: usize>() -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    if let Err(error) = getrandom::fill(&mut bytes) {
        tracing::debug!(%error, "there is no randomness");
    }
    bytes
}

impl Default for Draining {
    fn default() -> Self {
        Self {
            unready: limits::UNREADY_DELAY,
            pace: Pace { per_second: limits::DRAIN_RATE, within: limits::DRAIN_PERIOD },
            shutdown: limits::SHUTDOWN_TIMEOUT,
        }
    }
}
