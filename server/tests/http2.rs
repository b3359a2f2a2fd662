//! HTTP/2 by our own listener: extended CONNECT (RFC 8441), many hub connections on one, and how streams end.

use axum::Router;
use h2::Reason;
use hubcast::HubProtocol;
use serde_json::json;

use crate::support::{Fixture, Http2, HubClient, Setup, Wire, soon};

#[tokio::test]
async fn extended_connect_is_advertised_and_carries_a_hub() {
    let server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;
    connection.takes_connect().await;
    let mut client = HubClient::connect_http2(&mut connection).await;
    let described = "Json over WebSockets on HTTP/2.0";
    assert_eq!(client.invoke("Describe", json!([])).await, Ok(json!(described)));
    let socket = connection.websocket("/hub", &[]).await.unwrap();
    let mut client = HubClient::open(socket, HubProtocol::MessagePack).await;
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    let counts = server.hub.connection_counts();
    assert_eq!((counts.http1, counts.http2), (0, 2));
}

#[tokio::test]
async fn another_protocol_is_refused_and_the_connection_lives() {
    let server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;
    let refused =
        connection.extended_connect("webtransport", "http://localhost/hub", &[]).await.err().unwrap();
    assert_eq!(refused.status, 405);
    assert_eq!(connection.ask("POST", "/hub/negotiate").await.status, 200);
}

#[tokio::test]
async fn a_websocket_in_another_version_is_told_the_one_that_is_spoken() {
    let server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;
    for headers in [&[][..], &[("sec-websocket-version", "8")]] {
        let url = "http://localhost/hub";
        let refused = connection.extended_connect("websocket", url, headers).await.err().unwrap();
        assert_eq!((refused.status, refused.header("sec-websocket-version")), (426, Some("13")));
    }
}

#[tokio::test]
async fn a_connect_to_no_hub_is_refused_and_the_connection_lives() {
    let server = Setup::new().server(|server| server.page("/page", "text/plain", "page")).start().await;
    let mut connection = Http2::connect(server.address()).await;
    assert_eq!(connection.websocket("/other", &[]).await.err().unwrap().status, 404);
    assert_eq!(connection.websocket("/page", &[]).await.err().unwrap().status, 405);
    assert_eq!(connection.websocket("/hub/negotiate", &[]).await.err().unwrap().status, 405);
    assert_eq!(connection.ask("POST", "/hub/negotiate").await.status, 200);
}

#[tokio::test]
async fn a_connect_that_is_no_websocket_never_reaches_the_fallback() {
    let router = Router::new().fallback(async || http::StatusCode::IM_A_TEAPOT);
    let server = Setup::new().server(|server| server.fallback(router)).start().await;
    let mut connection = Http2::connect(server.address()).await;
    assert_eq!(connection.websocket("/other", &[]).await.err().unwrap().status, 418);
    let other = connection.extended_connect("webtransport", "http://localhost/other", &[]).await;
    assert_eq!(other.err().unwrap().status, 404);
    assert_eq!(connection.ask("POST", "/hub/negotiate").await.status, 200);
}

#[tokio::test]
async fn a_hundred_hub_connections_share_one_http2_connection() {
    let server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;
    let mut clients = Vec::new();
    for _ in 0..100 {
        clients.push(HubClient::connect_http2(&mut connection).await);
    }
    server.has_open(100).await;
    server.hub.clients().all().receive(Some("to all".into())).await.unwrap();
    for (n, client) in clients.iter_mut().enumerate() {
        assert_eq!(client.message().await, r#"{"type":1,"target":"receive","arguments":["to all"]}"#);
        assert_eq!(client.invoke("Add", json!([n, 1])).await, Ok(json!(n + 1)));
    }
}

#[tokio::test]
async fn a_stream_that_the_client_resets_ends_that_hub_connection_alone() {
    let mut server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;
    let gone = HubClient::connect_http2(&mut connection).await;
    let mut other = HubClient::connect_http2(&mut connection).await;
    let Wire::Stream(mut send, receive) = gone.socket.into_wire() else { panic!("it is a stream") };
    send.send_reset(Reason::CANCEL);
    for event in ["connected", "connected", "disconnected: TransportFailed"] {
        assert_eq!(server.event().await, event);
    }
    drop(receive);
    assert_eq!(other.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    assert_eq!(server.hub.connection_counts().open(), 1);
}

#[tokio::test]
async fn the_server_ends_its_streams_with_end_stream_and_not_with_a_reset() {
    let server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;

    let mut closes = HubClient::connect_http2(&mut connection).await;
    closes.socket.send_close(1000).await;
    assert_eq!(closes.message().await, "close 1000");
    assert_eq!(closes.message().await, "end");

    let mut says_so = HubClient::connect_http2(&mut connection).await;
    says_so.close().await;
    assert_eq!(says_so.message().await, r#"{"type":7}"#);
    assert_eq!(says_so.message().await, "close 1000");
    says_so.socket.send_close(1000).await;
    assert_eq!(says_so.message().await, "end");

    let mut breaks = HubClient::connect_http2(&mut connection).await;
    breaks.socket.send_raw(b"\x81\x01x").await;
    assert_eq!(breaks.message().await, "close 1002");
    assert_eq!(breaks.message().await, "end");

    let mut aborted = HubClient::connect_http2(&mut connection).await;
    aborted.send("Abort", json!([])).await;
    assert_eq!(aborted.message().await, r#"{"type":7}"#);
    assert_eq!(aborted.message().await, "close 1000");
    aborted.socket.send_close(1000).await;
    assert_eq!(aborted.message().await, "end");
}

#[tokio::test]
async fn a_burst_of_small_messages_is_no_burst_of_small_frames() {
    // A client on the h2 crate ends its connection over some hundred unread frames of less than 256 bytes.
    let server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;
    let mut client = HubClient::connect_http2(&mut connection).await;
    for n in 0..500 {
        server.hub.clients().all().receive(Some(n.to_string())).await.unwrap();
    }
    let received = client.received().await;
    assert_eq!(received, (0..500).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_message_larger_than_the_window_arrives_whole() {
    let server = Fixture::start().await;
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(1000);
    let mut connection = Http2::connect_with(server.address(), &builder).await;
    let mut client = HubClient::connect_http2(&mut connection).await;
    let text = "0123456789".repeat(3000);
    assert_eq!(client.invoke("Echo", json!([text])).await, Ok(json!(text)));
}

#[tokio::test]
async fn the_end_of_the_connection_ends_all_its_hub_connections() {
    let server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;
    let first = HubClient::connect_http2(&mut connection).await;
    let second = HubClient::connect_http2(&mut connection).await;
    server.has_open(2).await;
    connection.abort();
    server.has_open(0).await;
    drop((first, second));
    soon(server.stop()).await;
}
