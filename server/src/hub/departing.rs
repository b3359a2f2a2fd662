//! A connection that is to be asked to reconnect, when its turn comes.

use std::sync::Weak;

use super::HubCore;
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

impl Departing {
    /// Asks its client to reconnect, by a Close message; nothing if it has ended.
    pub(crate) fn ask(&self) {
        if let Some(live) = self.0.upgrade() {
            live.signal(Signal::Shutdown);
        }
    }
}
