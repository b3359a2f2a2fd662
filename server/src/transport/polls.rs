//! Long polling: each GET carries what was sent since the one before, POSTs bring what is received.
//!
//! Invariant: bytes leave the outbox only for a poll that waits, and at most one answer is under way. A client that does
//! not poll is no stuck write; the outbox's limits count what waits for it, and its time-out ends the connection.
//! Not here: how polls replace each other (`poll_place`).

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, Sleep, sleep};
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::poll_place::Seen;
use super::{Inbox, Pieces};

/// The server's side of one connection by long polling.
pub(crate) struct Polls {
    inbox: Arc<Inbox>,
    limits: PollLimits,
    /// Pieces that were drained from the outbox and not yet given to a poll.
    writing: Pieces,
    written: usize,
    /// Whether a poll waited when this was last looked at, and nothing was there for it.
    can_write: bool,
    has_failed: bool,
    /// Fires no later than at the next deadline; most often it is only looked at then.
    timer: Pin<Box<Sleep>>,
    /// Held while a client that comes back is answered; a stopping server keeps its listeners that long.
    present: Option<TaskTrackerToken>,
}

/// The limits of long polling.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PollLimits {
    /// How long a poll waits.
    pub(crate) poll: Duration,
    /// How long the connection waits for a poll.
    pub(crate) between: Duration,
    /// Bytes of one answer, unless a single piece is larger; 0 for any number.
    pub(crate) body: usize,
}

impl Polls {
    pub(crate) fn new(inbox: Arc<Inbox>, limits: PollLimits, present: TaskTrackerToken) -> Self {
        Self {
            inbox,
            limits,
            writing: Pieces::new(),
            written: 0,
            can_write: false,
            has_failed: false,
            timer: Box::pin(sleep(limits.between)),
            present: Some(present),
        }
    }

    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        self.inbox.register(cx.waker());
        if let Some(length) = self.inbox.read(buffer) {
            return Poll::Ready(Ok(length));
        }
        if self.inbox.is_read_out() { Poll::Ready(Ok(0)) } else { Poll::Pending }
    }

    pub(super) fn is_deleted(&self) -> bool {
        self.inbox.is_shut()
    }

    pub(super) fn can_write(&self) -> bool {
        self.can_write
    }

    pub(super) fn queue(&mut self, pieces: Pieces) {
        self.writing.append(pieces);
    }

    pub(super) fn take_written(&mut self) -> usize {
        std::mem::take(&mut self.written)
    }

    /// Answers the poll that waits, if there is something to answer or it has waited long enough; what it cannot take
    /// stays here, and that is no reason to wait.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inbox.register(cx.waker());
        loop {
            let now = Instant::now();
            let seen = self.inbox.seen();
            let deadline = match seen {
                Seen::Waiting { since } => since + self.limits.poll,
                Seen::Nobody { since } => since + self.limits.between,
                Seen::Answered => now + self.limits.between,
            };
            match seen {
                Seen::Waiting { .. } if !self.writing.is_empty() => {
                    let body = self.next_body();
                    self.written += body.len();
                    self.inbox.answer(body);
                }
                Seen::Waiting { .. } if now >= deadline => self.inbox.answer(Bytes::new()),
                Seen::Nobody { .. } if now >= deadline => {
                    return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
                }
                Seen::Waiting { .. } | Seen::Nobody { .. } | Seen::Answered => {
                    self.can_write = matches!(seen, Seen::Waiting { .. });
                    if self.poll_deadline(deadline, cx).is_pending() {
                        return Poll::Ready(Ok(()));
                    }
                }
            }
        }
    }

    /// Begins the end; if the connection failed, the last poll is told so.
    pub(super) fn close(&mut self, has_failed: bool) {
        self.has_failed = has_failed;
        self.inbox.discard_posts();
    }

    /// Ready when what was to be said was taken, and a poll is there to be told that this was all.
    pub(super) fn poll_closed(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inbox.watch_answers();
        if let Poll::Ready(Err(error)) = self.poll_flush(cx) {
            return Poll::Ready(Err(error));
        }
        let seen = self.inbox.seen();
        let is_over = match seen {
            // Whoever deletes its connection does not come back for more.
            Seen::Nobody { .. } => self.inbox.is_shut(),
            Seen::Waiting { .. } => self.writing.is_empty(),
            Seen::Answered => false,
        };
        if is_over { Poll::Ready(Ok(())) } else { Poll::Pending }
    }

    pub(super) fn abandon(&mut self) {
        if self.has_failed {
            self.inbox.end_failed();
        } else {
            self.inbox.end();
        }
        self.writing = Pieces::new();
        self.present = None;
    }

    fn next_body(&mut self) -> Bytes {
        let limit = match self.limits.body {
            0 => usize::MAX,
            limit => limit,
        };
        let first = self.writing.pop().unwrap_or_default();
        let fits =
            |length: usize, next: &[u8]| !next.is_empty() && length.saturating_add(next.len()) <= limit;
        if !fits(first.len(), self.writing.front()) {
            return first;
        }
        let mut body = first.to_vec();
        while fits(body.len(), self.writing.front()) {
            let next = self.writing.front();
            let length = next.len();
            body.extend_from_slice(next);
            self.writing.advance(length);
        }
        body.into()
    }

    /// Ready at the deadline.
    fn poll_deadline(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        if self.timer.deadline() > deadline {
            self.timer.as_mut().reset(deadline);
        }
        while self.timer.as_mut().poll(cx).is_ready() {
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
            self.timer.as_mut().reset(deadline);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use tokio_util::task::TaskTracker;

    use super::*;
    use crate::transport::PollAnswer;

    const LIMITS: PollLimits =
        PollLimits { poll: Duration::from_secs(90), between: Duration::from_secs(15), body: 4 };

    #[tokio::test(start_paused = true)]
    async fn what_waits_goes_out_in_one_answer_up_to_the_limit_and_no_piece_is_split() {
        let (mut polls, inbox) = polls();
        polls.queue(["ab", "c", "defgh", "i"].map(Bytes::from).into_iter().collect());
        for wanted in ["abc", "defgh", "i"] {
            let poll = inbox.poll();
            flush(&mut polls);
            assert!(!polls.can_write());
            assert_eq!(poll.await, PollAnswer::Messages(Bytes::from(wanted)));
        }
        assert_eq!(polls.take_written(), 9);
        let _poll = inbox.poll();
        flush(&mut polls);
        assert!(polls.can_write());
    }

    #[tokio::test(start_paused = true)]
    async fn a_poll_without_messages_is_answered_after_its_time_out() {
        let (mut polls, inbox) = polls();
        let mut poll = inbox.poll();
        tokio::time::advance(Duration::from_secs(89)).await;
        flush(&mut polls);
        assert!(Pin::new(&mut poll).poll(&mut cx()).is_pending());
        tokio::time::advance(Duration::from_secs(1)).await;
        flush(&mut polls);
        assert_eq!(poll.await, PollAnswer::Messages(Bytes::new()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_poll_times_out_and_one_with_a_poll_does_not() {
        let (mut polls, inbox) = polls();
        let poll = inbox.poll();
        tokio::time::advance(Duration::from_secs(60)).await;
        flush(&mut polls);
        drop(poll);
        tokio::time::advance(Duration::from_secs(14)).await;
        flush(&mut polls);
        tokio::time::advance(Duration::from_secs(1)).await;
        let flushed = polls.poll_flush(&mut cx());
        assert!(matches!(flushed, Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::TimedOut));
    }

    #[tokio::test(start_paused = true)]
    async fn the_task_is_woken_at_each_deadline() {
        let (mut polls, inbox) = polls();
        let poll = inbox.poll();
        let driven = tokio::spawn(std::future::poll_fn(move |cx| match polls.poll_flush(cx) {
            Poll::Ready(Err(_)) => Poll::Ready(Instant::now()),
            Poll::Ready(Ok(())) | Poll::Pending => Poll::Pending,
        }));
        let began = Instant::now();
        assert_eq!(poll.await, PollAnswer::Messages(Bytes::new()));
        assert_eq!(began.elapsed().as_secs(), 90);
        let ended = driven.await.expect("nothing panics");
        assert_eq!((ended - began).as_secs(), 105);
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_answer_is_taken_before_the_end() {
        let (mut polls, inbox) = polls();
        polls.queue(Pieces::from_iter([Bytes::from_static(b"last")]));
        assert!(polls.poll_closed(&mut cx()).is_pending());
        let last = inbox.poll();
        assert!(polls.poll_closed(&mut cx()).is_pending());
        assert_eq!(last.await, PollAnswer::Messages(Bytes::from_static(b"last")));
        assert!(polls.poll_closed(&mut cx()).is_pending());
        let after = inbox.poll();
        assert!(polls.poll_closed(&mut cx()).is_ready());
        polls.abandon();
        assert_eq!(after.await, PollAnswer::Over);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_told_to_the_last_poll() {
        let (mut polls, inbox) = polls();
        let poll = inbox.poll();
        polls.close(true);
        assert!(polls.poll_closed(&mut cx()).is_ready());
        polls.abandon();
        assert_eq!(poll.await, PollAnswer::Failed);
    }

    fn polls() -> (Polls, Arc<Inbox>) {
        let inbox = Arc::new(Inbox::new(0));
        (Polls::new(Arc::clone(&inbox), LIMITS, TaskTracker::new().token()), inbox)
    }

    fn flush(polls: &mut Polls) {
        assert!(matches!(polls.poll_flush(&mut cx()), Poll::Ready(Ok(()))));
    }

    fn cx() -> Context<'static> {
        Context::from_waker(Waker::noop())
    }
}
