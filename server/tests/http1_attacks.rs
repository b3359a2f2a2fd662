//! Floods over HTTP/1.1: each ends its connection or waits, and the server serves as before.
//!
//! Silence, torn requests and long heads are in `listener.rs` and `requests.rs`, floods of hub messages in `limits.rs`.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use crate::support::{Fixture, Http1, Setup, Witness, connect, soon};

const SHORT: Duration = Duration::from_millis(200);

/// What operating systems hold for both ends of a socket.
const KERNEL: usize = 16 << 20;

#[tokio::test]
async fn a_hundred_headers_are_taken_and_one_more_is_refused() {
    let server = Fixture::start().await;
    let mut witness = Witness::of(&server).await;
    // The host and the length are two of them.
    for (count, status) in [(98, 200), (99, 431)] {
        let names: Vec<String> = (0..count).map(|number| format!("x-{number}")).collect();
        let headers: Vec<_> = names.iter().map(|name| (name.as_str(), "a")).collect();
        let mut client = Http1::connect(server.address()).await;
        assert_eq!(client.ask("POST", "/hub/negotiate", &headers).await.status, status);
    }
    witness.finds_all_as_before(&server).await;
}

#[tokio::test]
async fn requests_whose_answers_are_not_read_are_not_read_either_and_their_connection_ends() {
    let page = "x".repeat(64 * 1024);
    let server = Setup::new()
        .server(|server| server.page("/page", "text/plain", page).response_send_timeout(SHORT))
        .start()
        .await;
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
