//! The state machine of a connection: bytes, new transports, acknowledgements and time, in any order.
//!
//! An input is a row of steps: a byte that says which, and what it needs behind it.

use std::time::Duration;

use hubcast_protocol::connection::{Due, Inbound, KeepAlive, Observed, Received};
use hubcast_protocol::{HubMessage, HubProtocol};

use crate::script::Script;

/// One connection from its first byte on.
pub fn connection(data: &[u8]) {
    let mut script = Script(data);
    let mut side = Side::new();
    while let Some(step) = script.byte() {
        match step % 8 {
            0..=2 => {
                if !side.hear(script.some()) {
                    return;
                }
            }
            3 => side.switch_to(HubProtocol::Json),
            4 => side.switch_to(HubProtocol::MessagePack),
            5 => side.new_transport(),
            6 => side.acknowledge(),
            _ => keep_alive(&mut script),
        }
    }
}

struct Side {
    inbound: Inbound,
    protocol: HubProtocol,
    received: Received,
    /// The number that the peer gives its next message.
    next: i64,
    /// The highest number that was let in.
    latest: i64,
    acknowledged: i64,
}

impl Side {
    fn new() -> Self {
        Self {
            inbound: Inbound::new(Some(1024)),
            protocol: HubProtocol::Json,
            received: Received::new(),
            next: 1,
            latest: 0,
            acknowledged: 0,
        }
    }

    /// Takes bytes; `false` when the connection has to end.
    fn hear(&mut self, mut bytes: &[u8]) -> bool {
        loop {
            let payload = match self.inbound.next(&mut bytes) {
                Ok(Some(payload)) => payload,
                Ok(None) => return true,
                Err(_) => return false,
            };
            match self.protocol.decode(payload) {
                Ok(Some(HubMessage::Sequence(sequence))) => {
                    let restarted = self.received.restart(sequence.sequence_id);
                    assert_eq!(restarted.is_ok(), sequence.sequence_id <= self.latest + 1);
                    if restarted.is_err() {
                        return false;
                    }
                    self.next = sequence.sequence_id.max(1);
                }
                Ok(Some(message)) => {
                    let admitted = self.received.admits(&message);
                    if is_counted(&message) {
                        assert_eq!(admitted, self.next > self.latest, "message {}", self.next);
                        assert!(self.next <= self.latest + 1, "message {} came too early", self.next);
                        self.latest = self.latest.max(self.next);
                        self.next += 1;
                    } else {
                        assert!(admitted, "{message:?} was dropped");
                    }
                }
                Ok(None) => {}
                Err(_) => return false,
            }
        }
    }

    fn switch_to(&mut self, protocol: HubProtocol) {
        if !self.inbound.is_inside_message() {
            self.inbound.switch_to(protocol);
            self.protocol = protocol;
        }
    }

    fn new_transport(&mut self) {
        self.inbound.restart();
        assert!(!self.inbound.is_inside_message());
        self.received.acknowledge_again();
        self.acknowledged = 0;
    }

    fn acknowledge(&mut self) {
        let expected = (self.latest != self.acknowledged).then_some(self.latest);
        assert_eq!(self.received.owes_acknowledgement(), expected.is_some());
        assert_eq!(self.received.to_acknowledge(), expected);
        self.acknowledged = self.latest;
    }
}

fn is_counted(message: &HubMessage<'_>) -> bool {
    !matches!(message, HubMessage::Ping | HubMessage::Close(_) | HubMessage::Ack(_) | HubMessage::Sequence(_))
}

/// Nothing is due before the next look, that look is not now, and what is due is due later too.
fn keep_alive(script: &mut Script<'_>) {
    let mut seconds = || Duration::from_secs(u64::from(script.number()));
    let limit = |seconds: Duration| seconds + Duration::from_secs(1);
    let limits = KeepAlive {
        ping_every: limit(seconds()),
        silence_limit: limit(seconds()),
        handshake_limit: limit(seconds()),
        send_limit: limit(seconds()),
    };
    let (began_at, last_ping_at, heard, stuck, expires, now) =
        (seconds(), seconds(), seconds(), seconds(), seconds(), seconds());
    let flags = script.number();
    let given = |bit: u8, at: Duration| (flags & bit != 0).then_some(at);
    let seen = Observed {
        began_at,
        open: flags & 1 != 0,
        last_ping_at,
        last_heard_at: given(2, heard),
        stuck_since: given(4, stuck),
        expires_at: given(8, expires),
        watched: flags & 16 != 0,
    };
    let next = limits.next_check_at(&seen, now);
    match limits.due(&seen, now) {
        None => {
            assert!(next > now, "{limits:?} {seen:?} at {now:?}");
            let before = next - Duration::from_nanos(1);
            assert_eq!(limits.due(&seen, before), None, "{limits:?} {seen:?} before {next:?}");
        }
        Some(Due::Ping) => {}
        Some(due) => {
            let later = limits.due(&seen, now + Duration::from_secs(1000));
            assert!(later.is_some_and(|later| later != Due::Ping), "{due:?} passed: {limits:?} {seen:?}");
        }
    }
}
