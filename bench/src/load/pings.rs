//! Pings for connections that only listen, so that no server takes them for dead.
//!
//! Easy to break: one timer serves all. Connections are dealt onto the slots of a wheel in turn, which turns once in
//! twelve seconds: each is told to ping that often, and few at any one moment.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;

const SLOTS: usize = 120;
const STEP: Duration = Duration::from_millis(100);

/// Who pings when.
pub(crate) struct Pings {
    slots: RefCell<Vec<Vec<Rc<Notify>>>>,
    known: Cell<usize>,
}

impl Pings {
    /// A wheel that turns as long as its thread's tasks run.
    pub(crate) fn start() -> Rc<Self> {
        let pings = Rc::new(Self { slots: RefCell::new(vec![Vec::new(); SLOTS]), known: Cell::new(0) });
        let turning = pings.clone();
        tokio::task::spawn_local(async move {
            let mut steps = tokio::time::interval(STEP);
            for slot in (0..SLOTS).cycle() {
                steps.tick().await;
                turning.slots.borrow()[slot].iter().for_each(|connection| connection.notify_one());
            }
        });
        pings
    }

    /// What tells one more connection to ping.
    pub(crate) fn join(&self) -> Rc<Notify> {
        let ping = Rc::new(Notify::new());
        let slot = self.known.replace(self.known.get() + 1) % SLOTS;
        self.slots.borrow_mut()[slot].push(ping.clone());
        ping
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::task::LocalSet;
    use tokio::time::{Instant, timeout};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn every_connection_pings_every_twelve_seconds() {
        let local = LocalSet::new();
        local
            .run_until(async {
                let pings = Pings::start();
                let (first, second) = (pings.join(), pings.join());
                first.notified().await;
                let began = Instant::now();
                second.notified().await;
                assert_eq!(began.elapsed(), Duration::from_millis(100));
                let again = timeout(Duration::from_secs(15), first.notified()).await;
                assert_eq!((again, began.elapsed()), (Ok(()), Duration::from_secs(12)));
            })
            .await;
    }
}
