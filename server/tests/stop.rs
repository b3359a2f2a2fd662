//! A graceful stop: hubs say goodbye, requests end, nothing new is taken, and it takes no longer than its limit.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use futures_util::poll;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hubcast::HubProtocol;
use serde_json::json;
use tokio::net::TcpStream;
use tower::ServiceExt as _;

use crate::support::{Connected, Fixture, Http1, Http2, HubClient, Setup, Wire, soon};

const GOODBYE: &str = r#"{"type":7,"allowReconnect":true}"#;

#[tokio::test]
async fn hub_connections_are_told_to_reconnect_and_closed_over_every_transport() {
    let server = Setup::new().tls().start().await;
    let mut clear = Http2::connect(server.address()).await;
    let mut secure = Http2::connect_tls(server.tls_address()).await;
    let tls = Http1::connect_tls(server.tls_address()).await.upgrade("/hub", &[]).await.unwrap();
    let clients = [
        HubClient::connect(&server).await,
        HubClient::connect_as(&server, HubProtocol::MessagePack, "/hub").await,
        HubClient::open(tls, HubProtocol::Json).await,
        HubClient::connect_http2(&mut clear).await,
        HubClient::connect_http2(&mut secure).await,
    ];
    let started = Instant::now();
    let leaving = clients.into_iter().map(|client| tokio::spawn(says_goodbye(client))).collect::<Vec<_>>();
    server.stop().await;
    for left in leaving {
        soon(left).await.unwrap();
    }
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    clear.ended().await.unwrap();
}

#[tokio::test]
async fn a_post_that_waits_for_a_transport_is_told() {
    let (service, _state, _events) = Setup::new().into_service();
    let hub = service.handle();
    let post = |target: &str, body: Vec<u8>| {
        service.clone().oneshot(Request::post(target).body(Full::new(Bytes::from(body))).unwrap())
    };
    let negotiated = post("/hub/negotiate?negotiateVersion=1", Vec::new()).await.unwrap();
    let answer = negotiated.into_body().collect().await.unwrap().to_bytes();
    let answer = serde_json::from_slice::<serde_json::Value>(&answer).unwrap();
    let target = format!("/hub?id={}", answer["connectionToken"].as_str().unwrap());
    let mut waits = pin!(post(&target, vec![b'x'; 10_000]));
    assert!(poll!(&mut waits).is_pending());
    assert!(soon(hub.stop(Duration::from_secs(5))).await);
    assert_eq!(soon(waits).await.unwrap().status(), 404);
    assert_eq!(post(&target, Vec::new()).await.unwrap().status(), 503);
}

#[tokio::test]
async fn nothing_new_is_taken() {
    let server = Fixture::start().await;
    let address = server.address();
    let mut kept = Http1::connect(address).await;
    assert_eq!(kept.ask("POST", "/hub/negotiate", &[]).await.status, 200);
    server.stop().await;
    assert_eq!(TcpStream::connect(address).await.unwrap_err().kind(), std::io::ErrorKind::ConnectionRefused);
    assert!(kept.is_closed().await);
}

#[tokio::test]
async fn a_connection_whose_handshake_is_not_done_ends_too() {
    let mut server = Fixture::start().await;
    let mut socket = Http1::connect(server.address()).await.upgrade("/hub", &[]).await.unwrap();
    let mut connection = Http2::connect(server.address()).await;
    let mut stream = connection.websocket("/hub", &[]).await.unwrap();
    let leave = async {
        for socket in [&mut socket, &mut stream] {
            assert_eq!(socket.next().await, "close 1000");
            socket.send_close(1000).await;
            socket.finish().await;
            assert_eq!(socket.next().await, "end");
        }
    };
    tokio::join!(leave, server.stop());
    assert_eq!(server.unheard_event(), None);
}

#[tokio::test]
async fn a_client_that_never_answers_is_cut_at_the_limit() {
    let limit = Duration::from_secs(1);
    let server = Setup::new().server(|server| server.shutdown_timeout(limit)).start().await;
    let _client = HubClient::connect(&server).await;
    let mut connection = Http2::connect(server.address()).await;
    let _stream = HubClient::connect_http2(&mut connection).await;
    let started = Instant::now();
    server.stop().await;
    assert!((limit..limit * 3).contains(&started.elapsed()), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_hub_that_is_stopped_alone_cuts_what_does_not_end() {
    let server = Setup::new().options(|options| options.close_timeout(Duration::from_secs(60))).start().await;
    let mut connection = Http2::connect(server.address()).await;
    let mut clients = [HubClient::connect(&server).await, HubClient::connect_http2(&mut connection).await];
    assert!(!server.hub.stop(Duration::from_millis(200)).await, "the clients do not answer the close");
    assert_eq!(server.hub.connection_counts().open(), 0);
    for client in &mut clients {
        assert_eq!(client.message().await, GOODBYE);
        assert_eq!(client.message().await, "close 1000");
        soon(client.socket.next()).await;
    }
}

#[tokio::test]
async fn a_running_call_is_cancelled_and_the_hooks_run() {
    let mut server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    client.start("1", "Wait", json!(["long"])).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "waiting: long");
    tokio::join!(says_goodbye(client), server.stop());
    assert_eq!(server.event().await, "cancelled: long");
    assert_eq!(server.event().await, "disconnected: ServerShutdown");
}

#[tokio::test]
async fn a_slow_connected_hook_is_waited_for() {
    let mut server = Setup::new().connected(Connected::Waits).start().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connecting");
    assert_eq!(client.message().await, r#"{"type":1,"target":"receive","arguments":["welcome"]}"#);
    let state = Arc::clone(&server.state);
    let leaves = async {
        says_goodbye(client).await;
        state.open();
    };
    tokio::join!(leaves, server.stop());
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "disconnected: ServerShutdown");
}

#[tokio::test]
async fn a_request_under_way_is_answered() {
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let (asked, mut is_asked) = tokio::sync::mpsc::unbounded_channel();
    let waits = Arc::clone(&gate);
    let page = async move || {
        asked.send(()).unwrap();
        waits.acquire().await.unwrap().forget();
        "late"
    };
    let router = Router::new().route("/late", get(page));
    let server = Setup::new().server(|server| server.fallback(router)).start().await;
    let (mut http1, mut http2) =
        (Http1::connect(server.address()).await, Http2::connect(server.address()).await);
    let ask = async {
        let (first, second) = tokio::join!(http1.ask("GET", "/late", &[]), http2.ask("GET", "/late"));
        assert_eq!((first.text(), second.text()), ("late", "late"));
        drop(http2);
    };
    let stop = async {
        for _ in 0..2 {
            soon(is_asked.recv()).await.unwrap();
        }
        tokio::join!(server.stop(), async { gate.add_permits(2) });
    };
    tokio::join!(ask, stop);
}

#[tokio::test]
async fn a_request_that_does_not_end_in_time_is_cut() {
    let alive = Arc::new(());
    let in_page = Arc::clone(&alive);
    let (asked, mut is_asked) = tokio::sync::mpsc::unbounded_channel();
    let page = async move || {
        let _here = in_page;
        asked.send(()).unwrap();
        std::future::pending::<&str>().await
    };
    let router = Router::new().route("/never", get(page));
    let limit = Duration::from_millis(200);
    let server = Setup::new().server(|server| server.fallback(router).shutdown_timeout(limit)).start().await;
    let mut http1 = Wire::connect(server.address()).await;
    http1.write(b"GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let mut http2 = Http2::connect(server.address()).await;
    let request = Request::get("http://localhost/never").body(()).unwrap();
    let (response, _) = http2.start(request, true).await.unwrap();
    for _ in 0..2 {
        soon(is_asked.recv()).await.unwrap();
    }
    server.stop().await;
    assert_eq!(Arc::strong_count(&alive), 1);
    http1.until_end().await;
    soon(response).await.unwrap_err();
}

#[tokio::test]
async fn stopping_twice_is_stopping_once_and_ends_the_wait_for_a_signal() {
    let running = hubcast::Server::new().listen(([127, 0, 0, 1], 0)).start().await.unwrap();
    let (waited, (), ()) =
        soon(async { tokio::join!(running.run_until_signal(), running.stop(), running.stop()) }).await;
    waited.unwrap();
    soon(running.stop()).await;
}

#[tokio::test]
async fn an_idle_http2_connection_is_told_to_go_away() {
    let server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;
    assert_eq!(connection.ask("POST", "/hub/negotiate").await.status, 200);
    let (ended, ()) = tokio::join!(connection.ended(), server.stop());
    ended.unwrap();
}

#[tokio::test]
async fn a_handle_stops_its_hub_alone() {
    let server = Fixture::start().await;
    let client = HubClient::connect(&server).await;
    let limit = Duration::from_secs(5);
    let ((), all_ended) = tokio::join!(says_goodbye(client), server.hub.stop(limit));
    assert!(all_ended);
    let mut connection = Http1::connect(server.address()).await;
    assert_eq!(connection.ask("POST", "/hub/negotiate", &[]).await.status, 503);
    assert_eq!(connection.upgrade("/hub", &[]).await.err().unwrap().status, 503);
}

/// Hears the goodbye, answers it and closes.
async fn says_goodbye(mut client: HubClient) {
    assert_eq!(client.message().await, GOODBYE);
    assert_eq!(client.message().await, "close 1000");
    client.socket.send_close(1000).await;
    client.socket.finish().await;
    assert_eq!(client.message().await, "end");
}
