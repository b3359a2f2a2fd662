//! Negotiation beyond the recorded answers: ids, tokens, their lifetime and their number.

use std::time::Duration;

use hubcast::HubProtocol;

use crate::support::{Fixture, Http1, Http2, HubClient, Setup, eventually, json_handshake, soon};

const NEGOTIATE: &str = "/hub/negotiate?negotiateVersion=1";

#[tokio::test]
async fn an_id_and_a_secret_token_are_given_and_only_the_token_connects() {
    let server = Fixture::start().await;
    let answer = Http1::connect(server.address()).await.ask("POST", NEGOTIATE, &[]).await.json();
    let (id, token) = (answer["connectionId"].as_str().unwrap(), answer["connectionToken"].as_str().unwrap());
    assert_ne!(id, token);
    let by_id = Http1::connect(server.address()).await.upgrade(&format!("/hub?id={id}"), &[]).await;
    assert_eq!(by_id.err().unwrap().status, 404);
    let socket =
        Http1::connect(server.address()).await.upgrade(&format!("/hub?id={token}"), &[]).await.unwrap();
    let mut client = HubClient::open(socket, HubProtocol::Json).await;
    assert_eq!(client.id().await, id);
}

#[tokio::test]
async fn in_version_0_the_id_is_the_token() {
    let server = Fixture::start().await;
    let answer = Http1::connect(server.address()).await.ask("POST", "/hub/negotiate", &[]).await.json();
    let id = answer["connectionId"].as_str().unwrap();
    let socket = Http1::connect(server.address()).await.upgrade(&format!("/hub?id={id}"), &[]).await.unwrap();
    let mut client = HubClient::open(socket, HubProtocol::Json).await;
    assert_eq!(client.id().await, id);
}

#[tokio::test]
async fn a_token_negotiated_over_http1_connects_over_http2() {
    let server = Fixture::start().await;
    let target = negotiated(&server).await;
    let mut connection = Http2::connect(server.address()).await;
    let mut socket = connection.websocket(&target, &[]).await.unwrap();
    socket.send_text(json_handshake()).await;
    assert_eq!(socket.next().await, "text {}\u{1e}");
}

#[tokio::test]
async fn a_second_websocket_for_a_token_gets_409_and_the_first_goes_on() {
    let server = Fixture::start().await;
    let target = negotiated(&server).await;
    let mut first = Http1::connect(server.address()).await.upgrade(&target, &[]).await.unwrap();
    let second = Http1::connect(server.address()).await.upgrade(&target, &[]).await.err().unwrap();
    assert_eq!((second.status, second.text()), (409, ""));
    first.send_text(json_handshake()).await;
    assert_eq!(first.next().await, "text {}\u{1e}");
}

#[tokio::test]
async fn a_token_is_forgotten_when_its_connection_has_ended() {
    let mut server = Fixture::start().await;
    let target = negotiated(&server).await;
    let mut client = HubClient::connect_as(&server, HubProtocol::Json, &target).await;
    client.close().await;
    assert_eq!(client.message().await, r#"{"type":7}"#);
    assert_eq!(client.message().await, "close 1000");
    drop(client);
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "disconnected: ClosedByClient");
    soon(async { while status(&server, &target).await != 404 {} }).await;
}

#[tokio::test]
async fn a_token_that_nobody_uses_is_forgotten_after_the_disconnect_timeout() {
    let server =
        Setup::new().options(|options| options.disconnect_timeout(Duration::from_secs(1))).start().await;
    let target = negotiated(&server).await;
    assert_eq!(server.hub.connection_counts().pending, 1);
    assert_eq!(Http1::connect(server.address()).await.ask("POST", &target, &[]).await.status, 200);
    eventually(|| server.hub.connection_counts().pending == 0).await;
    assert_eq!(status(&server, &target).await, 404);
}

#[tokio::test]
async fn over_the_limit_of_pending_connections_negotiation_answers_503_until_one_connects() {
    let server = Setup::new().options(|options| options.maximum_pending_connections(2)).start().await;
    let target = negotiated(&server).await;
    negotiated(&server).await;
    let mut connection = Http1::connect(server.address()).await;
    assert_eq!(connection.ask("POST", NEGOTIATE, &[]).await.status, 503);
    let _first = HubClient::connect_as(&server, HubProtocol::Json, &target).await;
    assert_eq!(connection.ask("POST", NEGOTIATE, &[]).await.status, 200);
    assert_eq!(connection.ask("POST", NEGOTIATE, &[]).await.status, 503);
}

#[tokio::test]
async fn an_upgrade_that_is_refused_does_not_use_up_the_token() {
    let server = Fixture::start().await;
    let target = negotiated(&server).await;
    let evil = [("Origin", "https://evil.example")];
    let refused = Http1::connect(server.address()).await.upgrade(&target, &evil).await.err().unwrap();
    assert_eq!(refused.status, 403);
    assert!(Http1::connect(server.address()).await.upgrade(&target, &[]).await.is_ok());
}

async fn negotiated(server: &Fixture) -> String {
    let answer = Http1::connect(server.address()).await.ask("POST", NEGOTIATE, &[]).await;
    format!("/hub?id={}", answer.json()["connectionToken"].as_str().unwrap())
}

/// What a request that names a token is answered: 404 once the token is unknown.
async fn status(server: &Fixture, target: &str) -> u16 {
    Http1::connect(server.address()).await.ask("GET", target, &[("Accept", "text/event-stream")]).await.status
}
