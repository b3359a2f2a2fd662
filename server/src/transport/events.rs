//! Server-Sent Events: one response that never ends carries what is sent, POSTs bring what is received.
//!
//! The rule that is easy to break: what was posted is read before the end of the event stream is, as a client that
//! stops posts its Close message and goes away at once. That POST may still be under way when the stream's end is seen.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Sleep, sleep};
use tokio_util::sync::CancellationToken;

use super::pipe::{PipeReader, PipeWriter, pipe};
use super::{Inbox, Pieces};

/// The server's side of one event stream.
pub(crate) struct Events {
    inbox: Arc<Inbox>,
    pipe: Option<PipeWriter>,
    /// Events that were drained from the outbox and not yet written.
    writing: Pieces,
    written: usize,
    /// How long what was posted may take to be read once the client has gone.
    leave: Duration,
    leaving: Option<Pin<Box<Sleep>>>,
    /// Cuts what carries the response.
    cut: Option<CancellationToken>,
}

/// A comment that makes browsers see the stream as open.
const OPENING: &[u8] = b":\r\n";

impl Events {
    /// An event stream and the body of its response, which holds up to `limit` bytes that were not sent; 0 for any
    /// number. What was posted may take `leave` to be read once the client has gone. `cut` is cancelled if the client has
    /// not read the response to its end in time.
    pub(crate) fn new(
        inbox: Arc<Inbox>,
        limit: usize,
        leave: Duration,
        cut: Option<CancellationToken>,
    ) -> (Self, PipeReader) {
        let (writer, reader) = pipe(limit);
        let writing = Pieces::from_iter([Bytes::from_static(OPENING)]);
        (Self { inbox, pipe: Some(writer), writing, written: 0, leave, leaving: None, cut }, reader)
    }

    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        // Left before looking, so that what comes between is not missed.
        self.hold(cx);
        if let Some(length) = self.inbox.read(buffer) {
            return Poll::Ready(Ok(length));
        }
        if self.pipe.as_ref().is_some_and(|pipe| pipe.poll_abandoned(cx).is_pending()) {
            return Poll::Pending;
        }
        self.poll_left(cx).map(|()| Ok(0))
    }

    /// Ready when nothing is left to be read of a client that has gone, or when that takes too long.
    fn poll_left(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.inbox.shut() {
            return Poll::Ready(());
        }
        self.leaving.get_or_insert_with(|| Box::pin(sleep(self.leave))).as_mut().poll(cx)
    }

    pub(super) fn hold(&mut self, cx: &mut Context<'_>) {
        self.inbox.register(cx.waker());
    }

    pub(super) fn queue(&mut self, events: Pieces) {
        self.writing.append(events);
    }

    pub(super) fn take_written(&mut self) -> usize {
        std::mem::take(&mut self.written)
    }

    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(pipe) = &self.pipe else { return Poll::Ready(Ok(())) };
        let mut is_gone = self.leaving.is_some();
        while !is_gone && !self.writing.is_empty() {
            match ready!(pipe.poll_write(cx, &mut self.writing)) {
                Ok(written) => self.written += written,
                Err(_) => is_gone = true,
            }
        }
        if is_gone {
            self.writing = Pieces::new();
            if self.poll_left(cx).is_ready() {
                return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Begins the end.
    pub(super) fn close(&mut self) {
        self.inbox.discard_posts();
    }

    pub(super) fn poll_closed(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_flush(cx))?;
        match &self.pipe {
            Some(pipe) => pipe.poll_finish(cx).map(Ok),
            None => Poll::Ready(Ok(())),
        }
    }

    pub(super) fn abandon(&mut self) {
        self.inbox.end();
        let is_unread = self.pipe.take().is_some_and(|pipe| !pipe.is_abandoned());
        if let Some(cut) = self.cut.take().filter(|_| is_unread) {
            cut.cancel();
        }
        self.writing = Pieces::new();
    }
}
