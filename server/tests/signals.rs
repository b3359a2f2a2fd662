//! SIGTERM to a process that serves: it says that it is not ready while it serves on, then sends its clients away batch by
//! batch, and ends by itself.
//!
//! What a stop does in each step is in `health.rs`, `draining.rs` and `stop.rs`; this is about what starts it.

use std::io::{BufRead as _, BufReader, Lines};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;

use hubcast::HubProtocol;
use serde_json::json;
use tokio::time::interval;

use crate::support::{Http1, HubClient, Setup, soon};

const GOODBYE: &str = r#"{"type":7,"allowReconnect":true}"#;
const CLIENTS: usize = 20;
/// One client in each tenth of a second.
const DRAIN_RATE: u32 = 10;
/// Long enough for a busy machine to look at readiness and have calls answered before it is over.
const UNREADY: Duration = Duration::from_secs(3);
/// Longer than a test may take.
const NEVER: Duration = Duration::from_secs(60);

#[tokio::test]
async fn sigterm_fails_readiness_first_and_then_sends_clients_away_in_batches_and_ends_the_process() {
    let mut process = Process::start();
    let address = process.address;
    let mut probe = Http1::connect(address).await;
    assert_eq!(probe.ask("GET", "/readyz", &[]).await.status, 200);
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        clients.push(connect(address).await);
    }

    process.terminate();
    soon(async { while probe.ask("GET", "/readyz", &[]).await.status != 503 {} }).await;
    assert_eq!(probe.ask("GET", "/livez", &[]).await.status, 200);
    clients.push(connect(address).await);
    for client in &mut clients {
        assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    }

    // One after the other hears its goodbye, and whoever has not is served.
    let (mut gone, mut answered_after_a_goodbye) = (0, 0);
    while !clients.is_empty() {
        let mut staying = Vec::new();
        for mut client in clients {
            client.start("1", "Add", json!([1, 2])).await;
            let said = client.message().await;
            if said == GOODBYE {
                assert_eq!(client.message().await, "close 1000");
                client.socket.send_close(1000).await;
                client.socket.finish().await;
                gone += 1;
                continue;
            }
            assert_eq!(said, r#"{"type":3,"invocationId":"1","result":3}"#);
            answered_after_a_goodbye += usize::from(gone > 0);
            staying.push(client);
        }
        clients = staying;
    }
    assert!(answered_after_a_goodbye > 0, "{answered_after_a_goodbye} calls were answered meanwhile");
    let ended = process.ends().await;
    assert!(ended.success(), "{ended}");
}

/// Tells the test below that it is in a process of its own.
const OF_ITS_OWN: &str = "HUBCAST_TEST_SERVES_UNTIL_SIGTERM";

/// Is run by the one above; in the process of all tests a signal would end them.
#[tokio::test]
async fn serves_until_sigterm() {
    if std::env::var_os(OF_ITS_OWN).is_none() {
        return;
    }
    let (service, _state, _events) = Setup::new().into_service();
    let running = hubcast::Server::new()
        .listen(([127, 0, 0, 1], 0))
        .hub("/hub", service)
        .health("/livez", "/readyz")
        .unready_delay(UNREADY)
        .drain_rate(DRAIN_RATE)
        .drain_period(NEVER)
        .shutdown_timeout(NEVER)
        .start()
        .await
        .unwrap();
    #[expect(clippy::print_stdout, reason = "its standard output is how the parent learns where it listens")]
    {
        println!("\n{ADDRESS}{}", running.addresses()[0].socket);
    }
    running.run_until_signal().await.unwrap();
}

/// What stands before the address in the child's output.
const ADDRESS: &str = "listens at ";

async fn connect(address: SocketAddr) -> HubClient {
    let socket = Http1::connect(address).await.upgrade("/hub", &[]).await.unwrap();
    HubClient::open(socket, HubProtocol::Json).await
}

/// A server in a process of its own, which does not outlive the test.
struct Process {
    child: Child,
    address: SocketAddr,
    /// Open until the end, as the child writes once more then.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Process {
    fn start() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "signals::serves_until_sigterm", "--nocapture"]).env(OF_ITS_OWN, "1");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut lines = output.by_ref().map_while(Result::ok);
        let address = lines.find_map(|line| line.strip_prefix(ADDRESS)?.parse().ok());
        Self { child, address: address.expect("it says where it listens"), _output: output }
    }

    fn terminate(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success(), "{sent}");
    }

    async fn ends(&mut self) -> ExitStatus {
        let mut ticks = interval(Duration::from_millis(10));
        soon(async {
            loop {
                ticks.tick().await;
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status;
                }
            }
        })
        .await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing to do for one that has ended.
        let _ = self.child.kill();
    }
}
