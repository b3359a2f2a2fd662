//! What a connection needs to outlive its transport: what was received, when to say so, how long to wait.
//!
//! The other half, what was sent and not acknowledged, is the outbox's. Everything between two transports goes on: calls
//! run, messages are queued, groups stay; no hook is called.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hubcast_protocol::connection::Received;
use hubcast_protocol::{HubMessage, ProtocolError};
use tokio::time::{Instant, Sleep, sleep};

use super::live::Live;

/// The receiving half of a stateful reconnect.
pub(super) struct Stateful {
    received: Received,
    acknowledge_at: Option<Pin<Box<Sleep>>>,
    give_up_at: Option<Pin<Box<Sleep>>>,
}

/// How long what was received goes unacknowledged, as in ASP.NET Core.
const ACKNOWLEDGE_AFTER: Duration = Duration::from_secs(1);

impl Stateful {
    pub(super) fn new() -> Self {
        Self { received: Received::new(), acknowledge_at: None, give_up_at: None }
    }

    /// Hears what is about sequences, and says whether a message is for others to hear: one that came before is not.
    pub(super) fn hear(&mut self, live: &Live, message: &HubMessage<'_>) -> Result<bool, ProtocolError> {
        match message {
            HubMessage::Ack(ack) => live.outbox.acknowledged(ack.sequence_id),
            HubMessage::Sequence(sequence) => self.received.restart(sequence.sequence_id)?,
            HubMessage::Invocation(_)
            | HubMessage::StreamInvocation(_)
            | HubMessage::StreamItem(_)
            | HubMessage::Completion(_)
            | HubMessage::CancelInvocation(_)
            | HubMessage::Ping
            | HubMessage::Close(_) => return Ok(self.received.admits(message)),
        }
        Ok(false)
    }

    /// Acknowledges what was received once it is time.
    pub(super) fn poll_acknowledge(&mut self, live: &Live, cx: &mut Context<'_>) {
        if !self.received.owes_acknowledgement() {
            return;
        }
        let timer = self.acknowledge_at.get_or_insert_with(|| Box::pin(sleep(ACKNOWLEDGE_AFTER)));
        if timer.as_mut().poll(cx).is_pending() {
            return;
        }
        self.acknowledge_at = None;
        if let Some(id) = self.received.to_acknowledge() {
            live.outbox.append_control(live.framing(), |out| live.protocol().write_ack(out, id));
        }
    }

    /// The transport is gone: another one has `limit` to come.
    pub(super) fn detached(&mut self, limit: Duration) {
        self.give_up_at = Some(Box::pin(sleep(limit)));
    }

    /// Another transport has come: what to acknowledge by it at once, if that is overdue. The last acknowledgement may have
    /// been lost, and transports that live for less than a second each would never bring one, nor an end of what the
    /// client sends again: so the time to acknowledge runs on between them.
    pub(super) fn attached(&mut self) -> Option<i64> {
        self.give_up_at = None;
        self.received.acknowledge_again();
        let is_due = |timer: &mut Pin<Box<Sleep>>| timer.deadline() <= Instant::now();
        let _elapsed = self.acknowledge_at.take_if(is_due)?;
        self.received.to_acknowledge()
    }

    /// Ready when no other transport came in time.
    pub(super) fn poll_given_up(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.give_up_at {
            Some(timer) => timer.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }
}
