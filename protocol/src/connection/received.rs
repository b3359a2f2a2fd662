//! Which messages have been received, for connections that may move to another transport (stateful reconnect).
//!
//! Only messages of the kinds 1 to 5 count; both sides number them from 1 in the order in which they are sent. After a
//! reconnect the peer says at which number it starts again, and what was received before is dropped.

use crate::{HubMessage, ProtocolError};

/// The receiving side's count of one connection's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// The number of the next message that arrives.
    next: i64,
    /// The highest number that was received.
    latest: i64,
    acknowledged: i64,
}

impl Received {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { next: 1, latest: 0, acknowledged: 0 }
    }

    /// Counts a message that has arrived; `false` if it was received before and is to be dropped.
    pub fn admits(&mut self, message: &HubMessage<'_>) -> bool {
        if !is_counted(message) {
            return true;
        }
        let number = self.next;
        self.next += 1;
        if number <= self.latest {
            return false;
        }
        self.latest = number;
        true
    }

    /// The peer starts again at `number`.
    ///
    /// # Errors
    ///
    /// If messages before it are missing.
    pub fn restart(&mut self, number: i64) -> Result<(), ProtocolError> {
        // Not the next number: a repetition that was cut short leaves that behind what was received and acknowledged.
        if number > self.latest + 1 {
            return Err(ProtocolError::SequenceAhead);
        }
        self.next = number.max(1);
        Ok(())
    }

    /// The number to acknowledge, if anything was received since this was last asked.
    pub fn to_acknowledge(&mut self) -> Option<i64> {
        if self.latest == self.acknowledged {
            return None;
        }
        self.acknowledged = self.latest;
        Some(self.latest)
    }

    /// Has all that was received acknowledged once more.
    pub fn acknowledge_again(&mut self) {
        self.acknowledged = 0;
    }

    /// Whether something was received that has not been acknowledged.
    pub fn owes_acknowledgement(&self) -> bool {
        self.latest != self.acknowledged
    }
}

impl Default for Received {
    fn default() -> Self {
        Self::new()
    }
}

fn is_counted(message: &HubMessage<'_>) -> bool {
    match message {
        HubMessage::Invocation(_)
        | HubMessage::StreamInvocation(_)
        | HubMessage::StreamItem(_)
        | HubMessage::Completion(_)
        | HubMessage::CancelInvocation(_) => true,
        HubMessage::Ping | HubMessage::Close(_) | HubMessage::Ack(_) | HubMessage::Sequence(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HubProtocol;

    #[test]
    fn a_replayed_message_is_dropped_and_what_follows_counts() {
        let mut received = Received::new();
        assert!(item(&mut received) && item(&mut received));
        received.restart(2).expect("nothing is missing");
        assert!(!item(&mut received));
        assert!(item(&mut received));
        assert_eq!(received.to_acknowledge(), Some(3));
        assert_eq!(received.to_acknowledge(), None);
    }

    #[test]
    fn pings_do_not_count() {
        let mut received = Received::new();
        assert!(received.admits(&HubMessage::Ping));
        assert!(!received.owes_acknowledgement());
    }

    #[test]
    fn after_a_repetition_that_was_cut_short_the_peer_may_start_behind_what_was_acknowledged() {
        let mut received = Received::new();
        assert!(item(&mut received) && item(&mut received) && item(&mut received));
        received.restart(1).expect("nothing is missing");
        assert_eq!(received.to_acknowledge(), Some(3));
        assert!(!item(&mut received));
        received.restart(4).expect("nothing is missing");
        assert!(item(&mut received));
        assert_eq!(received.to_acknowledge(), Some(4));
    }

    #[test]
    fn a_start_beyond_what_was_received_is_an_error() {
        let mut received = Received::new();
        assert!(item(&mut received));
        received.restart(2).expect("the next one");
        let error = received.restart(3).expect_err("one is missing");
        assert_eq!(error.to_string(), "Sequence ID greater than amount of messages we've received.");
    }

    fn item(received: &mut Received) -> bool {
        let item = HubProtocol::Json.decode(br#"{"type":2,"invocationId":"1","item":1}"#);
        received.admits(&item.expect("well-formed").expect("known"))
    }
}
