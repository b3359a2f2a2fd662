//! What waits to be sent to one connection: whole frames, bounded in bytes, in the order in which they were queued.
//!
//! Invariants: the lock is private and never held over an await or around user code that could come back here; a
//! message is queued whole or not at all; an idle outbox owns no heap memory.
//! What happens when it is full: a sender to this connection alone waits at the soft limit; over the hard limit the
//! connection is marked as overflowed and ends. Nothing is ever dropped out of the middle.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use hubcast_protocol::EncodeError;
use hubcast_websocket::{Opcode, OpenFrame};
use parking_lot::Mutex;

/// The queue of one connection. The connection's task drains it; anyone may push.
pub(crate) struct Outbox {
    state: Mutex<State>,
    limits: SendLimits,
}

/// How many bytes may wait.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SendLimits {
    pub(crate) soft: usize,
    pub(crate) hard: usize,
}

struct State {
    /// Frames shared with other connections, and finished tails.
    frames: VecDeque<Bytes>,
    /// Frames of this connection alone, encoded in place; the last of them may be open.
    tail: Vec<u8>,
    open_frame: Option<(OpenFrame, Opcode)>,
    /// Bytes queued here or handed out and not yet written.
    waiting: usize,
    task: Option<Waker>,
    /// Whether the task wants to be woken by a push.
    task_waits: bool,
    /// Senders that wait for room; boxed, as there are none most of the time.
    #[expect(clippy::box_collection, reason = "8 bytes in every connection instead of 24")]
    senders: Option<Box<Vec<Waker>>>,
    condition: Condition,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    Open,
    Overflowed,
    Closed,
}

impl Outbox {
    pub(crate) fn new(limits: SendLimits) -> Self {
        let state = State {
            frames: VecDeque::new(),
            tail: Vec::new(),
            open_frame: None,
            waiting: 0,
            task: None,
            task_waits: false,
            senders: None,
            condition: Condition::Open,
        };
        Self { state: Mutex::new(state), limits }
    }

    /// Queues a frame that other connections get too.
    pub(crate) fn push(&self, frame: Bytes) {
        let task = {
            let mut state = self.state.lock();
            if state.condition != Condition::Open {
                return;
            }
            state.seal_tail();
            state.waiting += frame.len();
            state.frames.push_back(frame);
            state.overflow_over(self.limits.hard);
            state.task_that_waits()
        };
        wake(task);
    }

    /// Encodes hub messages into the frame that is sent next. A failed `write` leaves nothing behind.
    pub(crate) fn append(
        &self,
        opcode: Opcode,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        let task = {
            let mut state = self.state.lock();
            if state.condition != Condition::Open {
                return Ok(());
            }
            state.encode(opcode, write)?;
            state.overflow_over(self.limits.hard);
            state.task_that_waits()
        };
        wake(task);
        Ok(())
    }

    /// Queues the last messages of the connection and closes the outbox: what is pushed later is let go.
    pub(crate) fn close_with(&self, opcode: Opcode, last: impl FnOnce(&mut Vec<u8>)) {
        let mut last = Some(last);
        let senders = {
            let mut state = self.state.lock();
            let written = state.encode(opcode, &mut |out| {
                if let Some(last) = last.take() {
                    last(out);
                }
                Ok(())
            });
            debug_assert!(written.is_ok());
            state.condition = Condition::Closed;
            state.senders.take()
        };
        wake_all(senders);
    }

    /// Forgets everything: the transport is gone.
    pub(crate) fn discard(&self) {
        let senders = {
            let mut state = self.state.lock();
            state.frames = VecDeque::new();
            state.tail = Vec::new();
            state.open_frame = None;
            state.waiting = 0;
            state.condition = Condition::Closed;
            state.task = None;
            state.senders.take()
        };
        wake_all(senders);
    }

    /// Moves all that waits into `batch` and says whether there was anything. Pushes wake nobody until
    /// [`rest`](Self::rest).
    ///
    /// `written` counts the bytes that were handed out before and have been written since: they no longer wait.
    pub(crate) fn drain(&self, batch: &mut VecDeque<Bytes>, written: usize) -> Drained {
        let (drained, senders) = {
            let mut state = self.state.lock();
            state.task_waits = false;
            state.waiting = state.waiting.saturating_sub(written);
            let senders = if state.waiting < self.limits.soft { state.senders.take() } else { None };
            if state.condition == Condition::Overflowed {
                (Drained::Overflowed, senders)
            } else if state.frames.is_empty() && state.tail.is_empty() {
                (Drained::Nothing, senders)
            } else {
                state.seal_tail();
                if batch.is_empty() {
                    std::mem::swap(batch, &mut state.frames);
                } else {
                    batch.append(&mut state.frames);
                }
                (Drained::Some, senders)
            }
        };
        wake_all(senders);
        drained
    }

    /// Has `task` woken by the next push, unless something waits already: then it is `false`.
    pub(crate) fn rest(&self, task: &Waker) -> bool {
        let mut state = self.state.lock();
        let idle =
            state.condition != Condition::Overflowed && state.frames.is_empty() && state.tail.is_empty();
        if idle {
            state.register(task, true);
        }
        idle
    }

    /// Has `task` woken by [`wake`](Self::wake) alone: it is busy writing what it drained before.
    pub(crate) fn register(&self, task: &Waker) {
        self.state.lock().register(task, false);
    }

    /// Wakes the connection's task: something other than a message waits for it.
    pub(crate) fn wake(&self) {
        wake(self.state.lock().task.take());
    }

    /// Whether a sender to this connection alone has to wait.
    pub(crate) fn is_full(&self) -> bool {
        let state = self.state.lock();
        state.condition == Condition::Open && state.waiting >= self.limits.soft
    }

    /// Waits until the outbox is no longer full, or its connection has ended.
    pub(crate) async fn room(&self) {
        poll_fn(|cx| self.poll_room(cx)).await;
    }

    fn poll_room(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state.lock();
        if state.condition != Condition::Open || state.waiting < self.limits.soft {
            return Poll::Ready(());
        }
        let senders = state.senders.get_or_insert_default();
        if !senders.iter().any(|known| known.will_wake(cx.waker())) {
            senders.push(cx.waker().clone());
        }
        Poll::Pending
    }
}

/// What a drain found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drained {
    Nothing,
    Some,
    /// More waits than the hard limit allows: the connection has to end.
    Overflowed,
}

impl State {
    fn encode(
        &mut self,
        opcode: Opcode,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        if self.open_frame.as_ref().is_some_and(|(_, kind)| *kind != opcode) {
            self.finish_frame();
        }
        let before = self.tail.len();
        let (frame, opcode) =
            self.open_frame.take().unwrap_or_else(|| (OpenFrame::begin(&mut self.tail), opcode));
        let begun = self.tail.len();
        // A panic in the user's serializer must not leave half a message in what others will read.
        let outcome = catch_unwind(AssertUnwindSafe(|| write(&mut self.tail)));
        if !matches!(outcome, Ok(Ok(()))) {
            self.tail.truncate(begun);
            if begun > before {
                frame.abandon(&mut self.tail);
                return outcome.unwrap_or_else(|panic| resume_unwind(panic));
            }
        }
        self.open_frame = Some((frame, opcode));
        self.waiting += self.tail.len() - before;
        outcome.unwrap_or_else(|panic| resume_unwind(panic))
    }

    fn register(&mut self, task: &Waker, waits: bool) {
        if !self.task.as_ref().is_some_and(|known| known.will_wake(task)) {
            self.task = Some(task.clone());
        }
        self.task_waits = waits;
    }

    fn task_that_waits(&mut self) -> Option<Waker> {
        if !std::mem::take(&mut self.task_waits) {
            return None;
        }
        self.task.take()
    }

    fn finish_frame(&mut self) {
        if let Some((frame, opcode)) = self.open_frame.take() {
            let before = self.tail.len();
            frame.finish(&mut self.tail, opcode);
            self.waiting = self.waiting + self.tail.len() - before;
        }
    }

    fn seal_tail(&mut self) {
        self.finish_frame();
        if !self.tail.is_empty() {
            self.frames.push_back(Bytes::from(std::mem::take(&mut self.tail)));
        }
    }

    fn overflow_over(&mut self, hard: usize) {
        if self.waiting > hard {
            self.condition = Condition::Overflowed;
            self.frames = VecDeque::new();
            self.tail = Vec::new();
            self.open_frame = None;
        }
    }
}

fn wake(task: Option<Waker>) {
    if let Some(task) = task {
        task.wake();
    }
}

#[expect(clippy::box_collection, reason = "as the outbox keeps them")]
fn wake_all(senders: Option<Box<Vec<Waker>>>) {
    for sender in senders.into_iter().flat_map(|senders| *senders) {
        sender.wake();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use super::*;

    const LIMITS: SendLimits = SendLimits { soft: 10, hard: 20 };

    #[test]
    fn what_is_queued_leaves_in_order_in_one_batch() {
        let outbox = Outbox::new(SendLimits { soft: 1000, hard: 1000 });
        append(&outbox, "a");
        append(&outbox, "b");
        outbox.push(Bytes::from_static(b"\x81\x01c"));
        append(&outbox, "d");
        assert_eq!(drain(&outbox), (Drained::Some, b"\x81\x02ab\x81\x01c\x81\x01d".to_vec()));
        assert_eq!(drain(&outbox), (Drained::Nothing, vec![]));
    }

    #[test]
    fn a_message_that_cannot_be_encoded_leaves_nothing_not_even_an_empty_frame() {
        let outbox = Outbox::new(LIMITS);
        let failed = outbox.append(Opcode::Text, &mut |_| Err(EncodeError::TooLarge));
        assert!(failed.is_err());
        assert_eq!(drain(&outbox), (Drained::Nothing, vec![]));
        append(&outbox, "a");
        let failed = outbox.append(Opcode::Text, &mut |_| Err(EncodeError::TooLarge));
        assert!(failed.is_err());
        assert_eq!(drain(&outbox), (Drained::Some, b"\x81\x01a".to_vec()));
    }

    #[test]
    fn a_panic_while_encoding_leaves_nothing() {
        let outbox = Outbox::new(LIMITS);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            outbox.append(Opcode::Text, &mut |out| {
                out.extend_from_slice(b"half");
                panic!("in a serializer")
            })
        }));
        assert!(panicked.is_err());
        append(&outbox, "a");
        assert_eq!(drain(&outbox), (Drained::Some, b"\x81\x01a".to_vec()));
    }

    #[test]
    fn over_the_hard_limit_the_connection_is_marked_and_nothing_more_is_kept() {
        let outbox = Outbox::new(LIMITS);
        outbox.push(Bytes::from_static(&[0; 15]));
        outbox.push(Bytes::from_static(&[0; 15]));
        assert_eq!(drain(&outbox), (Drained::Overflowed, vec![]));
    }

    #[test]
    fn bytes_count_until_they_are_written() {
        let outbox = Outbox::new(LIMITS);
        outbox.push(Bytes::from_static(&[0; 15]));
        assert_eq!(drain(&outbox).0, Drained::Some);
        assert!(outbox.is_full());
        outbox.drain(&mut VecDeque::new(), 15);
        assert!(!outbox.is_full());
    }

    #[test]
    fn a_sender_waits_for_room_until_enough_is_written_or_the_connection_ends() {
        let outbox = Outbox::new(LIMITS);
        outbox.push(Bytes::from_static(&[0; 15]));
        let woken = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut cx = Context::from_waker(&waker);
        assert!(outbox.poll_room(&mut cx).is_pending());
        drain(&outbox);
        assert_eq!(woken.0.load(Ordering::Relaxed), 0);
        outbox.drain(&mut VecDeque::new(), 15);
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
        assert!(outbox.poll_room(&mut cx).is_ready());
        outbox.push(Bytes::from_static(&[0; 15]));
        assert!(outbox.poll_room(&mut cx).is_pending());
        outbox.discard();
        assert!(outbox.poll_room(&mut cx).is_ready());
    }

    #[test]
    fn a_push_wakes_the_task_only_when_it_waits_for_messages() {
        let outbox = Outbox::new(LIMITS);
        let woken = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&woken));
        outbox.register(&waker);
        append(&outbox, "a");
        assert_eq!(woken.0.load(Ordering::Relaxed), 0);
        outbox.wake();
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
        assert!(!outbox.rest(&waker), "something waits");
        drain(&outbox);
        assert!(outbox.rest(&waker));
        append(&outbox, "b");
        append(&outbox, "c");
        assert_eq!(woken.0.load(Ordering::Relaxed), 2);
        drain(&outbox);
        append(&outbox, "by the task itself");
        assert_eq!(woken.0.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn nothing_is_queued_behind_the_last_message() {
        let outbox = Outbox::new(LIMITS);
        outbox.close_with(Opcode::Text, |out| out.push(b'z'));
        append(&outbox, "late");
        outbox.push(Bytes::from_static(b"later"));
        assert_eq!(drain(&outbox), (Drained::Some, b"\x81\x01z".to_vec()));
    }

    #[test]
    fn an_outbox_stays_small() {
        assert!(size_of::<Outbox>() <= 152, "{}", size_of::<Outbox>());
    }

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn append(outbox: &Outbox, text: &str) {
        let queued = outbox.append(Opcode::Text, &mut |out| {
            out.extend_from_slice(text.as_bytes());
            Ok(())
        });
        assert!(queued.is_ok());
    }

    fn drain(outbox: &Outbox) -> (Drained, Vec<u8>) {
        let mut batch = VecDeque::new();
        let drained = outbox.drain(&mut batch, 0);
        (drained, batch.into_iter().flatten().collect())
    }
}
