//! Server-Sent Events beyond the recorded answers: when they come, and how a connection ends.

use std::time::Duration;

use serde_json::json;

use crate::support::{BOTH, Fixture, Requests, Setup, call, json_handshake};

#[tokio::test]
async fn events_come_at_once_and_the_end_behind_them() {
    for http2 in BOTH {
        let mut server = Fixture::start().await;
        let client = Requests::negotiate(&server, http2).await;
        let mut events = client.events().await;
        let headers = ["content-type", "cache-control", "pragma", "content-encoding", "content-length"];
        assert_eq!(
            headers.map(|name| events.head.header(name)),
            [Some("text/event-stream"), Some("no-cache,no-store"), Some("no-cache"), Some("identity"), None]
        );
        assert_eq!(events.next().await.as_deref(), Some(":\r\n"));
        client.post(json_handshake()).await;
        assert_eq!(events.next().await.as_deref(), Some("data: {}\u{1e}\r\n\r\n"));
        client.post(&call("1", "Echo", &json!(["two\nlines"]))).await;
        let answer = "{\"type\":3,\"invocationId\":\"1\",\"result\":\"two\\nlines\"}\u{1e}";
        assert_eq!(events.next().await, Some(format!("data: {answer}\r\n\r\n")));
        client.post("{\"type\":7}\u{1e}").await;
        assert_eq!(events.next().await.as_deref(), Some("data: {\"type\":7}\u{1e}\r\n\r\n"));
        assert!(events.has_ended().await);
        assert_eq!(server.event().await, "connected");
        assert_eq!(server.event().await, "disconnected: ClosedByClient");
    }
}

#[tokio::test]
async fn a_client_that_goes_away_ends_its_connection() {
    for http2 in BOTH {
        let mut server = Fixture::start().await;
        let client = Requests::negotiate(&server, http2).await;
        let mut events = client.events().await;
        client.post(json_handshake()).await;
        assert_eq!(events.next().await.as_deref(), Some(":\r\n"));
        assert_eq!(events.next().await.as_deref(), Some("data: {}\u{1e}\r\n\r\n"));
        assert_eq!(server.event().await, "connected");
        drop(events);
        assert_eq!(server.event().await, "disconnected: TransportFailed");
        server.has_open(0).await;
        assert_eq!(client.post("x").await.status, 404);
    }
}

#[tokio::test]
async fn pings_come_as_events() {
    let server =
        Setup::new().options(|options| options.keep_alive_interval(Duration::from_secs(1))).start().await;
    let client = Requests::negotiate(&server, false).await;
    let mut events = client.events().await;
    client.post(json_handshake()).await;
    assert_eq!(events.next().await.as_deref(), Some(":\r\n"));
    assert_eq!(events.next().await.as_deref(), Some("data: {}\u{1e}\r\n\r\n"));
    assert_eq!(events.next().await.as_deref(), Some("data: {\"type\":6}\u{1e}\r\n\r\n"));
}

#[tokio::test]
async fn a_second_stream_gets_409_and_the_first_goes_on() {
    for http2 in BOTH {
        let server = Fixture::start().await;
        let client = Requests::negotiate(&server, http2).await;
        let mut events = client.events().await;
        let second = client.ask("GET", &[("Accept", "text/event-stream")], b"").await;
        assert_eq!((second.status, second.text()), (409, ""));
        client.post(json_handshake()).await;
        assert_eq!(events.next().await.as_deref(), Some(":\r\n"));
        assert_eq!(events.next().await.as_deref(), Some("data: {}\u{1e}\r\n\r\n"));
    }
}

#[tokio::test]
async fn a_stop_of_the_server_ends_the_stream_behind_its_last_message() {
    for http2 in BOTH {
        let server = Fixture::start().await;
        let client = Requests::negotiate(&server, http2).await;
        let mut events = client.events().await;
        client.post(json_handshake()).await;
        assert_eq!(events.next().await.as_deref(), Some(":\r\n"));
        assert_eq!(events.next().await.as_deref(), Some("data: {}\u{1e}\r\n\r\n"));
        let rest = async {
            let close = "data: {\"type\":7,\"allowReconnect\":true}\u{1e}\r\n\r\n";
            assert_eq!(events.next().await.as_deref(), Some(close));
            assert!(events.has_ended().await);
        };
        tokio::join!(server.stop(), rest);
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_its_events_is_closed_and_its_memory_is_bounded() {
    let mut server = Setup::new()
        .options(|options| {
            options
                .send_buffer_hard_limit(100_000)
                .transport_max_buffer_size(10_000)
                .close_timeout(Duration::from_secs(1))
        })
        .start()
        .await;
    let client = Requests::negotiate(&server, true).await;
    let mut events = client.events().await;
    client.post(json_handshake()).await;
    assert_eq!(events.next().await.as_deref(), Some(":\r\n"));
    assert_eq!(events.next().await.as_deref(), Some("data: {}\u{1e}\r\n\r\n"));
    assert_eq!(server.event().await, "connected");
    // What HTTP/2 lets wait below is in its window, 64 KiB, and in the buffer of the stream.
    let mut sent = 0;
    while server.unheard_event().is_none() {
        server.hub.clients().all().receive(Some("x".repeat(1000))).await.unwrap();
        tokio::task::yield_now().await;
        sent += 1;
        assert!(sent < 100_000, "nobody was closed");
    }
    server.has_open(0).await;
    assert!(events.is_cut().await);
}
