//! The counters of the listeners, through the `metrics` facade.
//!
//! Handles are made once per server, so the application installs its recorder before it starts one. What else the
//! listeners count is beside what it counts: `admission`, `listener/forwarding`, `listener/tls_files`.

use metrics::{Counter, counter, describe_counter};

use super::peer::Peer;

/// Handles of one server's metrics.
pub(super) struct Meters {
    accepted_http1: Counter,
    accepted_http2: Counter,
    accept_errors: Counter,
    timed_out: [Counter; 5],
    refused_proxy_headers: Counter,
    refused_heads: Counter,
    http2_floods: Counter,
}

/// What a peer was too slow for.
#[derive(Debug, Clone, Copy)]
pub(super) enum TimeOut {
    #[cfg_attr(
        not(feature = "tls"),
        expect(dead_code, reason = "without TLS nobody waits for its handshake")
    )]
    TlsHandshake,
    FirstByte,
    RequestHead,
    /// A response over HTTP/1.1, to be taken in.
    Response,
    /// A ping of HTTP/2, to be answered.
    Ping,
}

impl Meters {
    pub(super) fn new() -> Self {
        describe_counter!(
            "hubcast_accepted_connections_total",
            "Connections whose HTTP version became known, whatever they carry"
        );
        describe_counter!(
            "hubcast_accept_errors_total",
            "Failures to accept connections, as for want of descriptors"
        );
        describe_counter!(
            "hubcast_timed_out_sockets_total",
            "Sockets closed because a TLS handshake, the first byte or a request's head took too long, or a response or ping was ignored"
        );
        describe_counter!(
            "hubcast_refused_proxy_headers_total",
            "Connections closed for a PROXY header that is missing, makes no sense or may not be sent"
        );
        describe_counter!(
            "hubcast_refused_heads_total",
            "HTTP/1.1 requests answered with 431: their head is too large or has too many fields"
        );
        describe_counter!(
            "hubcast_http2_floods_total",
            "HTTP/2 connections ended with ENHANCE_YOUR_CALM: too many resets or small frames"
        );
        let timed_out =
            |what: &'static str| counter!("hubcast_timed_out_sockets_total", "waited_for" => what);
        Self {
            accepted_http1: counter!("hubcast_accepted_connections_total", "http" => "1.1"),
            accepted_http2: counter!("hubcast_accepted_connections_total", "http" => "2"),
            accept_errors: counter!("hubcast_accept_errors_total"),
            timed_out: ["tls_handshake", "first_byte", "request_head", "response", "ping"].map(timed_out),
            refused_proxy_headers: counter!("hubcast_refused_proxy_headers_total"),
            refused_heads: counter!("hubcast_refused_heads_total"),
            http2_floods: counter!("hubcast_http2_floods_total"),
        }
    }

    /// Counts a connection of HTTP/1.1.
    pub(super) fn accepted_http1(&self, peer: &Peer) {
        self.accepted_http1.increment(1);
        tracing::debug!(%peer, http = "1.1", "a connection was accepted");
    }

    /// Counts a connection of HTTP/2.
    pub(super) fn accepted_http2(&self, peer: &Peer) {
        self.accepted_http2.increment(1);
        tracing::debug!(%peer, http = "2", "a connection was accepted");
    }

    pub(super) fn accept_failed(&self) {
        self.accept_errors.increment(1);
    }

    pub(super) fn timed_out(&self, what: TimeOut) {
        self.timed_out[what as usize].increment(1);
    }

    pub(super) fn proxy_header_refused(&self) {
        self.refused_proxy_headers.increment(1);
    }

    /// Counts a request whose head is too large.
    pub(super) fn head_refused(&self) {
        self.refused_heads.increment(1);
    }

    /// Counts a connection that has sent too much of what costs and brings nothing.
    pub(super) fn http2_flooded(&self) {
        self.http2_floods.increment(1);
    }
}
