//! Negotiation beyond the recorded answers: ids, tokens, their lifetime and their number.

use std::time::Duration;

use hubcast::HubProtocol;
use hubcast::contract::SchemaHash;
use tracing::Level;

use crate::support::{Fixture, Http1, Http2, HubClient, Setup, eventually, json_handshake, measured, soon};

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
    let seconds = Duration::from_millis(7_500);
    let setup = Setup::new()
        .log(Level::DEBUG)
        .options(|options| options.maximum_pending_connections(2).disconnect_timeout(seconds));
    let (server, meters) = measured(setup).await;
    let target = negotiated(&server).await;
    negotiated(&server).await;
    let mut connection = Http1::connect(server.address()).await;
    let refused = connection.ask("POST", NEGOTIATE, &[]).await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("8")));
    let _first = HubClient::connect_as(&server, HubProtocol::Json, &target).await;
    assert_eq!(connection.ask("POST", NEGOTIATE, &[]).await.status, 200);
    assert_eq!(connection.ask("POST", NEGOTIATE, &[]).await.status, 503);
    assert_eq!(meters.read("hubcast_refused_negotiations_total"), 2.0);
    assert_eq!(meters.read("hubcast_negotiations_total"), 3.0);
    let told = |level| server.log.lines(level).iter().filter(|line| line.contains("refused")).count();
    assert_eq!((told(Level::WARN), told(Level::DEBUG)), (0, 2));
}

#[tokio::test]
async fn connections_that_wait_for_their_transport_are_counted_until_it_comes_or_their_time_is_over() {
    let setup = Setup::new()
        .options(|options| options.maximum_pending_connections(3).disconnect_timeout(Duration::from_secs(1)));
    let (server, meters) = measured(setup).await;
    let pending = || meters.read("hubcast_pending_connections");
    let target = negotiated(&server).await;
    negotiated(&server).await;
    negotiated(&server).await;
    assert_eq!(Http1::connect(server.address()).await.ask("POST", NEGOTIATE, &[]).await.status, 503);
    assert_eq!(pending(), 3.0);
    let _client = HubClient::connect_as(&server, HubProtocol::Json, &target).await;
    assert_eq!(pending(), 2.0);
    eventually(|| pending() == 0.0).await;
}

#[tokio::test]
async fn connections_that_wait_for_their_transport_are_none_once_their_hub_is_gone() {
    let (server, meters) = measured(Setup::new()).await;
    negotiated(&server).await;
    assert_eq!(meters.read("hubcast_pending_connections"), 1.0);
    server.stop().await;
    drop(server);
    eventually(|| meters.read("hubcast_pending_connections") == 0.0).await;
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

#[tokio::test]
async fn only_who_asks_is_told_the_schema() {
    let hash = SchemaHash::of("the contract");
    let stock = Fixture::start().await;
    let server = Setup::new().define(move |hub, _| hub.schema(hash)).log(Level::DEBUG).start().await;
    let mut connection = Http1::connect(server.address()).await;
    let unasked = without_ids(&mut connection, NEGOTIATE).await;
    assert_eq!(unasked, without_ids(&mut Http1::connect(stock.address()).await, NEGOTIATE).await);
    let expected = format!("{},\"hubSchema\":\"{hash}\"}}", unasked.strip_suffix('}').unwrap());
    let same = format!("{NEGOTIATE}&hubSchema={hash}");
    assert_eq!(without_ids(&mut connection, &same).await, expected);
    for hostile in ["", "=", "=0", "=%00%0a%22%7d", "=0123456789abcdeg", &format!("={}", "f".repeat(4_000))] {
        assert_eq!(without_ids(&mut connection, &format!("{NEGOTIATE}&hubSchema{hostile}")).await, expected);
    }
    assert_eq!(without_ids(&mut connection, &format!("{same}&hubschema=x")).await, expected);
    assert_eq!(differing(&server), [""; 0]);
    let other = format!("{NEGOTIATE}&HubSchema=0123456789ABCDEF");
    assert_eq!(without_ids(&mut connection, &other).await, expected);
    assert_eq!(differing(&server), [format!("hub=\"TestHub\" ours={hash} theirs=0123456789abcdef")]);
}

#[tokio::test]
async fn a_hub_without_a_schema_does_not_hear_the_question() {
    let server = Fixture::start().await;
    let mut connection = Http1::connect(server.address()).await;
    let unasked = without_ids(&mut connection, NEGOTIATE).await;
    let asked = without_ids(&mut connection, &format!("{NEGOTIATE}&hubSchema=0123456789abcdef")).await;
    assert_eq!(asked, unasked);
}

/// What the log says of clients that were built with another contract.
fn differing(server: &Fixture) -> Vec<String> {
    server.log.about("a client was built with another contract")
}

/// The answer to a negotiation, byte for byte but for what chance has made.
async fn without_ids(connection: &mut Http1, target: &str) -> String {
    let answer = connection.ask("POST", target, &[]).await;
    let json = answer.json();
    let (id, token) = (json["connectionId"].as_str().unwrap(), json["connectionToken"].as_str().unwrap());
    answer.text().replace(id, "ID").replace(token, "TOKEN")
}

async fn negotiated(server: &Fixture) -> String {
    let answer = Http1::connect(server.address()).await.ask("POST", NEGOTIATE, &[]).await;
    format!("/hub?id={}", answer.json()["connectionToken"].as_str().unwrap())
}

/// What a request that names a token is answered: 404 once the token is unknown.
async fn status(server: &Fixture, target: &str) -> u16 {
    Http1::connect(server.address()).await.ask("GET", target, &[("Accept", "text/event-stream")]).await.status
}
