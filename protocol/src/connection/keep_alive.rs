//! When to ping, and when to give up on a silent or stuck peer.
//!
//! Time is counted from a start that the caller chooses; this file never reads a clock.

use std::time::Duration;

/// The time limits of a connection.
#[derive(Debug, Clone, Copy)]
pub struct KeepAlive {
    /// How often we ping, whatever else we send: the client's own time-out counts on it.
    pub ping_every: Duration,
    /// How long the peer may be silent, once it has shown that it pings.
    pub silence_limit: Duration,
    /// How long the handshake may take.
    pub handshake_limit: Duration,
    /// How long a write may be stuck.
    pub send_limit: Duration,
}

/// What has been seen of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observed {
    /// When it began.
    pub began_at: Duration,
    /// Whether its handshake is done.
    pub open: bool,
    /// When we last pinged; the start of the connection if never.
    pub last_ping_at: Duration,
    /// When something last arrived, if the peer has pinged and nothing excuses its silence.
    pub last_heard_at: Option<Duration>,
    /// Since when a write is stuck.
    pub stuck_since: Option<Duration>,
    /// When the peer's credentials expire, if that ends the connection.
    pub expires_at: Option<Duration>,
    /// Whether we ping, and silence and writes are watched at all: not between two transports, and not by long polling,
    /// whose polls show that the peer is there.
    pub watched: bool,
}

/// What has to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Send a ping.
    Ping,
    /// The peer was silent for too long.
    PeerSilent,
    /// The peer did not finish the handshake in time.
    HandshakeOverdue,
    /// The peer takes nothing in.
    SendOverdue,
    /// The peer's credentials have expired.
    Expired,
}

impl KeepAlive {
    /// What is due at `now`. Giving up wins over a ping due at the same time.
    pub fn due(&self, seen: &Observed, now: Duration) -> Option<Due> {
        if seen.stuck_since.is_some_and(|since| now >= since.saturating_add(self.send_limit)) {
            return Some(Due::SendOverdue);
        }
        if seen.expires_at.is_some_and(|at| now >= at) {
            return Some(Due::Expired);
        }
        if !seen.open {
            return (now >= seen.began_at.saturating_add(self.handshake_limit))
                .then_some(Due::HandshakeOverdue);
        }
        if !seen.watched {
            return None;
        }
        if seen.last_heard_at.is_some_and(|at| now >= at.saturating_add(self.silence_limit)) {
            return Some(Due::PeerSilent);
        }
        (now >= seen.last_ping_at.saturating_add(self.ping_every)).then_some(Due::Ping)
    }

    /// When to ask [`due`](Self::due) again, whatever happens between `now` and then.
    ///
    /// A handshake, a first ping or a stuck write sets a limit going that was not there before; so nobody is left
    /// alone for longer than the shortest of them.
    pub fn next_check_at(&self, seen: &Observed, now: Duration) -> Duration {
        let shortest = self.ping_every.min(self.silence_limit).min(self.send_limit);
        self.known_deadline(seen).min(now.saturating_add(shortest))
    }

    /// When something is due if nothing changes before.
    fn known_deadline(&self, seen: &Observed) -> Duration {
        let regular = if seen.open && !seen.watched {
            Duration::MAX
        } else if seen.open {
            let ping_at = seen.last_ping_at.saturating_add(self.ping_every);
            seen.last_heard_at.map_or(ping_at, |at| ping_at.min(at.saturating_add(self.silence_limit)))
        } else {
            seen.began_at.saturating_add(self.handshake_limit)
        };
        let regular = seen.expires_at.map_or(regular, |at| regular.min(at));
        seen.stuck_since.map_or(regular, |since| regular.min(since.saturating_add(self.send_limit)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: KeepAlive = KeepAlive {
        ping_every: seconds(15),
        silence_limit: seconds(30),
        handshake_limit: seconds(10),
        send_limit: seconds(5),
    };

    #[test]
    fn a_ping_is_due_after_the_interval_whatever_else_was_sent() {
        let seen = open();
        assert_eq!(LIMITS.due(&seen, seconds(114)), None);
        assert_eq!(LIMITS.due(&seen, seconds(115)), Some(Due::Ping));
        assert_eq!(LIMITS.next_check_at(&seen, seconds(113)), seconds(115));
    }

    #[test]
    fn silence_counts_only_once_the_peer_has_pinged() {
        let silent = Observed { last_ping_at: seconds(200), ..open() };
        assert_eq!(LIMITS.due(&silent, seconds(210)), None);
        let pinging = Observed { last_heard_at: Some(seconds(180)), ..silent };
        assert_eq!(LIMITS.due(&pinging, seconds(209)), None);
        assert_eq!(LIMITS.due(&pinging, seconds(210)), Some(Due::PeerSilent));
        assert_eq!(LIMITS.next_check_at(&pinging, seconds(209)), seconds(210));
    }

    #[test]
    fn silence_wins_over_a_ping_due_at_the_same_time() {
        let seen = Observed { last_heard_at: Some(seconds(85)), ..open() };
        assert_eq!(LIMITS.due(&seen, seconds(115)), Some(Due::PeerSilent));
    }

    #[test]
    fn an_unfinished_handshake_is_overdue_after_its_limit() {
        let seen = Observed { open: false, ..open() };
        assert_eq!(LIMITS.due(&seen, seconds(109)), None);
        assert_eq!(LIMITS.due(&seen, seconds(110)), Some(Due::HandshakeOverdue));
        assert_eq!(LIMITS.next_check_at(&seen, seconds(109)), seconds(110));
    }

    #[test]
    fn a_stuck_write_is_overdue_after_its_limit() {
        let seen = Observed { stuck_since: Some(seconds(101)), ..open() };
        assert_eq!(LIMITS.due(&seen, seconds(105)), None);
        assert_eq!(LIMITS.due(&seen, seconds(106)), Some(Due::SendOverdue));
        assert_eq!(LIMITS.next_check_at(&seen, seconds(105)), seconds(106));
    }

    #[test]
    fn credentials_that_expire_end_it_on_time() {
        let seen = Observed { expires_at: Some(seconds(103)), ..open() };
        assert_eq!(LIMITS.due(&seen, seconds(102)), None);
        assert_eq!(LIMITS.due(&seen, seconds(103)), Some(Due::Expired));
        assert_eq!(LIMITS.next_check_at(&seen, seconds(101)), seconds(103));
    }

    #[test]
    fn who_is_not_watched_is_neither_pinged_nor_given_up_for_its_silence() {
        let seen = Observed { watched: false, last_heard_at: Some(seconds(100)), ..open() };
        assert_eq!(LIMITS.due(&seen, seconds(1000)), None);
        assert_eq!(LIMITS.next_check_at(&seen, seconds(1000)), seconds(1005));
    }

    #[test]
    fn a_limit_that_starts_after_a_look_is_kept_too() {
        let shaking = Observed { open: false, ..open() };
        let hasty = KeepAlive { ping_every: seconds(2), ..LIMITS };
        assert_eq!(hasty.next_check_at(&shaking, seconds(100)), seconds(102));
        assert_eq!(LIMITS.next_check_at(&open(), seconds(100)), seconds(105));
    }

    fn open() -> Observed {
        Observed {
            began_at: seconds(100),
            open: true,
            last_ping_at: seconds(100),
            last_heard_at: None,
            stuck_since: None,
            expires_at: None,
            watched: true,
        }
    }

    const fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }
}
