//! Connections that are asked to reconnect, each when its turn comes.
//!
//! Not here: how large a batch is (`pace`).

use std::sync::Weak;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{HubCore, Pace};
use crate::connection::{Live, Signal};

/// A connection of a hub that takes no more.
pub(crate) struct Departing(Weak<Live>);

impl HubCore {
    /// Takes no new connection from here on, and tells which ones are to be asked to go.
    ///
    /// One that is on its way in meanwhile is not among them; [`stop`](Self::stop) asks it.
    pub(crate) fn close_doors(&self) -> Vec<Departing> {
        self.refuse_newcomers();
        self.heartbeat().all().into_iter().map(Departing).collect()
    }
}

/// Asks all of them, in random order, and returns once the last one was asked.
pub(crate) async fn ask_in_batches(mut staying: Vec<Departing>, pace: Pace) {
    let batches = pace.batches(staying.len());
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

impl Departing {
    /// Asks its client to reconnect, by a Close message; nothing if it has ended.
    fn ask(&self) {
        if let Some(live) = self.0.upgrade() {
            live.signal(Signal::Shutdown);
        }
    }
}
