//! What a client sends in the moment in which it leaves, over one HTTP/2 connection in one write: it is heard, and none of
//! its requests fails.

use std::time::Duration;

use serde_json::json;

use crate::support::{Fixture, Http2, HubClient, Requests, Setup, call, json_handshake, soon};

const CLIENTS: usize = 100;

const EVENTS: [(&str, &str); 1] = [("accept", "text/event-stream")];

/// More than may wait behind a call.
const UNREAD: usize = 300_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_client_that_deletes_its_connection() {
    let server = Fixture::start().await;
    let mut witness = HubClient::connect(&server).await;
    let mut connection = Http2::connect(server.address()).await;
    for n in 0..CLIENTS {
        let client = Requests::long_polling(&server, true).await;
        let poll = connection.send("GET", &client.target, &[], b"").await;
        drop(poll);
        let posted = connection.send("POST", &client.target, &[], &last_words(n)).await;
        let deleted = connection.send("DELETE", &client.target, &[], b"").await;
        for (response, status) in [(posted, 200), (deleted, 202)] {
            assert_eq!(soon(response).await.unwrap().status(), status);
        }
        assert_eq!(witness.message().await, heard(n));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_client_that_gives_up_its_event_stream() {
    let server = Fixture::start().await;
    let mut witness = HubClient::connect(&server).await;
    let mut connection = Http2::connect(server.address()).await;
    for n in 0..CLIENTS {
        let client = Requests::negotiate(&server, true).await;
        let events = connection.send("GET", &client.target, &EVENTS, b"").await;
        let mut events = soon(events).await.unwrap().into_body();
        assert_eq!(client.post(json_handshake()).await.status, 200);
        let mut read = Vec::new();
        while !read.ends_with(b"\x1e\r\n\r\n") {
            read.extend(soon(events.data()).await.unwrap().unwrap());
        }
        let posted = connection.send("POST", &client.target, &[], &last_words(n)).await;
        drop(events);
        assert_eq!(soon(posted).await.unwrap().status(), 200);
        assert_eq!(witness.message().await, heard(n));
    }
}

#[tokio::test]
async fn are_waited_for_no_longer_than_the_disconnect_timeout() {
    let mut server = Setup::new()
        .options(|options| {
            options
                .disconnect_timeout(Duration::from_millis(200))
                .keep_alive_interval(Duration::from_millis(50))
        })
        .start()
        .await;
    let mut connection = Http2::connect(server.address()).await;
    let client = Requests::negotiate(&server, true).await;
    let events = soon(connection.send("GET", &client.target, &EVENTS, b"").await).await.unwrap();
    client.post(&(json_handshake().to_owned() + &call("1", "Wait", &json!(["for ever"])))).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "waiting: for ever");
    let unread = call("2", "Echo", &json!(["x".repeat(1000)])).repeat(UNREAD / 1000);
    let _posting = connection.send("POST", &client.target, &[], unread.as_bytes()).await;
    drop(events);
    while server.event().await != "disconnected: TransportFailed" {}
}

/// A broadcast and a Close message.
fn last_words(n: usize) -> Vec<u8> {
    (call("1", "Broadcast", &json!([n.to_string()])) + "{\"type\":7}\x1e").into_bytes()
}

fn heard(n: usize) -> String {
    format!(r#"{{"type":1,"target":"receive","arguments":["{n}"]}}"#)
}
