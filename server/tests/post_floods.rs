//! POSTs without an end to connections that have no room for them: what is taken of them is bounded, and others are served.
//!
//! What a POST that has an end may do is in `post.rs`.

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::poll_fn;
use h2::SendStream;
use http::Request;
use hubcast::{HubError, RawService};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{
    BOTH, EventStream, Fixture, Http2, Requests, Setup, Witness, call, connect, json_handshake,
};

/// What operating systems hold for both ends of a socket.
const KERNEL: usize = 16 << 20;

/// Calls that wait, bytes that wait for the connection, what one part of a body brings over that, and what is read ahead.
const HELD: usize = 64 * 1024 + 64 * 1024 + 64 * 1024 + 64 * 1024;

/// The window of a stream.
const WINDOW: usize = 64 * 1024;

/// So long without room is what waiting looks like from outside.
const WAITING: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_body_without_an_end_waits_while_a_call_runs() {
    for http2 in BOTH {
        for transport in [Transport::Polls, Transport::Events] {
            let mut server = Fixture::start().await;
            let mut witness = Witness::of(&server).await;
            let client = Busy::connect(&mut server, transport, http2).await;
            let flood = Flood::over(http2, &server, client.target()).await;
            witness.finds_all_as_before(&server).await;
            client.goes_on(&server).await;
            drop(flood);
        }
    }
}

#[tokio::test]
async fn a_body_without_an_end_waits_for_a_function_that_receives_nothing() {
    for http2 in BOTH {
        let service = RawService::new("deaf", |connection| async move {
            let _connection = connection;
            std::future::pending::<Result<(), HubError>>().await
        });
        let server = Setup::new().server(|server| server.hub("/raw", service)).start().await;
        let mut witness = Witness::of(&server).await;
        let mut client = Requests::negotiate(&server, http2).await;
        let negotiated = client.ask_at("POST", "/raw/negotiate?negotiateVersion=1", &[], b"").await.json();
        client.target = format!("/raw?id={}", negotiated["connectionToken"].as_str().unwrap());
        assert_eq!(client.poll().await.status, 200);
        let flood = Flood::over(http2, &server, &client.target).await;
        witness.finds_all_as_before(&server).await;
        drop(flood);
    }
}

/// A POST that has been sent for as long as it was taken, and has not ended.
#[expect(dead_code, reason = "it ends when it is dropped")]
enum Flood {
    Http1(TcpStream),
    Http2(Http2, SendStream<Bytes>),
}

impl Flood {
    async fn over(http2: bool, server: &Fixture, target: &str) -> Self {
        if http2 { Self::over_http2(server, target).await } else { Self::over_http1(server, target).await }
    }

    async fn over_http1(server: &Fixture, target: &str) -> Self {
        let mut socket = connect(server.address()).await;
        let head = format!("POST {target} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
        socket.write_all(head.as_bytes()).await.unwrap();
        let calls = calls();
        let chunk = format!("{:x}\r\n{calls}\r\n", calls.len()).into_bytes();
        let mut sent = 0;
        while let Some(written) = without_waiting(socket.write(&chunk[sent % chunk.len()..])).await {
            sent += written.unwrap();
            assert!(sent <= KERNEL + HELD, "{sent} bytes were taken where there is no room for them");
        }
        assert!(sent > HELD / 4, "{sent}");
        Self::Http1(socket)
    }

    async fn over_http2(server: &Fixture, target: &str) -> Self {
        let mut connection = Http2::connect(server.address()).await;
        let request = Request::post(format!("http://localhost{target}")).body(()).unwrap();
        let (_response, mut body) = connection.start(request, false).await.unwrap();
        let calls = Bytes::from(calls());
        let mut sent = 0;
        while without_waiting(room(&mut body, calls.len())).await.is_some() {
            body.send_data(calls.clone(), false).unwrap();
            sent += calls.len();
            assert!(sent <= WINDOW + HELD, "{sent} bytes were taken where there is no room for them");
        }
        assert!(sent > HELD / 4, "{sent}");
        // It does not keep other streams of its connection from what they send.
        assert_eq!(connection.ask_with("POST", "/hub/negotiate", &[], &[b' '; 100]).await.status, 200);
        Self::Http2(connection, body)
    }
}

#[derive(Debug, Clone, Copy)]
enum Transport {
    Polls,
    Events,
}

/// A client whose call waits.
struct Busy {
    requests: Requests,
    events: Option<EventStream>,
}

impl Busy {
    async fn connect(server: &mut Fixture, transport: Transport, http2: bool) -> Self {
        assert_eq!(server.event().await, "connected");
        let requests = Requests::negotiate(server, http2).await;
        let mut events = None;
        match transport {
            Transport::Polls => requests.open_polls().await,
            Transport::Events => {
                events = Some(requests.events().await);
                assert_eq!(requests.post(json_handshake()).await.status, 200);
            }
        }
        assert_eq!(requests.post(&call("long", "Wait", &json!(["long"]))).await.status, 200);
        assert_eq!(server.event().await, "connected");
        assert_eq!(server.event().await, "waiting: long");
        Self { requests, events }
    }

    fn target(&self) -> &str {
        &self.requests.target
    }

    /// Once the call has ended it is answered, as before.
    async fn goes_on(mut self, server: &Fixture) {
        server.state.open();
        let answer = r#"{"type":3,"invocationId":"long","result":"long"}"#;
        loop {
            let said = match &mut self.events {
                Some(events) => events.next().await.expect("it goes on"),
                None => self.requests.poll().await.text().to_owned(),
            };
            if said.contains(answer) {
                return;
            }
        }
    }
}

/// What `work` comes to, unless it has to wait.
async fn without_waiting<T>(work: impl Future<Output = T>) -> Option<T> {
    timeout(WAITING, work).await.ok()
}

/// Waits until the server takes so many bytes more.
async fn room(body: &mut SendStream<Bytes>, size: usize) {
    body.reserve_capacity(size);
    while body.capacity() < size {
        poll_fn(|cx| body.poll_capacity(cx)).await.expect("the stream is open").unwrap();
    }
}

/// Calls of a method that nobody has, which want no answer.
fn calls() -> String {
    "{\"type\":1,\"target\":\"x\",\"arguments\":[]}\u{1e}".repeat(100)
}
