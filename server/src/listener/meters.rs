//! The counters of the listeners, through the `metrics` facade.
//!
//! Handles are made once per server, so the application installs its recorder before it starts one.

use std::net::SocketAddr;

use metrics::{Counter, counter, describe_counter};

/// Handles of one server's metrics.
pub(super) struct Meters {
    accepted_http1: Counter,
    accepted_http2: Counter,
}

impl Meters {
    pub(super) fn new() -> Self {
        describe_counter!(
            "hubcast_accepted_connections_total",
            "TCP connections whose HTTP version became known, whatever they carry"
        );
        Self {
            accepted_http1: counter!("hubcast_accepted_connections_total", "http" => "1.1"),
            accepted_http2: counter!("hubcast_accepted_connections_total", "http" => "2"),
        }
    }

    /// Counts a connection of HTTP/1.1.
    pub(super) fn accepted_http1(&self, peer: SocketAddr) {
        self.accepted_http1.increment(1);
        tracing::debug!(%peer, http = "1.1", "a connection was accepted");
    }

    /// Counts a connection of HTTP/2.
    pub(super) fn accepted_http2(&self, peer: SocketAddr) {
        self.accepted_http2.increment(1);
        tracing::debug!(%peer, http = "2", "a connection was accepted");
    }
}
