//! What waits to be sent to one connection: whole pieces, bounded in bytes, in the order in which they were queued.
//!
//! Invariants: the lock is private and never held over an await or around user code that could come back here; a
//! message is queued whole or not at all; an idle outbox owns no heap memory.
//! What happens when it is full: a sender to this connection alone waits at the soft limit; over the hard limit the
//! connection is marked as overflowed and ends, unless a single message went over it while little waited. Nothing is
//! ever dropped out of the middle.

mod retained;
#[cfg(test)]
mod tests;

use std::future::poll_fn;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use hubcast_protocol::EncodeError;
use parking_lot::Mutex;

use self::retained::Retained;
use super::encoding_buffer::with_encoding_buffer;
use crate::transport::{Framing, OpenPiece, Pieces};

/// The queue of one connection. The connection's task drains it; anyone may push.
pub(crate) struct Outbox {
    state: Mutex<State>,
    /// How full it is, for those who only look.
    level: AtomicU8,
    limits: SendLimits,
}

const ROOM: u8 = 0;
const LAST_QUARTER: u8 = 1;
const FULL: u8 = 2;

/// How many bytes may wait.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SendLimits {
    pub(crate) soft: usize,
    pub(crate) hard: usize,
}

struct State {
    /// Those of this connection alone end the queue; the last of them may be open.
    pieces: Pieces,
    open: Option<OpenPiece>,
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
    /// What the client has not acknowledged, if it can come back for it.
    retained: Option<Box<Retained>>,
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
            pieces: Pieces::new(),
            open: None,
            waiting: 0,
            allowance: 0,
            task: None,
            task_waits: false,
            senders: None,
            retained: None,
            condition: Condition::Open,
        };
        Self { state: Mutex::new(state), level: AtomicU8::new(ROOM), limits }
    }

    /// Keeps what is sent from here on until the client has acknowledged it, for a replay on another transport.
    ///
    /// With `limit` bytes or more unacknowledged the outbox counts as full.
    pub(crate) fn retain(&self, limit: usize) {
        self.state.lock().retained = Some(Box::new(Retained::new(limit)));
    }

    /// Queues a piece that other connections get too: one hub message that counts for acknowledgements.
    pub(crate) fn push(&self, piece: Bytes) {
        self.push_counted(piece, 1);
    }

    /// Queues a piece that does not count: a ping, for instance.
    pub(crate) fn push_control(&self, piece: Bytes) {
        self.push_counted(piece, 0);
    }

    fn push_counted(&self, piece: Bytes, messages: u32) {
        let task = {
            let mut state = self.state.lock();
            if state.condition != Condition::Open {
                return;
            }
            state.finish_piece();
            let before = state.waiting;
            state.waiting += piece.len();
            if let Some(retained) = &mut state.retained {
                retained.add(&piece, messages);
            }
            state.pieces.push(piece);
            state.check_overflow(before, self.limits);
            self.note_fullness(&state);
            state.task_to_wake()
        };
        wake(task);
    }

    /// Encodes one hub message that counts for acknowledgements behind what waits. A failed `write` leaves nothing
    /// behind.
    ///
    /// `write` runs before the lock is taken: a slow serializer of the application holds up nobody else's messages.
    pub(crate) fn append(
        &self,
        framing: Framing,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        with_encoding_buffer(|messages| {
            write(messages)?;
            self.append_encoded(framing, messages, 1);
            Ok(())
        })
    }

    /// Queues so many hub messages that count for acknowledgements and are encoded one behind the other. What is worth
    /// compressing is compressed before the lock is taken, and a piece of its own.
    pub(crate) fn append_encoded(&self, framing: Framing, bytes: &[u8], messages: u32) {
        match framing.deflated(bytes) {
            Some(piece) => self.push_counted(piece, messages),
            None => self.append_counted(framing, bytes, messages),
        }
    }

    /// Encodes messages that do not count: a handshake, an acknowledgement.
    pub(crate) fn append_control(&self, framing: Framing, write: impl FnOnce(&mut Vec<u8>)) {
        with_encoding_buffer(|messages| {
            write(messages);
            self.append_counted(framing, messages, 0);
        });
    }

    fn append_counted(&self, framing: Framing, bytes: &[u8], messages: u32) {
        let task = {
            let mut state = self.state.lock();
            if state.condition != Condition::Open {
                return;
            }
            let before = state.waiting;
            state.extend_tail(framing, bytes, messages);
            state.check_overflow(before, self.limits);
            self.note_fullness(&state);
            state.task_to_wake()
        };
        wake(task);
    }

    /// Counts what is not acknowledged for nothing, or again: acknowledgements cannot be heard while nothing is read, and
    /// whoever waits for them then may be the one who keeps the connection from reading.
    pub(crate) fn lift_budget(&self, lifted: bool) {
        self.change_retained(|retained| retained.lift(lifted));
    }

    /// Forgets what the client says it has received: all messages up to the one numbered `id`.
    pub(crate) fn acknowledged(&self, id: i64) {
        self.change_retained(|retained| retained.acknowledged(id));
    }

    /// Does what may make room for senders.
    fn change_retained(&self, change: impl FnOnce(&mut Retained)) {
        let senders = {
            let mut state = self.state.lock();
            let Some(retained) = &mut state.retained else { return };
            change(retained);
            self.note_fullness(&state);
            state.senders_with_room(self.limits)
        };
        wake_all(senders);
    }

    /// Begins again for another transport: what is not acknowledged waits once more, behind the message that
    /// `announce` writes from the number of the first of them.
    pub(crate) fn replay(&self, framing: Framing, announce: impl FnOnce(&mut Vec<u8>, i64)) {
        let mut state = self.state.lock();
        if state.condition != Condition::Open {
            return;
        }
        state.finish_piece();
        let Some(retained) = &state.retained else { return };
        let mut announcement = Vec::new();
        announce(&mut announcement, retained.first_id());
        let mut first = Vec::new();
        let piece = framing.begin(&mut first);
        piece.extend(&mut first, &announcement);
        piece.finish(&mut first);
        let pieces =
            std::iter::once(Bytes::from(first)).chain(retained.pieces().cloned()).collect::<Pieces>();
        state.waiting = pieces.bytes();
        state.allowance = state.waiting;
        state.pieces = pieces;
        self.note_fullness(&state);
    }

    /// Queues the last messages of the connection and closes the outbox: what is pushed later is let go.
    pub(crate) fn close_with(&self, framing: Framing, last: impl FnOnce(&mut Vec<u8>)) {
        let senders = {
            let mut messages = Vec::new();
            last(&mut messages);
            let mut state = self.state.lock();
            state.retained = None;
            state.extend_tail(framing, &messages, 0);
            state.condition = Condition::Closed;
            state.senders.take()
        };
        wake_all(senders);
    }

    /// Forgets everything: the transport is gone.
    pub(crate) fn discard(&self) {
        let senders = {
            let mut state = self.state.lock();
            state.pieces = Pieces::new();
            state.open = None;
            state.waiting = 0;
            state.retained = None;
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
    pub(crate) fn drain(&self, batch: &mut Pieces, written: usize) -> Drained {
        let (drained, senders) = {
            let mut state = self.state.lock();
            state.task_waits = false;
            let senders = state.count_written(written, self.limits);
            self.note_fullness(&state);
            if state.condition == Condition::Overflowed {
                (Drained::Overflowed, senders)
            } else if state.pieces.is_empty() {
                (Drained::Nothing, senders)
            } else {
                state.finish_piece();
                batch.append(std::mem::take(&mut state.pieces));
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

    /// Has `task` woken by the next push, unless something waits already: then it is `false`. `written` is as in
    /// [`drain`](Self::drain).
    pub(crate) fn rest(&self, task: &Waker, written: usize) -> bool {
        let (idle, senders) = {
            let mut state = self.state.lock();
            let senders = state.count_written(written, self.limits);
            self.note_fullness(&state);
            let idle = state.condition != Condition::Overflowed && state.pieces.is_empty();
            if idle {
                state.register(task, true);
            }
            (idle, senders)
        };
        wake_all(senders);
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

    /// Whether what is pushed will be sent.
    pub(crate) fn is_open(&self) -> bool {
        self.state.lock().condition == Condition::Open
    }

    /// Wakes the connection's task: something other than a message waits for it.
    pub(crate) fn wake(&self) {
        wake(self.state.lock().task.take());
    }

    /// Whether so much waits that whoever makes more of it for this connection alone should wait.
    pub(crate) fn is_full(&self) -> bool {
        self.level.load(Ordering::Relaxed) == FULL
    }

    /// Whether a stream may go on. It leaves the last quarter to others, as a stream without an end would otherwise take
    /// whatever room there is before they wake.
    pub(crate) fn has_room_for_items(&self) -> bool {
        self.level.load(Ordering::Relaxed) == ROOM
    }

    /// Bytes that a stream may write before it should look again; 0 if there is no room.
    pub(crate) fn room_for_items(&self) -> usize {
        if !self.has_room_for_items() {
            return 0;
        }
        let state = self.state.lock();
        // What is written to a closed outbox is let go.
        if state.condition == Condition::Open { state.room_for_items(self.limits) } else { usize::MAX }
    }

    fn note_fullness(&self, state: &State) {
        let level = if state.condition != Condition::Open {
            ROOM
        } else if !state.has_room(self.limits) {
            FULL
        } else if state.has_room_for_items(self.limits) {
            ROOM
        } else {
            LAST_QUARTER
        };
        self.level.store(level, Ordering::Relaxed);
    }

    /// Waits until the outbox is no longer full, or its connection has ended.
    pub(crate) async fn room(&self) {
        poll_fn(|cx| self.poll_room(cx)).await;
    }

    fn poll_room(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state.lock();
        if state.condition != Condition::Open || state.has_room(self.limits) {
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
    /// Puts bytes behind those of the open piece, or opens one. A piece is finished once it is large, as some clients
    /// limit what they take at once.
    fn extend_tail(&mut self, framing: Framing, bytes: &[u8], messages: u32) {
        let joins = |piece: &OpenPiece| piece.is(framing) && piece.len(self.pieces.open()) < LARGE_PIECE;
        let counts_alike = self.retained.as_ref().is_none_or(|retained| retained.may_join(messages));
        if !self.open.as_ref().is_some_and(joins) || !counts_alike {
            self.finish_piece();
        }
        let tail = self.pieces.tail();
        let before = tail.len();
        let piece = self.open.get_or_insert_with(|| framing.begin(tail));
        piece.extend(tail, bytes);
        self.waiting += tail.len() - before;
        if let Some(retained) = &mut self.retained {
            retained.count_open(messages);
        }
    }

    fn finish_piece(&mut self) {
        if let Some(piece) = self.open.take() {
            let tail = self.pieces.tail();
            let before = tail.len();
            piece.finish(tail);
            self.waiting += tail.len() - before;
        }
        // A piece that may be sent again stands alone.
        if let Some(retained) = &mut self.retained
            && let Some(piece) = self.pieces.seal()
        {
            retained.add_open(piece);
        }
    }

    fn has_room(&self, limits: SendLimits) -> bool {
        self.waiting < limits.soft
            && self.retained.as_ref().is_none_or(|retained| retained.has_room(self.pieces.open().len()))
    }

    fn has_room_for_items(&self, limits: SendLimits) -> bool {
        self.room_for_items(limits) > 0
    }

    /// An item may begin while any of these bytes are left.
    fn room_for_items(&self, limits: SendLimits) -> usize {
        let room = (limits.soft / 4 * 3 + 1).saturating_sub(self.waiting);
        match &self.retained {
            Some(retained) => room.min(retained.room_for_items(self.pieces.open().len())),
            None => room,
        }
    }

    #[expect(clippy::box_collection, reason = "as the outbox keeps them")]
    fn senders_with_room(&mut self, limits: SendLimits) -> Option<Box<Vec<Waker>>> {
        if self.has_room(limits) { self.senders.take() } else { None }
    }

    /// Says who of the senders may go on.
    #[expect(clippy::box_collection, reason = "as the outbox keeps them")]
    fn count_written(&mut self, bytes: usize, limits: SendLimits) -> Option<Box<Vec<Waker>>> {
        self.waiting = self.waiting.saturating_sub(bytes);
        if self.waiting <= limits.soft {
            self.allowance = 0;
        }
        self.senders_with_room(limits)
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

    /// A client that keeps up may be sent a message larger than the hard limit: size is no sign of slowness. What
    /// comes behind such a message has the whole limit to itself.
    fn check_overflow(&mut self, before: usize, limits: SendLimits) {
        if self.waiting > limits.hard && before <= limits.soft.min(limits.hard) {
            self.allowance = self.waiting - before;
        }
        let unacknowledged =
            self.retained.as_ref().map_or(0, |retained| retained.excess(self.pieces.open().len()));
        if self.waiting.max(unacknowledged) > limits.hard.saturating_add(self.allowance) {
            self.condition = Condition::Overflowed;
            self.retained = None;
            self.pieces = Pieces::new();
            self.open = None;
        }
    }
}

/// Bytes from which on an open piece takes no more messages.
const LARGE_PIECE: usize = 64 * 1024;

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
