//! How a server that stops parts with its clients: it says that it is not ready, then asks them to reconnect, batch by batch.
//!
//! Not here: how they are asked (`hub::departing`), and what follows once all were (`running`).

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::sleep;

use super::server::Server;
use super::shared::Shared;
use crate::hub::{Pace, ask_in_batches};
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
        let staying = shared.routes.hubs().flat_map(|hub| hub.close_doors()).collect();
        ask_in_batches(staying, self.pace).await;
    }
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
