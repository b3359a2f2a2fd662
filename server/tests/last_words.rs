//! What a client sends in the moment in which it leaves, over one HTTP/2 connection in one write: it is heard, and none of
//! its requests fails.

use crate::support::{Fixture, Http2, HubClient, Requests, json_handshake, soon};

const CLIENTS: usize = 100;

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
        let accept = [("accept", "text/event-stream")];
        let events = soon(connection.send("GET", &client.target, &accept, b"").await).await.unwrap();
        assert_eq!(client.post(json_handshake()).await.status, 200);
        let posted = connection.send("POST", &client.target, &[], &last_words(n)).await;
        drop(events);
        assert_eq!(soon(posted).await.unwrap().status(), 200);
        assert_eq!(witness.message().await, heard(n));
    }
}

/// A broadcast and a Close message.
fn last_words(n: usize) -> Vec<u8> {
    format!("{{\"type\":1,\"target\":\"Broadcast\",\"arguments\":[\"{n}\"]}}\x1e{{\"type\":7}}\x1e")
        .into_bytes()
}

fn heard(n: usize) -> String {
    format!(r#"{{"type":1,"target":"receive","arguments":["{n}"]}}"#)
}
