//! A stream of an HTTP/2 connection as a byte stream in both directions (RFC 8441 §5).
//!
//! Frames go out as the `Bytes` they were queued as. The stream must be ended with END_STREAM before it is dropped: a
//! drop alone resets it, and what was queued is lost.

use std::collections::VecDeque;
use std::io;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use h2::{RecvStream, SendStream};

/// Both directions of one stream.
pub(crate) struct Http2Socket {
    send: SendStream<Bytes>,
    receive: RecvStream,
    /// What did not fit into a read.
    rest: Bytes,
    finished: bool,
}

impl Http2Socket {
    pub(crate) fn new(send: SendStream<Bytes>, receive: RecvStream) -> Self {
        Self { send, receive, rest: Bytes::new(), finished: false }
    }

    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        while self.rest.is_empty() {
            match ready!(self.receive.poll_data(cx)) {
                None => return Poll::Ready(Ok(0)),
                Some(Err(error)) => return Poll::Ready(Err(into_io(error))),
                Some(Ok(data)) => self.rest = data,
            }
        }
        let length = self.rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.rest[..length]);
        self.rest.advance(length);
        if self.rest.is_empty() {
            // An emptied slice would keep the whole read buffer of the HTTP/2 connection.
            self.rest = Bytes::new();
        }
        self.receive.flow_control().release_capacity(length).map_err(into_io)?;
        Poll::Ready(Ok(length))
    }

    pub(crate) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        queue: &mut VecDeque<Bytes>,
    ) -> Poll<io::Result<usize>> {
        let wanted = queue.iter().map(Bytes::len).sum();
        self.send.reserve_capacity(wanted);
        let mut written = 0;
        while let Some(front) = queue.front_mut() {
            let room = self.send.capacity();
            if room == 0 {
                if written > 0 {
                    break;
                }
                match ready!(self.send.poll_capacity(cx)) {
                    Some(Ok(_)) => continue,
                    Some(Err(error)) => return Poll::Ready(Err(into_io(error))),
                    None => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
                }
            }
            let part = front.split_to(room.min(front.len()));
            if front.is_empty() {
                queue.pop_front();
            }
            written += part.len();
            self.send.send_data(part, false).map_err(into_io)?;
        }
        Poll::Ready(Ok(written))
    }

    /// Ends our direction.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.finished, true) {
            self.send.send_data(Bytes::new(), true).map_err(into_io)?;
        }
        Ok(())
    }
}

fn into_io(error: h2::Error) -> io::Error {
    if error.is_io() {
        return error.into_io().unwrap_or_else(|| io::ErrorKind::Other.into());
    }
    io::Error::other(error)
}
