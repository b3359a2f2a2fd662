//! How WebSockets of the application are accepted, and what bounds them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Compression;
use super::meters::Meters;
use super::shared::Limits;
use crate::allowed_origins::AllowedOrigins;
use crate::limits;

/// The options of WebSockets that are not a hub's.
#[derive(Clone)]
pub struct WebSocketOptions {
    pub(super) subprotocols: Vec<String>,
    pub(super) allowed_origins: AllowedOrigins,
    pub(super) compression: Option<Compression>,
    pub(super) maximum_message_size: Option<u64>,
    pub(super) maximum_frames_per_message: u32,
    pub(super) keep_alive_interval: Option<Duration>,
    pub(super) keep_alive_timeout: Duration,
    pub(super) write_timeout: Duration,
    pub(super) close_timeout: Duration,
    pub(super) answers_close: bool,
    pub(super) meters: Arc<Meters>,
}

impl WebSocketOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self {
            subprotocols: Vec::new(),
            allowed_origins: AllowedOrigins::SameHost(Vec::new()),
            compression: None,
            maximum_message_size: Some(limits::MAXIMUM_WEBSOCKET_MESSAGE_SIZE),
            maximum_frames_per_message: limits::MAXIMUM_FRAMES_PER_MESSAGE,
            keep_alive_interval: Some(limits::WEBSOCKET_KEEP_ALIVE_INTERVAL),
            keep_alive_timeout: limits::WEBSOCKET_KEEP_ALIVE_TIMEOUT,
            write_timeout: limits::TRANSPORT_SEND_TIMEOUT,
            close_timeout: limits::CLOSE_TIMEOUT,
            answers_close: true,
            meters: Meters::new(),
        }
    }

    /// Speaks one of these subprotocols: the first of them that the client offers. A client that offers none of them is
    /// accepted without one; [`WebSocket::protocol`](super::WebSocket::protocol) says so. Default: none.
    #[must_use]
    pub fn subprotocols(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.subprotocols = names.into_iter().map(Into::into).collect();
        self
    }

    /// Lets pages of these origins connect, beside those of the server's own host: `https://app.example.com`. Others are
    /// refused with 403; programs, which send no origin, never are.
    #[must_use]
    pub fn allowed_origins(mut self, origins: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allowed_origins = AllowedOrigins::SameHost(origins.into_iter().map(Into::into).collect());
        self
    }

    /// Lets pages of every origin connect: whatever a browser sends along by itself, such as cookies, then opens the
    /// WebSocket to every web site.
    #[must_use]
    pub fn allow_any_origin(mut self) -> Self {
        self.allowed_origins = AllowedOrigins::Any;
        self
    }

    /// Compresses messages where the client offers permessage-deflate. Default: no; [`Compression`] says why.
    #[must_use]
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = Some(compression);
        self
    }

    /// Sets how many bytes one message of the client may have, all its frames together and decompressed; `None` for any
    /// number, which is for those alone who receive parts. Default: 1 MiB. Beyond it the connection is closed with 1009.
    #[must_use]
    pub fn maximum_message_size(mut self, bytes: impl Into<Option<u64>>) -> Self {
        self.maximum_message_size = bytes.into();
        self
    }

    /// Sets how many frames one message of the client may have. Default: 4,096. Beyond it the connection is closed with 1008.
    #[must_use]
    pub fn maximum_frames_per_message(mut self, count: u32) -> Self {
        self.maximum_frames_per_message = count;
        self
    }

    /// Sets after how much silence the client is pinged; `None` for never. Default: 30 s. The ping follows within two
    /// intervals, while the application receives.
    #[must_use]
    pub fn keep_alive_interval(mut self, every: impl Into<Option<Duration>>) -> Self {
        self.keep_alive_interval = every.into();
        self
    }

    /// Sets how long a client that was pinged may be silent before the connection is given up. Default: 20 s.
    #[must_use]
    pub fn keep_alive_timeout(mut self, limit: Duration) -> Self {
        self.keep_alive_timeout = limit;
        self
    }

    /// Sets how long a write may be stuck before the connection is given up. Default: 10 s.
    #[must_use]
    pub fn write_timeout(mut self, limit: Duration) -> Self {
        self.write_timeout = limit;
        self
    }

    /// Sets how long the client may take to answer a close frame, and to end, before the connection is cut. Default: 5 s.
    #[must_use]
    pub fn close_timeout(mut self, limit: Duration) -> Self {
        self.close_timeout = limit;
        self
    }

    /// Keeps our side open after the client has closed its own, so that the application can say the rest and then close.
    /// Default: no, the client's close is answered at once with its own code.
    #[must_use]
    pub fn keep_output_open(mut self, keeps: bool) -> Self {
        self.answers_close = !keeps;
        self
    }

    pub(super) fn limits(&self) -> Limits {
        Limits {
            write_timeout: self.write_timeout,
            close_timeout: self.close_timeout,
            keep_alive_interval: self.keep_alive_interval,
            keep_alive_timeout: self.keep_alive_timeout,
            answers_close: self.answers_close,
        }
    }
}

impl fmt::Debug for WebSocketOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketOptions").finish_non_exhaustive()
    }
}

impl Default for WebSocketOptions {
    fn default() -> Self {
        Self::new()
    }
}
