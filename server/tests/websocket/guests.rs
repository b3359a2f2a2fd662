//! The same WebSockets in axum and in hyper, without our server and without a hub.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use hubcast::websocket::{CloseCode, WebSocketOptions, accept, is_websocket_request};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;

use super::echo;
use crate::support::{Http1, Http2, Setup};

#[tokio::test]
async fn a_handler_of_axum_accepts_over_both_versions() {
    let address = serve(Router::new().route("/ws", any(accepting))).await;
    let mut http2 = Http2::connect(address).await;
    let over_http1 = Http1::connect(address).await.upgrade("/ws", &[]).await.unwrap();
    for mut client in [over_http1, http2.websocket("/ws", &[]).await.unwrap()] {
        client.send_text("hallo").await;
        assert_eq!(client.next().await, "text hallo");
        client.send_close(1000).await;
        assert_eq!(client.next().await, "close 1000");
        assert_eq!(client.next().await, "end");
    }
    assert_eq!(Http1::connect(address).await.ask("GET", "/ws", &[]).await.text(), "a page");
}

async fn accepting(request: Request) -> Response {
    if !is_websocket_request(&request) {
        return "a page".into_response();
    }
    match accept(request, &WebSocketOptions::new()) {
        Ok(accepted) => accepted.spawn(echo).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

#[tokio::test]
async fn a_service_of_hyper_accepts_and_owns_the_websocket() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = hyper::service::service_fn(async |request| {
                let Ok(accepted) = accept(request, &WebSocketOptions::new()) else {
                    unreachable!("it is one")
                };
                let (response, opening) = accepted.into_parts();
                tokio::spawn(async move {
                    let mut socket = opening.open().await.unwrap();
                    while let Ok(Some(message)) = socket.receive().await {
                        socket.send(message).await.unwrap();
                    }
                    socket.close(CloseCode::NORMAL_CLOSURE, "").await.unwrap();
                });
                Ok::<_, Infallible>(response)
            });
            let mut builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
            builder.http2().enable_connect_protocol();
            tokio::spawn(async move {
                builder.serve_connection_with_upgrades(TokioIo::new(socket), service).await
            });
        }
    });
    let mut http2 = Http2::connect(address).await;
    let over_http1 = Http1::connect(address).await.upgrade("/", &[]).await.unwrap();
    for mut client in [over_http1, http2.websocket("/", &[]).await.unwrap()] {
        client.send_binary(&[1]).await;
        assert_eq!(client.next().await, "binary 01");
        client.send_close(4000).await;
        assert_eq!(client.next().await, "close 4000");
        assert_eq!(client.next().await, "end");
    }
}

#[tokio::test]
async fn a_websocket_that_is_dropped_is_cut() {
    let drops = async |request: Request| {
        let Ok(accepted) = accept(request, &WebSocketOptions::new()) else { unreachable!("it is one") };
        let (response, opening) = accepted.into_parts();
        tokio::spawn(async move { drop(opening.open().await) });
        response
    };
    let address = serve(Router::new().route("/ws", any(drops))).await;
    let mut client = Http1::connect(address).await.upgrade("/ws", &[]).await.unwrap();
    assert_eq!(client.next().await, "end");
}

#[tokio::test]
async fn a_fallback_of_our_server_accepts_over_both_versions() {
    let router = Router::new().route("/ws", any(accepting));
    let server = Setup::new().server(|server| server.fallback(router)).start().await;
    let mut http2 = Http2::connect(server.address()).await;
    let over_http1 = Http1::connect(server.address()).await.upgrade("/ws", &[]).await.unwrap();
    for mut client in [over_http1, http2.websocket("/ws", &[]).await.unwrap()] {
        client.send_text("hallo").await;
        assert_eq!(client.next().await, "text hallo");
        client.send_close(1000).await;
        assert_eq!(client.next().await, "close 1000");
    }
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
