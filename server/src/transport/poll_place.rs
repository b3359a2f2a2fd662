//! Where the polls of one connection wait, one at a time, and where its task leaves their answers.
//!
//! Invariant: an answer stays here until a poll has taken it along. It is for whichever poll is the newest: one that was
//! replaced or whose client went away leaves it to the next, so that nothing is lost and nothing changes places.

use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use tokio::time::Instant;

/// The place.
pub(super) struct PollPlace {
    /// The number of the newest poll.
    newest: u64,
    occupant: Occupant,
    answer: Option<Bytes>,
}

/// Whether a poll is there.
enum Occupant {
    None { since: Instant },
    Waiting { since: Instant, waker: Option<Waker> },
}

/// What the connection's task finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// No poll is there.
    Nobody { since: Instant },
    /// A poll waits for an answer.
    Waiting { since: Instant },
    /// A poll is about to take its answer.
    Answered,
}

/// What a poll finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Answer(Bytes),
    /// A newer poll is there.
    Replaced,
}

impl PollPlace {
    pub(super) fn new() -> Self {
        Self { newest: 0, occupant: Occupant::None { since: Instant::now() }, answer: None }
    }

    /// Lets a poll in, whose number it gives, and says who has to be told that it was replaced.
    pub(super) fn enter(&mut self) -> (u64, Option<Waker>) {
        self.newest += 1;
        let entered = Occupant::Waiting { since: Instant::now(), waker: None };
        (self.newest, std::mem::replace(&mut self.occupant, entered).into_waker())
    }

    /// What there is for a poll; an answer is taken along.
    pub(super) fn poll(&mut self, number: u64, cx: &mut Context<'_>) -> Poll<Found> {
        if number != self.newest {
            return Poll::Ready(Found::Replaced);
        }
        if let Some(answer) = self.answer.take() {
            self.occupant = Occupant::None { since: Instant::now() };
            return Poll::Ready(Found::Answer(answer));
        }
        if let Occupant::Waiting { waker, .. } = &mut self.occupant {
            *waker = Some(cx.waker().clone());
        }
        Poll::Pending
    }

    /// Lets a poll go whose client has gone; says whether it was the one that is here.
    pub(super) fn leave(&mut self, number: u64) -> bool {
        let is_here = number == self.newest && matches!(self.occupant, Occupant::Waiting { .. });
        if is_here {
            self.occupant = Occupant::None { since: Instant::now() };
        }
        is_here
    }

    /// Leaves an answer for the poll that waits; the waker is its.
    pub(super) fn answer(&mut self, answer: Bytes) -> Option<Waker> {
        debug_assert!(self.answer.is_none(), "an answer is left only where none is");
        self.answer = Some(answer);
        self.waker()
    }

    /// What the connection's task has to know.
    pub(super) fn seen(&self) -> Seen {
        match (&self.occupant, &self.answer) {
            (Occupant::None { since }, _) => Seen::Nobody { since: *since },
            (Occupant::Waiting { .. }, Some(_)) => Seen::Answered,
            (Occupant::Waiting { since, .. }, None) => Seen::Waiting { since: *since },
        }
    }

    /// Who waits, to be told to look again.
    pub(super) fn waker(&mut self) -> Option<Waker> {
        match &mut self.occupant {
            Occupant::None { .. } => None,
            Occupant::Waiting { waker, .. } => waker.take(),
        }
    }
}

impl Occupant {
    fn into_waker(self) -> Option<Waker> {
        match self {
            Self::None { .. } => None,
            Self::Waiting { waker, .. } => waker,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_that_was_not_taken_is_the_next_polls() {
        let mut place = PollPlace::new();
        let (first, _) = place.enter();
        assert_eq!(look(&mut place, first), Poll::Pending);
        assert!(place.answer(Bytes::from_static(b"x")).is_some());
        assert_eq!(place.seen(), Seen::Answered);
        assert!(place.leave(first));
        assert!(matches!(place.seen(), Seen::Nobody { .. }));
        let (second, replaced) = place.enter();
        assert!(replaced.is_none());
        assert_eq!(place.seen(), Seen::Answered);
        assert_eq!(look(&mut place, second), Poll::Ready(Found::Answer(Bytes::from_static(b"x"))));
        assert!(!place.leave(second));
    }

    #[tokio::test]
    async fn a_newer_poll_takes_over_the_answer_of_the_older() {
        let mut place = PollPlace::new();
        let (first, _) = place.enter();
        assert_eq!(look(&mut place, first), Poll::Pending);
        place.answer(Bytes::from_static(b"x"));
        let (second, _) = place.enter();
        assert_eq!(look(&mut place, first), Poll::Ready(Found::Replaced));
        assert!(!place.leave(first));
        assert_eq!(look(&mut place, second), Poll::Ready(Found::Answer(Bytes::from_static(b"x"))));
    }

    #[tokio::test]
    async fn a_poll_that_is_replaced_while_it_waits_is_told() {
        let mut place = PollPlace::new();
        let (first, _) = place.enter();
        assert_eq!(look(&mut place, first), Poll::Pending);
        assert!(place.enter().1.is_some());
    }

    fn look(place: &mut PollPlace, number: u64) -> Poll<Found> {
        place.poll(number, &mut Context::from_waker(Waker::noop()))
    }
}
