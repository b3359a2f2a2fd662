//! What one run of load measured: a line of JSON, which `load` prints and `run` reads and keeps.

use serde::{Deserialize, Serialize};

/// One run of load on one server. Costs are the server's, for one message, item, delivery or connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sample {
    /// The kind of load: `echo`, `broadcast`, `stream`, `storm`, `idle`, `beside`.
    pub(crate) load: String,
    /// `json` or `messagepack`.
    pub(crate) protocol: String,
    /// `h1` or `h2`.
    pub(crate) http: String,
    pub(crate) tls: bool,
    /// Streams on one HTTP/2 connection; 1 on HTTP/1.1.
    pub(crate) streams: usize,
    pub(crate) connections: usize,
    /// Calls answered, deliveries, items, or connections opened while it was measured. Beside broadcasts: deliveries.
    pub(crate) count: u64,
    /// How long it was measured, in seconds.
    pub(crate) seconds: f64,
    /// CPU time of the server in user mode, microseconds for each of `count`.
    pub(crate) server_user_us: f64,
    /// CPU time of the server in the kernel, microseconds for each of `count`.
    pub(crate) server_system_us: f64,
    /// CPU time of the load itself, microseconds for each of `count`.
    pub(crate) load_us: f64,
    /// Resident memory of the server at the end, in bytes.
    pub(crate) server_rss: u64,
    /// What each idle connection added to the server's memory, in bytes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) bytes_per_connection: Option<f64>,
    /// While idle connections were held: CPU time of the server, in percent of one core.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) hold_percent: Option<f64>,
    /// From a call to its answer, or from a broadcast to its delivery. Beside broadcasts: of the echo.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) latency: Option<Latency>,
}

/// Quantiles in microseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Latency {
    pub(crate) p50: f64,
    pub(crate) p90: f64,
    pub(crate) p99: f64,
    pub(crate) p999: f64,
    pub(crate) max: f64,
}

impl Sample {
    /// CPU time of the server in microseconds for each of `count`.
    pub(crate) fn server_us(&self) -> f64 {
        self.server_user_us + self.server_system_us
    }
}
