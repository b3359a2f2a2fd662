//! The counters move, and say what they say they do.

use hubcast::HubProtocol;
use serde_json::json;
use tracing::Level;

use crate::slow_clients::narrow;
use crate::support::streaming::{cancel, stream_call};
use crate::support::{Http1, Http2, HubClient, Requests, Setup, call, eventually, measured};

#[tokio::test]
async fn connections_are_counted_by_http_version_from_negotiation_to_end() {
    let (server, meters) = measured(Setup::new()).await;
    let mut negotiation = Http1::connect(server.address()).await;
    negotiation.ask("POST", "/hub/negotiate?negotiateVersion=1", &[]).await;
    let mut connection = Http2::connect(server.address()).await;
    let clients = (
        HubClient::connect(&server).await,
        HubClient::connect_http2(&mut connection).await,
        HubClient::connect_http2(&mut connection).await,
    );
    assert_eq!(meters.read("hubcast_negotiations_total"), 1.0);
    assert_eq!(meters.read("hubcast_connections_total"), 3.0);
    assert_eq!(meters.read("hubcast_active_connections 1.1"), 1.0);
    assert_eq!(meters.read("hubcast_active_connections 2"), 2.0);
    let counts = server.hub.connection_counts();
    assert_eq!((counts.http1, counts.http2, counts.open(), counts.pending), (1, 2, 3, 1));
    drop(clients);
    eventually(|| meters.read("hubcast_active_connections 2") == 0.0).await;
    eventually(|| meters.read("hubcast_active_connections 1.1") == 0.0).await;
    assert_eq!(meters.read("hubcast_connection_duration_seconds"), 3.0);
}

#[tokio::test]
async fn one_connection_of_http2_carries_pages_requests_and_websockets_and_counts_once() {
    let setup = Setup::new().tls().log(Level::DEBUG).server(|server| server.page("/", "text/plain", "page"));
    let (server, meters) = measured(setup).await;
    for mut connection in
        [Http2::connect(server.address()).await, Http2::connect_tls(server.tls_address()).await]
    {
        assert_eq!(connection.ask("GET", "/").await.text(), "page");
        let negotiated = connection.ask("POST", "/hub/negotiate?negotiateVersion=1").await.json();
        let target = format!("/hub?id={}", negotiated["connectionToken"].as_str().unwrap());
        let socket = connection.websocket(&target, &[]).await.unwrap();
        HubClient::open(socket, HubProtocol::Json).await;
    }
    assert_eq!(meters.read("hubcast_accepted_connections_total 2"), 2.0);
    assert_eq!(meters.read("hubcast_accepted_connections_total 1.1"), 0.0);
    let mut pages = [Http1::connect(server.address()).await, Http1::connect_tls(server.tls_address()).await];
    for connection in pages.iter_mut().chain([&mut Http1::connect(server.address()).await]) {
        for _ in 0..2 {
            assert_eq!(connection.ask("GET", "/", &[]).await.text(), "page");
        }
    }
    assert_eq!(meters.read("hubcast_accepted_connections_total 1.1"), 3.0);
    let lines = server.log.lines(Level::DEBUG);
    let accepted = lines.iter().filter(|line| line.contains("a connection was accepted"));
    let versions = accepted.map(|line| line.rsplit(' ').next().unwrap()).collect::<Vec<_>>();
    assert_eq!(versions, ["http=\"2\"", "http=\"2\"", "http=\"1.1\"", "http=\"1.1\"", "http=\"1.1\""]);
}

#[tokio::test]
async fn calls_failures_and_panics_are_counted() {
    let (server, meters) = measured(Setup::new().expects_errors()).await;
    let mut client = HubClient::connect(&server).await;
    client.invoke("Add", json!([1, 2])).await.unwrap();
    client.invoke("Nothing", json!([])).await.unwrap_err();
    client.invoke("Add", json!([1])).await.unwrap_err();
    client.invoke("Fail", json!(["x"])).await.unwrap_err();
    client.invoke("Crash", json!([])).await.unwrap_err();
    assert_eq!(meters.read("hubcast_calls_total"), 5.0);
    assert_eq!(meters.read("hubcast_failed_calls_total"), 4.0);
    assert_eq!(meters.read("hubcast_panics_total"), 1.0);
}

#[tokio::test]
async fn running_streams_and_cancelled_calls_are_counted() {
    let (mut server, meters) = measured(Setup::new().streams()).await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    for id in ["a", "b"] {
        client.socket.send_text(&stream_call(id, "Drip", &format!("[\"{id}\"]"), "[]")).await;
        assert_eq!(server.event().await, format!("waiting: {id}"));
    }
    assert_eq!(meters.read("hubcast_active_streams"), 2.0);
    client.socket.send_text(&cancel("a")).await;
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"a"}"#);
    assert_eq!(meters.read("hubcast_active_streams"), 1.0);
    assert_eq!(meters.read("hubcast_cancelled_calls_total"), 1.0);
    drop(client);
    eventually(|| meters.read("hubcast_active_streams") == 0.0).await;
    assert_eq!(meters.read("hubcast_cancelled_calls_total"), 1.0);
}

#[tokio::test]
async fn bytes_are_counted_in_both_directions() {
    let (server, meters) = measured(Setup::new()).await;
    let mut client = HubClient::connect_as(&server, HubProtocol::MessagePack, "/hub").await;
    let before = (meters.read("hubcast_received_bytes_total"), meters.read("hubcast_sent_bytes_total"));
    client.invoke("Echo", json!(["x".repeat(1000)])).await.unwrap();
    client.invoke("Echo", json!(["x"])).await.unwrap();
    let (received, sent) =
        (meters.read("hubcast_received_bytes_total"), meters.read("hubcast_sent_bytes_total"));
    assert!((1000.0..1200.0).contains(&(received - before.0)), "{received}");
    assert!((1000.0..1200.0).contains(&(sent - before.1)), "{sent}");
}

#[tokio::test]
async fn what_a_poll_has_taken_is_counted_before_the_next_one() {
    let (server, meters) = measured(Setup::new()).await;
    let client = Requests::long_polling(&server, false).await;
    let before = meters.read("hubcast_sent_bytes_total");
    client.post(&call("1", "Echo", &json!(["x".repeat(1000)]))).await;
    assert!(client.poll().await.text().contains("xxx"));
    eventually(|| meters.read("hubcast_sent_bytes_total") - before >= 1000.0).await;
}

#[tokio::test]
async fn what_goes_wrong_is_counted() {
    let (mut server, meters) =
        measured(Setup::new().options(|options| options.send_buffer_hard_limit(10_000))).await;
    let evil = [("Origin", "https://evil.example")];
    assert!(Http1::connect(server.address()).await.upgrade("/hub", &evil).await.is_err());
    assert_eq!(meters.read("hubcast_refused_origins_total"), 1.0);
    let too_large = call("1", "Echo", &json!(["x".repeat(33_000)]));
    for (count, broken) in [(1.0, "nonsense\u{1e}"), (2.0, &too_large)] {
        let mut client = HubClient::connect(&server).await;
        client.socket.send_text(broken).await;
        assert!(client.message().await.contains("Connection closed with an error."));
        assert_eq!(meters.read("hubcast_protocol_errors_total"), count);
        assert_eq!(server.event().await, "connected");
        assert!(server.event().await.starts_with("disconnected: ProtocolError"));
    }
    let slow = HubClient::connect(&server).await;
    for _ in 0..2 {
        server.hub.clients().all().receive(Some("x".repeat(20_000))).await.unwrap();
    }
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "disconnected: SlowConsumer");
    assert_eq!(meters.read("hubcast_slow_consumers_total"), 1.0);
    drop(slow);
}

#[tokio::test]
async fn time_outs_are_counted() {
    let second = std::time::Duration::from_secs(1);
    let setup = Setup::new().options(|options| {
        options.handshake_timeout(second).client_timeout_interval(second).transport_send_timeout(second)
    });
    let (mut server, meters) = measured(setup).await;
    let mut socket = Http1::connect(server.address()).await.upgrade("/hub", &[]).await.unwrap();
    assert_eq!(socket.next().await, "text {\"error\":\"Handshake was canceled.\"}\u{1e}");
    assert_eq!(meters.read("hubcast_timed_out_connections_total"), 1.0);

    let mut silent = HubClient::connect(&server).await;
    silent.ping().await;
    assert!(silent.message().await.contains("Connection closed with an error."));
    assert_eq!(meters.read("hubcast_timed_out_connections_total"), 2.0);

    let mut connection = narrow(&server).await;
    let mut stuck = HubClient::connect_http2(&mut connection).await;
    stuck.start("1", "Fill", json!([100_000])).await;
    for event in ["connected", "disconnected: TimedOut", "connected", "disconnected: TimedOut"] {
        assert_eq!(server.event().await, event);
    }
    assert_eq!(meters.read("hubcast_timed_out_connections_total"), 3.0);
}
