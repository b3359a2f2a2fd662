//! Bytes that a connection without a hub has received and its handler has not taken.

use std::collections::VecDeque;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use parking_lot::Mutex;

/// A queue that the connection's task fills and the handler empties. The task reads no more while it is full.
#[derive(Default)]
pub(crate) struct Incoming(Mutex<State>);

#[derive(Default)]
struct State {
    parts: VecDeque<Bytes>,
    bytes: usize,
    handler: Option<Waker>,
    task: Option<Waker>,
    has_ended: bool,
}

impl Incoming {
    pub(crate) fn push(&self, bytes: &[u8]) {
        let handler = {
            let mut state = self.0.lock();
            state.bytes += bytes.len() + PART_OVERHEAD;
            state.parts.push_back(Bytes::copy_from_slice(bytes));
            state.handler.take()
        };
        wake(handler);
    }

    /// Nothing more comes.
    pub(crate) fn end(&self) {
        let handler = {
            let mut state = self.0.lock();
            state.has_ended = true;
            state.handler.take()
        };
        wake(handler);
    }

    /// Whether `limit` bytes or more wait, 0 for any number; if so, `task` is woken when some were taken.
    pub(crate) fn is_full(&self, limit: usize, task: &Waker) -> bool {
        let mut state = self.0.lock();
        let full = limit > 0 && state.bytes >= limit;
        if full {
            state.task = Some(task.clone());
        }
        full
    }

    /// Takes what arrived first; `None` is the end.
    pub(super) fn poll_take(&self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        let (part, task) = {
            let mut state = self.0.lock();
            let Some(part) = state.parts.pop_front() else {
                if state.has_ended {
                    return Poll::Ready(None);
                }
                state.handler = Some(cx.waker().clone());
                return Poll::Pending;
            };
            state.bytes -= part.len() + PART_OVERHEAD;
            (part, state.task.take())
        };
        wake(task);
        Poll::Ready(Some(part))
    }
}

/// Bytes that keeping a part costs beside its own: clients choose how small their parts are.
const PART_OVERHEAD: usize = 64;

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_parts_count_with_what_they_cost() {
        let incoming = Incoming::default();
        let task = Waker::noop();
        incoming.push(b"x");
        assert!(!incoming.is_full(66, task));
        assert!(incoming.is_full(65, task));
        assert!(!incoming.is_full(0, task), "there is no limit");
        assert!(incoming.poll_take(&Context::from_waker(task)).is_ready());
        assert!(!incoming.is_full(1, task));
    }
}
