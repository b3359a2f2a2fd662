//! Which pages may open a WebSocket, on both HTTP versions.

use crate::support::{Fixture, Http1, Http2, Response, Setup};

#[tokio::test]
async fn no_origin_and_the_same_host_may_connect() {
    let server = Fixture::start().await;
    let host = server.address().to_string();
    let own = format!("http://{host}");
    for origin in [None, Some(own.as_str()), Some("https://localhost")] {
        let host = if origin == Some("https://localhost") { "localhost" } else { &host };
        assert!(over_http1(&server, host, origin).await.is_ok(), "{origin:?}");
        assert!(over_http2(&server, host, origin).await.is_ok(), "{origin:?}");
    }
}

#[tokio::test]
async fn another_host_gets_403() {
    let server = Fixture::start().await;
    let host = server.address().to_string();
    let other_port = format!("http://{}:1", server.address().ip());
    for origin in ["https://evil.example", "null", &other_port, &format!("http://{host}.evil.example")] {
        for refused in
            [over_http1(&server, &host, Some(origin)).await, over_http2(&server, &host, Some(origin)).await]
        {
            let refused = refused.unwrap_err();
            assert_eq!((refused.status, refused.text()), (403, ""), "{origin}");
        }
    }
}

#[tokio::test]
async fn a_listed_origin_may_connect_and_an_unlisted_one_may_not() {
    let server =
        Setup::new().options(|options| options.allowed_origins(["https://app.example"])).start().await;
    for (origin, passes) in
        [("https://app.example", true), ("http://app.example", false), ("http://localhost", true)]
    {
        assert_eq!(over_http1(&server, "localhost", Some(origin)).await.is_ok(), passes, "{origin}");
        assert_eq!(over_http2(&server, "localhost", Some(origin)).await.is_ok(), passes, "{origin}");
    }
}

#[tokio::test]
async fn any_origin_may_connect_where_the_application_says_so() {
    let server = Setup::new().options(hubcast::HubOptions::allow_any_origin).start().await;
    assert!(over_http1(&server, "localhost", Some("https://evil.example")).await.is_ok());
    assert!(over_http2(&server, "localhost", Some("https://evil.example")).await.is_ok());
}

#[tokio::test]
async fn over_http2_the_authority_counts_not_a_host_header() {
    let server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;
    let headers =
        [("sec-websocket-version", "13"), ("origin", "https://evil.example"), ("host", "evil.example")];
    let refused =
        connection.extended_connect("websocket", "http://localhost/hub", &headers).await.err().unwrap();
    assert_eq!(refused.status, 403);
}

async fn over_http1(server: &Fixture, host: &str, origin: Option<&str>) -> Result<(), Response> {
    let mut headers = vec![("Host", host)];
    headers.extend(origin.map(|origin| ("Origin", origin)));
    Http1::connect(server.address()).await.upgrade("/hub", &headers).await.map(|_| ())
}

async fn over_http2(server: &Fixture, host: &str, origin: Option<&str>) -> Result<(), Response> {
    let mut headers = vec![("sec-websocket-version", "13")];
    headers.extend(origin.map(|origin| ("origin", origin)));
    let mut connection = Http2::connect(server.address()).await;
    connection.extended_connect("websocket", &format!("http://{host}/hub"), &headers).await.map(|_| ())
}
