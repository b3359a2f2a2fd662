//! Every limit of the server with its default. Options change them; the tests named beside each hold them.
//!
//! The names and defaults that ASP.NET Core SignalR has too are its own.

use std::time::Duration;

/// How long a client may take from connecting to the end of its hub handshake.
pub(crate) const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(15);

/// How often the server pings each client.
pub(crate) const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(15);

/// How long a client that has pinged may be silent.
pub(crate) const CLIENT_TIMEOUT_INTERVAL: Duration = Duration::from_secs(30);

/// Bytes of one message from a client, its framing included.
pub(crate) const MAXIMUM_RECEIVE_MESSAGE_SIZE: usize = 32 * 1024;

/// How long a negotiated connection waits for its transport.
pub(crate) const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// How long one write may be stuck before the connection is given up.
pub(crate) const TRANSPORT_SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the server waits for the other side of a close.
pub(crate) const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// Negotiated connections that wait for their transport, per hub. Over it, negotiation answers 503.
pub(crate) const MAXIMUM_PENDING_CONNECTIONS: usize = 100_000;

/// Bytes that wait for a client before a sender to that client alone has to wait.
pub(crate) const SEND_BUFFER_SOFT_LIMIT: usize = 64 * 1024;

/// Bytes that wait for a client before it is closed as too slow.
pub(crate) const SEND_BUFFER_HARD_LIMIT: usize = 1024 * 1024;

/// Bytes of calls that wait behind a call of the same connection before the server stops reading from it.
pub(crate) const WAITING_CALLS_LIMIT: usize = 64 * 1024;

/// How long a TLS handshake may take.
pub(crate) const TLS_HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a new connection may be silent.
pub(crate) const FIRST_BYTE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the head of an HTTP/1.1 request may take, and the HTTP/2 preface.
pub(crate) const REQUEST_HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Streams at once on one HTTP/2 connection.
pub(crate) const MAXIMUM_HTTP2_STREAMS: u32 = 100;

/// How long a graceful stop waits for connections to end.
pub(crate) const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);
