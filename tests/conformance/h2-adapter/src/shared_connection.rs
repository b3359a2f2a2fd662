//! The one HTTP/2 connection that all WebSockets share.
//!
//! Whatever one of them does, the others go on: a server that ends the connection for the fault of one stream needs
//! another connection, which is counted and printed.

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use h2::SendStream;
use h2::client::{Builder, ResponseFuture, SendRequest};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

use crate::Failure;
use crate::request::UpgradeRequest;

/// Bytes that the server may send ahead on all streams: no stream that is slow holds up the others.
const CONNECTION_WINDOW: u32 = 64 * 1024 * 1024;
/// How long the server may take to say that it takes extended CONNECT.
const SETTINGS_LIMIT: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// A connection that is made when the first stream needs it, and again when it has ended.
pub(crate) struct SharedConnection {
    server: SocketAddr,
    made: Cell<u32>,
    requests: Mutex<Option<SendRequest<Bytes>>>,
}

impl SharedConnection {
    /// Connects to nobody yet.
    pub(crate) fn new(server: SocketAddr) -> Self {
        Self { server, made: Cell::new(0), requests: Mutex::new(None) }
    }

    /// Sends the request on a stream of its own.
    pub(crate) async fn open(
        &self,
        request: &UpgradeRequest,
    ) -> Result<(ResponseFuture, SendStream<Bytes>), Failure> {
        let mut requests = self.ready().await?;
        Ok(requests.send_request(request.connect()?, false)?)
    }

    async fn ready(&self) -> Result<SendRequest<Bytes>, Failure> {
        let mut requests = self.requests.lock().await;
        if let Some(requests) = requests.clone()
            && let Ok(ready) = requests.ready().await
        {
            return Ok(ready);
        }
        let made = self.connect().await?;
        *requests = Some(made.clone());
        Ok(made.ready().await?)
    }

    async fn connect(&self) -> Result<SendRequest<Bytes>, Failure> {
        let socket = TcpStream::connect(self.server).await?;
        socket.set_nodelay(true)?;
        let mut builder = Builder::new();
        builder.initial_connection_window_size(CONNECTION_WINDOW);
        let (requests, connection) = builder.handshake(socket).await?;
        tokio::task::spawn_local(async move {
            if let Err(error) = connection.await {
                eprintln!("the HTTP/2 connection ended: {error}");
            }
        });
        let asked_at = Instant::now();
        while !requests.is_extended_connect_protocol_enabled() {
            if asked_at.elapsed() > SETTINGS_LIMIT {
                return Err(Failure::NoExtendedConnect);
            }
            sleep(LOOK_EVERY).await;
        }
        self.made.set(self.made.get() + 1);
        println!("HTTP/2 connection {}", self.made.get());
        Ok(requests)
    }
}
