//! The client that broadcasts, and the count of what arrived.
//!
//! Easy to break: a listener must get every message that is for it, once and in order; the numbers in the texts prove
//! it. With G groups message n goes to group n % G. The sender's own copies are no deliveries that count.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use hubcast_protocol::{CompletionOutcome, HubMessage};
use tokio::sync::Notify;

use super::client::{Client, call_frame};
use super::meter::Latencies;
use super::route::Route;
use super::text::Stamp;

const LAST_WITHIN: Duration = Duration::from_secs(30);

/// What arrived at all listeners together.
pub(super) struct Deliveries {
    pub(super) epoch: Instant,
    count: Cell<u64>,
    /// The count at which the sender goes on.
    wanted: Cell<u64>,
    reached: Notify,
    pub(super) latencies: RefCell<Latencies>,
}

impl Deliveries {
    pub(super) fn new() -> Result<Rc<Self>> {
        Ok(Rc::new(Self {
            epoch: Instant::now(),
            count: Cell::new(0),
            wanted: Cell::new(0),
            reached: Notify::new(),
            latencies: RefCell::new(Latencies::new()?),
        }))
    }

    fn add(&self, sent_at: Duration) {
        self.latencies.borrow_mut().record(self.epoch.elapsed().saturating_sub(sent_at));
        self.count.set(self.count.get() + 1);
        if self.count.get() == self.wanted.get() {
            self.reached.notify_one();
        }
    }

    /// Waits until so many arrived. May be dropped while it waits.
    async fn reach(&self, count: u64) {
        self.wanted.set(count);
        while self.count.get() < count {
            self.reached.notified().await;
        }
    }
}

/// Checks what one listener gets.
pub(super) struct Listener {
    deliveries: Rc<Deliveries>,
    /// The number that the next message must have.
    expected: u64,
    step: u64,
}

impl Listener {
    /// A listener in the group `group` of `groups`, counted from 0.
    pub(super) fn new(deliveries: Rc<Deliveries>, group: usize, groups: usize) -> Self {
        Self { deliveries, expected: group as u64, step: groups as u64 }
    }

    /// Takes a message of the hub.
    pub(super) fn hear(&mut self, message: &HubMessage<'_>) -> Result<()> {
        let HubMessage::Invocation(invocation) = message else { return Ok(()) };
        let (stamp,): (Stamp,) = invocation.arguments.decode(1)?;
        ensure!(stamp.number >= self.expected, "message {} was delivered twice", stamp.number);
        ensure!(stamp.number == self.expected, "message {} was lost", self.expected);
        self.expected += self.step;
        self.deliveries.add(stamp.sent_at);
        Ok(())
    }
}

/// The client that sends.
pub(super) struct Broadcaster {
    client: Client,
    route: Rc<Route>,
    deliveries: Rc<Deliveries>,
    /// None if everybody is sent to.
    groups: Vec<String>,
    /// How many listeners get each message.
    members: u64,
    window: u64,
    size: usize,
    sent: u64,
}

/// The name of a group, counted from 0.
pub(super) fn group_name(group: usize) -> String {
    format!("group-{group}")
}

impl Broadcaster {
    /// A sender to `listeners` in `groups` groups, or to all of them if there are none, with `window` messages of
    /// `size` bytes under way.
    pub(super) fn new(
        client: Client,
        route: Rc<Route>,
        deliveries: Rc<Deliveries>,
        (listeners, groups): (usize, usize),
        window: usize,
        size: usize,
    ) -> Self {
        let members = (listeners / groups.max(1)) as u64;
        let groups = (0..groups).map(group_name).collect();
        Self { client, route, deliveries, groups, members, window: window as u64, size, sent: 0 }
    }

    /// Sends until `until`, then waits for all deliveries; gives how many there were.
    pub(super) async fn send_until(&mut self, until: Instant) -> Result<u64> {
        let first = self.sent;
        while Instant::now() < until {
            self.send().await?;
            self.await_deliveries((self.sent + 1).saturating_sub(self.window)).await?;
            // Lets what else is ready run, so that a window is not sent as one piece.
            tokio::task::yield_now().await;
        }
        let last = self.await_deliveries(self.sent);
        tokio::time::timeout(LAST_WITHIN, last).await.with_context(|| {
            format!("deliveries did not come within {LAST_WITHIN:?}: {}", self.deliveries.count.get())
        })??;
        Ok((self.sent - first) * self.members)
    }

    async fn send(&mut self) -> Result<()> {
        let stamp = Stamp { sent_at: self.deliveries.epoch.elapsed(), number: self.sent };
        let text = stamp.text(self.size);
        let mut frame = Vec::with_capacity(256);
        let protocol = self.route.protocol;
        if self.groups.is_empty() {
            call_frame(protocol, &mut frame, None, "Broadcast", &(text.as_str(),))?;
        } else {
            let group = &self.groups[self.sent as usize % self.groups.len()];
            call_frame(protocol, &mut frame, None, "SendToGroup", &(group.as_str(), text.as_str()))?;
        }
        self.client.queue(&frame);
        self.client.flush().await?;
        self.sent += 1;
        Ok(())
    }

    /// Waits until the first so many messages arrived everywhere, and hears the sender's own copies meanwhile.
    async fn await_deliveries(&mut self, messages: u64) -> Result<()> {
        let Self { client, deliveries, members, .. } = self;
        let mut reached = std::pin::pin!(deliveries.reach(messages * *members));
        loop {
            tokio::select! {
                biased;
                () = &mut reached => return Ok(()),
                heard = client.hear(|_, _| Ok(())) => heard?,
            }
            client.flush().await?;
        }
    }
}

/// Puts a client into a group.
pub(super) async fn join_group(client: &mut Client, route: &Route, group: usize) -> Result<()> {
    let mut frame = Vec::new();
    call_frame(route.protocol, &mut frame, Some("1"), "JoinGroup", &(group_name(group),))?;
    client.queue(&frame);
    client.flush().await?;
    let mut is_in = false;
    while !is_in {
        client
            .hear(|message, _| {
                if let HubMessage::Completion(completion) = message {
                    if let CompletionOutcome::Error(error) = completion.outcome {
                        bail!("JoinGroup failed: {error}");
                    }
                    is_in = true;
                }
                Ok(())
            })
            .await?;
        client.flush().await?;
    }
    Ok(())
}
