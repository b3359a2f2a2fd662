//! What is measured: the list of rows, each one load with one figure that counts.
//!
//! A row is added here and nowhere else. The series over many connections are in `growth`.

use super::way::Way;
use crate::sample::Sample;

/// Seconds after which a server pings a connection that it had nothing else to send to: the default of Hubcast and of
/// ASP.NET Core.
pub(crate) const FIRST_PING: f64 = 15.0;

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    /// For people who read the table.
    pub(crate) what: &'static str,
    pub(crate) load: Load,
    pub(crate) protocol: &'static str,
    pub(crate) way: Way,
    pub(crate) connections: usize,
    pub(crate) measure: Measure,
    /// The row whose figure of the floor is the yardstick, where the floor does not take this way.
    pub(crate) yardstick: Option<&'static str>,
    /// Whether it belongs to the core set of `--quick`.
    pub(crate) core: bool,
}

/// What the load does with its connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// `depth` calls under way on each connection.
    Echo { depth: usize },
    /// One more connection sends to all, or to `groups` groups in turn (0: to all).
    Broadcast { groups: usize, window: usize },
    /// Streams of `items` items on each connection, one after the other.
    Stream { items: usize },
    /// Connections are opened and closed, `concurrency` at once.
    Storm { concurrency: usize },
    /// Connections are opened and held.
    Idle,
    /// Calls of one connection while another broadcasts to all the others.
    Beside,
}

/// The figure that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// CPU time of the server in microseconds for each message, delivery, item or connection.
    Cpu,
    /// Memory of the server in kB for each idle connection.
    Memory,
    /// The 99th percentile of latency in milliseconds.
    Latency,
}

impl Measure {
    /// The figure in `sample`, or `None` where the load did not take it.
    pub(crate) fn of(self, sample: &Sample) -> Option<f64> {
        match self {
            Self::Cpu => Some(sample.server_us()),
            Self::Memory => sample.bytes_per_connection.map(|bytes| bytes / 1000.0),
            Self::Latency => sample.latency.as_ref().map(|latency| latency.p99 / 1000.0),
        }
    }

    pub(crate) fn unit(self) -> &'static str {
        match self {
            Self::Cpu => "µs",
            Self::Memory => "kB",
            Self::Latency => "ms",
        }
    }
}

impl Scenario {
    /// Idle connections are measured in a process that has held none before.
    pub(crate) fn needs_fresh_process(&self) -> bool {
        self.load == Load::Idle
    }

    /// Connections that are open at once, with those that the load needs besides.
    pub(crate) fn files(&self) -> usize {
        /// For the load's further connections, listeners, libraries and pipes.
        const OTHERS: usize = 100;
        let at_once = match self.load {
            Load::Storm { concurrency } => concurrency,
            Load::Echo { .. } | Load::Broadcast { .. } | Load::Stream { .. } | Load::Idle | Load::Beside => {
                self.connections
            }
        };
        at_once.div_ceil(self.way.streams) + OTHERS
    }

    /// The load's command line after the address, for `seconds` of measuring or holding.
    pub(crate) fn arguments(&self, seconds: f64) -> Vec<String> {
        let mut arguments = vec![
            format!("--seconds={seconds}"),
            format!("--protocol={}", self.protocol),
            format!("--http={}", self.way.http.name()),
            format!("--streams={}", self.way.streams),
            format!("--connections={}", self.connections),
        ];
        match self.load {
            Load::Echo { depth } => arguments.extend(["echo".to_owned(), format!("--depth={depth}")]),
            Load::Broadcast { groups, window } => arguments.extend([
                "broadcast".to_owned(),
                format!("--groups={groups}"),
                format!("--window={window}"),
            ]),
            Load::Stream { items } => arguments.extend(["stream".to_owned(), format!("--items={items}")]),
            Load::Storm { concurrency } => {
                arguments.extend(["storm".to_owned(), format!("--concurrency={concurrency}")]);
            }
            Load::Idle => arguments.extend(["idle".to_owned(), format!("--hold={seconds}")]),
            Load::Beside => arguments.push("beside".to_owned()),
        }
        arguments
    }

    /// The same load with a handful of connections, to see that it runs at all.
    pub(crate) fn as_toy(mut self) -> Self {
        self.way.streams = self.way.streams.min(4);
        self.connections = self.connections.min(8);
        match &mut self.load {
            Load::Broadcast { groups, .. } => *groups = (*groups).min(2),
            Load::Stream { items } => *items = (*items).min(50),
            Load::Storm { concurrency } => *concurrency = (*concurrency).min(4),
            Load::Echo { .. } | Load::Idle | Load::Beside => {}
        }
        self
    }
}

/// All rows in the order of the table.
pub(crate) const ROWS: &[Scenario] = &[
    core("echo", "a call and its answer, one under way on each of 100 connections", ECHO, Way::H1, 100),
    core("echo-deep", "the same with 32 calls under way on each", ECHO_DEEP, Way::H1, 100),
    messagepack(row("echo-messagepack", "echo in MessagePack", ECHO, Way::H1, 100)),
    core("broadcast-1000", "a delivery of a broadcast to 1,000 connections", BROADCAST, Way::H1, 1_000),
    row("broadcast-10000", "a delivery of a broadcast to 10,000 connections", BROADCAST, Way::H1, 10_000),
    core(
        "broadcast-window-8",
        "a delivery to 1,000 connections with 8 broadcasts under way",
        Load::Broadcast { groups: 0, window: 8 },
        Way::H1,
        1_000,
    ),
    messagepack(row(
        "broadcast-messagepack",
        "a delivery to 1,000 connections in MessagePack",
        BROADCAST,
        Way::H1,
        1_000,
    )),
    row("groups-of-10", "a delivery to one of 100 groups", groups(100), Way::H1, 1_000),
    core("groups-of-100", "a delivery to one of 10 groups", groups(10), Way::H1, 1_000),
    row("groups-of-1000", "a delivery to one of 10 groups", groups(10), Way::H1, 10_000),
    core("stream-item", "an item, 20 streams of 1,000 at once", Load::Stream { items: 1_000 }, Way::H1, 20),
    core("storm", "a connection: upgrade, handshake, close; 32 at once", storm(32), Way::H1, 4_000),
    besides("echo", core("h2-echo", "echo on HTTP/2, 100 streams on one connection", ECHO, Way::H2, 100)),
    besides(
        "echo-deep",
        row("h2-echo-deep", "the same with 32 calls under way on each", ECHO_DEEP, Way::H2, 100),
    ),
    besides(
        "broadcast-1000",
        core(
            "h2-broadcast",
            "a delivery to 1,000 streams, 100 on each connection",
            BROADCAST,
            Way::H2,
            1_000,
        ),
    ),
    besides(
        "broadcast-1000",
        row(
            "h2-broadcast-1",
            "a delivery to 1,000 connections, one stream on each",
            BROADCAST,
            Way::H2_SINGLE,
            1_000,
        ),
    ),
    besides("echo", core("tls-echo", "echo over TLS", ECHO, Way::TLS, 100)),
    besides(
        "echo",
        row("tls-h2-echo", "echo over TLS, 100 streams on one HTTP/2 connection", ECHO, Way::TLS_H2, 100),
    ),
    besides(
        "storm",
        row("tls-storm", "a connection with its TLS handshake, 16 at once", storm(16), Way::TLS, 1_000),
    ),
    latency("latency", "99th percentile of echo, 1,000 connections", ECHO, 1_000),
    latency(
        "beside",
        "99th percentile of echo beside broadcasts to 10,000 connections",
        Load::Beside,
        10_000,
    ),
    idle("idle", "an idle connection", Way::H1, 5_000),
    besides(
        "idle",
        idle("idle-h2", "an idle hub connection, 100 streams on each connection", Way::H2, 5_000),
    ),
    besides("idle", idle("tls-idle", "an idle connection over TLS", Way::TLS, 2_000)),
    messagepack(idle("idle-messagepack", "an idle connection in MessagePack", Way::H1, 5_000)),
];

const ECHO: Load = Load::Echo { depth: 1 };
const ECHO_DEEP: Load = Load::Echo { depth: 32 };
const BROADCAST: Load = Load::Broadcast { groups: 0, window: 1 };

const fn groups(groups: usize) -> Load {
    Load::Broadcast { groups, window: 1 }
}

const fn storm(concurrency: usize) -> Load {
    Load::Storm { concurrency }
}

const fn row(name: &'static str, what: &'static str, load: Load, way: Way, connections: usize) -> Scenario {
    let (protocol, measure) = ("json", Measure::Cpu);
    Scenario { name, what, load, protocol, way, connections, measure, yardstick: None, core: false }
}

const fn core(name: &'static str, what: &'static str, load: Load, way: Way, connections: usize) -> Scenario {
    Scenario { core: true, ..row(name, what, load, way, connections) }
}

const fn messagepack(scenario: Scenario) -> Scenario {
    Scenario { protocol: "messagepack", ..scenario }
}

const fn besides(yardstick: &'static str, scenario: Scenario) -> Scenario {
    Scenario { yardstick: Some(yardstick), ..scenario }
}

const fn latency(name: &'static str, what: &'static str, load: Load, connections: usize) -> Scenario {
    Scenario { measure: Measure::Latency, ..row(name, what, load, Way::H1, connections) }
}

const fn idle(name: &'static str, what: &'static str, way: Way, connections: usize) -> Scenario {
    Scenario { measure: Measure::Memory, ..row(name, what, Load::Idle, way, connections) }
}

/// The row of this name.
pub(crate) fn named(name: &str) -> Option<&'static Scenario> {
    ROWS.iter().find(|row| row.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::run::way::{Http, Layout};

    #[test]
    fn no_two_rows_share_a_name() {
        assert_eq!(ROWS.iter().map(|row| row.name).collect::<HashSet<_>>().len(), ROWS.len());
    }

    #[test]
    fn where_the_floor_cannot_go_a_row_in_clear_text_is_its_yardstick() {
        for row in ROWS {
            let floor_takes_it = Layout::H1.port(0, row.way).is_some();
            assert_eq!(floor_takes_it, row.yardstick.is_none(), "{}", row.name);
            let Some(yardstick) = row.yardstick.map(|name| named(name).expect("the yardstick is a row"))
            else {
                continue;
            };
            assert_eq!(yardstick.way, Way::H1, "{}", row.name);
            assert_eq!(yardstick.measure, row.measure, "{}", row.name);
        }
    }

    #[test]
    fn connections_divide_into_groups_and_into_full_http_2_connections() {
        let toys = ROWS.iter().map(|row| row.as_toy());
        for row in ROWS.iter().copied().chain(toys) {
            assert_eq!(row.connections % row.way.streams, 0, "{}", row.name);
            if let Load::Broadcast { groups: groups @ 1.., .. } = row.load {
                assert_eq!(row.connections % groups, 0, "{}", row.name);
            }
            assert!(row.way.http == Http::H2 || row.way.streams == 1, "{}", row.name);
        }
    }

    #[test]
    fn a_row_becomes_a_command_line_of_the_load() {
        let arguments = |name: &str| named(name).expect("it is a row").arguments(0.5).join(" ");
        assert_eq!(
            arguments("h2-echo-deep"),
            "--seconds=0.5 --protocol=json --http=h2 --streams=100 --connections=100 echo --depth=32"
        );
        assert_eq!(
            arguments("groups-of-10"),
            "--seconds=0.5 --protocol=json --http=h1 --streams=1 --connections=1000 broadcast --groups=100 --window=1"
        );
        assert!(arguments("idle").ends_with(" idle --hold=0.5"));
    }

    #[test]
    fn a_storm_needs_files_only_for_the_connections_at_once() {
        assert_eq!(named("storm").expect("it is a row").files(), 132);
        assert_eq!(named("idle").expect("it is a row").files(), 5_100);
        assert_eq!(named("idle-h2").expect("it is a row").files(), 150);
    }
}
