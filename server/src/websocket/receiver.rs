//! The receiving half.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use hubcast_websocket::DataKind;

use super::closer::written;
use super::reading::Reading;
use super::shared::Shared;
use super::{CloseStatus, Closer, Message, Part, Text, WebSocketError};

/// What a peer sends. It answers pings, and pings a silent peer, while something is being received: to leave that for long
/// is to leave the peer alone.
pub struct WebSocketReceiver {
    pub(super) shared: Arc<Shared>,
    /// `None` once it is left to whoever closes.
    reading: Option<Box<Reading>>,
}

impl WebSocketReceiver {
    pub(super) fn new(shared: Arc<Shared>, reading: Box<Reading>) -> Self {
        Self { shared, reading: Some(reading) }
    }

    /// Waits for a whole message; `None` once the peer has closed with a close frame, or after an error.
    ///
    /// A message is held in memory as it arrives, up to the
    /// [`maximum_message_size`](super::WebSocketOptions::maximum_message_size).
    ///
    /// It can be dropped at any time: the next call goes on where it was.
    ///
    /// # Errors
    ///
    /// If the peer breaks the protocol or a limit, is silent for too long, or ends without a close frame.
    pub async fn receive(&mut self) -> Result<Option<Message>, WebSocketError> {
        poll_fn(|cx| self.poll_message(cx)).await.transpose()
    }

    /// Waits for the next part of a message, as it arrives; otherwise as [`receive`](Self::receive).
    pub async fn receive_part(&mut self) -> Result<Option<Part>, WebSocketError> {
        poll_fn(|cx| self.poll_part(cx)).await.transpose()
    }

    /// What the peer's close frame said, if there was one.
    pub fn received_close(&self) -> Option<CloseStatus> {
        self.shared.io().received().cloned()
    }

    /// Closes from anywhere.
    pub fn closer(&self) -> Closer {
        Closer::new(&self.shared)
    }

    pub(super) fn poll_message(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Message, WebSocketError>>> {
        let Some(reading) = &mut self.reading else { return Poll::Ready(None) };
        let mut gathered = std::mem::take(&mut reading.gathered);
        loop {
            match reading.poll_fill(&self.shared, cx, &mut gathered) {
                Poll::Pending => {
                    reading.gathered = gathered;
                    return Poll::Pending;
                }
                Poll::Ready(Some(Ok(filled))) if filled.end_of_message => {
                    let bytes = Bytes::from(gathered);
                    return Poll::Ready(Some(Ok(match filled.kind {
                        DataKind::Text => Message::Text(Text::checked(bytes)),
                        DataKind::Binary => Message::Binary(bytes),
                    })));
                }
                Poll::Ready(Some(Ok(_))) => {}
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
            }
        }
    }

    fn poll_part(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Part, WebSocketError>>> {
        let Some(reading) = &mut self.reading else { return Poll::Ready(None) };
        // Begun by a `receive` that was dropped.
        let mut payload = std::mem::take(&mut reading.gathered);
        match reading.poll_fill(&self.shared, cx, &mut payload) {
            Poll::Pending => {
                reading.gathered = payload;
                Poll::Pending
            }
            Poll::Ready(filled) => Poll::Ready(filled.map(|filled| {
                filled.map(|filled| Part {
                    kind: filled.kind.into(),
                    payload: payload.into(),
                    end_of_message: filled.end_of_message,
                })
            })),
        }
    }

    /// Lets go what arrives until both sides have ended.
    pub(super) async fn drain(&mut self) -> Result<(), WebSocketError> {
        let Some(reading) = &mut self.reading else { return Ok(()) };
        let shared = &self.shared;
        reading.discards = true;
        let mut discarded = Vec::new();
        let closed = loop {
            discarded.clear();
            match poll_fn(|cx| reading.poll_fill(shared, cx, &mut discarded)).await {
                Some(Ok(_)) => {}
                Some(Err(error)) => break Err(error),
                None => break Ok(()),
            }
        };
        // A peer that is gone cannot be told; how it went is known by now.
        if written(shared).await.is_ok() {
            poll_fn(|cx| reading.poll_linger(shared, cx)).await;
        }
        closed
    }
}

impl Stream for WebSocketReceiver {
    type Item = Result<Message, WebSocketError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_message(cx)
    }
}

impl Drop for WebSocketReceiver {
    fn drop(&mut self) {
        if let Some(reading) = self.reading.take() {
            self.shared.leave(reading);
        }
    }
}

impl fmt::Debug for WebSocketReceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketReceiver").finish_non_exhaustive()
    }
}
