//! The counters of the WebSockets that are not a hub's, through the `metrics` facade.
//!
//! Handles are made once for each [`WebSocketOptions`](super::WebSocketOptions), so the application installs its recorder
//! before it makes these.

use std::sync::Arc;
use std::time::Instant;

use http::Version;
use metrics::{
    Counter, Gauge, Histogram, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge,
    histogram,
};

use super::WebSocketError;

/// Handles of the metrics.
pub(super) struct Meters {
    opened: Counter,
    active_http1: Gauge,
    active_http2: Gauge,
    duration: Histogram,
    protocol_errors: Counter,
    timed_out: Counter,
}

impl Meters {
    pub(super) fn new() -> Arc<Self> {
        describe_counter!("hubcast_websockets_total", "WebSockets without a hub that opened");
        describe_gauge!("hubcast_active_websockets", "WebSockets without a hub that are open");
        describe_histogram!(
            "hubcast_websocket_duration_seconds",
            Unit::Seconds,
            "How long WebSockets without a hub lasted"
        );
        describe_counter!(
            "hubcast_websocket_protocol_errors_total",
            "WebSockets without a hub that were closed because the client broke the protocol"
        );
        describe_counter!(
            "hubcast_timed_out_websockets_total",
            "WebSockets without a hub that were given up because the client was silent, stuck or did not close"
        );
        Arc::new(Self {
            opened: counter!("hubcast_websockets_total"),
            active_http1: gauge!("hubcast_active_websockets", "http" => "1.1"),
            active_http2: gauge!("hubcast_active_websockets", "http" => "2"),
            duration: histogram!("hubcast_websocket_duration_seconds"),
            protocol_errors: counter!("hubcast_websocket_protocol_errors_total"),
            timed_out: counter!("hubcast_timed_out_websockets_total"),
        })
    }

    fn active(&self, version: Version) -> &Gauge {
        if version == Version::HTTP_2 { &self.active_http2 } else { &self.active_http1 }
    }
}

/// An open WebSocket, which counts until it is dropped.
pub(super) struct Counted {
    meters: Arc<Meters>,
    version: Version,
    since: Instant,
}

impl Counted {
    pub(super) fn new(meters: Arc<Meters>, version: Version) -> Self {
        meters.opened.increment(1);
        meters.active(version).increment(1);
        Self { meters, version, since: Instant::now() }
    }

    /// Counts how it failed, if that is the client's doing.
    pub(super) fn failed(&self, failure: &WebSocketError) {
        if matches!(failure, WebSocketError::Protocol(_)) {
            self.meters.protocol_errors.increment(1);
        } else if matches!(
            failure,
            WebSocketError::Silent | WebSocketError::WriteTimedOut | WebSocketError::CloseTimedOut
        ) {
            self.meters.timed_out.increment(1);
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.meters.active(self.version).decrement(1);
        self.meters.duration.record(self.since.elapsed());
    }
}
