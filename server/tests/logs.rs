//! What the log must not hold: tokens. And what `Debug` must not show.

use hubcast::{HubOptions, HubService};
use serde_json::json;
use tracing::Level;

use crate::support::{Fixture, Http1, Http2, HubClient, Setup, WebSocket, json_handshake};

const SECRET: &str = "SECRET-ACCESS-TOKEN";
const COOKIE: &str = "SECRET-COOKIE";

#[tokio::test]
async fn the_log_holds_no_token_over_http1() {
    let server = Setup::new().log(Level::TRACE).start().await;
    let token = negotiate(&server).await;
    let target = format!("/hub?id={token}&access_token={SECRET}");
    let headers = [("Authorization", SECRET), ("Cookie", COOKIE)];
    let socket = Http1::connect(server.address()).await.upgrade(&target, &headers).await.unwrap();
    use_and_break(socket).await;
    let evil = [("Origin", "https://evil.example"), ("Authorization", SECRET), ("Cookie", COOKIE)];
    let token_of_the_refused = negotiate(&server).await;
    let target = format!("/hub?id={token_of_the_refused}&access_token={SECRET}");
    assert!(Http1::connect(server.address()).await.upgrade(&target, &evil).await.is_err());
    assert_eq!(Http1::connect(server.address()).await.ask("GET", &target, &headers).await.status, 200);
    assert_silent(&server, &[&token, &token_of_the_refused]).await;
}

#[tokio::test]
async fn the_log_holds_no_token_over_http2() {
    let server = Setup::new().log(Level::TRACE).start().await;
    let token = negotiate(&server).await;
    let target = format!("/hub?id={token}&access_token={SECRET}");
    let headers = [("authorization", SECRET), ("cookie", COOKIE)];
    let mut connection = Http2::connect(server.address()).await;
    let socket = connection.websocket(&target, &headers).await.unwrap();
    use_and_break(socket).await;
    let evil = [("origin", "https://evil.example"), ("authorization", SECRET), ("cookie", COOKIE)];
    assert!(connection.websocket(&target, &evil).await.is_err());
    assert_silent(&server, &[&token]).await;
}

#[tokio::test]
async fn an_ordinary_life_logs_neither_errors_nor_warnings() {
    let server = Setup::new().start().await;
    let mut client = HubClient::connect(&server).await;
    client.invoke("Fail", json!(["said"])).await.unwrap_err();
    client.invoke("Nothing", json!([])).await.unwrap_err();
    client.invoke("JoinGroup", json!(["g"])).await.unwrap();
    client.close().await;
    assert_eq!(client.message().await, r#"{"type":7}"#);
    drop(client);
    drop(HubClient::connect(&server).await);
    server.has_open(0).await;
    server.stop().await;
    assert_eq!(server.log.text(), "");
}

#[tokio::test]
async fn a_panic_is_an_error_in_the_log_and_a_hidden_failure_a_warning() {
    let server = Setup::new().expects_errors().start().await;
    let mut client = HubClient::connect(&server).await;
    client.invoke("Crash", json!([])).await.unwrap_err();
    client.invoke("FailInSecret", json!(["the hidden cause"])).await.unwrap_err();
    let errors = server.log.lines(Level::ERROR);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(
        errors[0].contains("a hub method panicked") && errors[0].contains("the secret cause"),
        "{errors:?}"
    );
    let warnings = server.log.lines(Level::WARN);
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].contains("a hub method failed") && warnings[0].contains("the hidden cause"),
        "{warnings:?}"
    );
}

#[tokio::test]
async fn debug_of_public_types_shows_no_secret() {
    let secret = SECRET.to_owned();
    let options = HubOptions::new().user(move |_| Some(secret.clone()));
    assert_eq!(format!("{options:?}"), "HubOptions { .. }");
    let (service, ..) = Setup::new().into_service();
    let _: &HubService<_> = &service;
    assert_eq!(format!("{service:?}"), "HubService(HubCore { hub: \"TestHub\", .. })");
    assert_eq!(format!("{:?}", service.handle()), "HubHandle(HubCore { hub: \"TestHub\", .. })");
    let tls = hubcast::Tls::self_signed(["localhost"]).unwrap();
    assert_eq!(format!("{tls:?}"), "Tls(..)");
}

/// A call, then something that breaks the protocol.
async fn use_and_break(mut socket: WebSocket) {
    socket.send_text(json_handshake()).await;
    let mut client = HubClient::opened(socket, hubcast::HubProtocol::Json).await;
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    client.invoke("Add", json!(["x"])).await.unwrap_err();
    client.socket.send_text("nonsense\u{1e}").await;
    assert!(client.message().await.contains("Connection closed with an error."));
    assert_eq!(client.message().await, "close 1000");
}

async fn negotiate(server: &Fixture) -> String {
    let target = format!("/hub/negotiate?negotiateVersion=1&access_token={SECRET}");
    let headers = [("Authorization", SECRET), ("Cookie", COOKIE)];
    let answer = Http1::connect(server.address()).await.ask("POST", &target, &headers).await.json();
    answer["connectionToken"].as_str().unwrap().to_owned()
}

async fn assert_silent(server: &Fixture, tokens: &[&str]) {
    server.has_open(0).await;
    server.stop().await;
    let log = server.log.text();
    assert!(log.contains("connection started"), "the log is captured: {log}");
    for secret in [&[SECRET, COOKIE], tokens].concat() {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
}
