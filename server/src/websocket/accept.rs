//! From a request to a WebSocket.

use std::fmt;
use std::future::poll_fn;

use http::{Request, Response};

use super::compressor::Compressor;
use super::reading::Reading;
use super::running::run;
use super::shared::{About, Shared};
use super::{WebSocket, WebSocketError, WebSocketOptions, WebSocketReceiver, WebSocketSender};
use crate::http::{
    Body, BoxError, PendingSocket, RequestHead, RequestSource, Terms, accept_websocket, unavailable,
    wants_websocket,
};

/// Whether a request wants to become a WebSocket: a GET with `Upgrade: websocket`, or an extended CONNECT of HTTP/2 (RFC
/// 8441). Whether it is well-formed is for [`accept`] to say.
pub fn is_websocket_request<B>(request: &Request<B>) -> bool {
    wants_websocket(request.method(), request.version(), request.headers(), request.extensions())
}

/// Accepts a request as a WebSocket, in any server that is built on hyper, and in our own.
///
/// The response has to be sent for the WebSocket to open. In axum 0.8:
///
/// ```
/// use axum::extract::Request;
/// use axum::response::{IntoResponse, Response};
/// use hubcast::websocket::{self, WebSocketOptions};
///
/// async fn echo(request: Request) -> Response {
///     match websocket::accept(request, &WebSocketOptions::new()) {
///         Ok(accepted) => accepted.spawn(async |mut socket| {
///             while let Some(message) = socket.receive().await? {
///                 socket.send(message).await?;
///             }
///             Ok::<_, websocket::WebSocketError>(())
///         }).into_response(),
///         Err(refusal) => refusal.into_response(),
///     }
/// }
///
/// // HTTP/2 opens WebSockets with CONNECT, so that the route takes any method.
/// let router: axum::Router = axum::Router::new().route("/echo", axum::routing::any(echo));
/// ```
///
/// # Errors
///
/// The response to send, if the request is no WebSocket request (426, and 400 on HTTP/2), is not well-formed (400, and 426
/// for an unknown version), or comes from a page whose origin is not allowed (403). 503, if our own
/// [`Server`](crate::Server) is behind a proxy that it trusts and the client's address has as many connections as it
/// [may have](crate::Server::maximum_connections_per_address).
pub fn accept<B>(request: Request<B>, options: &WebSocketOptions) -> Result<Accepted, Box<Response<Body>>> {
    let (mut parts, _body) = request.into_parts();
    let terms = Terms {
        origins: &options.allowed_origins,
        protocols: &options.subprotocols,
        deflate: options.compression.as_ref().map(|compression| &compression.terms),
    };
    let handshake = accept_websocket(&mut parts, &terms)?;
    let Ok(place) = RequestSource::enter(&parts.extensions) else {
        tracing::debug!("a WebSocket was refused: its client's address has too many connections");
        return Err(Box::new(unavailable()));
    };
    let address = RequestSource::of(&parts.extensions).and_then(RequestSource::remote_address);
    let about = About {
        request: RequestHead::new(&parts, address),
        http_version: parts.version,
        protocol: handshake.protocol,
        deflate: handshake.deflate,
        limits: options.limits(),
        _place: place,
    };
    let opening = Opening { socket: handshake.socket, about, options: options.clone() };
    Ok(Accepted { response: handshake.response, opening })
}

/// A request that becomes a WebSocket once its response has been sent.
#[must_use = "the response has to be sent"]
pub struct Accepted {
    response: Response<Body>,
    opening: Opening,
}

impl Accepted {
    /// Runs `handler` for the WebSocket, in a task of its own, and returns the response to send.
    ///
    /// The WebSocket is closed when the handler returns: with 1000, or 1011 after a panic or an error that is no
    /// [`WebSocketError`].
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn spawn<H, F, E>(self, handler: H) -> Response<Body>
    where
        H: FnOnce(WebSocket) -> F + Send + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let Self { response, opening } = self;
        tokio::spawn(async move {
            match opening.open().await {
                Ok(socket) => run(socket, handler, std::future::pending()).await,
                Err(_) => tracing::debug!("a connection ended before its WebSocket opened"),
            }
        });
        response
    }

    /// The response to send, to which headers may be added, and the WebSocket that opens once it is sent.
    pub fn into_parts(self) -> (Response<Body>, Opening) {
        (self.response, self.opening)
    }
}

impl fmt::Debug for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accepted").finish_non_exhaustive()
    }
}

/// A WebSocket that opens when its response has been sent.
pub struct Opening {
    socket: PendingSocket,
    about: About,
    options: WebSocketOptions,
}

impl Opening {
    /// Waits until it is open.
    ///
    /// # Errors
    ///
    /// If the response was not sent.
    pub async fn open(self) -> Result<WebSocket, WebSocketError> {
        let Self { mut socket, about, options } = self;
        let opened = poll_fn(|cx| socket.poll_ready(cx)).await;
        let (socket, unread) = opened.ok_or(WebSocketError::Cut)?;
        let compressor = about
            .deflate
            .as_ref()
            .zip(options.compression.as_ref())
            .map(|(agreement, compression)| Compressor::new(agreement, compression));
        let shared = Shared::new(socket, about, options.meters);
        let reading =
            Reading::new(&shared, options.maximum_message_size, options.maximum_frames_per_message, &unread);
        let sender = WebSocketSender::new(std::sync::Arc::clone(&shared), compressor);
        Ok(WebSocket::new(WebSocketReceiver::new(shared, Box::new(reading)), sender))
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").finish_non_exhaustive()
    }
}
