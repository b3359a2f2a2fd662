//! A graceful stop for clients that poll: what they are told waits until they come back for it, and so does the server.

use std::io::ErrorKind;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::poll;
use tokio::net::TcpStream;
use tokio::task::yield_now;

use crate::support::{BOTH, Fixture, Http1, Http2, HubClient, Requests, Setup, soon};

const GOODBYE: &str = r#"{"type":7,"allowReconnect":true}"#;
const LAST_POLL: &str = "{\"type\":7,\"allowReconnect\":true}\u{1e}";

/// Longer than a test may take.
const NEVER: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_client_between_two_polls_gets_its_goodbye_on_a_new_connection() {
    for http2 in BOTH {
        let mut server = patient().start().await;
        let client = Requests::long_polling(&server, http2).await;
        let leaves = async {
            assert_eq!(client.ask_at("POST", "/hub/negotiate", &[], b"").await.status, 503);
            let last = client.poll().await;
            assert_eq!((last.status, last.text()), (200, LAST_POLL));
            assert_eq!(client.poll().await.status, 204);
        };
        tokio::join!(server.stop(), leaves);
        assert_eq!(server.event().await, "connected");
        assert_eq!(server.event().await, "disconnected: ServerShutdown");
        assert!(refuses(&server).await);
    }
}

#[tokio::test]
async fn a_client_that_heard_its_goodbye_in_a_waiting_poll_may_delete_its_connection() {
    for http2 in BOTH {
        let server = patient().start().await;
        let client = Requests::long_polling(&server, http2).await;
        let (_, waiting) = client.two_polls().await;
        let leaves = async {
            assert_eq!(soon(waiting).await.unwrap().text(), LAST_POLL);
            assert_eq!(client.delete().await.status, 202);
        };
        tokio::join!(server.stop(), leaves);
        assert!(refuses(&server).await);
    }
}

#[tokio::test]
async fn the_connections_that_carry_polls_last_as_long_and_then_end() {
    let server = patient().start().await;
    let (one, two) =
        (Requests::long_polling(&server, false).await, Requests::long_polling(&server, true).await);
    let mut http1 = Http1::connect(server.address()).await;
    let mut http2 = Http2::connect(server.address()).await;
    for status in [http1.ask("GET", "/", &[]).await.status, http2.ask("GET", "/").await.status] {
        assert_eq!(status, 404);
    }
    let leave = async {
        assert_eq!(http1.ask("GET", &one.target, &[]).await.text(), LAST_POLL);
        assert_eq!(http2.ask("GET", &two.target).await.text(), LAST_POLL);
        assert_eq!(http1.ask("GET", &one.target, &[]).await.status, 204);
        assert_eq!(http2.ask("GET", &two.target).await.status, 204);
        assert!(http1.is_closed().await);
        http2.ended().await.unwrap();
    };
    tokio::join!(server.stop(), leave);
}

#[tokio::test]
async fn a_client_whose_handshake_is_not_done_is_told_that_it_is_over() {
    let server = patient().start().await;
    let client = Requests::negotiate(&server, false).await;
    assert_eq!(client.poll().await.status, 200);
    let leaves = async { assert_eq!(client.poll().await.status, 204) };
    tokio::join!(server.stop(), leaves);
}

#[tokio::test]
async fn a_client_that_never_comes_back_is_waited_for_as_long_as_for_any_close() {
    let server = Setup::new()
        .options(|options| options.close_timeout(Duration::from_millis(600)))
        .server(|server| server.shutdown_timeout(NEVER))
        .start()
        .await;
    let _client = Requests::long_polling(&server, false).await;
    let started = Instant::now();
    server.stop().await;
    assert!(started.elapsed() >= Duration::from_millis(300), "{:?}", started.elapsed());
    assert!(refuses(&server).await);
}

#[tokio::test]
async fn a_client_that_never_comes_back_does_not_outlast_the_shutdown_timeout() {
    let limit = Duration::from_millis(500);
    let server = Setup::new()
        .options(|options| options.close_timeout(NEVER))
        .server(|server| server.shutdown_timeout(limit))
        .start()
        .await;
    let _client = Requests::long_polling(&server, false).await;
    let mut idle = Http1::connect(server.address()).await;
    assert_eq!(idle.ask("GET", "/", &[]).await.status, 404);
    let started = Instant::now();
    server.stop().await;
    assert!((limit..NEVER).contains(&started.elapsed()), "{:?}", started.elapsed());
    assert!(refuses(&server).await);
    assert!(idle.is_closed().await);
}

#[tokio::test]
async fn a_stop_that_nobody_waits_for_any_more_leaves_nothing_open() {
    let server = patient().start().await;
    let _client = Requests::long_polling(&server, false).await;
    let mut idle = Http1::connect(server.address()).await;
    assert_eq!(idle.ask("GET", "/", &[]).await.status, 404);
    {
        let mut stop = pin!(server.stop());
        assert!(poll!(&mut stop).is_pending());
        assert_eq!(idle.ask("GET", "/", &[]).await.status, 404);
    }
    assert!(idle.is_closed().await);
    assert!(refuses(&server).await);
}

#[tokio::test]
async fn where_nobody_polls_nothing_is_open_from_the_start_of_the_stop() {
    let server = patient().start().await;
    let mut client = HubClient::connect(&server).await;
    let mut idle = Http1::connect(server.address()).await;
    assert_eq!(idle.ask("GET", "/", &[]).await.status, 404);
    let mut stop = pin!(server.stop());
    assert!(poll!(&mut stop).is_pending());
    assert!(idle.is_closed().await);
    assert!(refuses(&server).await);
    assert!(poll!(&mut stop).is_pending());
    assert_eq!(client.message().await, GOODBYE);
    assert_eq!(client.message().await, "close 1000");
    client.socket.send_close(1000).await;
    client.socket.finish().await;
    stop.await;
}

/// A server that ends only when its clients have.
fn patient() -> Setup {
    Setup::new()
        .options(|options| options.close_timeout(NEVER))
        .server(|server| server.shutdown_timeout(NEVER))
}

/// Whether the server listens no more, once its accepting task has noticed.
async fn refuses(server: &Fixture) -> bool {
    soon(async {
        loop {
            match TcpStream::connect(server.address()).await {
                Ok(_) => yield_now().await,
                Err(error) => return error.kind() == ErrorKind::ConnectionRefused,
            }
        }
    })
    .await
}
