//! Thousands that come at once and may not: each is refused, leaves nothing, and who is there is served meanwhile.
//!
//! What a refusal costs in memory is in the program `bombs`.

use std::net::SocketAddr;
use std::time::Duration;

use hubcast::{HubProtocol, Rate, RateLimit};
use tokio::net::TcpSocket;

use crate::support::{Http1, Http2, HubClient, Setup, Wire, Witness, connect, eventually, measured, soon};

const STORM: usize = 2_000;
/// After how many of them somebody else has its calls answered.
const WAVE: usize = 100;

#[tokio::test]
async fn sockets_beyond_the_limit_are_closed_while_calls_are_answered() {
    let (server, meters) = measured(Setup::new().server(|server| server.maximum_connections(2))).await;
    let mut witness = Witness::of(&server).await;
    let mut full = Http1::connect(server.address()).await;
    assert_eq!(full.ask("POST", "/hub/negotiate", &[]).await.status, 200);
    for _ in 0..STORM / WAVE {
        let mut wave = Vec::new();
        for _ in 0..WAVE {
            let mut client = Wire::Socket(Box::new(connect(server.address()).await));
            client.write(b"POST /hub/negotiate?negotiateVersion=1 HTTP/1.1\r\nhost: a\r\n\r\n").await;
            wave.push(client);
        }
        witness.is_answered().await;
        for mut client in wave {
            // Or a reset, as its request was not read.
            assert!(client.read().await.map_or(true, |answer| answer.is_empty()));
        }
    }
    assert_eq!(meters.read("hubcast_refused_connections_total total"), STORM as f64);
    assert_eq!(meters.read("hubcast_open_sockets"), 2.0);
    assert_eq!(meters.read("hubcast_accepted_connections_total 1.1"), 2.0);
    drop(full);
    eventually(|| meters.read("hubcast_open_sockets") == 1.0).await;
    witness.finds_all_as_before(&server).await;
}

#[tokio::test]
async fn connects_over_the_rate_are_refused_while_calls_are_answered() {
    const BURST: usize = 5;
    let rate = Rate::new(1, Duration::from_secs(3600)).burst(BURST as u32);
    let setup = Setup::new().options(|options| options.rate_limit(RateLimit::connects(rate)));
    let (server, meters) = measured(setup).await;
    let mut witness = Witness::of(&server).await;
    let mut http1 = Http1::on(from_elsewhere(server.address()).await);
    for _ in 0..BURST {
        assert_eq!(http1.ask("POST", NEGOTIATE, &[]).await.status, 200);
    }
    let Wire::Socket(socket) = from_elsewhere(server.address()).await else { unreachable!("it is a socket") };
    let mut http2 = Http2::on(socket, &h2::client::Builder::new()).await;
    for _ in 0..STORM / 4 / WAVE {
        for _ in 0..WAVE {
            assert_eq!(http1.ask("POST", NEGOTIATE, &[]).await.status, 429);
            assert_eq!(http2.ask("POST", NEGOTIATE).await.status, 429);
            let over_http2 = http2.websocket("/hub", &[]).await;
            assert_eq!(over_http2.err().map(|refused| refused.status), Some(429));
            let over_http1 = Http1::on(from_elsewhere(server.address()).await).upgrade("/hub", &[]).await;
            assert_eq!(over_http1.err().map(|refused| refused.status), Some(429));
        }
        witness.is_answered().await;
    }
    assert_eq!(meters.read("hubcast_rate_limited_total connects"), STORM as f64);
    let counts = server.hub.connection_counts();
    assert_eq!((counts.open(), counts.pending), (1, BURST));
    witness.finds_all_as_before(&server).await;
}

#[tokio::test]
async fn negotiations_beyond_those_that_may_wait_are_refused_while_calls_are_answered() {
    const WAITING: usize = 5;
    let server = Setup::new().options(|options| options.maximum_pending_connections(WAITING)).start().await;
    let mut witness = Witness::of(&server).await;
    let mut http1 = Http1::connect(server.address()).await;
    let mut http2 = Http2::connect(server.address()).await;
    let mut last = String::new();
    for _ in 0..WAITING {
        let answer = http1.ask("POST", NEGOTIATE, &[]).await.json();
        last = format!("/hub?id={}", answer["connectionToken"].as_str().unwrap());
    }
    for _ in 0..STORM / 2 / WAVE {
        for _ in 0..WAVE {
            assert_eq!(http1.ask("POST", NEGOTIATE, &[]).await.status, 503);
            assert_eq!(http2.ask("POST", NEGOTIATE).await.status, 503);
        }
        witness.is_answered().await;
    }
    let counts = server.hub.connection_counts();
    assert_eq!((counts.open(), counts.pending), (1, WAITING));
    // Who was let in before the storm connects, and makes room for another.
    let socket = http1.upgrade(&last, &[]).await.unwrap();
    let _waited = HubClient::open(socket, HubProtocol::Json).await;
    let counts = server.hub.connection_counts();
    assert_eq!((counts.open(), counts.pending), (2, WAITING - 1));
    witness.finds_all_as_before(&server).await;
}

const NEGOTIATE: &str = "/hub/negotiate?negotiateVersion=1";

/// A connection from another address than everybody else's.
async fn from_elsewhere(server: SocketAddr) -> Wire {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    Wire::Socket(Box::new(soon(socket.connect(server)).await.unwrap()))
}
