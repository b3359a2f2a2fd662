//! The PROXY protocol before everything else: over clear text and TLS, HTTP/1.1 and HTTP/2, and what is closed.

use std::net::SocketAddr;
use std::time::Duration;

use h2::client::Builder;
use hubcast::{Endpoint, HubProtocol, ProxyProtocol, Server, Tls};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};
use tracing::Level;

use crate::support::{
    Fixture, Http1, Http2, HubClient, Setup, Wire, connect_tls_on, eventually, measured, soon,
};

const V1: &[u8] = b"PROXY TCP4 203.0.113.9 192.0.2.2 4711 443\r\n";
/// Version 2 for 203.0.113.9:4711, and an extension behind the addresses.
const V2: &[u8] =
    b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x11\xcb\x00\x71\x09\xc0\x00\x02\x02\x12\x67\x01\xbb\x04\x00\x02ab";
const LOCAL: &[u8] = b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0";
const UNKNOWN: &[u8] = b"PROXY UNKNOWN\r\n";
const CLIENT: &str = "203.0.113.9:4711";

#[tokio::test]
async fn a_hub_sees_the_client_over_every_version_and_with_tls() {
    let server = behind(ProxyProtocol::from_anyone(), |server| server).await;
    for header in [V1, V2] {
        let http1 = Http1::on(Wire::Socket(Box::new(proxied(clear(&server), header).await)));
        let mut http2 = Http2::on(proxied(clear(&server), header).await, &Builder::new()).await;
        let socket = connect_tls_on(proxied(secure(&server), header).await, &["http/1.1"]).await;
        let https1 = Http1::on(Wire::Socket(Box::new(socket)));
        let socket = connect_tls_on(proxied(secure(&server), header).await, &["h2"]).await;
        let mut https2 = Http2::on(socket, &Builder::new()).await;
        let sockets = [
            http1.upgrade("/hub", &[]).await.unwrap(),
            http2.websocket("/hub", &[]).await.unwrap(),
            https1.upgrade("/hub", &[]).await.unwrap(),
            https2.websocket("/hub", &[]).await.unwrap(),
        ];
        for socket in sockets {
            let mut client = HubClient::open(socket, HubProtocol::Json).await;
            assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
            let [connection] = &server.hub.connections()[..] else { panic!("there is one") };
            assert_eq!(connection.remote_address, Some(CLIENT.parse().unwrap()));
            drop(client);
            server.has_open(0).await;
        }
    }
}

#[tokio::test]
async fn the_log_names_the_client_and_not_the_proxy() {
    let server = setup(ProxyProtocol::from_anyone(), |server| server).log(Level::DEBUG).start().await;
    let http1 = Http1::on(Wire::Socket(Box::new(proxied(clear(&server), V1).await)));
    let mut http2 = Http2::on(proxied(clear(&server), V2).await, &Builder::new()).await;
    let first = http1.upgrade("/hub", &[]).await.unwrap();
    let second = http2.websocket("/hub", &[]).await.unwrap();
    for socket in [first, second] {
        HubClient::open(socket, HubProtocol::Json).await;
    }
    let accepted = server.log.about("a connection was accepted");
    assert_eq!(accepted, ["1.1", "2"].map(|version| format!("peer={CLIENT} http={version:?}")));
    let started = server.log.about("connection started");
    let remote = started.iter().map(|fields| fields.rsplit("remote=").next().unwrap());
    assert_eq!(remote.collect::<Vec<_>>(), [format!("Some({CLIENT})"), format!("Some({CLIENT})")]);
}

#[tokio::test]
async fn the_proxys_own_connections_have_its_address() {
    let server = behind(ProxyProtocol::from_anyone(), |server| server).await;
    for header in [LOCAL, UNKNOWN] {
        let socket = proxied(clear(&server), header).await;
        let address = socket.local_addr().unwrap();
        let http1 = Http1::on(Wire::Socket(Box::new(socket)));
        let client = HubClient::open(http1.upgrade("/hub", &[]).await.unwrap(), HubProtocol::Json).await;
        assert_eq!(server.hub.connections()[0].remote_address, Some(address));
        drop(client);
        server.has_open(0).await;
    }
}

#[tokio::test]
async fn a_header_may_come_byte_by_byte() {
    let server = behind(ProxyProtocol::from_anyone(), |server| server).await;
    for header in [V1, V2] {
        let mut socket = proxied(clear(&server), b"").await;
        for byte in header {
            socket.write_all(&[*byte]).await.unwrap();
            tokio::task::yield_now().await;
        }
        let mut http1 = Http1::on(Wire::Socket(Box::new(socket)));
        assert_eq!(http1.ask("POST", "/hub/negotiate", &[]).await.status, 200);
    }
}

#[tokio::test]
async fn without_a_header_that_makes_sense_a_connection_is_closed_and_counted() {
    let limit = Duration::from_millis(200);
    let (server, meters) =
        measured(setup(ProxyProtocol::from_anyone(), |server| server.proxy_header_timeout(limit))).await;
    let too_long = [&b"PROXY UNKNOWN "[..], &[b'x'; 200]].concat();
    let closed: [&[u8]; 7] = [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"PROXY TCP4 203.0.113.9 192.0.2.2 4711\r\n",
        b"PROXY TCP5 203.0.113.9 192.0.2.2 4711 443\r\n",
        &too_long,
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff",
        b"PROXY TCP4 203.",
        b"",
    ];
    for header in closed {
        let mut wire = Wire::Socket(Box::new(proxied(clear(&server), header).await));
        // What nobody has read of the header resets the connection when it is closed.
        assert!(!wire.read().await.is_ok_and(|answer| !answer.is_empty()), "{header:?}");
    }
    let refused = || meters.read("hubcast_refused_proxy_headers_total") == closed.len() as f64;
    eventually(refused).await;
    let mut http1 = Http1::on(Wire::Socket(Box::new(proxied(clear(&server), V1).await)));
    assert_eq!(http1.ask("POST", "/hub/negotiate", &[]).await.status, 200);
}

#[tokio::test]
async fn whoever_is_not_among_the_senders_is_closed() {
    let server = behind(ProxyProtocol::from_networks(["127.0.0.2"]).unwrap(), |server| server).await;
    let mut refused = Wire::Socket(Box::new(proxied(clear(&server), V1).await));
    refused.until_end().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let mut socket = soon(socket.connect(clear(&server))).await.unwrap();
    socket.write_all(V1).await.unwrap();
    let mut http1 = Http1::on(Wire::Socket(Box::new(socket)));
    assert_eq!(http1.ask("POST", "/hub/negotiate", &[]).await.status, 200);
}

#[tokio::test]
async fn a_limit_by_address_counts_the_client_and_not_the_proxy() {
    let limited = |server: Server| server.maximum_connections_per_address(1);
    let (server, meters) = measured(setup(ProxyProtocol::from_anyone(), limited)).await;
    let other = b"PROXY TCP4 203.0.113.10 192.0.2.2 4711 443\r\n";
    let mut first = Http1::on(Wire::Socket(Box::new(proxied(clear(&server), V1).await)));
    assert_eq!(first.ask("POST", "/hub/negotiate", &[]).await.status, 200);
    let mut second = Wire::Socket(Box::new(proxied(clear(&server), V2).await));
    second.until_end().await;
    assert_eq!(meters.read("hubcast_refused_connections_total address"), 1.0);
    let mut another = Http1::on(Wire::Socket(Box::new(proxied(clear(&server), other).await)));
    assert_eq!(another.ask("POST", "/hub/negotiate", &[]).await.status, 200);
}

/// A server with the PROXY protocol on a port in clear text and on one with TLS, behind the one of the fixture.
fn setup(protocol: ProxyProtocol, change: impl FnOnce(Server) -> Server) -> Setup {
    let local = || Endpoint::tcp(([127, 0, 0, 1], 0));
    let tls = Tls::self_signed(["localhost"]).unwrap();
    Setup::new().server(change).server(|server| {
        server
            .listen_on(local().proxy_protocol(protocol.clone()))
            .listen_on(local().tls(tls).proxy_protocol(protocol))
    })
}

async fn behind(protocol: ProxyProtocol, change: impl FnOnce(Server) -> Server) -> Fixture {
    setup(protocol, change).start().await
}

fn clear(server: &Fixture) -> SocketAddr {
    server.addresses()[1]
}

fn secure(server: &Fixture) -> SocketAddr {
    server.addresses()[2]
}

/// A connection that begins with `header`.
async fn proxied(address: SocketAddr, header: &[u8]) -> TcpStream {
    let mut socket = soon(TcpStream::connect(address)).await.unwrap();
    socket.set_nodelay(true).unwrap();
    socket.write_all(header).await.unwrap();
    socket
}
