//! Clients that read nothing, on each transport, while one broadcaster sends to all: each is closed once what the
//! server keeps for it reaches the limit, and the calls of another client are answered all the while.
//!
//! What else a slow client meets is in `slow_clients.rs`; this is about the same limit on every transport.

use std::time::Duration;

use serde_json::json;
use tokio::net::TcpSocket;

use crate::support::{
    BOTH, Fixture, Http1, Http2, HubClient, Requests, Setup, WebSocket, Wire, eventually, json_handshake,
    soon,
};

/// What may wait for one client.
const LIMIT: usize = 200_000;
/// Bytes of each broadcast.
const SIZE: usize = 20_000;
/// What an operating system may hold for a socket with a small receive buffer, of both its ends.
const KERNEL: usize = 8 * 1024 * 1024;

#[tokio::test]
async fn a_websocket_over_tcp_that_is_not_read() {
    let mut server = start().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stream = socket.connect(server.address()).await.unwrap();
    let socket = Http1::on(Wire::Socket(Box::new(stream))).upgrade("/hub", &[]).await.unwrap();
    let slow = HubClient::open(socket, hubcast::HubProtocol::Json).await;
    assert_eq!(server.event().await, "connected");
    let sent = flood_until_one_is_closed(&mut server).await;
    assert!(sent <= KERNEL + LIMIT, "{sent} bytes went to a client that reads nothing");
    drop(slow);
}

#[tokio::test]
async fn a_websocket_over_http2_whose_window_is_shut() {
    let mut server = start().await;
    let mut connection = Http2::connect(server.address()).await;
    let wire = connection.websocket("/hub", &[]).await.unwrap().into_wire();
    let mut slow = HubClient::open(WebSocket::new(wire, Vec::new()), hubcast::HubProtocol::Json).await;
    assert_eq!(server.event().await, "connected");
    let sent = flood_until_one_is_closed(&mut server).await;
    // The stream's window, what h2 keeps for it, and the limit.
    assert!(sent <= 2 * 64 * 1024 + LIMIT + 64 * 1024, "{sent} bytes went to a client that reads nothing");
    let mut last = slow.message().await;
    while last.starts_with(r#"{"type":1,"#) {
        last = slow.message().await;
    }
    assert!(last.contains("The client reads too slowly."), "{last}");
}

#[tokio::test]
async fn an_event_stream_that_is_not_read() {
    for http2 in BOTH {
        let mut server = start().await;
        let client = Requests::negotiate(&server, http2).await;
        let events = client.events().await;
        assert_eq!(client.post(json_handshake()).await.status, 200);
        assert_eq!(server.event().await, "connected");
        let sent = flood_until_one_is_closed(&mut server).await;
        assert!(sent <= KERNEL + LIMIT, "{sent} bytes went to a client that reads nothing");
        drop(events);
    }
}

#[tokio::test]
async fn a_client_that_never_polls() {
    for http2 in BOTH {
        let mut server = start().await;
        let _client = Requests::long_polling(&server, http2).await;
        assert_eq!(server.event().await, "connected");
        let sent = flood_until_one_is_closed(&mut server).await;
        // What is on its way into the next poll, and the limit.
        assert!(sent <= 64 * 1024 + LIMIT + 2 * SIZE, "{sent} bytes wait for a client that never polls");
    }
}

async fn start() -> Fixture {
    let options = |options: hubcast::HubOptions| {
        // Only the limit of bytes may end a slow client.
        options.send_buffer_hard_limit(LIMIT).transport_send_timeout(Duration::from_secs(600))
    };
    Setup::new().options(options).start().await
}

/// Broadcasts until the slow client is closed as one; the bytes that were sent to each client by then. The calls of
/// another client are answered meanwhile.
async fn flood_until_one_is_closed(server: &mut Fixture) -> usize {
    let mut other = HubClient::connect(server).await;
    other.id().await;
    assert_eq!(server.event().await, "connected");
    let text = "x".repeat(SIZE);
    let mut sent = 0;
    let event = soon(async {
        loop {
            server.hub.clients().all().receive(Some(text.clone())).await.unwrap();
            sent += SIZE;
            // It comes behind the broadcast, and is the only other thing that comes.
            assert_eq!(other.received().await.len(), 1);
            if let Some(event) = server.unheard_event() {
                return event;
            }
        }
    })
    .await;
    assert_eq!(event, "disconnected: SlowConsumer");
    eventually(|| server.hub.connection_counts().open() == 1).await;
    assert_eq!(other.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    sent
}
