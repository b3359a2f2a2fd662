//! Carries WebSockets from HTTP/1.1 to streams of one HTTP/2 connection (RFC 8441), in clear text on the loopback
//! address: a test suite that knows only HTTP/1.1 reaches a server's HTTP/2 that way.
//!
//! It reads no frame of a WebSocket: bytes, their ends and resets pass as they come.

#![expect(clippy::print_stdout, reason = "whoever starts it waits for its lines")]

mod bridge;
mod request;
mod shared_connection;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::Rc;

use clap::Parser;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::LocalSet;

use crate::request::UpgradeRequest;
use crate::shared_connection::SharedConnection;

/// Takes WebSockets over HTTP/1.1 and opens each as a stream of one HTTP/2 connection to the server.
///
/// It prints `listening on ADDRESS`, and a line for each HTTP/2 connection that it had to make.
#[derive(Parser)]
struct Arguments {
    /// The port of the server, which has to speak HTTP/2 in clear text with prior knowledge
    #[arg(long)]
    server: u16,
    /// The port to listen on; any free one without it
    #[arg(long, default_value_t = 0)]
    port: u16,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let server = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.server));
    let connection = Rc::new(SharedConnection::new(server));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await?;
    println!("listening on {}", listener.local_addr()?);
    LocalSet::new().run_until(accept(listener, connection)).await
}

async fn accept(listener: TcpListener, connection: Rc<SharedConnection>) -> io::Result<()> {
    loop {
        let (socket, _) = listener.accept().await?;
        let connection = Rc::clone(&connection);
        tokio::task::spawn_local(async move {
            if let Err(error) = carry(socket, &connection).await {
                eprintln!("a WebSocket ended: {error}");
            }
        });
    }
}

async fn carry(mut socket: TcpStream, connection: &SharedConnection) -> Result<(), Failure> {
    socket.set_nodelay(true)?;
    let (request, ahead) = UpgradeRequest::read(&mut socket).await?;
    let (response, send) = connection.open(&request).await?;
    let (head, receive) = response.await?.into_parts();
    socket.write_all(&request.answer(&head)).await?;
    if head.status != 200 {
        return Ok(());
    }
    bridge::carry(socket, ahead, send, receive).await
}

/// Why a WebSocket could not be carried to its end.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Socket(#[from] io::Error),
    #[error("{0}")]
    Stream(#[from] h2::Error),
    #[error("{0}")]
    Request(#[from] http::Error),
    #[error("the request is no upgrade to a WebSocket")]
    NoUpgrade,
    #[error("the server does not say that it takes extended CONNECT")]
    NoExtendedConnect,
}
