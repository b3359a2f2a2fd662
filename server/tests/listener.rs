//! Peers that connect and then say nothing, or half of something: each is closed in time, and nobody else notices.

use std::time::Duration;

use hubcast::{Scheme, Server};

use crate::support::{Fixture, Http1, Http2, HubClient, Setup, Wire, Witness, connect_tls};

const SHORT: Duration = Duration::from_millis(200);
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const EMPTY_SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

#[tokio::test]
async fn a_silent_peer_is_closed_after_the_first_byte_timeout() {
    let server = with(|server| server.first_byte_timeout(SHORT)).await;
    assert_closed(&server, b"").await;
}

#[tokio::test]
async fn half_a_preface_is_closed_after_the_first_byte_timeout() {
    let server = with(|server| server.first_byte_timeout(SHORT)).await;
    assert_closed(&server, &PREFACE[..10]).await;
}

#[tokio::test]
async fn half_a_request_head_is_closed_after_the_request_head_timeout() {
    let server = with(|server| server.request_head_timeout(SHORT)).await;
    assert_closed(&server, b"GET / HTTP/1.1\r\nHost: loc").await;
}

#[tokio::test]
async fn a_preface_and_then_silence_is_closed_after_the_request_head_timeout() {
    let server = with(|server| server.request_head_timeout(SHORT)).await;
    assert_closed(&server, &PREFACE[..16]).await;
    assert_closed(&server, PREFACE).await;
    assert_closed(&server, &[PREFACE, EMPTY_SETTINGS].concat()).await;
}

#[tokio::test]
async fn a_tls_peer_that_is_silent_or_stops_half_way_is_closed_after_the_tls_timeout() {
    let server = with(|server| server.tls_handshake_timeout(SHORT)).await;
    // The beginning of a ClientHello of 512 bytes.
    let hello = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 1, 2, 3, 4, 5, 6, 7];
    let mut witness = Witness::of(&server).await;
    for sent in [&[][..], &hello] {
        let mut wire = Wire::connect(server.tls_address()).await;
        wire.write(sent).await;
        assert_eq!(wire.until_end().await, "end");
    }
    assert_eq!(Http1::connect_tls(server.tls_address()).await.ask("GET", "/", &[]).await.status, 404);
    witness.finds_all_as_before(&server).await;
}

#[tokio::test]
async fn a_tls_peer_that_sends_no_request_is_closed_after_the_request_head_timeout() {
    let server = with(|server| server.request_head_timeout(SHORT)).await;
    let mut witness = Witness::of(&server).await;
    for protocol in ["h2", "http/1.1"] {
        let socket = connect_tls(server.tls_address(), &[protocol]).await;
        Wire::Socket(Box::new(socket)).until_end().await;
    }
    assert_eq!(Http1::connect_tls(server.tls_address()).await.ask("GET", "/", &[]).await.status, 404);
    witness.finds_all_as_before(&server).await;
}

#[tokio::test]
async fn a_websocket_outlives_the_listeners_time_limits() {
    let server = with(|server| server.first_byte_timeout(SHORT).request_head_timeout(SHORT)).await;
    let mut over_http1 = HubClient::connect(&server).await;
    let mut connection = Http2::connect(server.address()).await;
    let mut over_http2 = HubClient::connect_http2(&mut connection).await;
    // Two more peers come, one after the other, and go for their silence.
    assert_closed(&server, b"").await;
    assert_closed(&server, b"GET / HTTP/1.1\r\nHost: loc").await;
    for client in [&mut over_http1, &mut over_http2] {
        assert_eq!(client.invoke("Add", serde_json::json!([1, 2])).await, Ok(serde_json::json!(3)));
    }
}

#[tokio::test]
async fn noise_is_closed_and_the_server_goes_on() {
    let server = Fixture::start().await;
    let mut witness = Witness::of(&server).await;
    for noise in [&b"\0\0\0\0\0\0\0\0\r\n\r\n"[..], b"NONSENSE\r\n\r\n", &[PREFACE, &[0xff; 64]].concat()] {
        let mut wire = Wire::connect(server.address()).await;
        wire.write(noise).await;
        wire.until_end().await;
    }
    witness.finds_all_as_before(&server).await;
}

#[tokio::test]
async fn more_streams_than_allowed_wait_for_others_to_end() {
    let server = with(|server| server.maximum_http2_streams(2)).await;
    let mut connection = Http2::connect(server.address()).await;
    let first = HubClient::connect_http2(&mut connection).await;
    let _second = HubClient::connect_http2(&mut connection).await;
    let third = HubClient::connect_http2(&mut connection);
    let leaves = async {
        let mut first = first;
        first.socket.send_close(1000).await;
        assert_eq!(first.message().await, "close 1000");
    };
    let (_third, ()) = tokio::join!(third, leaves);
    server.has_open(2).await;
}

#[tokio::test]
async fn addresses_are_told_as_people_write_them() {
    let tls = hubcast::Tls::self_signed(["localhost"]).unwrap();
    let local = ([127, 0, 0, 1], 0);
    let running = Server::new().listen(local).listen_tls(local, tls).start().await.unwrap();
    let [clear, secure] = running.addresses() else { panic!("there are two") };
    assert_eq!((clear.scheme, secure.scheme), (Scheme::Http, Scheme::Https));
    assert_eq!(clear.to_string(), format!("http://localhost:{}", clear.socket.port()));
    assert_eq!(secure.to_string(), format!("https://localhost:{}", secure.socket.port()));
    running.stop().await;
}

#[tokio::test]
async fn a_server_without_an_address_or_with_a_taken_one_does_not_start() {
    let nowhere = Server::new().start().await.unwrap_err();
    assert_eq!(nowhere.to_string(), "the server has no address: call `listen` or `listen_tls`");
    let server = Fixture::start().await;
    let taken = Server::new().listen(server.address()).start().await.unwrap_err();
    assert_eq!(taken.kind(), std::io::ErrorKind::AddrInUse);
    assert!(taken.to_string().starts_with(&format!("cannot listen on {}: ", server.address())), "{taken}");
}

async fn with(change: impl FnOnce(Server) -> Server) -> Fixture {
    Setup::new().tls().server(change).start().await
}

/// Sends `bytes` and then nothing, and finds the connection closed and others served.
async fn assert_closed(server: &Fixture, bytes: &[u8]) {
    let mut witness = Witness::of(server).await;
    let mut wire = Wire::connect(server.address()).await;
    wire.write(bytes).await;
    wire.until_end().await;
    witness.finds_all_as_before(server).await;
}
