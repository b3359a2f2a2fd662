//! Puts the less usual parts of the public API together, starts them, and says what to try.

mod corners_hub;
mod echo;
mod routes;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use clap::Parser;
use corners_hub::{Corners, CornersHub};
use hubcast::{HubOptions, HubService, PayloadNames, Redirect, Server, Transport, query_value};
use tracing_subscriber::EnvFilter;

/// Serves the less usual corners of the API: connections without a hub, a redirect, chosen transports, payload names, and
/// HTTP routes that ask and close connections.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// The port on localhost, for HTTP/1.1 and for HTTP/2 with prior knowledge
    #[arg(long, default_value_t = 5080, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    match serve(cli.port).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The corners cannot run: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(port: u16) -> io::Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let detailed = HubOptions::new()
        .enable_detailed_errors(true)
        .user(|request| query_value(&request.uri, "user").map(String::from));

    let as_written = detailed.clone().payload_names(PayloadNames::AsWritten);
    let corners = HubService::with_options(Corners.into_hub(), as_written);
    let dotnet =
        HubService::with_options(Corners.into_hub(), detailed.clone().payload_names(PayloadNames::DotNet));

    let without_sockets = HubOptions::new().transports([Transport::ServerSentEvents, Transport::LongPolling]);
    let without_sockets = HubService::with_options(Corners.into_hub(), without_sockets);

    let real_hub = format!("http://{address}/corners");
    let elsewhere = detailed.redirect(move |_| Some(Redirect::to(&real_hub)));
    let entrance = HubService::with_options(Corners.into_hub(), elsewhere);

    let running = Server::new()
        .fallback(routes::router(corners.handle()))
        .hub("/corners", corners)
        .hub("/dotnet", dotnet)
        .hub("/without-websockets", without_sockets)
        .hub("/entrance", entrance)
        .hub("/echo", echo::service())
        .client_script("/hubcast.js")
        .listen(address)
        .start()
        .await?;
    announce(address);
    running.run_until_signal().await
}

#[expect(clippy::print_stdout, reason = "whoever started it wants to know")]
fn announce(address: SocketAddr) {
    println!(
        "listening on http://{address}

  /corners             the hub; detailed errors, payload names as written
  /dotnet              the same hub with .NET's payload names
  /without-websockets  the same hub, by Server-Sent Events and long polling alone
  /entrance            leads clients to /corners
  /echo                a connection without a hub
  /hubcast.js          the JavaScript client

Try:

  curl -X POST http://{address}/entrance/negotiate?negotiateVersion=1
  curl -X POST http://{address}/without-websockets/negotiate?negotiateVersion=1
  curl http://{address}/online
  curl -d 'Is it raining?' http://{address}/ask/CONNECTION_ID
  curl -d 'Closing time.' http://{address}/close/CONNECTION_ID

Ctrl-C ends it."
    );
}
