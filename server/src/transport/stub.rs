//! Stub until the transports are merged.
use super::{Part, Socket, WebSocketTransport};
use bytes::Bytes;
use hubcast_websocket::{CloseCode, Violation};
use std::collections::VecDeque;
use std::io;
use std::task::{Context, Poll, Waker};
pub(crate) enum Transport {
    WebSocket(WebSocketTransport),
    Detached(VecDeque<Bytes>),
}
impl Transport {
    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>, b: &mut [u8]) -> Poll<io::Result<usize>> {
        match self {
            Self::WebSocket(t) => t.poll_read(cx, b),
            Self::Detached(_) => Poll::Pending,
        }
    }
    pub(crate) fn hold(&mut self, cx: &mut Context<'_>) {
        if let Self::WebSocket(t) = self {
            t.hold(cx)
        }
    }
    pub(crate) fn next_part<'b>(&mut self, input: &mut &'b mut [u8]) -> Result<Option<Part<'b>>, Violation> {
        match self {
            Self::WebSocket(t) => t.next_part(input),
            Self::Detached(_) => Ok(None),
        }
    }
    pub(crate) fn writing(&mut self) -> &mut VecDeque<Bytes> {
        match self {
            Self::WebSocket(t) => t.writing(),
            Self::Detached(w) => w,
        }
    }
    pub(crate) fn take_written(&mut self) -> usize {
        match self {
            Self::WebSocket(t) => t.take_written(),
            Self::Detached(_) => 0,
        }
    }
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::WebSocket(t) => t.poll_flush(cx),
            Self::Detached(_) => Poll::Ready(Ok(())),
        }
    }
    pub(crate) fn close(&mut self, code: CloseCode) {
        if let Self::WebSocket(t) = self {
            t.close(code)
        }
    }
    pub(crate) fn close_at_once(&mut self, code: CloseCode) {
        if let Self::WebSocket(t) = self {
            t.close_at_once(code)
        }
    }
    pub(crate) fn poll_closed(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::WebSocket(t) => t.poll_closed(cx),
            Self::Detached(_) => Poll::Ready(Ok(())),
        }
    }
    pub(crate) fn abandon(&mut self) {
        if let Self::WebSocket(t) = self {
            t.abandon()
        }
    }
    pub(crate) fn can_write(&self) -> bool {
        matches!(self, Self::WebSocket(_))
    }
}
pub(crate) enum Arrival {
    Socket(Socket, Bytes),
}
pub(crate) struct Inbox;
impl Inbox {
    pub(crate) fn take_arrival(&self) -> Option<Arrival> {
        None
    }
    pub(crate) fn has_arrival(&self) -> bool {
        false
    }
    pub(crate) fn register(&self, _task: &Waker) {}
}
