//! The connected and disconnected hooks: when they run, in which order, and what the latter is told.

use std::time::{Duration, Instant};

use hubcast::HubProtocol;
use serde_json::json;

use crate::support::{Connected, Fixture, Http2, HubClient, Setup, eventually};

#[tokio::test]
async fn the_connected_hook_runs_before_the_first_call() {
    let mut server = Setup::new().connected(Connected::Waits).start().await;
    let mut client = HubClient::connect(&server).await;
    client.start("1", "Wait", json!(["call"])).await;
    assert_eq!(server.event().await, "connecting");
    assert_eq!(client.message().await, r#"{"type":1,"target":"receive","arguments":["welcome"]}"#);
    client.socket.send_ping(b"x").await;
    assert_eq!(client.message().await, "pong 78");
    assert_eq!(server.unheard_event(), None);
    server.state.open();
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "waiting: call");
    server.state.open();
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"1","result":"call"}"#);
}

#[tokio::test]
async fn an_abort_is_heeded_at_once_even_when_a_message_comes_first() {
    let mut server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    let id = client.id().await.parse().unwrap();
    client.start("1", "WaitAndAbort", json!([])).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "waiting to abort");
    // The connection is asleep. The message takes its waker, and then the call runs on.
    eventually(|| server.hub.connection_counts().open() == 1).await;
    let started = Instant::now();
    server.hub.clients().client(id).receive(Some("first".to_owned())).await.unwrap();
    server.state.open();
    assert_eq!(client.message().await, r#"{"type":1,"target":"receive","arguments":["first"]}"#);
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"1","result":null}"#);
    assert_eq!(client.message().await, r#"{"type":7}"#);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_failing_connected_hook_closes_without_a_disconnected_one() {
    let closed = r#"{"type":7,"error":"Connection closed with an error."}"#;
    let cases = [
        (
            Connected::Fails,
            r#"{"type":7,"error":"Connection closed with an error. HubException: Not today."}"#,
        ),
        (Connected::FailsInSecret, closed),
        (Connected::Panics, closed),
    ];
    for (hook, text) in cases {
        for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
            let mut server = Setup::new().expects_errors().connected(hook).start().await;
            let mut client = HubClient::connect_as(&server, protocol, "/hub").await;
            client.send("Wait", json!(["never"])).await;
            assert_eq!(client.message().await, text);
            assert_eq!(client.message().await, "close 1000");
            client.socket.send_close(1000).await;
            assert_eq!(client.message().await, "end");
            server.has_open(0).await;
            assert_eq!(server.unheard_event(), None);
        }
    }
}

#[tokio::test]
async fn a_client_that_leaves_during_a_slow_connected_hook_is_disconnected_after_it() {
    let mut server = Setup::new().connected(Connected::Waits).start().await;
    let client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connecting");
    drop(client);
    server.has_open(0).await;
    assert_eq!(server.unheard_event(), None);
    server.state.open();
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "disconnected: TransportFailed");
}

#[tokio::test]
async fn a_close_message_is_the_clients_reason() {
    let mut server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    client.close().await;
    assert_eq!(client.message().await, r#"{"type":7}"#);
    assert_eq!(reason(&mut server).await, "ClosedByClient");
}

#[tokio::test]
async fn a_websocket_close_is_the_clients_reason() {
    let mut server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    client.socket.send_close(1001).await;
    assert_eq!(client.message().await, "close 1000");
    assert_eq!(client.message().await, "end");
    assert_eq!(reason(&mut server).await, "ClosedByClient");
}

#[tokio::test]
async fn an_end_without_a_close_is_a_failed_transport() {
    let mut server = Fixture::start().await;
    drop(HubClient::connect(&server).await);
    assert_eq!(reason(&mut server).await, "TransportFailed");
    let mut half = HubClient::connect(&server).await;
    half.socket.finish().await;
    assert_eq!(half.message().await, "end");
    assert_eq!(reason(&mut server).await, "TransportFailed");
}

#[tokio::test]
async fn a_reset_stream_is_a_failed_transport() {
    let mut server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;
    drop(HubClient::connect_http2(&mut connection).await);
    assert_eq!(reason(&mut server).await, "TransportFailed");
}

#[tokio::test]
async fn an_abort_closes_without_an_error() {
    let mut server = Fixture::start().await;
    for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
        let mut client = HubClient::connect_as(&server, protocol, "/hub").await;
        client.start("1", "Abort", json!([])).await;
        assert_eq!(client.message().await, r#"{"type":3,"invocationId":"1","result":null}"#);
        assert_eq!(client.message().await, r#"{"type":7}"#);
        assert_eq!(client.message().await, "close 1000");
        assert_eq!(reason(&mut server).await, "Aborted");
    }
}

#[tokio::test]
async fn a_broken_hub_protocol_is_named() {
    let mut server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    client.socket.send_text("nonsense\u{1e}").await;
    let closed = r#"{"type":7,"error":"Connection closed with an error.","allowReconnect":true}"#;
    assert_eq!(client.message().await, closed);
    assert_eq!(reason(&mut server).await, "ProtocolError(\"The message is not valid JSON.\")");
}

#[tokio::test]
async fn a_broken_websocket_protocol_is_named() {
    let mut server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    client.socket.send_raw(b"\x81\x01x").await;
    assert_eq!(client.message().await, "close 1002");
    assert_eq!(client.message().await, "end");
    let reason = reason(&mut server).await;
    assert!(reason.starts_with("ProtocolError(\""), "{reason}");
}

#[tokio::test]
async fn detailed_errors_say_how_the_protocol_was_broken() {
    let server = Setup::new().options(|options| options.enable_detailed_errors(true)).start().await;
    let mut client = HubClient::connect(&server).await;
    client.socket.send_text("nonsense\u{1e}").await;
    let closed = r#"{"type":7,"error":"Connection closed with an error. InvalidDataException: The message is not valid JSON.","allowReconnect":true}"#;
    assert_eq!(client.message().await, closed);
}

#[tokio::test]
async fn a_stop_of_the_server_is_the_reason() {
    let mut server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    let leaves = async {
        let said = client.message().await;
        assert_eq!(client.message().await, "close 1000");
        client.socket.send_close(1000).await;
        drop(client);
        said
    };
    let (said, ()) = tokio::join!(leaves, server.stop());
    assert_eq!(said, r#"{"type":7,"allowReconnect":true}"#);
    assert_eq!(reason(&mut server).await, "ServerShutdown");
}

#[tokio::test]
async fn a_silent_clients_reason_is_the_time_out() {
    let second = Duration::from_secs(1);
    let mut server = Setup::new().options(|options| options.client_timeout_interval(second)).start().await;
    let mut client = HubClient::connect(&server).await;
    client.ping().await;
    let closed = r#"{"type":7,"error":"Connection closed with an error.","allowReconnect":true}"#;
    assert_eq!(client.message().await, closed);
    assert_eq!(client.message().await, "close 1000");
    assert_eq!(reason(&mut server).await, "TimedOut");
}

#[tokio::test]
async fn a_panic_in_the_disconnected_hook_hurts_nobody() {
    let mut server = Setup::new().expects_errors().disconnected_panics().start().await;
    let mut other = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    drop(HubClient::connect(&server).await);
    assert_eq!(reason(&mut server).await, "TransportFailed");
    server.has_open(1).await;
    assert_eq!(other.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn a_running_call_is_cancelled_before_the_disconnected_hook() {
    let mut server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    client.start("1", "Wait", json!(["long"])).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "waiting: long");
    drop(client);
    assert_eq!(server.event().await, "cancelled: long");
    assert_eq!(server.event().await, "disconnected: TransportFailed");
}

/// Why the connection that comes and goes next has ended.
async fn reason(server: &mut Fixture) -> String {
    assert_eq!(server.event().await, "connected");
    server.event().await.strip_prefix("disconnected: ").unwrap().to_owned()
}
