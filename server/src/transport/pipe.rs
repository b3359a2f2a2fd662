//! The body of a response that a connection writes as it goes: bounded, and each side hears when the other goes away.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use parking_lot::Mutex;

use super::Pieces;

/// The connection's end. Dropped, it ends the body.
pub(super) struct PipeWriter(Arc<Mutex<Pipe>>);

/// The response's end. Dropped before the body's end, the client has gone away.
pub(crate) struct PipeReader(Arc<Mutex<Pipe>>);

struct Pipe {
    pieces: VecDeque<Bytes>,
    bytes: usize,
    /// 0 for none. Reached with the last piece that is let in.
    limit: usize,
    writer: Option<Waker>,
    reader: Option<Waker>,
    finished: bool,
    abandoned: bool,
}

/// Both ends of a pipe that holds up to `limit` bytes, or one piece that is larger.
pub(super) fn pipe(limit: usize) -> (PipeWriter, PipeReader) {
    let pipe = Pipe {
        pieces: VecDeque::new(),
        bytes: 0,
        limit,
        writer: None,
        reader: None,
        finished: false,
        abandoned: false,
    };
    let pipe = Arc::new(Mutex::new(pipe));
    (PipeWriter(Arc::clone(&pipe)), PipeReader(pipe))
}

impl PipeWriter {
    /// Moves pieces off the front of `queue` while there is room; says how many bytes.
    pub(super) fn poll_write(&self, cx: &mut Context<'_>, queue: &mut Pieces) -> Poll<io::Result<usize>> {
        let (written, reader) = {
            let mut pipe = self.0.lock();
            if pipe.abandoned {
                return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
            }
            let mut written = 0;
            while pipe.has_room() {
                let Some(piece) = queue.pop() else { break };
                written += piece.len();
                pipe.bytes += piece.len();
                pipe.pieces.push_back(piece);
            }
            if written == 0 {
                pipe.writer = Some(cx.waker().clone());
                return Poll::Pending;
            }
            (written, pipe.reader.take())
        };
        wake(reader);
        Poll::Ready(Ok(written))
    }

    /// Whether nobody reads it any more.
    pub(super) fn is_abandoned(&self) -> bool {
        self.0.lock().abandoned
    }

    /// Ready when the client has gone away.
    pub(super) fn poll_abandoned(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut pipe = self.0.lock();
        if pipe.abandoned {
            return Poll::Ready(());
        }
        pipe.writer = Some(cx.waker().clone());
        Poll::Pending
    }

    /// Ends the body behind what is in the pipe; ready when nobody reads it any more.
    pub(super) fn poll_finish(&self, cx: &mut Context<'_>) -> Poll<()> {
        let reader = {
            let mut pipe = self.0.lock();
            pipe.finished = true;
            if pipe.abandoned {
                return Poll::Ready(());
            }
            pipe.writer = Some(cx.waker().clone());
            pipe.reader.take()
        };
        wake(reader);
        Poll::Pending
    }
}

impl Drop for PipeWriter {
    fn drop(&mut self) {
        let reader = {
            let mut pipe = self.0.lock();
            pipe.finished = true;
            pipe.reader.take()
        };
        wake(reader);
    }
}

impl PipeReader {
    /// The next part of the body; `None` is its end.
    pub(crate) fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let (part, writer) = {
            let mut pipe = self.0.lock();
            if pipe.pieces.is_empty() && !pipe.finished {
                pipe.reader = Some(cx.waker().clone());
                return Poll::Pending;
            }
            (pipe.next_part(), pipe.writer.take())
        };
        wake(writer);
        Poll::Ready(part)
    }
}

impl Drop for PipeReader {
    fn drop(&mut self) {
        let writer = {
            let mut pipe = self.0.lock();
            pipe.abandoned = true;
            pipe.pieces = VecDeque::new();
            pipe.writer.take()
        };
        wake(writer);
    }
}

impl Pipe {
    fn has_room(&self) -> bool {
        self.limit == 0 || self.bytes < self.limit
    }

    /// Takes a piece, or several small ones as one: whoever sends them pays for each.
    fn next_part(&mut self) -> Option<Bytes> {
        let first = self.pieces.pop_front()?;
        self.bytes -= first.len();
        if first.len() >= SMALL || self.pieces.is_empty() {
            return Some(first);
        }
        let mut part = first.to_vec();
        while let Some(piece) = self.pieces.front()
            && piece.len() < SMALL
            && part.len() + piece.len() <= GATHERED
        {
            part.extend_from_slice(piece);
            self.bytes -= piece.len();
            self.pieces.pop_front();
        }
        Some(part.into())
    }
}

/// Bytes up to which a piece is copied to be sent with its neighbours.
const SMALL: usize = 1024;

/// Bytes that are gathered at most.
const GATHERED: usize = 16 * 1024;

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_pipe_takes_nothing_more_until_it_is_read() {
        let (writer, reader) = pipe(4);
        let mut queue = queue(&["abc", "de", "f"]);
        assert_eq!(written(&writer, &mut queue), Poll::Ready(5));
        assert_eq!(written(&writer, &mut queue), Poll::Pending);
        assert_eq!(read(&reader), Poll::Ready(Some(Bytes::from_static(b"abcde"))));
        assert_eq!(written(&writer, &mut queue), Poll::Ready(1));
        assert_eq!(read(&reader), Poll::Ready(Some(Bytes::from_static(b"f"))));
        assert_eq!(read(&reader), Poll::Pending);
    }

    #[test]
    fn the_end_comes_behind_what_was_written_and_is_over_once_the_reader_is_gone() {
        let (writer, reader) = pipe(0);
        assert_eq!(written(&writer, &mut queue(&["abc"])), Poll::Ready(3));
        assert!(writer.poll_finish(&mut cx()).is_pending());
        assert_eq!(read(&reader), Poll::Ready(Some(Bytes::from_static(b"abc"))));
        assert_eq!(read(&reader), Poll::Ready(None));
        assert!(writer.poll_finish(&mut cx()).is_pending());
        drop(reader);
        assert!(writer.poll_finish(&mut cx()).is_ready());
    }

    #[test]
    fn a_reader_that_goes_away_breaks_the_pipe() {
        let (writer, reader) = pipe(9);
        assert!(writer.poll_abandoned(&mut cx()).is_pending());
        drop(reader);
        assert!(writer.poll_abandoned(&mut cx()).is_ready());
        let mut queue = queue(&["x"]);
        let written = writer.poll_write(&mut cx(), &mut queue);
        assert!(matches!(written, Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::BrokenPipe));
    }

    #[test]
    fn large_pieces_are_not_copied() {
        let (writer, reader) = pipe(0);
        let large = Bytes::from(vec![b'x'; SMALL]);
        let mut queue =
            Pieces::from_iter([Bytes::from_static(b"a"), Bytes::from_static(b"b"), large.clone()]);
        assert_eq!(written(&writer, &mut queue), Poll::Ready(2 + SMALL));
        assert_eq!(read(&reader), Poll::Ready(Some(Bytes::from_static(b"ab"))));
        let Poll::Ready(Some(piece)) = read(&reader) else { panic!("it was written") };
        assert_eq!(piece.as_ptr(), large.as_ptr());
    }

    fn queue(pieces: &[&'static str]) -> Pieces {
        pieces.iter().map(|piece| Bytes::from_static(piece.as_bytes())).collect()
    }

    fn written(writer: &PipeWriter, queue: &mut Pieces) -> Poll<usize> {
        writer.poll_write(&mut cx(), queue).map(|written| written.expect("the reader is there"))
    }

    fn read(reader: &PipeReader) -> Poll<Option<Bytes>> {
        reader.poll_next(&mut cx())
    }

    fn cx() -> Context<'static> {
        Context::from_waker(Waker::noop())
    }
}
