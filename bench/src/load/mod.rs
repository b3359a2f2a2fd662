//! Load on a hub server: opens connections, keeps them busy in one way, and measures what that costs the server.
//!
//! Easy to break: the load has one core to itself and must need less of it than the server needs of its own, or it
//! measures itself. So everything runs on one thread, and each connection is one task with one buffer for all.
//!
//! Each kind of load is a file; what they share is the way to the server (`route`), many connections (`crowd`), and the
//! measuring (`meter`).

mod beside;
mod broadcast;
mod broadcaster;
mod client;
mod crowd;
mod echo;
mod http1;
mod http2;
mod idle;
mod item;
mod meter;
mod pings;
mod pipe;
mod process;
mod route;
mod storm;
mod stream;
mod target;
mod text;
mod tls;

use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand, ValueEnum};
use hubcast_protocol::HubProtocol;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::runtime::Builder;
use tokio::task::LocalSet;

use crate::sample::{Latency, Sample};
use meter::Span;
use route::{Http, Route};
use target::Target;

/// What `load` is told.
#[derive(Debug, Clone, Args)]
pub(crate) struct LoadArguments {
    /// The hub, as ws:// or wss:// on loopback
    url: Target,
    /// The server's process, whose CPU time and memory are read
    #[arg(long)]
    pid: Option<u32>,
    #[arg(long, value_enum, default_value = "json")]
    protocol: Protocol,
    #[arg(long, value_enum, default_value = "h1")]
    http: Http,
    /// WebSockets on one HTTP/2 connection
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = at_least_one)]
    streams: usize,
    /// Connections to the hub
    #[arg(long, short, value_name = "N", default_value_t = 100, value_parser = at_least_one)]
    connections: usize,
    /// Bytes of text in a message
    #[arg(long, value_name = "BYTES", default_value_t = 100)]
    size: usize,
    /// How long is measured
    #[arg(long, default_value = "3", value_parser = seconds)]
    seconds: Duration,
    /// Seconds of load that come before and are not measured
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
    warm_up: Duration,
    #[command(subcommand)]
    kind: Kind,
}

/// The kinds of load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
enum Kind {
    /// Each connection calls `Echo` again and again
    Echo {
        /// Calls under way on each connection
        #[arg(long, default_value_t = 1, value_parser = at_least_one)]
        depth: usize,
    },
    /// One more connection sends to all of them, or to groups in turn
    Broadcast {
        /// Groups that the connections are dealt into; 0 sends to all
        #[arg(long, default_value_t = 0)]
        groups: usize,
        /// Messages under way at once
        #[arg(long, default_value_t = 1, value_parser = at_least_one)]
        window: usize,
    },
    /// Each connection calls the stream `Counter` again and again
    Stream {
        /// Items of one stream
        #[arg(long, default_value_t = 1_000)]
        items: u32,
    },
    /// Opens and closes the connections
    Storm {
        /// How many are under way at once
        #[arg(long, default_value_t = 32, value_parser = at_least_one)]
        concurrency: usize,
    },
    /// Opens the connections and holds them, with pings
    Idle {
        /// Seconds to hold them
        #[arg(long, value_name = "SECONDS", default_value = "20", value_parser = seconds)]
        hold: Duration,
    },
    /// One client broadcasts to the connections without a pause; another's echo is timed
    Beside {
        /// Broadcasts under way at once
        #[arg(long, default_value_t = 1, value_parser = at_least_one)]
        window: usize,
    },
}

/// How hub messages are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Protocol {
    Json,
    Messagepack,
}

/// Puts the load on and measures.
///
/// # Errors
///
/// A connection failed or ended, or the server answered wrongly.
pub(crate) fn run(arguments: &LoadArguments) -> Result<Sample> {
    raise_file_limit();
    let measured = on_this_thread(measure(arguments))?;
    let LoadArguments { url, protocol, http, connections, kind, .. } = arguments;
    let per_count = |microseconds: f64| microseconds / (measured.count.max(1) as f64);
    let name = match kind {
        Kind::Echo { .. } => "echo",
        Kind::Broadcast { .. } => "broadcast",
        Kind::Stream { .. } => "stream",
        Kind::Storm { .. } => "storm",
        Kind::Idle { .. } => "idle",
        Kind::Beside { .. } => "beside",
    };
    Ok(Sample {
        load: name.to_owned(),
        protocol: HubProtocol::from(*protocol).name().to_owned(),
        http: match http {
            Http::H1 => "h1".to_owned(),
            Http::H2 => "h2".to_owned(),
        },
        tls: url.tls,
        streams: arguments.streams_in_use(),
        connections: *connections,
        count: measured.count,
        seconds: measured.span.seconds,
        server_user_us: per_count(measured.span.server.user),
        server_system_us: per_count(measured.span.server.system),
        load_us: per_count(measured.span.load.total()),
        server_rss: measured.span.server_resident,
        bytes_per_connection: measured.bytes_per_connection,
        hold_percent: measured.hold_percent,
        latency: measured.latency,
    })
}

/// Runs `work` with timers, sockets and tasks that stay on this thread.
fn on_this_thread<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = Builder::new_current_thread().enable_all().build().context("no runtime")?;
    let tasks = LocalSet::new();
    let done = tasks.block_on(&runtime, work);
    // What is still open is left to the end of the process: closing it one by one would only take time.
    std::mem::forget((tasks, runtime));
    done
}

async fn measure(arguments: &LoadArguments) -> Result<Measured> {
    let plan = Plan::new(arguments)?;
    match arguments.kind {
        Kind::Echo { depth } => echo::measure(&plan, depth).await,
        Kind::Broadcast { groups, window } => broadcast::measure(&plan, groups, window).await,
        Kind::Stream { items } => stream::measure(&plan, items).await,
        Kind::Storm { concurrency } => storm::measure(&plan, concurrency).await,
        Kind::Idle { hold } => idle::measure(&plan, hold).await,
        Kind::Beside { window } => beside::measure(&plan, arguments, window).await,
    }
}

/// What all kinds of load go by.
struct Plan {
    route: Rc<Route>,
    pid: Option<u32>,
    connections: usize,
    size: usize,
    seconds: Duration,
    warm_up: Duration,
}

impl Plan {
    fn new(arguments: &LoadArguments) -> Result<Self> {
        let &LoadArguments { pid, connections, size, seconds, warm_up, .. } = arguments;
        let route = arguments.route()?;
        Ok(Self { route, pid, connections, size, seconds, warm_up })
    }
}

impl LoadArguments {
    fn route(&self) -> Result<Rc<Route>> {
        Ok(Rc::new(Route::new(self.url.clone(), self.http, self.streams_in_use(), self.protocol.into())?))
    }

    fn streams_in_use(&self) -> usize {
        match self.http {
            Http::H1 => 1,
            Http::H2 => self.streams,
        }
    }
}

/// What one kind of load measured.
struct Measured {
    count: u64,
    span: Span,
    latency: Option<Latency>,
    bytes_per_connection: Option<f64>,
    hold_percent: Option<f64>,
}

impl Measured {
    fn new(count: u64, span: Span, latency: Option<Latency>) -> Self {
        Self { count, span, latency, bytes_per_connection: None, hold_percent: None }
    }
}

impl From<Protocol> for HubProtocol {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Json => Self::Json,
            Protocol::Messagepack => Self::MessagePack,
        }
    }
}

/// Lets this process open as many files as it ever may. Where that is refused, opening says what is missing.
pub(crate) fn raise_file_limit() {
    let maximum = getrlimit(Resource::Nofile).maximum;
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

fn at_least_one(text: &str) -> Result<usize> {
    let number = text.parse()?;
    ensure!(number > 0, "must be at least 1");
    Ok(number)
}

fn seconds(text: &str) -> Result<Duration> {
    Ok(Duration::try_from_secs_f64(text.parse()?)?)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        load: LoadArguments,
    }

    fn parse(line: &str) -> Result<LoadArguments, String> {
        let words = std::iter::once("load").chain(line.split(' '));
        Line::try_parse_from(words).map(|line| line.load).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_not_said_has_a_default() {
        let arguments = parse("ws://127.0.0.1:7000/bench echo").expect("it is well-formed");
        assert_eq!((arguments.connections, arguments.size, arguments.streams), (100, 100, 1));
        assert_eq!((arguments.seconds, arguments.warm_up), (Duration::from_secs(3), Duration::from_secs(1)));
        assert_eq!((arguments.protocol, arguments.http), (Protocol::Json, Http::H1));
        assert_eq!((arguments.kind, arguments.pid), (Kind::Echo { depth: 1 }, None));
    }

    #[test]
    fn idle_connections_are_held_past_the_first_ping() {
        let arguments = parse("ws://127.0.0.1:7000/bench idle").expect("it is well-formed");
        assert_eq!(arguments.kind, Kind::Idle { hold: Duration::from_secs(20) });
    }

    #[test]
    fn everything_can_be_said() {
        let arguments = parse(
            "wss://localhost:7002/bench --pid 42 --protocol messagepack --http h2 --streams 100 -c 1000 --size 10 \
             --seconds 0.5 --warm-up 0 broadcast --groups 10 --window 8",
        )
        .expect("it is well-formed");
        assert_eq!((arguments.connections, arguments.size, arguments.streams), (1000, 10, 100));
        assert_eq!((arguments.seconds, arguments.warm_up), (Duration::from_millis(500), Duration::ZERO));
        assert_eq!((arguments.protocol, arguments.http), (Protocol::Messagepack, Http::H2));
        assert_eq!((arguments.kind, arguments.pid), (Kind::Broadcast { groups: 10, window: 8 }, Some(42)));
    }

    #[test]
    fn a_host_that_is_not_loopback_is_refused() {
        let error = parse("ws://192.0.2.1:7000/bench echo").expect_err("it is refused");
        assert!(error.contains("192.0.2.1 is not on loopback"), "{error}");
    }

    #[test]
    fn no_connection_at_all_is_refused() {
        let error = parse("ws://127.0.0.1:7000/bench -c 0 echo").expect_err("it is refused");
        assert!(error.contains("must be at least 1"), "{error}");
    }
}
