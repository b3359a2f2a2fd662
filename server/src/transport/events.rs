//! Server-Sent Events: one response that never ends carries what is sent, POSTs bring what is received.
//!
//! The rule that is easy to break: what was posted is read before the end of the event stream is, as a client that
//! stops posts its Close message and goes away at once. That POST may still be under way when the stream's end is seen.

use std::io;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
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
    /// Cuts what carries the response.
    cut: Option<CancellationToken>,
}

/// A comment that makes browsers see the stream as open.
const OPENING: &[u8] = b":\r\n";

impl Events {
    /// An event stream and the body of its response, which holds up to `limit` bytes that were not sent; 0 for any
    /// number. `cut` is cancelled if the client has not read the response to its end in time.
    pub(crate) fn new(inbox: Arc<Inbox>, limit: usize, cut: Option<CancellationToken>) -> (Self, PipeReader) {
        let (writer, reader) = pipe(limit);
        let writing = Pieces::from_iter([Bytes::from_static(OPENING)]);
        (Self { inbox, pipe: Some(writer), writing, written: 0, cut }, reader)
    }

    pub(super) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        // Left before looking, so that what comes between is not missed.
        self.hold(cx);
        if let Some(length) = self.inbox.read(buffer) {
            return Poll::Ready(Ok(length));
        }
        let is_open = self.pipe.as_ref().is_some_and(|pipe| pipe.poll_abandoned(cx).is_pending());
        if !is_open && self.inbox.shut() { Poll::Ready(Ok(0)) } else { Poll::Pending }
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
        while !self.writing.is_empty() {
            match ready!(pipe.poll_write(cx, &mut self.writing)) {
                Ok(written) => self.written += written,
                Err(error) if self.inbox.shut() => return Poll::Ready(Err(error)),
                // There is still something to read.
                Err(_) => self.writing = Pieces::new(),
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
