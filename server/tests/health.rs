//! Liveness and readiness, from the start to the end of a stop.

use std::pin::pin;
use std::time::Duration;

use futures_util::poll;
use serde_json::json;

use crate::support::{Http1, Http2, HubClient, Setup, eventually, soon};

#[tokio::test]
async fn a_server_is_live_and_ready_over_both_versions() {
    let server = with_health().start().await;
    let mut http1 = Http1::connect(server.address()).await;
    let mut http2 = Http2::connect(server.address()).await;
    for (path, text) in [("/livez", "live"), ("/readyz", "ready")] {
        for answer in [http1.ask("GET", path, &[]).await, http2.ask("GET", path).await] {
            assert_eq!((answer.status, answer.text()), (200, text));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
        assert_eq!(http1.ask("HEAD", path, &[]).await.status, 200);
        assert_eq!(http1.ask("POST", path, &[]).await.status, 405);
    }
}

#[tokio::test]
async fn the_application_holds_requests_back_until_it_is_ready() {
    let running = hubcast::Server::new()
        .health("/livez", "/readyz")
        .unready_delay(Duration::ZERO)
        .listen(([127, 0, 0, 1], 0))
        .start()
        .await
        .unwrap();
    let mut http1 = Http1::connect(running.addresses()[0].socket).await;
    running.set_ready(false);
    let answer = http1.ask("GET", "/readyz", &[]).await;
    assert_eq!((answer.status, answer.text()), (503, "not ready"));
    assert_eq!(http1.ask("GET", "/livez", &[]).await.status, 200);
    running.set_ready(true);
    assert_eq!(http1.ask("GET", "/readyz", &[]).await.status, 200);
    drop(http1);
    running.stop().await;
}

#[tokio::test]
async fn readiness_fails_first_and_all_is_served_as_before_until_the_delay_is_over() {
    let server =
        with_health().server(|server| server.unready_delay(Duration::from_millis(500))).start().await;
    let mut before = HubClient::connect(&server).await;
    let mut stop = pin!(server.stop());
    assert!(poll!(&mut stop).is_pending());
    let mut http1 = Http1::connect(server.address()).await;
    assert_eq!(http1.ask("GET", "/readyz", &[]).await.status, 503);
    assert_eq!(http1.ask("GET", "/livez", &[]).await.status, 200);
    let mut newcomer = HubClient::connect(&server).await;
    for client in [&mut before, &mut newcomer] {
        assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    }
    let leave = async {
        for mut client in [before, newcomer] {
            assert_eq!(client.message().await, r#"{"type":7,"allowReconnect":true}"#);
            client.socket.send_close(1000).await;
        }
    };
    tokio::join!(stop, leave);
}

#[tokio::test]
async fn without_health_nobody_is_waited_for() {
    let server = Setup::new().server(|server| server.unready_delay(Duration::from_secs(600))).start().await;
    soon(server.stop()).await;
}

#[tokio::test]
async fn paths_that_are_taken_are_told() {
    let panics = |make: fn() -> hubcast::Server| {
        let panic = std::panic::catch_unwind(make).expect_err("it panics");
        panic.downcast_ref::<String>().expect("it has a text").clone()
    };
    let taken =
        panics(|| hubcast::Server::new().page("/livez", "text/plain", "x").health("/livez", "/readyz"));
    assert_eq!(taken, "the path \"/livez\" is taken by another hub or page: choose another");
    let taken =
        panics(|| hubcast::Server::new().health("/livez", "/readyz").page("/readyz", "text/plain", "x"));
    assert_eq!(taken, "the path \"/readyz\" is taken by another hub or page: choose another");
    let same = panics(|| hubcast::Server::new().health("/health", "/health"));
    assert_eq!(same, "liveness and readiness are both at \"/health\": choose two paths");
}

#[tokio::test]
async fn probes_are_counted_as_connections_like_any_other() {
    let setup = with_health().server(|server| server.maximum_connections(1));
    let (server, meters) = crate::support::measured(setup).await;
    let mut probe = Http1::connect(server.address()).await;
    assert_eq!(probe.ask("GET", "/livez", &[]).await.status, 200);
    assert_eq!(meters.read("hubcast_open_sockets"), 1.0);
    drop(probe);
    eventually(|| meters.read("hubcast_open_sockets") == 0.0).await;
}

fn with_health() -> Setup {
    Setup::new().server(|server| server.health("/livez", "/readyz").unready_delay(Duration::ZERO))
}
