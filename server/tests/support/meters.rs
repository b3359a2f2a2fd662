//! What a server has counted, read out of a recorder of one test.

use std::collections::HashMap;
use std::sync::Mutex;

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};

use super::fixture::{Fixture, Setup};

/// What a server and its hub have counted. A look at the recorder takes its counts, so they are added up here.
pub(crate) struct Meters {
    snapshotter: Snapshotter,
    totals: Mutex<HashMap<String, f64>>,
}

/// A server whose hub counts into a recorder of this test.
pub(crate) async fn measured(setup: Setup) -> (Fixture, Meters) {
    measured_from(|| setup).await
}

/// The same where what is set up counts, too.
pub(crate) async fn measured_from(setup: impl FnOnce() -> Setup) -> (Fixture, Meters) {
    let recorder = DebuggingRecorder::new();
    let meters = Meters { snapshotter: recorder.snapshotter(), totals: Mutex::default() };
    let guard = metrics::set_default_local_recorder(&recorder);
    let server = setup().start().await;
    drop(guard);
    (server, meters)
}

impl Meters {
    /// A counter's or gauge's value by its name, with the value of its label behind it if it has one beside the hub; a
    /// histogram's count.
    pub(crate) fn read(&self, wanted: &str) -> f64 {
        let mut totals = self.totals.lock().unwrap();
        for (key, _, _, value) in self.snapshotter.snapshot().into_vec() {
            let key = key.key();
            let of_hub = key.labels().any(|label| (label.key(), label.value()) == ("hub", "TestHub"));
            assert!(of_hub != OF_SERVER.contains(&key.name()), "{key}");
            let kind = key.labels().find(|label| label.key() != "hub");
            let name = kind.map_or(key.name().to_owned(), |kind| format!("{} {}", key.name(), kind.value()));
            let total = totals.entry(name).or_default();
            match value {
                DebugValue::Counter(count) => *total += count as f64,
                DebugValue::Gauge(value) => *total += value.into_inner(),
                DebugValue::Histogram(values) => *total += values.len() as f64,
            }
        }
        *totals.get(wanted).unwrap_or_else(|| panic!("no metric is called {wanted}"))
    }
}

/// What is counted for a whole server and not for one hub.
const OF_SERVER: [&str; 15] = [
    "hubcast_accept_errors_total",
    "hubcast_accepted_connections_total",
    "hubcast_active_websockets",
    "hubcast_certificate_reloads_total",
    "hubcast_http2_floods_total",
    "hubcast_malformed_forwarding_headers_total",
    "hubcast_open_sockets",
    "hubcast_refused_connections_total",
    "hubcast_refused_heads_total",
    "hubcast_refused_proxy_headers_total",
    "hubcast_timed_out_sockets_total",
    "hubcast_timed_out_websockets_total",
    "hubcast_websocket_duration_seconds",
    "hubcast_websocket_protocol_errors_total",
    "hubcast_websockets_total",
];
