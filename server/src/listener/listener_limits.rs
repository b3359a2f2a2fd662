//! How long things may take on a connection, and how many there may be: the options of a server and their defaults.

use std::time::Duration;

use super::http2_keep_alive::KeepAlive;
use super::server::Server;
use crate::admission::ConnectionLimits;
use crate::limits;

/// How long things may take, and how many there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct ListenerLimits {
    pub(super) connections: ConnectionLimits,
    pub(super) proxy_header: Duration,
    pub(super) tls_handshake: Duration,
    pub(super) first_byte: Duration,
    pub(super) request_head: Duration,
    pub(super) request_head_size: usize,
    pub(super) request_headers: usize,
    pub(super) response_send: Duration,
    pub(super) http2_header_list: u32,
    pub(super) http2_streams: u32,
    pub(super) http2_resets: usize,
    pub(super) http2_error_resets: usize,
    pub(super) http2_keep_alive: KeepAlive,
    pub(super) http2_idle: Duration,
}

impl Server {
    /// Sets how many sockets of clients may be open at once, over all endpoints. Default: 1,000,000.
    ///
    /// One more is closed as soon as it is accepted, before a byte is read, and counted by
    /// `hubcast_refused_connections_total`. Probes of [`health`](Self::health) are sockets too.
    #[must_use]
    pub fn maximum_connections(mut self, count: usize) -> Self {
        self.limits.connections.total = count;
        self
    }

    /// Sets how many of those may come from one address, at least 1. Default: 65,536, as many as an address has ports. IPv6
    /// addresses are one where their first 64 bits are, as one client has all of them.
    ///
    /// One more is closed as soon as its address is known: when it is accepted, or behind a header of the PROXY protocol.
    /// Sockets of [trusted proxies](Self::trusted_proxies) are not counted; there each hub connection and each WebSocket without a
    /// hub counts for its client's address, and one more is answered with 503. Without an address, as through a Unix socket, nothing is counted. What is
    /// refused is counted by `hubcast_refused_connections_total`.
    #[must_use]
    pub fn maximum_connections_per_address(mut self, count: usize) -> Self {
        self.limits.connections.per_address = count;
        self
    }

    /// Sets how long a header of the PROXY protocol may take, at endpoints that want one. Default: 5 s.
    #[must_use]
    pub fn proxy_header_timeout(mut self, limit: Duration) -> Self {
        self.limits.proxy_header = limit;
        self
    }

    /// Sets how long a TLS handshake may take. Default: 10 s.
    #[must_use]
    pub fn tls_handshake_timeout(mut self, limit: Duration) -> Self {
        self.limits.tls_handshake = limit;
        self
    }

    /// Sets how long a new connection in clear text may be silent. Default: 10 s.
    ///
    /// With TLS, the limits of the handshake and of the request's head say so.
    #[must_use]
    pub fn first_byte_timeout(mut self, limit: Duration) -> Self {
        self.limits.first_byte = limit;
        self
    }

    /// Sets how long the head of an HTTP/1.1 request, or an HTTP/2 connection up to its first request, may take.
    /// Default: 30 s.
    #[must_use]
    pub fn request_head_timeout(mut self, limit: Duration) -> Self {
        self.limits.request_head = limit;
        self
    }

    /// Sets how many bytes the head of an HTTP/1.1 request may have, at least 8 KiB. Default: 64 KiB.
    ///
    /// A larger one is answered with 431 and counted by `hubcast_refused_heads_total`; one of up to twice the size may pass
    /// if it comes at once.
    #[must_use]
    pub fn maximum_request_head(mut self, bytes: usize) -> Self {
        self.limits.request_head_size = bytes.max(SMALLEST_REQUEST_HEAD);
        self
    }

    /// Sets how many header fields an HTTP/1.1 request may have, at most 10,000. Default: 100.
    ///
    /// One with more is answered with 431 and counted by `hubcast_refused_heads_total`. A number other than the default costs
    /// each request a little more, and one beyond 100 an allocation. For HTTP/2,
    /// [`maximum_http2_header_list`](Self::maximum_http2_header_list) counts 32 bytes for each field.
    #[must_use]
    pub fn maximum_request_headers(mut self, count: usize) -> Self {
        self.limits.request_headers = count.min(MOST_REQUEST_HEADERS);
        self
    }

    /// Sets how long a client may take nothing in while it is sent a response over HTTP/1.1; then its connection ends,
    /// counted by `hubcast_timed_out_sockets_total`. Default: 10 s.
    ///
    /// Over HTTP/2 such a client does not answer pings, either: [`http2_keep_alive_timeout`](Self::http2_keep_alive_timeout).
    #[must_use]
    pub fn response_send_timeout(mut self, limit: Duration) -> Self {
        self.limits.response_send = limit;
        self
    }

    /// Sets how many bytes the header fields of an HTTP/2 request may have, as HPACK counts them. Default: 16 KiB.
    ///
    /// A larger one is answered with 431, which no metric counts.
    #[must_use]
    pub fn maximum_http2_header_list(mut self, bytes: u32) -> Self {
        self.limits.http2_header_list = bytes;
        self
    }

    /// Sets how many streams one HTTP/2 connection may have open at once. Default: 100.
    ///
    /// Clients are told, and wait with what is more. A stream of one that does not is reset with REFUSED_STREAM before
    /// anybody looks at its request, and counts as one of the
    /// [`maximum_http2_error_resets`](Self::maximum_http2_error_resets).
    #[must_use]
    pub fn maximum_http2_streams(mut self, count: u32) -> Self {
        self.limits.http2_streams = count;
        self
    }

    /// Sets how many streams that their client reset may wait on one HTTP/2 connection to be taken up. Default: 20.
    ///
    /// One more ends the connection with ENHANCE_YOUR_CALM, counted by `hubcast_http2_floods_total`: it is how the attack
    /// "rapid reset" (CVE-2023-44487) looks.
    #[must_use]
    pub fn maximum_http2_resets(mut self, count: usize) -> Self {
        self.limits.http2_resets = count;
        self
    }

    /// Sets how many times one HTTP/2 connection may make the server reset a stream for an error of the client. Default:
    /// 1,024.
    ///
    /// One more ends the connection with ENHANCE_YOUR_CALM, counted by `hubcast_http2_floods_total`: it is how the attack
    /// "MadeYouReset" (CVE-2025-8671) looks.
    #[must_use]
    pub fn maximum_http2_error_resets(mut self, count: usize) -> Self {
        self.limits.http2_error_resets = count;
        self
    }

    /// Sets how often an HTTP/2 connection is pinged. Default: 30 s.
    #[must_use]
    pub fn http2_keep_alive_interval(mut self, every: Duration) -> Self {
        self.limits.http2_keep_alive.interval = every;
        self
    }

    /// Sets how long an HTTP/2 connection may take to answer a ping before it is dropped with all its streams, counted by
    /// `hubcast_timed_out_sockets_total`. Default: 20 s.
    #[must_use]
    pub fn http2_keep_alive_timeout(mut self, limit: Duration) -> Self {
        self.limits.http2_keep_alive.timeout = limit;
        self
    }

    /// Sets how long an HTTP/2 connection may be without a stream before it is told to go away. Default: 120 s.
    ///
    /// One of HTTP/1.1 ends when its next request does not come within the
    /// [`request_head_timeout`](Self::request_head_timeout).
    #[must_use]
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.limits.http2_idle = limit;
        self
    }
}

/// hyper makes room for all of them with each request, and panics where that is more than a `HeaderMap` holds.
const MOST_REQUEST_HEADERS: usize = 10_000;

/// What hyper reads into at least.
const SMALLEST_REQUEST_HEAD: usize = 8 * 1024;

impl Default for ListenerLimits {
    fn default() -> Self {
        Self {
            connections: ConnectionLimits::default(),
            proxy_header: limits::PROXY_HEADER_TIMEOUT,
            tls_handshake: limits::TLS_HANDSHAKE_TIMEOUT,
            first_byte: limits::FIRST_BYTE_TIMEOUT,
            request_head: limits::REQUEST_HEAD_TIMEOUT,
            request_head_size: limits::MAXIMUM_REQUEST_HEAD,
            request_headers: limits::MAXIMUM_REQUEST_HEADERS,
            response_send: limits::RESPONSE_SEND_TIMEOUT,
            http2_header_list: limits::MAXIMUM_HTTP2_HEADER_LIST,
            http2_streams: limits::MAXIMUM_HTTP2_STREAMS,
            http2_resets: limits::MAXIMUM_HTTP2_RESETS,
            http2_error_resets: limits::MAXIMUM_HTTP2_ERROR_RESETS,
            http2_keep_alive: KeepAlive {
                interval: limits::HTTP2_KEEP_ALIVE_INTERVAL,
                timeout: limits::HTTP2_KEEP_ALIVE_TIMEOUT,
            },
            http2_idle: limits::HTTP2_IDLE_TIMEOUT,
        }
    }
}
