//! Requests that our listener or a hub refuses, and what a panic in the function of the user leaves behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http_body_util::{BodyExt as _, Empty};
use hubcast::{HubProtocol, HubService, Server};
use hubcast_websocket::client_key;
use serde_json::json;
use tower::ServiceExt as _;

use crate::support::{Fixture, Http1, Http2, HubClient, Setup};

#[tokio::test]
async fn a_head_of_more_than_64_kib_is_refused() {
    let server = Fixture::start().await;
    for (size, status) in [(60_000, 200), (70_000, 431)] {
        let mut connection = Http1::connect(server.address()).await;
        let long = "x".repeat(size);
        assert_eq!(connection.ask("POST", "/hub/negotiate", &[("X-Long", &long)]).await.status, status);
    }
}

#[tokio::test]
async fn several_origins_get_403_and_several_hosts_400() {
    let server = Fixture::start().await;
    let own = ("Origin", "http://localhost");
    let other = ("Origin", "http://evil.example");
    let host = ("Host", "localhost");
    for (headers, status) in [
        (&[host, own][..], 101),
        (&[host, own, other], 403),
        (&[host, other, own], 403),
        (&[host, own, own], 403),
        (&[host, ("Host", "evil.example"), own], 400),
        (&[("Host", "evil.example"), host, other], 400),
        (&[("Host", "localhost:80"), own], 101),
        (&[("Host", "localhost:443"), ("Origin", "https://localhost")], 101),
        (&[host, ("Origin", "ftp://localhost")], 403),
    ] {
        let key = client_key([7; 16]);
        let all = [&Http1::upgrade_headers(&key)[..], headers].concat();
        let connection = Http1::connect(server.address()).await;
        assert_eq!(connection.upgrade_with("/hub", &all).await.0.status, status, "{headers:?}");
    }
}

#[tokio::test]
async fn an_upgrade_with_a_body_gets_400() {
    let server = Fixture::start().await;
    for header in [("Content-Length", "5"), ("Transfer-Encoding", "chunked")] {
        let refused = Http1::connect(server.address()).await.upgrade("/hub", &[header]).await.err().unwrap();
        assert_eq!((refused.status, refused.text()), (400, "A WebSocket request has no body"), "{header:?}");
    }
    let empty = ("Content-Length", "0");
    assert!(Http1::connect(server.address()).await.upgrade("/hub", &[empty]).await.is_ok());
}

#[tokio::test]
async fn a_panic_in_the_function_of_the_user_is_a_500_and_takes_nothing_along() {
    let panics = Arc::new(AtomicBool::new(true));
    let in_function = Arc::clone(&panics);
    let server = Setup::new()
        .options(|options| {
            options.user(move |_| {
                assert!(!in_function.load(Ordering::Relaxed), "the secret cause");
                None
            })
        })
        .expects_errors()
        .start()
        .await;
    let mut connection = Http1::connect(server.address()).await;
    let answer = connection.ask("POST", "/hub/negotiate?negotiateVersion=1", &[]).await.json();
    let target = format!("/hub?id={}", answer["connectionToken"].as_str().unwrap());
    let key = client_key([7; 16]);
    let refused = connection.ask("GET", &target, &Http1::upgrade_headers(&key)).await;
    assert_eq!((refused.status, refused.text()), (500, ""));
    let mut http2 = Http2::connect(server.address()).await;
    assert_eq!(http2.websocket(&target, &[]).await.err().unwrap().status, 500);
    let errors = server.log.lines(tracing::Level::ERROR);
    assert_eq!(errors.len(), 2);
    assert!(errors[0].contains("the function that says who a user is panicked"), "{errors:?}");

    panics.store(false, Ordering::Relaxed);
    let socket = connection.upgrade(&target, &[]).await.unwrap();
    let mut client = HubClient::open(socket, HubProtocol::Json).await;
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn a_token_is_given_back_when_its_socket_never_comes() {
    let server = Fixture::start().await;
    let mut connection = Http1::connect(server.address()).await;
    let answer = connection.ask("POST", "/hub/negotiate?negotiateVersion=1", &[]).await.json();
    let target = format!("/hub?id={}", answer["connectionToken"].as_str().unwrap());
    let socket = connection.upgrade(&target, &[]).await.unwrap();
    assert_eq!(Http1::connect(server.address()).await.upgrade(&target, &[]).await.err().unwrap().status, 409);
    drop(socket);
    server.has_open(0).await;
    assert_eq!(Http1::connect(server.address()).await.upgrade(&target, &[]).await.err().unwrap().status, 404);
}

#[tokio::test]
async fn the_service_takes_requests_with_any_body() {
    let (service, ..) = Setup::new().into_service();
    let request = http::Request::post("/hub/negotiate").body(Empty::new()).unwrap();
    let response = service.oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(!response.into_body().collect().await.unwrap().to_bytes().is_empty());
}

#[test]
fn a_path_that_nobody_would_get_to_is_a_mistake_that_is_told() {
    let hub = || -> HubService<_> { Setup::new().into_service().0 };
    let both = |server: Server| server.hub("/chat", hub()).page("/", "text/html", "");
    assert_eq!(
        told(|| Server::new().hub("chat", hub())),
        r#"the path "chat" starts with no slash: write "/chat""#
    );
    assert_eq!(
        told(|| Server::new().page("x.js", "text/javascript", "")),
        r#"the path "x.js" starts with no slash: write "/x.js""#
    );
    assert_eq!(
        told(|| Server::new().client_script("/x.js?v=1")),
        r#"the path "/x.js?v=1" has a query or a fragment: leave it out"#
    );
    for path in ["/Chat", "/chat/", "/chat/negotiate", "/"] {
        let taken = format!("the path {path:?} is taken by another hub or page: choose another");
        assert_eq!(told(|| both(Server::new()).hub(path, hub())), taken);
        assert_eq!(told(|| both(Server::new()).page(path, "text/html", "")), taken);
    }
    assert_eq!(
        told(|| Server::new().page("/x/negotiate", "text/html", "").hub("/x", hub())),
        r#"a hub at "/x" takes the path "/x/negotiate" too: choose another"#
    );
    let _ = both(Server::new()).hub("/chats", hub()).page("/chat.html", "text/html", "");
}

fn told(mistake: impl FnOnce() -> Server) -> String {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(mistake)).unwrap_err();
    *panic.downcast::<String>().unwrap()
}
