//! Floods over HTTP/1.1: each ends its connection or waits, and the server serves as before.
//!
//! Silence, torn requests and long heads are in `listener.rs` and `requests.rs`, floods of hub messages in `limits.rs`.

use std::time::Duration;

use hubcast::Server;
use tokio::io::AsyncWriteExt as _;

use crate::support::{Fixture, Http1, Setup, Witness, connect, eventually, measured, soon};

const SHORT: Duration = Duration::from_millis(200);

/// What operating systems hold for both ends of a socket.
const KERNEL: usize = 16 << 20;

#[tokio::test]
async fn a_hundred_headers_are_taken_and_one_more_is_refused() {
    let server = Fixture::start().await;
    let mut witness = Witness::of(&server).await;
    for (count, status) in [(100, 200), (101, 431)] {
        assert_eq!(status_with_headers(&server, count).await, status);
    }
    witness.finds_all_as_before(&server).await;
}

#[tokio::test]
async fn as_many_headers_are_taken_as_the_server_was_told_and_one_more_is_refused_and_counted() {
    for most in [5, 300] {
        let (server, meters) =
            measured(Setup::new().server(|server| server.maximum_request_headers(most))).await;
        let mut witness = Witness::of(&server).await;
        for (count, status) in [(most, 200), (most + 1, 431)] {
            assert_eq!(status_with_headers(&server, count).await, status);
        }
        assert_eq!(meters.read("hubcast_refused_heads_total"), 1.0);
        witness.finds_all_as_before(&server).await;
    }
}

#[tokio::test]
async fn no_number_of_headers_is_too_large_to_say() {
    let any = |server: Server| server.maximum_request_headers(usize::MAX).maximum_request_head(1 << 20);
    let server = Setup::new().server(any).start().await;
    let mut witness = Witness::of(&server).await;
    for (count, status) in [(10_000, 200), (10_001, 431)] {
        assert_eq!(status_with_headers(&server, count).await, status);
    }
    witness.finds_all_as_before(&server).await;
}

#[tokio::test]
async fn requests_whose_answers_are_not_read_are_not_read_either_and_their_connection_ends() {
    let page = "x".repeat(64 * 1024);
    let setup =
        Setup::new().server(|server| server.page("/page", "text/plain", page).response_send_timeout(SHORT));
    let (server, meters) = measured(setup).await;
    let mut witness = Witness::of(&server).await;
    let mut socket = connect(server.address()).await;
    let many = b"GET /page HTTP/1.1\r\nhost: a\r\n\r\n".repeat(100);
    let mut sent = 0;
    soon(async {
        while socket.write_all(&many).await.is_ok() {
            sent += many.len();
        }
    })
    .await;
    assert!(sent <= KERNEL, "{sent} bytes were taken from a client that reads nothing");
    eventually(|| meters.read("hubcast_timed_out_sockets_total response") == 1.0).await;
    witness.finds_all_as_before(&server).await;
}

#[tokio::test]
async fn a_body_of_chunks_of_one_byte_delays_no_other_and_ends_at_the_limit() {
    let server = Fixture::start().await;
    let mut witness = Witness::of(&server).await;
    let mut socket = connect(server.address()).await;
    let head = b"POST /hub?id=unknown HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    socket.write_all(head).await.unwrap();
    let many = b"1;extension=of-a-chunk\r\nx\r\n".repeat(1000);
    let mut sent = 0;
    soon(async {
        // Nobody wants the body: the answer has come, and what is left of it is not read without a bound.
        while socket.write_all(&many).await.is_ok() {
            sent += many.len();
        }
    })
    .await;
    assert!(sent <= KERNEL, "{sent} bytes of a body were taken that nobody wants");
    witness.finds_all_as_before(&server).await;
}

/// What a request with so many headers is answered.
async fn status_with_headers(server: &Fixture, count: usize) -> u16 {
    // The host and the length are two of them.
    let names: Vec<String> = (2..count).map(|number| format!("{number:x}")).collect();
    let headers: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    Http1::connect(server.address()).await.ask("POST", "/hub/negotiate", &headers).await.status
}
