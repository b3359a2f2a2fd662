//! Serves the echo and its page, and says where they are.

mod echo;

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use clap::Parser;
use hubcast::{Address, Scheme, Server, Tls};
use tracing_subscriber::EnvFilter;

/// A WebSocket without a hub, and a page to try it: on localhost, on free ports unless told otherwise.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// The port for http; https is one above
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..65535))]
    port: Option<u16>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match serve(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The echo cannot run: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(cli: Cli) -> Result<(), Box<dyn Error>> {
    let (http, https) = cli.port.map_or((0, 0), |port| (port, port + 1));
    let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let running = Server::new()
        .websocket("/echo", echo::options(), echo::echo)
        .page("/", "text/html; charset=utf-8", include_str!("../web/index.html"))
        .page("/echo.css", "text/css; charset=utf-8", include_str!("../web/echo.css"))
        .page("/echo.js", "text/javascript; charset=utf-8", include_str!("../web/echo.js"))
        .listen(local(http))
        .listen_tls(local(https), Tls::self_signed(["localhost", "127.0.0.1"])?)
        .start()
        .await?;
    announce(running.addresses());
    running.run_until_signal().await?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "whoever started it wants to know")]
fn announce(addresses: &[Address]) {
    println!("The echo is open:\n");
    for address in addresses {
        let remark = if address.scheme == Scheme::Https {
            "HTTP/2; the browser will ask once about the self-signed certificate"
        } else {
            "works at once"
        };
        println!("  {address:<25} {remark}");
    }
    println!("\nCtrl-C ends it.");
}
