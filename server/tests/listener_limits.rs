//! How many connections there may be, and what one of them may cost before it is a hub's.

use std::process::Command;
use std::time::Duration;

use hubcast::ForwardingHeader::XForwardedFor;
use hubcast::websocket::{WebSocketError, WebSocketOptions};
use hubcast::{HubProtocol, Server, TrustedProxies};
use serde_json::json;

use crate::support::{
    Fixture, Http1, Http2, HubClient, Meters, Setup, Wire, eventually, measured, measured_from, soon,
};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const EMPTY_SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

#[tokio::test]
async fn one_connection_too_many_is_closed_and_counted_until_another_has_ended() {
    let (server, meters) = with(|server| server.maximum_connections(2)).await;
    let mut client = HubClient::connect(&server).await;
    let mut http2 = Http2::connect(server.address()).await;
    assert_eq!(http2.ask("POST", "/hub/negotiate").await.status, 200);
    assert_closed(&server).await;
    assert_eq!(meters.read("hubcast_refused_connections_total total"), 1.0);
    assert_eq!(meters.read("hubcast_open_sockets"), 2.0);
    // A WebSocket holds its place: the connection that it was upgraded from has long been answered.
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    drop(client);
    eventually(|| meters.read("hubcast_open_sockets") == 1.0).await;
    let mut next = HubClient::connect(&server).await;
    assert_eq!(next.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    assert_eq!(http2.ask("POST", "/hub/negotiate").await.status, 200);
}

#[tokio::test]
async fn one_connection_too_many_from_an_address_is_closed_and_others_are_served() {
    let (server, meters) = with(|server| server.maximum_connections_per_address(1)).await;
    let client = HubClient::connect(&server).await;
    assert_closed(&server).await;
    assert_eq!(meters.read("hubcast_refused_connections_total address"), 1.0);
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let other = soon(socket.connect(server.address())).await.unwrap();
    let mut other = Http1::on(Wire::Socket(Box::new(other)));
    assert_eq!(other.ask("POST", "/hub/negotiate", &[]).await.status, 200);
    drop(client);
    eventually(|| meters.read("hubcast_open_sockets") == 1.0).await;
    assert_eq!(Http1::connect(server.address()).await.ask("POST", "/hub/negotiate", &[]).await.status, 200);
}

#[tokio::test]
async fn behind_a_proxy_each_client_has_its_own_count_and_the_proxy_none() {
    let proxies = TrustedProxies::new(["127.0.0.1"], [XForwardedFor]).unwrap();
    let (server, meters) =
        with(|server| server.trusted_proxies(proxies).maximum_connections_per_address(1)).await;
    let of = |client: &'static str| [("X-Forwarded-For", client)];
    let mut http2 = Http2::connect(server.address()).await;
    let first = Http1::connect(server.address()).await.upgrade("/hub", &of("203.0.113.1")).await.unwrap();
    let first = HubClient::open(first, HubProtocol::Json).await;
    let over_http2 = [("x-forwarded-for", "203.0.113.2")];
    let second = http2.websocket("/hub", &over_http2).await.unwrap();
    let mut second = HubClient::open(second, HubProtocol::Json).await;
    for client in ["203.0.113.1", "203.0.113.2"] {
        let refused = Http1::connect(server.address()).await.upgrade("/hub", &of(client)).await;
        assert_eq!(refused.err().unwrap().status, 503);
    }
    assert_eq!(meters.read("hubcast_refused_connections_total address"), 2.0);
    drop(first);
    server.has_open(1).await;
    let again = Http1::connect(server.address()).await.upgrade("/hub", &of("203.0.113.1")).await;
    assert!(again.is_ok());
    assert_eq!(second.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn behind_a_proxy_websockets_without_a_hub_count_for_their_client_too() {
    let proxies = TrustedProxies::new(["127.0.0.1"], [XForwardedFor]).unwrap();
    let setup = || {
        let options = WebSocketOptions::new();
        Setup::new().server(|server| {
            let server = server.trusted_proxies(proxies).maximum_connections_per_address(1);
            server.websocket("/ws", options, async |mut socket| {
                while let Some(message) = socket.receive().await? {
                    socket.send(message).await?;
                }
                Ok::<_, WebSocketError>(())
            })
        })
    };
    let (server, meters) = measured_from(setup).await;
    let of = |client: &'static str| [("x-forwarded-for", client)];
    let first = Http1::connect(server.address()).await.upgrade("/ws", &of("203.0.113.1")).await.unwrap();
    for target in ["/ws", "/hub"] {
        let refused = Http1::connect(server.address()).await.upgrade(target, &of("203.0.113.1")).await;
        assert_eq!(refused.err().unwrap().status, 503);
        let mut http2 = Http2::connect(server.address()).await;
        let refused = http2.websocket(target, &of("203.0.113.1")).await;
        assert_eq!(refused.err().unwrap().status, 503);
    }
    assert_eq!(meters.read("hubcast_refused_connections_total address"), 4.0);
    let mut other = Http1::connect(server.address()).await.upgrade("/ws", &of("203.0.113.2")).await.unwrap();
    other.send_text("served").await;
    assert_eq!(other.next().await, "text served");
    drop(first);
    eventually(|| meters.read("hubcast_active_websockets 1.1") == 1.0).await;
    assert!(Http1::connect(server.address()).await.upgrade("/hub", &of("203.0.113.1")).await.is_ok());
}

#[tokio::test]
async fn streams_that_are_reset_before_they_are_taken_up_end_their_connection() {
    let (server, meters) = with(|server| server.maximum_http2_resets(3)).await;
    let mut bytes = [PREFACE, EMPTY_SETTINGS].concat();
    for stream in (1..40).step_by(2) {
        bytes.extend_from_slice(&[0, 0, 6, 1, 5, 0, 0, 0, stream, 0x82, 0x86, 0x84, 0x41, 1, b'a']);
        bytes.extend_from_slice(&[0, 0, 4, 3, 0, 0, 0, 0, stream, 0, 0, 0, 8]);
    }
    assert_calmed(&server, &meters, &bytes).await;
}

#[tokio::test]
async fn errors_that_make_the_server_reset_streams_end_their_connection() {
    let (server, meters) = with(|server| server.maximum_http2_error_resets(3)).await;
    let mut bytes = [PREFACE, EMPTY_SETTINGS].concat();
    for stream in (1..40).step_by(2) {
        // A request that says it has no content, and content (RFC 9113 §8.1.1).
        bytes.extend_from_slice(&[
            0, 0, 9, 1, 4, 0, 0, 0, stream, 0x83, 0x86, 0x84, 0x41, 1, b'a', 0x5c, 1, b'0',
        ]);
        bytes.extend_from_slice(&[0, 0, 1, 0, 0, 0, 0, 0, stream, b'x']);
    }
    assert_calmed(&server, &meters, &bytes).await;
}

#[tokio::test]
async fn heads_over_the_limit_are_answered_with_431() {
    let (server, meters) =
        with(|server| server.maximum_request_head(16 * 1024).maximum_http2_header_list(4 * 1024)).await;
    let fits = "x".repeat(2 * 1024);
    let too_large = "x".repeat(40 * 1024);
    let mut http1 = Http1::connect(server.address()).await;
    assert_eq!(http1.ask("GET", "/", &[("x", &fits)]).await.status, 404);
    assert_eq!(http1.ask("GET", "/", &[("x", &too_large)]).await.status, 431);
    assert_eq!(meters.read("hubcast_refused_heads_total"), 1.0);
    let mut http2 = Http2::connect(server.address()).await;
    assert_eq!(http2.ask_with("GET", "/", &[("x", &fits)], b"").await.status, 404);
    assert_eq!(http2.ask_with("GET", "/", &[("x", &too_large[..5 * 1024])], b"").await.status, 431);
}

#[tokio::test]
async fn peers_that_are_too_slow_are_counted_by_what_was_waited_for() {
    let short = Duration::from_millis(100);
    let setup = Setup::new().tls().server(|server| {
        server.first_byte_timeout(short).request_head_timeout(short).tls_handshake_timeout(short)
    });
    let (server, meters) = measured(setup).await;
    for (address, bytes) in [
        (server.address(), &b""[..]),
        (server.address(), b"GET / HT"),
        (server.address(), PREFACE),
        (server.tls_address(), b""),
    ] {
        let mut wire = Wire::connect(address).await;
        wire.write(bytes).await;
        wire.until_end().await;
    }
    for (what, count) in [("first_byte", 1.0), ("request_head", 2.0), ("tls_handshake", 1.0)] {
        eventually(|| meters.read(&format!("hubcast_timed_out_sockets_total {what}")) == count).await;
    }
}

#[tokio::test]
async fn without_descriptors_nothing_is_accepted_until_there_are_some_again() {
    // In a process of its own, as the limit is one of the whole process.
    let run = "ulimit -n 48 && exec \"$0\" --exact listener_limits::runs_out_of_descriptors --nocapture";
    let mut command = Command::new("sh");
    command.args(["-c", run]).arg(std::env::current_exe().unwrap()).env(WITH_FEW_DESCRIPTORS, "1");
    let ran = soon(tokio::task::spawn_blocking(move || command.output().unwrap())).await.unwrap();
    assert!(
        ran.status.success(),
        "{}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
}

/// Tells the test below that it is in a process of its own.
const WITH_FEW_DESCRIPTORS: &str = "HUBCAST_TEST_WITH_FEW_DESCRIPTORS";

/// Is run by the one above, with few descriptors; with many it would take them from all other tests.
#[tokio::test]
async fn runs_out_of_descriptors() {
    if std::env::var_os(WITH_FEW_DESCRIPTORS).is_none() {
        return;
    }
    let (server, meters) = with(|server| server).await;
    // They are connected without the server's help, which has none left to accept them with.
    let mut clients = Vec::new();
    while let Ok(client) = std::net::TcpStream::connect(server.address()) {
        clients.push(client);
    }
    let errors = || meters.read("hubcast_accept_errors_total");
    eventually(|| errors() >= 2.0).await;
    clients.clear();
    assert_eq!(Http1::connect(server.address()).await.ask("POST", "/hub/negotiate", &[]).await.status, 200);
    assert!(errors() < 100.0, "it pauses between two attempts: {}", errors());
}

/// Finds the connection ended with ENHANCE_YOUR_CALM, counted, and others served.
async fn assert_calmed(server: &Fixture, meters: &Meters, bytes: &[u8]) {
    let mut flood = Wire::connect(server.address()).await;
    flood.write(bytes).await;
    let mut answered = Vec::new();
    while let Ok(more) = flood.read().await
        && !more.is_empty()
    {
        answered.extend_from_slice(&more);
    }
    // GOAWAY ends with its error code: 11.
    let goaway = answered.windows(9).position(|head| head[3] == 7).expect("it is told to go away");
    assert_eq!(answered[goaway + 13..goaway + 17], [0, 0, 0, 11]);
    assert_eq!(meters.read("hubcast_http2_floods_total"), 1.0);
    let mut other = Http2::connect(server.address()).await;
    assert_eq!(other.ask("POST", "/hub/negotiate").await.status, 200);
}

/// Connects and finds the connection closed without a word.
async fn assert_closed(server: &Fixture) {
    let mut wire = Wire::connect(server.address()).await;
    assert!(wire.read().await.is_ok_and(|answer| answer.is_empty()));
}

async fn with(change: impl FnOnce(Server) -> Server) -> (Fixture, Meters) {
    measured(Setup::new().server(change)).await
}
