//! Puts the less usual parts of the public API together, starts them, and says what to try.

mod corners_hub;
mod echo;
mod proxies;
mod routes;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use clap::Parser;
use corners_hub::{Corners, CornersHub};
use hubcast::{
    HubOptions, HubService, PayloadNames, Redirect, RequestSource, Server, Transport, query_value,
};
use tracing_subscriber::EnvFilter;

/// Serves the less usual corners of the API: connections without a hub, a redirect, chosen transports, payload names, and
/// HTTP routes that ask and close connections.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// The port on localhost, for HTTP/1.1 and for HTTP/2 with prior knowledge
    #[arg(long, default_value_t = 5080, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// How a proxy in front reaches this server
    #[command(flatten)]
    proxies: proxies::Proxies,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    match serve(&cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The corners cannot run: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(cli: &Cli) -> io::Result<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, cli.port));
    let detailed = HubOptions::new()
        .enable_detailed_errors(true)
        .user(|request| query_value(&request.uri, "user").map(String::from));

    let as_written = detailed.clone().payload_names(PayloadNames::AsWritten);
    let corners = HubService::with_options(Corners.into_hub(), as_written);
    let dotnet =
        HubService::with_options(Corners.into_hub(), detailed.clone().payload_names(PayloadNames::DotNet));

    let without_sockets = HubOptions::new().transports([Transport::ServerSentEvents, Transport::LongPolling]);
    let without_sockets = HubService::with_options(Corners.into_hub(), without_sockets);

    // To the same server, by the host that the client has asked for.
    let elsewhere = detailed.redirect(|request| RequestSource::url(request, "/corners").map(Redirect::to));
    let entrance = HubService::with_options(Corners.into_hub(), elsewhere);

    let running = cli
        .proxies
        .stand_before(Server::new())?
        .health("/livez", "/readyz")
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
  /livez, /readyz      whether the server lives, and whether it wants requests

Try:

  curl -X POST http://{address}/entrance/negotiate?negotiateVersion=1
  curl -X POST http://{address}/without-websockets/negotiate?negotiateVersion=1
  curl http://{address}/online
  curl -d 'Is it raining?' http://{address}/ask/CONNECTION_ID
  curl -d 'Closing time.' http://{address}/close/CONNECTION_ID

Ctrl-C ends it."
    );
}
