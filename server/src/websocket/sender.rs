//! The sending half.
//!
//! A message is queued whole or not at all, and only when little waits: what is queued leaves with whatever is sent or
//! received next, even if the future that sent it was dropped.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Sink;
use hubcast_websocket::{CloseCode, FrameHeader, Opcode, Utf8Check};

use super::compressor::Compressor;
use super::shared::Shared;
use super::{Closer, Message, MessageKind, SendFlags, WebSocketError};

/// What goes to a peer.
pub struct WebSocketSender {
    pub(super) shared: Arc<Shared>,
    compressor: Option<Compressor>,
    begun: Option<Begun>,
}

/// A message that was begun in parts.
struct Begun {
    kind: MessageKind,
    utf8: Utf8Check,
    is_compressed: bool,
}

impl WebSocketSender {
    pub(super) fn new(shared: Arc<Shared>, compressor: Option<Compressor>) -> Self {
        Self { shared, compressor, begun: None }
    }

    /// Sends a whole message and waits until the system, or the window of an HTTP/2 stream, has taken it.
    ///
    /// It can be dropped at any time: the message is queued then, or was not begun.
    ///
    /// # Errors
    ///
    /// If our side is closed, the connection has failed, or the peer takes nothing for as long as the
    /// [`write_timeout`](super::WebSocketOptions::write_timeout).
    pub async fn send(&mut self, message: impl Into<Message>) -> Result<(), WebSocketError> {
        let message = message.into();
        poll_fn(|cx| self.poll_room(cx)).await?;
        self.queue(message)?;
        poll_fn(|cx| self.poll_written(cx)).await
    }

    /// Sends a part of a message, or with [`SendFlags::END_OF_MESSAGE`] its last one; otherwise as [`send`](Self::send).
    ///
    /// Each part is a frame of its own, which the peer gets at once, also if it is compressed. A text may be cut anywhere.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); and if `kind` is not that of the message that was begun, or its bytes cannot be UTF-8.
    pub async fn send_part(
        &mut self,
        kind: MessageKind,
        payload: impl Into<Bytes>,
        flags: SendFlags,
    ) -> Result<(), WebSocketError> {
        let payload = payload.into();
        poll_fn(|cx| self.poll_room(cx)).await?;
        self.queue_part(kind, payload, flags)?;
        poll_fn(|cx| self.poll_written(cx)).await
    }

    /// Closes our side: sends a close frame behind what was sent, and waits until it is written. What the peer sends
    /// meanwhile can still be received, up to its own close.
    ///
    /// A code that must not travel, such as 1005, sends a frame without one. Of the reason 123 bytes are sent. After a first
    /// close frame there is no other.
    ///
    /// # Errors
    ///
    /// If the connection has failed, or the peer takes nothing for as long as the write timeout.
    pub async fn close_output(&mut self, code: CloseCode, reason: &str) -> Result<(), WebSocketError> {
        self.shared.begin_close(code, reason);
        poll_fn(|cx| self.poll_written(cx)).await
    }

    /// Closes from anywhere.
    pub fn closer(&self) -> Closer {
        Closer::new(&self.shared)
    }

    /// Ready when little enough waits for another message.
    pub(super) fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), WebSocketError>> {
        self.shared.tasks().sender.register(cx.waker());
        match self.shared.poll_flush() {
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
            Poll::Pending if self.shared.io().has_room() => {}
            Poll::Pending => return Poll::Pending,
        }
        Poll::Ready(self.shared.io().check_open())
    }

    pub(super) fn poll_written(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), WebSocketError>> {
        self.shared.tasks().sender.register(cx.waker());
        self.shared.poll_flush()
    }

    /// Queues a whole message.
    pub(super) fn queue(&mut self, message: Message) -> Result<(), WebSocketError> {
        if self.begun.is_some() {
            return Err(WebSocketError::InsideMessage);
        }
        let kind = message.kind();
        let payload = message.into_bytes();
        let compresses =
            self.compressor.as_ref().is_some_and(|compressor| compressor.is_worth(payload.len()));
        self.queue_frame(opcode(kind), payload, true, compresses, compresses)
    }

    fn queue_part(
        &mut self,
        kind: MessageKind,
        payload: Bytes,
        flags: SendFlags,
    ) -> Result<(), WebSocketError> {
        let end_of_message = flags.contains(SendFlags::END_OF_MESSAGE);
        let (mut begun, is_first) = match self.begun.take() {
            Some(begun) => (begun, false),
            None => {
                let may = !flags.contains(SendFlags::DO_NOT_COMPRESS);
                // How long a message becomes that goes on is not known.
                let worth = |compressor: &Compressor| !end_of_message || compressor.is_worth(payload.len());
                let is_compressed = may && self.compressor.as_ref().is_some_and(worth);
                (Begun { kind, utf8: Utf8Check::default(), is_compressed }, true)
            }
        };
        let checked = if begun.kind != kind {
            Err(WebSocketError::InsideMessage)
        } else {
            let before = begun.utf8;
            let checked = check(&mut begun, &payload, end_of_message);
            if checked.is_err() {
                begun.utf8 = before;
            }
            checked
        };
        if let Err(error) = checked {
            self.begun = (!is_first).then_some(begun);
            return Err(error);
        }
        let is_compressed = begun.is_compressed;
        let opcode = if is_first { opcode(kind) } else { Opcode::Continuation };
        self.queue_frame(opcode, payload, end_of_message, is_compressed, is_compressed && is_first)?;
        self.begun = (!end_of_message).then_some(begun);
        Ok(())
    }

    fn queue_frame(
        &mut self,
        opcode: Opcode,
        payload: Bytes,
        fin: bool,
        compresses: bool,
        rsv1: bool,
    ) -> Result<(), WebSocketError> {
        self.shared.io().check_open()?;
        let payload = match &mut self.compressor {
            Some(compressor) if compresses => compressor.compress(&payload, fin),
            Some(_) | None => payload,
        };
        let header = FrameHeader { fin, rsv1, opcode, payload_length: payload.len() as u64, mask: None };
        let mut io = self.shared.io();
        // A close may have come between.
        io.check_open()?;
        io.queue_frame(&header, payload);
        Ok(())
    }
}

fn check(begun: &mut Begun, payload: &[u8], end_of_message: bool) -> Result<(), WebSocketError> {
    if begun.kind == MessageKind::Text {
        begun.utf8.accept(payload).map_err(|_| WebSocketError::NotText)?;
        if end_of_message {
            begun.utf8.finish().map_err(|_| WebSocketError::NotText)?;
        }
    }
    Ok(())
}

fn opcode(kind: MessageKind) -> Opcode {
    match kind {
        MessageKind::Text => Opcode::Text,
        MessageKind::Binary => Opcode::Binary,
    }
}

impl Sink<Message> for WebSocketSender {
    type Error = WebSocketError;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), WebSocketError>> {
        self.poll_room(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), WebSocketError> {
        self.queue(message)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), WebSocketError>> {
        self.poll_written(cx)
    }

    /// Sends a close frame with 1000 and waits until it is written; the receiving half goes on to the peer's.
    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), WebSocketError>> {
        self.shared.begin_close(CloseCode::NORMAL_CLOSURE, "");
        self.poll_written(cx)
    }
}

impl fmt::Debug for WebSocketSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketSender").finish_non_exhaustive()
    }
}
