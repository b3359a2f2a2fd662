//! What waits to be sent to one connection: whole frames, bounded in bytes, in the order in which they were queued.
//!
//! Invariants: the lock is private and never held over an await or around user code that could come back here; a
//! message is queued whole or not at all; an idle outbox owns no heap memory.
//! What happens when it is full: a sender to this connection alone waits at the soft limit; over the hard limit the
//! connection is marked as overflowed and ends, unless a single message went over it while little waited. Nothing is
//! ever dropped out of the middle.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use hubcast_protocol::EncodeError;
use hubcast_websocket::{Opcode, OpenFrame};
use parking_lot::Mutex;

use super::encoding_buffer::with_encoding_buffer;

/// The queue of one connection. The connection's task drains it; anyone may push.
pub(crate) struct Outbox {
    state: Mutex<State>,
    /// Whether the soft limit is reached, for those who only look.
    full: AtomicBool,
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
    /// Frames of this connection alone; the last of them may be open.
    tail: Vec<u8>,
    open: Option<(OpenFrame, Opcode)>,
    /// Bytes queued here or handed out and not yet written.
    waiting: usize,
    /// What the hard limit is raised by while a single message that is larger than it waits.
    allowance: usize,
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
            open: None,
            waiting: 0,
            allowance: 0,
            task: None,
            task_waits: false,
            senders: None,
            condition: Condition::Open,
        };
        Self { state: Mutex::new(state), full: AtomicBool::new(false), limits }
    }

    /// Queues a frame that other connections get too.
    pub(crate) fn push(&self, frame: Bytes) {
        let task = {
            let mut state = self.state.lock();
            if state.condition != Condition::Open {
                return;
            }
            state.seal_tail();
            let before = state.waiting;
            state.waiting += frame.len();
            state.frames.push_back(frame);
            state.check_overflow(before, self.limits);
            self.note_fullness(&state);
            state.task_to_wake()
        };
        wake(task);
    }

    /// Encodes hub messages into the frame that is sent next. A failed `write` leaves nothing behind.
    ///
    /// `write` runs before the lock is taken: a slow serializer of the application holds up nobody else's messages.
    pub(crate) fn append(
        &self,
        opcode: Opcode,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        with_encoding_buffer(|messages| {
            write(messages)?;
            let task = {
                let mut state = self.state.lock();
                if state.condition != Condition::Open {
                    return Ok(());
                }
                let before = state.waiting;
                state.extend_tail(opcode, messages);
                state.check_overflow(before, self.limits);
                self.note_fullness(&state);
                state.task_to_wake()
            };
            wake(task);
            Ok(())
        })
    }

    /// Queues the last messages of the connection and closes the outbox: what is pushed later is let go.
    pub(crate) fn close_with(&self, opcode: Opcode, last: impl FnOnce(&mut Vec<u8>)) {
        let senders = {
            let mut messages = Vec::new();
            last(&mut messages);
            let mut state = self.state.lock();
            state.extend_tail(opcode, &messages);
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
            state.open = None;
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
            let senders = state.count_written(written, self.limits);
            self.note_fullness(&state);
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

    /// Counts bytes as written that were handed out before.
    pub(crate) fn written(&self, bytes: usize) {
        let senders = {
            let mut state = self.state.lock();
            let senders = state.count_written(bytes, self.limits);
            self.note_fullness(&state);
            senders
        };
        wake_all(senders);
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

    /// Has `task`, which is busy writing what it drained before, woken by [`wake`](Self::wake) and by an overflow alone;
    /// `false` if it has overflowed.
    pub(crate) fn register(&self, task: &Waker) -> bool {
        let mut state = self.state.lock();
        let fits = state.condition != Condition::Overflowed;
        if fits {
            state.register(task, false);
        }
        fits
    }

    /// Whether more waited than the hard limit allows.
    pub(crate) fn has_overflowed(&self) -> bool {
        self.state.lock().condition == Condition::Overflowed
    }

    /// Wakes the connection's task: something other than a message waits for it.
    pub(crate) fn wake(&self) {
        wake(self.state.lock().task.take());
    }

    /// Whether so much waits that whoever makes more of it for this connection alone should wait.
    pub(crate) fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    fn note_fullness(&self, state: &State) {
        let full = state.condition == Condition::Open && state.waiting >= self.limits.soft;
        self.full.store(full, Ordering::Relaxed);
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
    /// Puts messages behind those of the open frame, or opens one. A frame is finished once it is large, as some
    /// clients limit what they take at once.
    fn extend_tail(&mut self, opcode: Opcode, messages: &[u8]) {
        let joins = |(frame, kind): &(OpenFrame, Opcode)| {
            *kind == opcode && frame.payload_len(&self.tail) < LARGE_FRAME
        };
        if !self.open.as_ref().is_some_and(joins) {
            self.finish_frame();
        }
        let before = self.tail.len();
        if self.open.is_none() {
            self.open = Some((OpenFrame::begin(&mut self.tail), opcode));
        }
        self.tail.extend_from_slice(messages);
        self.waiting += self.tail.len() - before;
    }

    fn finish_frame(&mut self) {
        if let Some((frame, opcode)) = self.open.take() {
            let before = self.tail.len();
            frame.finish(&mut self.tail, opcode);
            self.waiting += self.tail.len() - before;
        }
    }

    /// Says who of the senders may go on.
    #[expect(clippy::box_collection, reason = "as the outbox keeps them")]
    fn count_written(&mut self, bytes: usize, limits: SendLimits) -> Option<Box<Vec<Waker>>> {
        self.waiting = self.waiting.saturating_sub(bytes);
        if self.waiting <= limits.soft {
            self.allowance = 0;
        }
        if self.waiting < limits.soft { self.senders.take() } else { None }
    }

    fn register(&mut self, task: &Waker, waits: bool) {
        if !self.task.as_ref().is_some_and(|known| known.will_wake(task)) {
            self.task = Some(task.clone());
        }
        self.task_waits = waits;
    }

    /// The task, if it waits for a push; an overflow it has to hear of even while it waits to write.
    fn task_to_wake(&mut self) -> Option<Waker> {
        if !std::mem::take(&mut self.task_waits) && self.condition != Condition::Overflowed {
            return None;
        }
        self.task.take()
    }

    fn seal_tail(&mut self) {
        self.finish_frame();
        if !self.tail.is_empty() {
            self.frames.push_back(Bytes::from(std::mem::take(&mut self.tail)));
        }
    }

    /// A client that keeps up may be sent a message larger than the hard limit: size is no sign of slowness. What
    /// comes behind such a message has the whole limit to itself.
    fn check_overflow(&mut self, before: usize, limits: SendLimits) {
        if self.waiting > limits.hard && before <= limits.soft.min(limits.hard) {
            self.allowance = self.waiting - before;
        }
        if self.waiting > limits.hard.saturating_add(self.allowance) {
            self.condition = Condition::Overflowed;
            self.frames = VecDeque::new();
            self.tail = Vec::new();
            self.open = None;
        }
    }
}

/// Bytes from which on an open frame takes no more messages.
const LARGE_FRAME: usize = 64 * 1024;

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
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;
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
    fn one_message_may_be_larger_than_the_hard_limit_and_what_follows_has_its_own() {
        let outbox = Outbox::new(LIMITS);
        outbox.push(Bytes::from_static(&[0; 10]));
        outbox.push(Bytes::from_static(&[0; 50]));
        assert_eq!(drain(&outbox), (Drained::Some, vec![0; 60]));
        outbox.push(Bytes::from_static(&[0; 10]));
        assert_eq!(drain(&outbox), (Drained::Some, vec![0; 10]));
        outbox.push(Bytes::from_static(&[0; 1]));
        assert_eq!(drain(&outbox).0, Drained::Overflowed);
    }

    #[test]
    fn a_large_frame_takes_no_more_messages() {
        let outbox = Outbox::new(SendLimits { soft: 1 << 20, hard: 1 << 20 });
        append(&outbox, &"a".repeat(LARGE_FRAME));
        append(&outbox, "b");
        let (_, bytes) = drain(&outbox);
        assert_eq!(bytes[bytes.len() - 3..], *b"\x81\x01b");
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
        assert!(outbox.register(&waker));
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
    fn an_overflow_wakes_a_task_that_waits_to_write() {
        let outbox = Outbox::new(LIMITS);
        let woken = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&woken));
        assert!(outbox.register(&waker));
        outbox.push(Bytes::from_static(&[0; 15]));
        assert_eq!(woken.0.load(Ordering::Relaxed), 0);
        outbox.push(Bytes::from_static(&[0; 15]));
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
        assert!(outbox.has_overflowed());
        assert!(!outbox.register(&waker));
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
