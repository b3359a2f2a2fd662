//! Opening a WebSocket over HTTP/1.1, beyond the recorded answers.

use crate::support::{Fixture, Http1, HubClient, Setup, Wire, call, json_handshake};
use serde_json::json;

#[tokio::test]
async fn frames_sent_together_with_the_upgrade_are_not_lost() {
    let server = Fixture::start().await;
    let mut head = String::from("GET /hub HTTP/1.1\r\nHost: localhost\r\n");
    for (name, value) in Http1::upgrade_headers("dGhlIHNhbXBsZSBub25jZQ==") {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut bytes = (head + "\r\n").into_bytes();
    let both = [json_handshake(), &call("1", "Echo", &json!(["early"]))].concat();
    hubcast_websocket::write_frame(
        &mut bytes,
        true,
        hubcast_websocket::Opcode::Text,
        both.as_bytes(),
        Some([9; 4]),
    );
    let mut wire = Wire::connect(server.address()).await;
    wire.write(&bytes).await;
    let mut received = Vec::new();
    let wanted = "{\"type\":3,\"invocationId\":\"1\",\"result\":\"early\"}\u{1e}";
    while !String::from_utf8_lossy(&received).ends_with(wanted) {
        let more = wire.read().await.unwrap();
        assert!(!more.is_empty(), "{}", String::from_utf8_lossy(&received));
        received.extend_from_slice(&more);
    }
}

#[tokio::test]
async fn a_version_that_is_not_spoken_is_told_the_one_that_is() {
    let server = Fixture::start().await;
    let mut headers = Http1::upgrade_headers("dGhlIHNhbXBsZSBub25jZQ==");
    headers[2].1 = "8";
    let response = Http1::connect(server.address()).await.ask("GET", "/hub", &headers).await;
    assert_eq!((response.status, response.header("sec-websocket-version")), (426, Some("13")));
}

#[tokio::test]
async fn an_upgrade_to_the_path_of_negotiation_is_refused() {
    let server = Fixture::start().await;
    let refused = Http1::connect(server.address()).await.upgrade("/hub/negotiate", &[]).await.err().unwrap();
    assert_eq!(refused.status, 405);
}

#[tokio::test]
async fn an_upgrade_to_no_hub_is_refused_and_the_connection_stays() {
    let server = Fixture::start().await;
    let mut connection = Http1::connect(server.address()).await;
    let headers = Http1::upgrade_headers("dGhlIHNhbXBsZSBub25jZQ==");
    assert_eq!(connection.ask("GET", "/other", &headers).await.status, 404);
    assert_eq!(connection.ask("POST", "/hub/negotiate", &[]).await.status, 200);
}

#[tokio::test]
async fn a_websocket_may_follow_other_requests_on_its_connection() {
    let server = Setup::new().start().await;
    let mut connection = Http1::connect(server.address()).await;
    let answer = connection.ask("POST", "/hub/negotiate?negotiateVersion=1", &[]).await.json();
    let target = format!("/hub?id={}", answer["connectionToken"].as_str().unwrap());
    let socket = connection.upgrade(&target, &[]).await.unwrap();
    let mut client = HubClient::open(socket, hubcast::HubProtocol::Json).await;
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}
