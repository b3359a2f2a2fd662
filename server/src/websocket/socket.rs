//! A WebSocket with both of its halves.

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::Sink;
use hubcast_websocket::CloseCode;
use tokio::time::timeout;

use super::shared::Shared;
use super::{
    CloseStatus, Closer, Message, MessageKind, Part, SendFlags, WebSocketError, WebSocketReceiver,
    WebSocketSender,
};

/// An open WebSocket, over HTTP/1.1 or HTTP/2 alike.
///
/// Whoever drops it without a [`close`](Self::close) cuts the connection, and the client sees 1006; but the handler of a
/// [`WebSocketService`](super::WebSocketService) or of [`Accepted::spawn`](super::Accepted::spawn) may drop it, as it is
/// closed for it when it returns.
///
/// It is also a [`Stream`] of messages and a [`Sink`] for them.
pub struct WebSocket {
    receiver: WebSocketReceiver,
    sender: WebSocketSender,
}

impl WebSocket {
    pub(super) fn new(receiver: WebSocketReceiver, sender: WebSocketSender) -> Self {
        Self { receiver, sender }
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.receiver.shared
    }

    /// Waits for a whole message: see [`WebSocketReceiver::receive`].
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn receive(&mut self) -> Result<Option<Message>, WebSocketError> {
        self.receiver.receive().await
    }

    /// Waits for the next part of a message: see [`WebSocketReceiver::receive_part`].
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn receive_part(&mut self) -> Result<Option<Part>, WebSocketError> {
        self.receiver.receive_part().await
    }

    /// Sends a whole message: see [`WebSocketSender::send`].
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn send(&mut self, message: impl Into<Message>) -> Result<(), WebSocketError> {
        self.sender.send(message).await
    }

    /// Sends a part of a message: see [`WebSocketSender::send_part`].
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn send_part(
        &mut self,
        kind: MessageKind,
        payload: impl Into<Bytes>,
        flags: SendFlags,
    ) -> Result<(), WebSocketError> {
        self.sender.send_part(kind, payload, flags).await
    }

    /// Closes our side and goes on to receive: see [`WebSocketSender::close_output`].
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn close_output(&mut self, code: CloseCode, reason: &str) -> Result<(), WebSocketError> {
        self.sender.close_output(code, reason).await
    }

    /// Closes: sends a close frame behind what was sent, lets go what the client still sends, and waits for its close frame
    /// and its end. Where the client closed first, or a close frame was sent, that is not repeated.
    ///
    /// [`received_close`](Self::received_close) says what the client answered. Dropped, the future leaves a connection that
    /// is closing.
    ///
    /// # Errors
    ///
    /// If the client does not end within the [`close_timeout`](super::WebSocketOptions::close_timeout), breaks the protocol,
    /// or ends without a close frame. The connection is gone in any case.
    pub async fn close(&mut self, code: CloseCode, reason: &str) -> Result<(), WebSocketError> {
        let shared = Arc::clone(self.shared());
        shared.begin_close(code, reason);
        close(&shared, &mut self.receiver).await
    }

    /// What the client's close frame said, if there was one.
    pub fn received_close(&self) -> Option<CloseStatus> {
        self.receiver.received_close()
    }

    /// What our close frame said, if there was one.
    pub fn sent_close(&self) -> Option<CloseStatus> {
        self.shared().io().sent().cloned()
    }

    /// The subprotocol that was agreed on.
    pub fn protocol(&self) -> Option<&str> {
        self.shared().about.protocol.as_deref()
    }

    /// Whether permessage-deflate was agreed on.
    pub fn is_compressing(&self) -> bool {
        self.shared().about.deflate.is_some()
    }

    /// The HTTP version that it began with.
    pub fn http_version(&self) -> http::Version {
        self.shared().about.http_version
    }

    /// The path of the request that opened it.
    pub fn path(&self) -> &str {
        self.shared().about.request.path()
    }

    /// A header of that request.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.shared().about.request.header(name)
    }

    /// A parameter of that request's query, decoded; names match in any ASCII case.
    pub fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        self.shared().about.request.query_value(name)
    }

    /// The address that it came from, if the server knows it.
    pub fn remote_address(&self) -> Option<SocketAddr> {
        self.shared().remote_address()
    }

    /// Closes from anywhere.
    pub fn closer(&self) -> Closer {
        self.receiver.closer()
    }

    /// Its halves, for two tasks. What was begun with one goes on.
    pub fn split(self) -> (WebSocketSender, WebSocketReceiver) {
        (self.sender, self.receiver)
    }
}

/// Waits for the end of a connection whose close frame is queued, and cuts it if that takes too long.
pub(super) async fn close(shared: &Shared, receiver: &mut WebSocketReceiver) -> Result<(), WebSocketError> {
    let closed = timeout(shared.about.limits.close_timeout, receiver.drain()).await;
    shared.abandon();
    closed.unwrap_or_else(|_| {
        let failure = WebSocketError::CloseTimedOut;
        shared.io().counted.failed(&failure);
        Err(failure)
    })
}

impl Stream for WebSocket {
    type Item = Result<Message, WebSocketError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.receiver.poll_message(cx)
    }
}

impl Sink<Message> for WebSocket {
    type Error = WebSocketError;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), WebSocketError>> {
        Pin::new(&mut self.sender).poll_ready(cx)
    }

    fn start_send(mut self: Pin<&mut Self>, message: Message) -> Result<(), WebSocketError> {
        Pin::new(&mut self.sender).start_send(message)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), WebSocketError>> {
        Pin::new(&mut self.sender).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), WebSocketError>> {
        Pin::new(&mut self.sender).poll_close(cx)
    }
}

impl fmt::Debug for WebSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocket")
            .field("request", &self.shared().about.request)
            .field("protocol", &self.protocol())
            .finish_non_exhaustive()
    }
}
