//! What the halves of a WebSocket share: the socket, what waits to be written, and how far the end is.
//!
//! The halves may be polled by different tasks. Reads wake the receiver alone; whatever else the socket or a timer is
//! polled for wakes both, as each of them may write: one messages, the other pongs and close frames.
//! The lock is never held over an await, nor while anything is decoded, compressed or given to the application.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_util::task::AtomicWaker;
use hubcast_websocket::{CloseCode, DeflateAgreement, FrameHeader, write_close, write_ping, write_pong};
use parking_lot::{Mutex, MutexGuard};
use tokio::time::{Sleep, sleep};

use super::meters::{Counted, Meters};
use super::reading::Reading;
use super::{CloseStatus, WebSocketError};
use crate::admission::AddressPlace;
use crate::http::RequestHead;
use crate::limits;
use crate::transport::{Pieces, Socket};

/// One WebSocket.
pub(super) struct Shared {
    /// Before `io`, so that its place is free when the metrics say that it has gone.
    pub(super) about: About,
    io: Mutex<Io>,
    tasks: Arc<Tasks>,
    /// What the receiver leaves to whoever closes for it.
    left: Mutex<Option<Box<Reading>>>,
}

/// What does not change.
pub(super) struct About {
    pub(super) request: RequestHead,
    pub(super) http_version: http::Version,
    pub(super) protocol: Option<Box<str>>,
    pub(super) deflate: Option<DeflateAgreement>,
    pub(super) limits: Limits,
    /// Held for as long as the WebSocket is.
    pub(super) _place: Option<AddressPlace>,
}

/// How long things may take, and how much there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) write_timeout: Duration,
    pub(super) close_timeout: Duration,
    pub(super) keep_alive_interval: Option<Duration>,
    pub(super) keep_alive_timeout: Duration,
    pub(super) answers_close: bool,
}

/// Who is to be woken.
#[derive(Default)]
pub(super) struct Tasks {
    pub(super) receiver: AtomicWaker,
    pub(super) sender: AtomicWaker,
    /// Whoever closes from outside.
    pub(super) closer: AtomicWaker,
}

impl Wake for Tasks {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.receiver.wake();
        self.sender.wake();
        self.closer.wake();
    }
}

impl Shared {
    pub(super) fn new(socket: Socket, about: About, meters: Arc<Meters>) -> Arc<Self> {
        Arc::new(Self {
            io: Mutex::new(Io::new(
                socket,
                about.limits.write_timeout,
                Counted::new(meters, about.http_version),
            )),
            tasks: Arc::default(),
            left: Mutex::new(None),
            about,
        })
    }

    pub(super) fn io(&self) -> MutexGuard<'_, Io> {
        self.io.lock()
    }

    pub(super) fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    /// Writes what waits; whoever is registered is woken when it can go on.
    pub(super) fn poll_flush(&self) -> Poll<Result<(), WebSocketError>> {
        let waker = Waker::from(Arc::clone(&self.tasks));
        self.io().poll_flush(&mut Context::from_waker(&waker))
    }

    /// Queues a close frame, if there was none, and has it written by whoever is there.
    pub(super) fn begin_close(&self, code: CloseCode, reason: &str) {
        self.io().queue_close(code, reason);
        self.tasks.wake_by_ref();
    }

    /// Ends it without a word.
    pub(super) fn abandon(&self) {
        self.io().abandon();
        self.tasks.wake_by_ref();
    }

    pub(super) fn leave(&self, reading: Box<Reading>) {
        *self.left.lock() = Some(reading);
    }

    pub(super) fn take_left(&self) -> Option<Box<Reading>> {
        self.left.lock().take()
    }

    pub(super) fn remote_address(&self) -> Option<SocketAddr> {
        self.about.request.remote_address()
    }
}

/// The socket and what is to be done with it.
pub(super) struct Io {
    socket: Socket,
    queue: Pieces,
    /// Bytes of pongs that were queued since the queue was last empty.
    pongs: usize,
    /// Runs while a write is stuck.
    stuck: Option<Pin<Box<Sleep>>>,
    write_timeout: Duration,
    sent: Option<CloseStatus>,
    received: Option<CloseStatus>,
    output: Output,
    failure: Option<WebSocketError>,
    pub(super) counted: Counted,
}

/// How far our direction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Output {
    Open,
    /// A close frame is queued or sent, and the peer's is awaited.
    Closing,
    /// A close frame is queued or sent, and nothing is awaited.
    Ending,
    /// The peer was told that nothing more comes.
    Ended,
}

/// Bytes from which on a payload is queued as it is and not copied behind its header.
const LARGE: usize = 1024;

/// Bytes that may wait when another message is queued.
const ROOM: usize = 64 * 1024;

impl Io {
    fn new(socket: Socket, write_timeout: Duration, counted: Counted) -> Self {
        Self {
            socket,
            queue: Pieces::new(),
            pongs: 0,
            stuck: None,
            write_timeout,
            sent: None,
            received: None,
            output: Output::Open,
            failure: None,
            counted,
        }
    }

    pub(super) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<std::io::Result<usize>> {
        self.socket.poll_read(cx, buffer)
    }

    /// Whether the peer's end has to be awaited.
    pub(super) fn lingers(&self) -> bool {
        self.socket.lingers()
    }

    /// Whether messages can be sent.
    pub(super) fn check_open(&self) -> Result<(), WebSocketError> {
        match (&self.failure, self.output) {
            (Some(failure), _) => Err(failure.clone()),
            (None, Output::Open) => Ok(()),
            (None, Output::Closing | Output::Ending | Output::Ended) => Err(WebSocketError::Closed),
        }
    }

    /// Queues a frame.
    pub(super) fn queue_frame(&mut self, header: &FrameHeader, payload: Bytes) {
        let tail = self.queue.tail();
        tail.extend_from_slice(&header.encode());
        if payload.len() < LARGE {
            tail.extend_from_slice(&payload);
        } else {
            self.queue.push(payload);
        }
    }

    pub(super) fn queue_pong(&mut self, payload: &[u8]) {
        if self.check_open().is_ok() {
            let tail = self.queue.tail();
            let before = tail.len();
            write_pong(tail, payload, None);
            self.pongs += tail.len() - before;
        }
    }

    pub(super) fn queue_ping(&mut self) {
        if self.check_open().is_ok() {
            write_ping(self.queue.tail(), b"", None);
        }
    }

    /// Queues our close frame, unless there was one.
    pub(super) fn queue_close(&mut self, code: CloseCode, reason: &str) {
        if self.output == Output::Open {
            write_close(self.queue.tail(), code, reason, None);
            self.sent = Some(CloseStatus::new(code, reason));
            self.output = if self.received.is_some() { Output::Ending } else { Output::Closing };
        }
    }

    /// The peer has closed. With `answers` it is told the same.
    pub(super) fn close_received(&mut self, status: CloseStatus, answers: bool) {
        let code = status.code;
        self.received = Some(status);
        if self.output == Output::Closing {
            self.output = Output::Ending;
        } else if answers {
            self.queue_close(code, "");
        }
    }

    /// Nothing more comes from the peer, or counts: what is queued is the last.
    pub(super) fn ignore_peer(&mut self) {
        if self.output != Output::Ended {
            self.output = Output::Ending;
        }
    }

    pub(super) fn sent(&self) -> Option<&CloseStatus> {
        self.sent.as_ref()
    }

    pub(super) fn received(&self) -> Option<&CloseStatus> {
        self.received.as_ref()
    }

    pub(super) fn has_room(&self) -> bool {
        self.queue.bytes() < ROOM
    }

    pub(super) fn has_room_for_pongs(&self) -> bool {
        self.pongs < limits::MAXIMUM_PONGS
    }

    pub(super) fn is_written(&self) -> bool {
        self.queue.is_empty()
    }

    /// Nothing can be done with the socket any more.
    pub(super) fn fail(&mut self, failure: WebSocketError) {
        if self.failure.is_none() {
            self.counted.failed(&failure);
            self.failure = Some(failure);
        }
        self.queue = Pieces::new();
        self.stuck = None;
    }

    /// Gives the socket back.
    pub(super) fn abandon(&mut self) {
        self.socket = Socket::Gone;
        self.fail(WebSocketError::Closed);
    }

    /// Writes what waits, and once both sides have closed ends our direction.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), WebSocketError>> {
        if let Some(failure) = &self.failure {
            return Poll::Ready(Err(failure.clone()));
        }
        let written = self.poll_write(cx);
        let failure = match written {
            Poll::Ready(Ok(())) => {
                self.stuck = None;
                return Poll::Ready(Ok(()));
            }
            Poll::Ready(Err(error)) => error.into(),
            Poll::Pending => {
                // Whoever waits to write may not read for long.
                self.socket.hold(cx);
                let timeout = self.write_timeout;
                let stuck = self.stuck.get_or_insert_with(|| Box::pin(sleep(timeout)));
                ready!(stuck.as_mut().poll(cx));
                WebSocketError::WriteTimedOut
            }
        };
        self.fail(failure.clone());
        Poll::Ready(Err(failure))
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        while !self.queue.is_empty() {
            ready!(self.socket.poll_write(cx, &mut self.queue))?;
            self.stuck = None;
        }
        self.pongs = 0;
        ready!(self.socket.poll_flush(cx))?;
        if self.output == Output::Ending {
            ready!(self.socket.poll_shutdown(cx))?;
            self.output = Output::Ended;
        }
        Poll::Ready(Ok(()))
    }
}
