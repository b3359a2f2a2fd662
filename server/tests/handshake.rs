//! The hub handshake beyond the recorded cases: MessagePack, limits, and what no hook hears of.

use hubcast::HubProtocol;
use hubcast_protocol::InvocationHead;
use serde_json::json;

use crate::support::{Fixture, Http1, HubClient, Setup, WebSocket, json_handshake};

#[tokio::test]
async fn calls_right_behind_a_messagepack_handshake_are_heard() {
    let server = Fixture::start().await;
    let mut bytes = b"{\"protocol\":\"messagepack\",\"version\":1}\x1e".to_vec();
    let head = InvocationHead { invocation_id: Some("1"), ..InvocationHead::to("Echo") };
    HubProtocol::MessagePack.write_invocation(&mut bytes, &head, &("x",)).unwrap();
    let mut socket = open(&server).await;
    socket.send_binary(&bytes).await;
    let mut client = HubClient::opened(socket, HubProtocol::MessagePack).await;
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"1","result":"x"}"#);
}

#[tokio::test]
async fn a_handshake_over_the_message_limit_is_canceled() {
    let server = Setup::new().options(|options| options.maximum_receive_message_size(100)).start().await;
    let mut socket = open(&server).await;
    let long = format!("{{\"protocol\":\"json\",\"version\":1,\"x\":\"{}\"}}\x1e", "x".repeat(100));
    socket.send_text(&long).await;
    assert_eq!(socket.next().await, "text {\"error\":\"Handshake was canceled.\"}\u{1e}");
    assert_eq!(socket.next().await, "close 1000");
}

#[tokio::test]
async fn a_refused_handshake_runs_no_hook() {
    let mut server = Fixture::start().await;
    let mut socket = open(&server).await;
    socket.send_text("{\"protocol\":\"x\",\"version\":1}\x1e").await;
    assert_eq!(socket.next().await, "text {\"error\":\"The protocol 'x' is not supported.\"}\u{1e}");
    assert_eq!(socket.next().await, "close 1000");
    socket.send_close(1000).await;
    assert_eq!(socket.next().await, "end");
    let _client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.unheard_event(), None);
    assert_eq!(server.hub.connection_counts().open(), 1);
}

#[tokio::test]
async fn a_client_that_leaves_before_its_handshake_runs_no_hook() {
    let mut server = Fixture::start().await;
    let mut socket = open(&server).await;
    socket.send_close(1000).await;
    assert_eq!(socket.next().await, "close 1000");
    assert_eq!(socket.next().await, "end");
    drop(open(&server).await);
    let _client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.unheard_event(), None);
}

#[tokio::test]
async fn a_broadcast_reaches_nobody_whose_handshake_is_not_done() {
    let server = Fixture::start().await;
    let mut shaking = open(&server).await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.hub.clients().all().receive(Some("early".to_owned())).await.ok(), Some(()));
    assert_eq!(client.received().await, ["early"]);
    shaking.send_text(json_handshake()).await;
    let mut late = HubClient::opened(shaking, HubProtocol::Json).await;
    assert_eq!(late.received().await, Vec::<String>::new());
    assert_eq!(late.invoke("Echo", json!(["x"])).await, Ok(json!("x")));
}

async fn open(server: &Fixture) -> WebSocket {
    Http1::connect(server.address()).await.upgrade("/hub", &[]).await.unwrap()
}
