//! Every limit of the server with its default. Options change most of them.
//!
//! `docs/limits.md` tells operators about them, with what happens over each and the test that shows it. `tests/tidy` compares
//! the two. The names and defaults that ASP.NET Core SignalR has too are its own.

use std::time::Duration;

/// How long a client may take from connecting to the end of its hub handshake.
pub(crate) const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(15);

/// How often the server pings each client.
pub(crate) const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(15);

/// How long a client that has pinged may be silent.
pub(crate) const CLIENT_TIMEOUT_INTERVAL: Duration = Duration::from_secs(30);

/// Bytes of one message from a client, its framing included.
pub(crate) const MAXIMUM_RECEIVE_MESSAGE_SIZE: usize = 32 * 1024;

/// How long a connection waits for a request to begin: its transport's, its next poll.
pub(crate) const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// The oldest version of negotiation that is answered.
pub(crate) const MINIMUM_PROTOCOL_VERSION: i32 = 0;

/// How long a poll waits for a message.
pub(crate) const LONG_POLLING_POLL_TIMEOUT: Duration = Duration::from_secs(90);

/// Bytes of POSTs that wait for their connection to read them.
pub(crate) const APPLICATION_MAX_BUFFER_SIZE: usize = 64 * 1024;

/// Bytes of POSTs that wait for a connection whose transport has not come: anybody may leave them there.
pub(crate) const EARLY_POST_BUFFER_SIZE: usize = 4 * 1024;

/// How long the body of a POST may keep the server waiting, and the bytes for which it may take a second more.
pub(crate) const POST_BODY_TIMEOUT: Duration = Duration::from_secs(30);
pub(crate) const POST_BODY_RATE: u32 = 240;

/// Bytes on their way into the body of an event stream or of one poll.
pub(crate) const TRANSPORT_MAX_BUFFER_SIZE: usize = 64 * 1024;

/// How long one write may be stuck before the connection is given up.
pub(crate) const TRANSPORT_SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the server waits for the other side of a close.
pub(crate) const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an answer of a client is waited for.
pub(crate) const CLIENT_RESULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes of sent messages that a client has not acknowledged before senders to that client alone have to wait, where
/// stateful reconnects are allowed.
pub(crate) const STATEFUL_RECONNECT_BUFFER_SIZE: usize = 100_000;

/// Negotiated connections that wait for their transport, per hub. Over it, negotiation answers 503.
pub(crate) const MAXIMUM_PENDING_CONNECTIONS: usize = 100_000;

/// Bytes that wait for a client before a sender to that client alone has to wait.
pub(crate) const SEND_BUFFER_SOFT_LIMIT: usize = 64 * 1024;

/// Bytes that wait for a client before it is closed as too slow.
pub(crate) const SEND_BUFFER_HARD_LIMIT: usize = 1024 * 1024;

/// Bytes of calls that wait behind a call of the same connection before the server stops reading from it.
pub(crate) const WAITING_CALLS_LIMIT: usize = 64 * 1024;

/// Plain calls of one connection that run at once.
pub(crate) const MAXIMUM_PARALLEL_INVOCATIONS: usize = 1;

/// Streaming calls of one connection that run at once, with streams in either direction. Over it, they fail.
pub(crate) const MAXIMUM_STREAMS: usize = 1_000;

/// Items of one upload that wait for their method before their bytes count.
pub(crate) const STREAM_BUFFER_CAPACITY: usize = 10;

/// Bytes of upload items that wait for the methods of one connection before the server stops reading from it.
pub(crate) const UPLOAD_BACKLOG_LIMIT: usize = 512 * 1024;

/// Questions that wait for the answer of one client. Over it, the next one fails.
pub(crate) const MAXIMUM_CLIENT_RESULTS: usize = 1_000;

/// Groups that one connection may be in.
pub(crate) const MAXIMUM_GROUPS: usize = 1_000;

/// Users or addresses that one rate limit remembers at once, per hub. Beyond them, newcomers share one.
pub(crate) const MAXIMUM_RATE_KEYS: usize = 100_000;

/// Sockets of clients at once, over all listeners. Over it, the next one is closed.
pub(crate) const MAXIMUM_CONNECTIONS: usize = 1_000_000;

/// Sockets of clients at once from one address; hub connections behind a trusted proxy. Over it, the next one is closed.
pub(crate) const MAXIMUM_CONNECTIONS_PER_ADDRESS: usize = 65_536;

/// How long a header of the PROXY protocol may take.
pub(crate) const PROXY_HEADER_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a TLS handshake may take.
pub(crate) const TLS_HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a new connection in clear text may be silent. With TLS, its handshake's limit says so.
pub(crate) const FIRST_BYTE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the head of an HTTP/1.1 request may take, and an HTTP/2 connection up to its first request.
pub(crate) const REQUEST_HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a client may take nothing in of an HTTP/1.1 response.
pub(crate) const RESPONSE_SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// Streams at once on one HTTP/2 connection.
pub(crate) const MAXIMUM_HTTP2_STREAMS: u32 = 100;

/// Bytes of the head of an HTTP/1.1 request. Over it, the answer is 431.
pub(crate) const MAXIMUM_REQUEST_HEAD: usize = 64 * 1024;

/// Header fields of an HTTP/1.1 request. Over it, the answer is 431.
pub(crate) const MAXIMUM_REQUEST_HEADERS: usize = 100;

/// Bytes of the header fields of an HTTP/2 request, as HPACK counts them. Over it, the answer is 431.
pub(crate) const MAXIMUM_HTTP2_HEADER_LIST: u32 = 16 * 1024;

/// Streams of one HTTP/2 connection that their client reset and that wait to be taken up. Over it, the connection ends.
pub(crate) const MAXIMUM_HTTP2_RESETS: usize = 20;

/// Streams of one HTTP/2 connection that the server reset for an error of the client. Over it, the connection ends.
pub(crate) const MAXIMUM_HTTP2_ERROR_RESETS: usize = 1024;

/// How often an HTTP/2 connection is pinged.
pub(crate) const HTTP2_KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(30);

/// How long an HTTP/2 connection may take to answer a ping.
pub(crate) const HTTP2_KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(20);

/// How long an HTTP/2 connection may be without a stream.
pub(crate) const HTTP2_IDLE_TIMEOUT: Duration = Duration::from_secs(120);

/// How long a server that stops says that it is not ready before it does anything else.
pub(crate) const UNREADY_DELAY: Duration = Duration::from_secs(1);

/// Clients a second that a server that stops asks to reconnect.
pub(crate) const DRAIN_RATE: u32 = 1_000;

/// How long a server that stops takes to ask all its clients to reconnect, whatever the rate.
pub(crate) const DRAIN_PERIOD: Duration = Duration::from_secs(10);

/// How long a graceful stop waits for connections to end once all clients were asked to reconnect.
pub(crate) const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes of one message of a WebSocket without a hub.
pub(crate) const MAXIMUM_WEBSOCKET_MESSAGE_SIZE: u64 = 1024 * 1024;

/// Frames of one message of a WebSocket.
pub(crate) const MAXIMUM_FRAMES_PER_MESSAGE: u32 = 4096;

/// Bytes of pongs that may wait: a client that pings and does not read is not read from beyond that.
pub(crate) const MAXIMUM_PONGS: usize = 16 * 1024;

/// How long the client of a WebSocket without a hub may be silent before it is pinged.
pub(crate) const WEBSOCKET_KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(30);

/// How long it may be silent then.
pub(crate) const WEBSOCKET_KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(20);
