//! The server that load and conformance checks are put on.

mod bench_hub;
mod echo;
mod measure;

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use bench_hub::{Bench, BenchHub};
use clap::Parser;
use hubcast::{HubOptions, HubService, JwtBearer, JwtKey, Requirement, Server, Tls, query_value};
use measure::measure;
use tower::service_fn;
use tower_http::services::ServeDir;
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Serves the bench hub at /bench and a raw WebSocket echo at /echo: HTTP/1.1 and HTTP/2 in clear text at PORT, TLS with both at PORT + 2.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// The port for clear text; TLS is two above
    #[arg(long)]
    port: u16,
    /// A folder whose files are served beside the hub
    #[arg(long, value_name = "DIR")]
    web: Option<PathBuf>,
    /// Bytes of the largest message a client may send
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 20)]
    message_limit: usize,
    /// Streams that one HTTP/2 connection may have open at once: as many connections to the hub fit on it
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    http2_streams: u32,
    /// Refuses clients without a bearer token that is signed with this key (HS256, 32 bytes at least); its subject is
    /// the user
    #[arg(long, value_name = "KEY")]
    jwt_key: Option<String>,
}

/// Tasks after which a worker takes one from the queue of all workers. A worker's own queue holds 256; with more
/// connections at work than that, the others would wait for one turn in 61 by default.
const TURNS_OF_ITS_OWN: u32 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.enable_all().global_queue_interval(TURNS_OF_ITS_OWN).build()?.block_on(serve())
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let cli = Cli::parse();
    let tls_port = cli.port.checked_add(2).ok_or("--port is too high: TLS needs the port two above")?;
    let options =
        HubOptions::new().maximum_receive_message_size(cli.message_limit).allow_stateful_reconnects(true);
    let options = match &cli.jwt_key {
        Some(key) => options
            .authentication(JwtBearer::new().key(JwtKey::hmac(key)?))
            .require(Requirement::authenticated())
            .enable_authentication_refresh(true),
        None => options.user(|request| query_value(&request.uri, "user").map(String::from)),
    };
    let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let server = Server::new()
        .hub("/bench", HubService::with_options(Bench.into_hub(), options))
        .maximum_http2_streams(cli.http2_streams)
        .websocket("/echo", echo::options(), echo::echo)
        .client_script("/hubcast.js")
        .listen(local(cli.port))
        .listen_tls(local(tls_port), Tls::self_signed(["localhost", "127.0.0.1"])?);
    let server = match cli.web {
        Some(folder) => server.fallback(ServeDir::new(folder)),
        None => server.fallback(service_fn(measure)),
    };
    let running = server.start().await?;
    for address in running.addresses() {
        #[expect(clippy::print_stdout, reason = "whoever started it waits for these lines")]
        {
            println!("listening on {address}");
        }
    }
    running.run_until_signal().await?;
    Ok(())
}
