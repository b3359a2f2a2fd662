//! What generated code and the server do with the contract module: uploads, streams, answers of clients.

mod client_results;
mod streams;
mod uploads;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use hubcast_protocol::{HubMessage, HubProtocol, Payload};

/// Counts how often a task is woken.
#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A task that a test polls by hand.
struct Task {
    wakes: Arc<Wakes>,
    waker: Waker,
}

impl Task {
    fn new() -> Self {
        let wakes = Arc::<Wakes>::default();
        Self { waker: Waker::from(Arc::clone(&wakes)), wakes }
    }

    /// How often it was woken since the last time that this was asked.
    fn wakes(&self) -> usize {
        self.wakes.0.swap(0, Ordering::Relaxed)
    }

    fn poll<F: Future + Unpin>(&self, future: &mut F) -> Poll<F::Output> {
        std::pin::Pin::new(future).poll(&mut self.context())
    }

    fn context(&self) -> Context<'_> {
        Context::from_waker(&self.waker)
    }
}

/// Lends a value in JSON as a peer sends it.
fn with_payload<R>(value: &str, take: impl FnOnce(&Payload<'_>) -> R) -> R {
    let message = format!(r#"{{"type":2,"invocationId":"1","item":{value}}}"#);
    let Ok(Some(HubMessage::StreamItem(item))) = HubProtocol::Json.decode(message.as_bytes()) else {
        panic!("{value} is no JSON");
    };
    take(&item.item)
}
