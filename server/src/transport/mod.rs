//! Moves bytes for one connection: sockets and HTTP messages below, hub bytes above.
//!
//! Only this folder and the listener name sockets, and neither knows what a hub message is. What a connection is carried
//! by is a [`Transport`]; what later requests bring to it is its [`Inbox`].

mod deflaters;
mod events;
mod framing;
mod http2_side;
mod http2_socket;
mod inbox;
mod inflating;
mod lone_writes;
mod pieces;
mod pipe;
mod poll_place;
mod polls;
mod post_buffer;
mod post_line;
mod rewind;
mod scratch;
mod socket;
mod spare;
mod stream_socket;
mod take_over;
mod websocket;
mod write_limit;

use std::io;
use std::task::{Context, Poll};

use hubcast_websocket::{CloseCode, Violation};

pub(crate) use deflaters::{Deflating, give_deflater_back, spare_deflater};
pub(crate) use events::Events;
pub(crate) use framing::{Framing, OpenPiece};
pub(crate) use http2_side::{Http2Place, Http2Side};
pub(crate) use http2_socket::Http2Socket;
pub(crate) use inbox::{Arrival, HasEnded, Inbox, PollAnswer, Post};
pub(crate) use inflating::Inflating;
#[cfg(feature = "tls")]
pub(crate) use lone_writes::LoneWrites;
pub(crate) use lone_writes::poll_write_slices;
pub(crate) use pieces::Pieces;
pub(crate) use pipe::PipeReader;
pub(crate) use polls::{PollLimits, Polls};
pub(crate) use rewind::Rewind;
pub(crate) use scratch::with_scratch;
pub(crate) use socket::Socket;
pub(crate) use stream_socket::StreamSocket;
pub(crate) use take_over::take_over;
pub(crate) use websocket::{Part, WebSocketTransport};
pub(crate) use write_limit::WriteLimit;

/// What carries the bytes of a connection.
pub(crate) enum Transport {
    WebSocket(WebSocketTransport),
    Events(Box<Events>),
    Polls(Box<Polls>),
    /// Nothing: the client may come back with another socket.
    Detached,
}

impl Transport {
    /// Reads what is there; 0 is the end.
    pub(crate) fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        match self {
            Self::WebSocket(socket) => socket.poll_read(cx, buffer),
            Self::Events(events) => events.poll_read(cx, buffer),
            Self::Polls(polls) => polls.poll_read(cx, buffer),
            Self::Detached => Poll::Pending,
        }
    }

    /// Whether nothing should be read before the client takes in what answers it already.
    pub(crate) fn is_clogged(&self) -> bool {
        match self {
            Self::WebSocket(socket) => socket.owes_pongs(),
            Self::Events(_) | Self::Polls(_) | Self::Detached => false,
        }
    }

    /// Takes in what is there while nobody reads, where it would cost more left below.
    pub(crate) fn hold(&mut self, cx: &mut Context<'_>) {
        match self {
            Self::WebSocket(socket) => socket.hold(cx),
            Self::Events(events) => events.hold(cx),
            // A flush has left the waker.
            Self::Polls(_) | Self::Detached => {}
        }
    }

    /// Takes the next part of a message off the front of what was read.
    pub(crate) fn next_part<'b>(&mut self, input: &mut &'b mut [u8]) -> Result<Option<Part<'b>>, Violation> {
        match self {
            Self::WebSocket(socket) => socket.next_part(input),
            Self::Events(_) | Self::Polls(_) | Self::Detached => {
                let all = std::mem::take(input);
                Ok((!all.is_empty()).then_some(Part::Data(all)))
            }
        }
    }

    /// Whether the end that was read is the client's wish.
    pub(crate) fn is_deleted(&self) -> bool {
        match self {
            Self::Polls(polls) => polls.is_deleted(),
            Self::WebSocket(_) | Self::Events(_) | Self::Detached => false,
        }
    }

    /// Whether pieces may be drained from the outbox. Where they may not, the task is woken when they may.
    pub(crate) fn can_write(&self) -> bool {
        match self {
            Self::WebSocket(_) | Self::Events(_) => true,
            Self::Polls(polls) => polls.can_write(),
            Self::Detached => false,
        }
    }

    /// Takes drained pieces that a flush will write; for polls also ahead of the poll that will take them.
    pub(crate) fn queue(&mut self, pieces: Pieces) {
        match self {
            Self::WebSocket(socket) => socket.queue(pieces),
            Self::Events(events) => events.queue(pieces),
            Self::Polls(polls) => polls.queue(pieces),
            Self::Detached => {}
        }
    }

    /// Writes drained pieces behind what is queued. What cannot be written is queued, and then it is pending; a poll that
    /// takes less than that is no reason to wait.
    pub(crate) fn poll_write(&mut self, cx: &mut Context<'_>, pieces: Pieces) -> Poll<io::Result<()>> {
        match self {
            Self::WebSocket(socket) => socket.poll_write(cx, pieces),
            Self::Events(_) | Self::Polls(_) | Self::Detached => {
                self.queue(pieces);
                self.poll_flush(cx)
            }
        }
    }

    /// Bytes written since this was last asked.
    pub(crate) fn take_written(&mut self) -> usize {
        match self {
            Self::WebSocket(socket) => socket.take_written(),
            Self::Events(events) => events.take_written(),
            Self::Polls(polls) => polls.take_written(),
            Self::Detached => 0,
        }
    }

    /// Writes all that is queued, or as much as a poll takes.
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::WebSocket(socket) => socket.poll_flush(cx),
            Self::Events(events) => events.poll_flush(cx),
            Self::Polls(polls) => polls.poll_flush(cx),
            Self::Detached => Poll::Ready(Ok(())),
        }
    }

    /// Begins the end of the transport.
    pub(crate) fn close(&mut self, code: CloseCode) {
        match self {
            Self::WebSocket(socket) => socket.close(code),
            Self::Events(events) => events.close(),
            Self::Polls(polls) => polls.close(code == CloseCode::INTERNAL_ERROR),
            Self::Detached => {}
        }
    }

    /// Begins the end of the transport and waits for nothing: the client has closed, or cannot be understood.
    pub(crate) fn close_at_once(&mut self, code: CloseCode) {
        match self {
            Self::WebSocket(socket) => socket.close_at_once(code),
            Self::Events(_) | Self::Polls(_) | Self::Detached => self.close(code),
        }
    }

    /// Drives the end. What was queued before is written first.
    pub(crate) fn poll_closed(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::WebSocket(socket) => socket.poll_closed(cx),
            Self::Events(events) => events.poll_closed(cx),
            Self::Polls(polls) => polls.poll_closed(cx),
            Self::Detached => Poll::Ready(Ok(())),
        }
    }

    /// Gives up what carried the bytes; whoever waits for it is told.
    pub(crate) fn abandon(&mut self) {
        match self {
            Self::WebSocket(socket) => socket.abandon(),
            Self::Events(events) => events.abandon(),
            Self::Polls(polls) => polls.abandon(),
            Self::Detached => {}
        }
    }
}
