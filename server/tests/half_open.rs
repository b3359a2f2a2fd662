//! Clients that have a WebSocket opened for them and then neither read nor write, but stay: they are let go within the
//! time limits of their hub, and nothing of them is kept.
//!
//! A handshake that is half there is in `time_outs.rs`, a client that has gone in `requests.rs`.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt as _;

use crate::support::frames::{END_HEADERS, HEADERS, PREFACE, RST_STREAM, field, frame, head, next_of};
use crate::support::{Fixture, Http1, Meters, Requests, Setup, Witness, connect, eventually, measured};

const SECOND: Duration = Duration::from_secs(1);
/// The handshake and the close may take a second each, and a busy machine is late. The defaults are 20 s together.
const LATE: Duration = Duration::from_secs(15);

#[tokio::test]
async fn a_socket_whose_upgrade_is_never_read_ends_and_its_token_is_forgotten() {
    let (server, meters) = start().await;
    let mut witness = Witness::of(&server).await;
    let client = Requests::negotiate(&server, false).await;
    let mut socket = connect(server.address()).await;
    let mut request = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n", client.target);
    for (name, value) in Http1::upgrade_headers("AAAAAAAAAAAAAAAAAAAAAA==") {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    socket.write_all(format!("{request}\r\n").as_bytes()).await.unwrap();
    is_let_go(&server, &meters, &client).await;
    // Its place among all sockets is free, though the client holds its end.
    eventually(|| meters.read("hubcast_open_sockets") == 1.0).await;
    witness.finds_all_as_before(&server).await;
    drop(socket);
}

#[tokio::test]
async fn a_stream_whose_connect_is_answered_and_never_used_ends_and_its_token_is_forgotten() {
    let (server, meters) = start().await;
    let mut witness = Witness::of(&server).await;
    let client = Requests::negotiate(&server, true).await;
    let mut socket = connect(server.address()).await;
    let mut head = head("CONNECT", &client.target);
    field(&mut head, ":protocol", "websocket");
    field(&mut head, "sec-websocket-version", "13");
    socket.write_all(&[PREFACE, &frame(HEADERS, END_HEADERS, 1, &head)].concat()).await.unwrap();
    is_let_go(&server, &meters, &client).await;
    // The connection stays, as it may carry other streams.
    assert_eq!(next_of(&mut socket, &[RST_STREAM]).await.stream, 1);
    witness.finds_all_as_before(&server).await;
}

/// Finds that the connection is opened and is over in time, and that nobody knows its token.
async fn is_let_go(server: &Fixture, meters: &Meters, client: &Requests) {
    eventually(|| meters.read("hubcast_connections_total") == 2.0).await;
    assert_eq!(server.hub.connection_counts().pending, 0);
    let started = Instant::now();
    eventually(|| meters.read("hubcast_connection_duration_seconds") == 1.0).await;
    assert!(started.elapsed() < LATE, "{:?}", started.elapsed());
    assert_eq!(meters.read("hubcast_timed_out_connections_total"), 1.0);
    assert_eq!(server.hub.connection_counts().open(), 1);
    assert_eq!(client.post("").await.status, 404);
    assert_eq!(client.websocket().await.err().map(|refused| refused.status), Some(404));
}

/// A hub that waits for a second where it waits for its clients.
async fn start() -> (Fixture, Meters) {
    let options = |options: hubcast::HubOptions| options.handshake_timeout(SECOND).close_timeout(SECOND);
    measured(Setup::new().options(options)).await
}
