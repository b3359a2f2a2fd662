//! Pages and the fallback service, over both HTTP versions.

use axum::Router;
use axum::body::Bytes;
use axum::http::Method;
use axum::routing::{get, post};
use hubcast::{CLIENT_SCRIPT, Server};

use crate::support::{Fixture, Http1, Http2, Response, Setup};

const HTML: &str = "<!doctype html><title>A page</title>";

#[tokio::test]
async fn a_page_is_served_to_get_and_head() {
    let server = with(|server| server.page("/", "text/html; charset=utf-8", HTML)).await;
    for (method, body) in [("GET", HTML), ("HEAD", "")] {
        for page in ask(&server, method, "/", b"").await {
            assert_eq!((page.status, page.text()), (200, body));
            assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
            assert_eq!(page.header("cache-control"), Some("no-cache"));
            assert_eq!(page.header("content-length"), Some("36"));
            assert!(page.header("date").is_some());
        }
    }
}

#[tokio::test]
async fn another_method_on_a_page_gets_405_and_the_allowed_ones() {
    let server = with(|server| server.page("/", "text/html", HTML)).await;
    for refused in ask(&server, "POST", "/", b"body").await {
        assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")));
    }
}

#[tokio::test]
async fn what_nobody_serves_is_not_found() {
    let server = Fixture::start().await;
    for missing in ask(&server, "GET", "/missing", b"").await {
        assert_eq!((missing.status, missing.text()), (404, "Not found"));
    }
}

#[tokio::test]
async fn the_client_script_is_a_module() {
    let server = with(|server| server.client_script("/hubcast.js")).await;
    for script in ask(&server, "GET", "/hubcast.js", b"").await {
        assert_eq!((script.status, script.text()), (200, CLIENT_SCRIPT));
        assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    }
}

#[tokio::test]
async fn a_fallback_takes_bodies_and_serves_what_is_left() {
    let router = Router::new().route("/shout", post(async |body: String| body.to_uppercase())).route(
        "/method",
        get(async |method: Method| method.to_string()).post(async |body: Bytes| body.len().to_string()),
    );
    let server = with(|server| server.page("/", "text/html", HTML).fallback(router)).await;
    for answer in ask(&server, "POST", "/shout", b"quiet").await {
        assert_eq!((answer.status, answer.text()), (200, "QUIET"));
    }
    for answer in ask(&server, "GET", "/method", b"").await {
        assert_eq!((answer.status, answer.text()), (200, "GET"));
    }
    for answer in ask(&server, "POST", "/method", &vec![b'x'; 1_000_000]).await {
        assert_eq!((answer.status, answer.text()), (200, "1000000"));
    }
    for answer in ask(&server, "GET", "/", b"").await {
        assert_eq!(answer.text(), HTML);
    }
    for answer in ask(&server, "GET", "/missing", b"").await {
        assert_eq!((answer.status, answer.text()), (404, ""));
    }
}

#[tokio::test]
async fn a_panic_in_the_fallback_hurts_no_other_request() {
    let router = Router::new().route("/panic", get(async || -> &'static str { panic!("in a page") }));
    let server = with(|server| server.fallback(router)).await;
    let mut connection = Http2::connect(server.address()).await;
    assert_eq!(connection.reset_of("GET", "/panic").await, Some(h2::Reason::CANCEL));
    assert_eq!(connection.ask("POST", "/hub/negotiate").await.status, 200);
}

#[tokio::test]
async fn a_large_page_passes_through_a_small_window() {
    let large = (0..5_000_000_u32).map(|n| n.to_le_bytes()[0]).collect::<Vec<_>>();
    let page = large.clone();
    let server = with(|server| server.page("/large", "application/octet-stream", page)).await;
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(10_000).initial_connection_window_size(65_535);
    let mut connection = Http2::connect_with(server.address(), &builder).await;
    let answer = connection.ask("GET", "/large").await;
    assert!(answer.body == large, "{} bytes arrived", answer.body.len());
    let answer = Http1::connect(server.address()).await.ask("GET", "/large", &[]).await;
    assert!(answer.body == large, "{} bytes arrived", answer.body.len());
}

#[tokio::test]
async fn a_head_for_a_large_page_takes_no_body_and_the_connection_lives() {
    let server = with(|server| server.page("/large", "application/octet-stream", vec![0; 5_000_000])).await;
    let mut connection = Http1::connect(server.address()).await;
    for _ in 0..2 {
        let answer = connection.ask("HEAD", "/large", &[]).await;
        assert_eq!((answer.status, answer.header("content-length")), (200, Some("5000000")));
    }
}

async fn with(change: impl FnOnce(Server) -> Server) -> Fixture {
    Setup::new().server(change).start().await
}

/// The same request over HTTP/1.1 and over HTTP/2.
async fn ask(server: &Fixture, method: &str, target: &str, body: &[u8]) -> [Response; 2] {
    let mut http1 = Http1::connect(server.address()).await;
    let first = if body.is_empty() {
        http1.ask(method, target, &[]).await
    } else {
        http1.post(target, &[], body).await
    };
    [first, Http2::connect(server.address()).await.ask_with(method, target, &[], body).await]
}
