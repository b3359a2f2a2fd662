//! Pings and time-outs. The hub's clock ticks in seconds, so one second is the shortest that anything can be.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Fixture, Http1, Http2, HubClient, Setup, WebSocket, json_handshake};

const SECOND: Duration = Duration::from_secs(1);
/// Ticks are rounded up, and a busy machine is late: still far from the defaults, which are 10 s and more.
const LATE: Duration = Duration::from_secs(8);

const CLOSED: &str = r#"{"type":7,"error":"Connection closed with an error.","allowReconnect":true}"#;

#[tokio::test]
async fn a_ping_comes_after_each_interval_whatever_else_is_sent() {
    let server = Setup::new().options(|options| options.keep_alive_interval(SECOND)).start().await;
    for protocol in [hubcast::HubProtocol::Json, hubcast::HubProtocol::MessagePack] {
        let started = Instant::now();
        let mut client = HubClient::connect_as(&server, protocol, "/hub").await;
        assert_eq!(client.message_or_ping().await, r#"{"type":6}"#);
        assert_eq!(client.message_or_ping().await, r#"{"type":6}"#);
        assert!((SECOND..LATE).contains(&started.elapsed()), "{:?}", started.elapsed());
    }
}

#[tokio::test]
async fn a_client_that_has_pinged_may_be_silent_for_the_client_timeout() {
    let server = Setup::new().options(|options| options.client_timeout_interval(SECOND)).start().await;
    let mut client = HubClient::connect(&server).await;
    let started = Instant::now();
    client.ping().await;
    assert_eq!(client.message().await, CLOSED);
    assert_eq!(client.message().await, "close 1000");
    assert!(started.elapsed() < LATE, "{:?}", started.elapsed());
}

#[tokio::test]
async fn detailed_errors_name_the_client_timeout() {
    let server = Setup::new()
        .options(|options| options.client_timeout_interval(SECOND).enable_detailed_errors(true))
        .start()
        .await;
    let mut client = HubClient::connect(&server).await;
    client.ping().await;
    let detailed = r#"{"type":7,"error":"Connection closed with an error. OperationCanceledException: Client hasn't sent a message/ping within the configured ClientTimeoutInterval.","allowReconnect":true}"#;
    assert_eq!(client.message().await, detailed);
}

#[tokio::test]
async fn a_client_that_never_pinged_may_be_silent_for_ever() {
    let server = Setup::new()
        .options(|options| options.client_timeout_interval(SECOND).keep_alive_interval(SECOND))
        .start()
        .await;
    let mut client = HubClient::connect(&server).await;
    for _ in 0..4 {
        assert_eq!(client.message_or_ping().await, r#"{"type":6}"#);
    }
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn a_client_is_not_timed_out_while_its_call_runs() {
    let mut server = Setup::new()
        .options(|options| options.client_timeout_interval(SECOND).keep_alive_interval(SECOND))
        .start()
        .await;
    let mut client = HubClient::connect(&server).await;
    client.ping().await;
    client.start("1", "Wait", json!(["long"])).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "waiting: long");
    for _ in 0..4 {
        assert_eq!(client.message_or_ping().await, r#"{"type":6}"#);
    }
    server.state.open();
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"1","result":"long"}"#);
    assert_eq!(client.message().await, CLOSED);
}

#[tokio::test]
async fn a_handshake_that_does_not_come_is_canceled() {
    let mut server = Setup::new().options(|options| options.handshake_timeout(SECOND)).start().await;
    let mut http2 = Http2::connect(server.address()).await;
    let over_http2 = http2.websocket("/hub", &[]).await.unwrap();
    for mut socket in [open(&server).await, over_http2] {
        let started = Instant::now();
        socket.send_text(json_handshake().trim_end_matches('\u{1e}')).await;
        assert_eq!(socket.next().await, "text {\"error\":\"Handshake was canceled.\"}\u{1e}");
        assert_eq!(socket.next().await, "close 1000");
        assert!(started.elapsed() < LATE, "{:?}", started.elapsed());
    }
    assert_eq!(server.unheard_event(), None);
}

#[tokio::test]
async fn a_write_that_is_stuck_ends_the_connection() {
    let mut server = Setup::new().options(|options| options.transport_send_timeout(SECOND)).start().await;
    // A window that is never opened again, so that the write is stuck at once.
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(100);
    let mut connection = Http2::connect_with(server.address(), &builder).await;
    let mut client = HubClient::connect_http2(&mut connection).await;
    let started = Instant::now();
    client.send("Echo", json!(["x"])).await;
    client.start("1", "Echo", json!(["x".repeat(1000)])).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "disconnected: TimedOut");
    assert!(started.elapsed() < LATE, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_client_that_does_not_answer_the_close_is_cut_after_the_close_timeout() {
    let server = Setup::new().options(|options| options.close_timeout(SECOND)).start().await;
    let mut client = HubClient::connect(&server).await;
    let started = Instant::now();
    client.close().await;
    assert_eq!(client.message().await, r#"{"type":7}"#);
    assert_eq!(client.message().await, "close 1000");
    assert_eq!(client.message().await, "end");
    assert!((SECOND..LATE / 2).contains(&started.elapsed()), "{:?}", started.elapsed());
}

async fn open(server: &Fixture) -> WebSocket {
    Http1::connect(server.address()).await.upgrade("/hub", &[]).await.unwrap()
}
