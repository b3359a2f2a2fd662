//! The listener over a socket on the loopback address: whatever a client sends, when it has ended its connection ends
//! too, and others are served as before.
//!
//! One server serves all inputs, in the thread that fuzzes. How an input becomes a client's bytes is `script`.

mod hub;
mod script;

use std::net::SocketAddr;
use std::time::Duration;

use hubcast::{HubOptions, HubService, RunningServer, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use self::hub::{Fuzzed, FuzzedHub as _};

/// The bytes of one client, or steps that become them.
pub fn server(data: &[u8]) {
    thread_local! {
        static SERVER: Running = Running::start();
    }
    SERVER.with(|server| server.take(data));
}

/// How long the server may take to end a connection whose client has ended it.
const END_LIMIT: Duration = Duration::from_secs(10);

/// Between two inputs a request is asked every so many connections.
const WITNESS_EVERY: u16 = 64;

struct Running {
    runtime: Runtime,
    address: SocketAddr,
    _server: RunningServer,
}

impl Running {
    fn start() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime can be had");
        // Short, so that what inputs leave behind does not add up.
        let second = Duration::from_secs(1);
        let options = HubOptions::new().disconnect_timeout(second).close_timeout(second);
        let options = options.allow_stateful_reconnects(true);
        let hub = HubService::with_options(Fuzzed.into_hub(), options);
        let server = Server::new().hub("/hub", hub).listen(([127, 0, 0, 1], 0));
        let server = runtime.block_on(server.start()).expect("a port is free");
        let address = server.addresses()[0].socket;
        Self { runtime, address, _server: server }
    }

    fn take(&self, data: &[u8]) {
        self.runtime.block_on(async {
            let port = self.exchange(&script::bytes(data)).await.0;
            if port % WITNESS_EVERY == 0 {
                let (_, answer) = self.exchange(WITNESS).await;
                assert!(answer.starts_with(b"HTTP/1.1 200 OK"), "{}", String::from_utf8_lossy(&answer));
            }
        });
    }

    /// Sends `bytes`, ends, and gives our port and all that was answered.
    async fn exchange(&self, bytes: &[u8]) -> (u16, Vec<u8>) {
        let mut socket = TcpStream::connect(self.address).await.expect("the server listens");
        let port = socket.local_addr().expect("it is bound").port();
        let (mut reader, mut writer) = socket.split();
        let mut answer = Vec::new();
        let write = async {
            // The server may have ended the connection before it read everything.
            let _ = writer.write_all(bytes).await;
            let _ = writer.shutdown().await;
        };
        let read = async {
            let _ = reader.read_to_end(&mut answer).await;
        };
        let both = async { tokio::join!(write, read) };
        assert!(timeout(END_LIMIT, both).await.is_ok(), "a connection does not end");
        (port, answer)
    }
}

const WITNESS: &[u8] = b"POST /hub/negotiate?negotiateVersion=1 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\
    content-length: 0\r\n\r\n";
