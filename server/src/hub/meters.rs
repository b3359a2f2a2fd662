//! The counters of a hub, through the `metrics` facade.
//!
//! Handles are made once per hub, so that counting costs an atomic addition and, without a recorder, nothing. The
//! application installs its recorder before it makes the hub.

use metrics::{
    Counter, Gauge, Histogram, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge,
    histogram,
};

/// Handles of one hub's metrics; each carries the label `hub`.
pub(crate) struct Meters {
    pub(crate) negotiated: Counter,
    pub(crate) refused_negotiations: Counter,
    pub(crate) pending: Gauge,
    pub(crate) started: Counter,
    pub(crate) active_http1: Gauge,
    pub(crate) active_http2: Gauge,
    pub(crate) duration: Histogram,
    pub(crate) calls: Counter,
    pub(crate) failed_calls: Counter,
    pub(crate) cancelled_calls: Counter,
    pub(crate) active_streams: Gauge,
    pub(crate) panics: Counter,
    pub(crate) received_bytes: Counter,
    pub(crate) sent_bytes: Counter,
    pub(crate) protocol_errors: Counter,
    pub(crate) timed_out: Counter,
    pub(crate) timed_out_posts: Counter,
    pub(crate) slow_consumers: Counter,
    pub(crate) dropped_oldest: Counter,
    pub(crate) dropped_for_latest: Counter,
    pub(crate) refused_origins: Counter,
    pub(crate) refused_groups: Counter,
    pub(crate) refused_streams: Counter,
    pub(crate) refused_client_results: Counter,
}

impl Meters {
    pub(crate) fn new(hub: &'static str) -> Self {
        describe();
        let dropped = |policy: &'static str| counter!("hubcast_dropped_messages_total", "hub" => hub, "policy" => policy);
        Self {
            negotiated: counter!("hubcast_negotiations_total", "hub" => hub),
            refused_negotiations: counter!("hubcast_refused_negotiations_total", "hub" => hub),
            pending: gauge!("hubcast_pending_connections", "hub" => hub),
            started: counter!("hubcast_connections_total", "hub" => hub),
            active_http1: gauge!("hubcast_active_connections", "hub" => hub, "http" => "1.1"),
            active_http2: gauge!("hubcast_active_connections", "hub" => hub, "http" => "2"),
            duration: histogram!("hubcast_connection_duration_seconds", "hub" => hub),
            calls: counter!("hubcast_calls_total", "hub" => hub),
            failed_calls: counter!("hubcast_failed_calls_total", "hub" => hub),
            cancelled_calls: counter!("hubcast_cancelled_calls_total", "hub" => hub),
            active_streams: gauge!("hubcast_active_streams", "hub" => hub),
            panics: counter!("hubcast_panics_total", "hub" => hub),
            received_bytes: counter!("hubcast_received_bytes_total", "hub" => hub),
            sent_bytes: counter!("hubcast_sent_bytes_total", "hub" => hub),
            protocol_errors: counter!("hubcast_protocol_errors_total", "hub" => hub),
            timed_out: counter!("hubcast_timed_out_connections_total", "hub" => hub),
            timed_out_posts: counter!("hubcast_timed_out_posts_total", "hub" => hub),
            slow_consumers: counter!("hubcast_slow_consumers_total", "hub" => hub),
            dropped_oldest: dropped("drop_oldest"),
            dropped_for_latest: dropped("latest"),
            refused_origins: counter!("hubcast_refused_origins_total", "hub" => hub),
            refused_groups: counter!("hubcast_refused_groups_total", "hub" => hub),
            refused_streams: counter!("hubcast_refused_streams_total", "hub" => hub),
            refused_client_results: counter!("hubcast_refused_client_results_total", "hub" => hub),
        }
    }

    /// The gauge of open connections that came by this HTTP version.
    pub(crate) fn active(&self, version: http::Version) -> &Gauge {
        if version == http::Version::HTTP_2 { &self.active_http2 } else { &self.active_http1 }
    }
}

fn describe() {
    describe_counter!("hubcast_negotiations_total", "Negotiations that were answered with a connection");
    describe_counter!(
        "hubcast_refused_negotiations_total",
        "Negotiations refused because too many connections waited for their transport"
    );
    describe_gauge!(
        "hubcast_pending_connections",
        "Connections that were negotiated and wait for their transport"
    );
    describe_counter!("hubcast_connections_total", "Connections whose transport opened");
    describe_gauge!("hubcast_active_connections", "Connections whose transport is open");
    describe_histogram!("hubcast_connection_duration_seconds", Unit::Seconds, "How long connections lasted");
    describe_counter!("hubcast_calls_total", "Calls of hub methods, unknown ones too");
    describe_counter!("hubcast_failed_calls_total", "Calls that ended with an error");
    describe_counter!("hubcast_cancelled_calls_total", "Calls that their client cancelled");
    describe_gauge!("hubcast_active_streams", "Calls under way with a stream in either direction");
    describe_counter!("hubcast_panics_total", "Panics in hub methods, caught");
    describe_counter!("hubcast_received_bytes_total", Unit::Bytes, "Bytes read from clients, after TLS");
    describe_counter!("hubcast_sent_bytes_total", Unit::Bytes, "Bytes written to clients, before TLS");
    describe_counter!(
        "hubcast_protocol_errors_total",
        "Connections closed because the client broke a protocol"
    );
    describe_counter!(
        "hubcast_timed_out_connections_total",
        "Connections closed because the client was silent or stuck"
    );
    describe_counter!("hubcast_timed_out_posts_total", "POSTs whose body did not come in time");
    describe_counter!("hubcast_slow_consumers_total", "Connections closed because too much waited for them");
    describe_counter!(
        "hubcast_dropped_messages_total",
        "Messages that a policy (policy=\"drop_oldest\" or \"latest\") dropped for a client that was behind, once for each client"
    );
    describe_counter!("hubcast_refused_origins_total", "WebSockets refused for the page they came from");
    describe_counter!(
        "hubcast_refused_groups_total",
        "Groups that a connection was not put into because it was in too many"
    );
    describe_counter!(
        "hubcast_refused_streams_total",
        "Calls with a stream that failed because their client had too many under way"
    );
    describe_counter!(
        "hubcast_refused_client_results_total",
        "Questions to a client that failed because too many waited for its answers"
    );
}
