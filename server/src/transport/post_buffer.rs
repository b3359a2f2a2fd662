//! Bytes of POSTs that wait for their connection to read them.
//!
//! Bounded: at the limit whoever brings more waits, and goes on when half of it has been read. An empty buffer owns no
//! heap memory.

use std::task::{Context, Poll, Waker};

use bytes::{Buf as _, BytesMut};

/// The buffer. One POST at a time fills it, and the connection's task empties it.
pub(super) struct PostBuffer {
    bytes: BytesMut,
    /// 0 for none.
    limit: usize,
    /// Whether the limit was reached and more than half is still there.
    paused: bool,
    /// Whether nobody reads any more.
    discards: bool,
    poster: Option<Waker>,
}

impl PostBuffer {
    pub(super) fn new(limit: usize) -> Self {
        Self { bytes: BytesMut::new(), limit, paused: false, discards: false, poster: None }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Changes the limit; whoever waits has to look again.
    pub(super) fn set_limit(&mut self, limit: usize) -> Option<Waker> {
        self.limit = limit;
        self.paused = false;
        self.poster.take()
    }

    /// Takes as much off the front of `part` as there is room for; pending without any.
    pub(super) fn poll_fill(&mut self, part: &mut &[u8], cx: &mut Context<'_>) -> Poll<()> {
        if self.discards {
            *part = &[];
            return Poll::Ready(());
        }
        let room = match self.limit {
            0 => usize::MAX,
            limit => limit.saturating_sub(self.bytes.len()),
        };
        self.paused |= room == 0;
        if self.paused {
            self.poster = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let (taken, rest) = part.split_at(room.min(part.len()));
        self.bytes.extend_from_slice(taken);
        *part = rest;
        Poll::Ready(())
    }

    /// Moves bytes into `buffer`; says how many, and who may bring more.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> (usize, Option<Waker>) {
        let length = self.bytes.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.bytes[..length]);
        self.bytes.advance(length);
        if self.bytes.is_empty() {
            self.bytes = BytesMut::new();
        }
        if self.paused && self.bytes.len() <= self.limit / 2 {
            self.paused = false;
            return (length, self.poster.take());
        }
        (length, None)
    }

    /// Whether what comes goes nowhere.
    pub(super) fn discards(&self) -> bool {
        self.discards
    }

    /// Forgets everything, also what comes from here on; whoever waits has to look again.
    pub(super) fn discard(&mut self) -> Option<Waker> {
        self.discards = true;
        self.clear()
    }

    /// Forgets everything; whoever waits has to be told.
    pub(super) fn clear(&mut self) -> Option<Waker> {
        self.bytes = BytesMut::new();
        self.poster.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_the_limit_a_poster_waits_until_half_is_read() {
        let mut buffer = PostBuffer::new(4);
        let mut part = &b"abcdef"[..];
        assert!(fill(&mut buffer, &mut part).is_ready());
        assert_eq!(part, b"ef");
        assert!(fill(&mut buffer, &mut part).is_pending());
        assert_eq!(read(&mut buffer, 1), (b"a".to_vec(), false));
        assert!(fill(&mut buffer, &mut part).is_pending());
        assert_eq!(read(&mut buffer, 1), (b"b".to_vec(), true));
        assert!(fill(&mut buffer, &mut part).is_ready());
        assert_eq!(read(&mut buffer, 9), (b"cdef".to_vec(), false));
    }

    #[test]
    fn without_a_limit_nobody_waits() {
        let mut buffer = PostBuffer::new(0);
        let large = vec![b'x'; 1 << 20];
        assert!(fill(&mut buffer, &mut &large[..]).is_ready());
        assert_eq!(read(&mut buffer, 1 << 20).0, large);
        assert_eq!(buffer.bytes.capacity(), 0);
    }

    #[test]
    fn a_larger_limit_lets_a_poster_go_on() {
        let mut buffer = PostBuffer::new(1);
        let mut part = &b"ab"[..];
        assert!(fill(&mut buffer, &mut part).is_ready());
        assert!(fill(&mut buffer, &mut part).is_pending());
        assert!(buffer.set_limit(2).is_some());
        assert!(fill(&mut buffer, &mut part).is_ready());
        assert_eq!(read(&mut buffer, 9), (b"ab".to_vec(), false));
    }

    #[test]
    fn what_nobody_reads_any_more_keeps_no_poster_waiting() {
        let mut buffer = PostBuffer::new(2);
        let mut part = &b"abc"[..];
        assert!(fill(&mut buffer, &mut part).is_ready());
        assert!(fill(&mut buffer, &mut part).is_pending());
        assert!(buffer.discard().is_some());
        assert!(fill(&mut buffer, &mut part).is_ready());
        assert_eq!((part, read(&mut buffer, 9)), (&b""[..], (Vec::new(), false)));
    }

    fn fill(buffer: &mut PostBuffer, part: &mut &[u8]) -> Poll<()> {
        buffer.poll_fill(part, &mut Context::from_waker(Waker::noop()))
    }

    fn read(buffer: &mut PostBuffer, size: usize) -> (Vec<u8>, bool) {
        let mut out = vec![0; size];
        let (length, poster) = buffer.read(&mut out);
        out.truncate(length);
        (out, poster.is_some())
    }
}
