//! The recorded conversations by long polling and by event streams, and what mixes transports.

use serde_json::{Value, json};

use super::edge::{Edge, recorded};
use crate::support::{EventStream, Requests, call, json_handshake, soon};

/// A recorded conversation; `None` if there is none of that name.
pub(super) async fn conversation(edge: &Edge, area: &str, what: &str) -> Option<Value> {
    match area {
        "long polling" => long_polling(edge.requests("?negotiateVersion=1").await, what).await,
        "events" => events(edge.requests("?negotiateVersion=1").await, what).await,
        "mixed" => mixed(edge, what).await,
        _ => None,
    }
}

async fn long_polling(client: Requests, what: &str) -> Option<Value> {
    if what == "POST before the first poll" {
        return Some(json!([recorded(&client.post(json_handshake()).await)]));
    }
    let first = recorded(&client.poll().await);
    match what {
        "an empty POST" => return Some(recorded(&client.post("").await)),
        "a handshake for an unknown protocol" => {
            let posted = client.post("{\"protocol\":\"x\",\"version\":1}\x1e").await;
            return Some(all(&client, vec![recorded(&posted)], 2).await);
        }
        "a handshake in two halves" => {
            let (head, tail) = json_handshake().split_at(10);
            let halves = vec![recorded(&client.post(head).await), recorded(&client.post(tail).await)];
            return Some(all(&client, halves, 1).await);
        }
        _ => {}
    }
    let posted = recorded(&client.post(json_handshake()).await);
    let shaken = recorded(&client.poll().await);
    Some(match what {
        "handshake, call, end" => {
            let mut seen = vec![json!(200), first, posted, shaken];
            seen.push(recorded(&client.post(&echo("1")).await));
            seen.push(recorded(&client.poll().await));
            seen.push(recorded(&client.delete().await));
            soon(async { while client.delete().await.status != 404 {} }).await;
            seen.push(recorded(&client.poll().await));
            seen.push(recorded(&client.post(json_handshake()).await));
            seen.push(recorded(&client.delete().await));
            seen.into()
        }
        "two messages wait for one poll" => {
            client.post(&(echo("1") + &echo("2"))).await;
            recorded(&client.poll().await)
        }
        "a second poll takes over from the first" => {
            let (older, newer) = client.two_polls().await;
            client.post(&echo("1")).await;
            json!({"first": recorded(&older), "second": recorded(&soon(newer).await.unwrap())})
        }
        "a poll under way when DELETE comes" => {
            let (_, waiting) = client.two_polls().await;
            let deleted = recorded(&client.delete().await);
            json!({"delete": deleted, "poll": recorded(&soon(waiting).await.unwrap())})
        }
        "bytes that are no message end the connection" => {
            let posted = recorded(&client.post("nonsense\x1e").await);
            all(&client, vec![posted], 2).await
        }
        "the client's Close message" => {
            let posted = recorded(&client.post("{\"type\":7}\x1e").await);
            all(&client, vec![posted], 2).await
        }
        _ => return None,
    })
}

/// What was seen, and the answers to some polls.
async fn all(client: &Requests, mut seen: Vec<Value>, polls: usize) -> Value {
    for _ in 0..polls {
        seen.push(recorded(&client.poll().await));
    }
    seen.into()
}

async fn events(client: Requests, what: &str) -> Option<Value> {
    const ACCEPT: &str = "Accept";
    let poll_accepting = async |accept| recorded(&client.ask("GET", &[(ACCEPT, accept)], b"").await);
    match what {
        "Accept among others" => {
            let mut head = poll_accepting("text/html, text/event-stream;q=0.5, */*").await;
            head.as_object_mut().unwrap().remove("body");
            return Some(head);
        }
        "Accept: */*" => return Some(poll_accepting("*/*").await),
        _ => {}
    }
    let mut stream = client.events().await;
    let mut head = recorded(&stream.head);
    head.as_object_mut().unwrap().remove("body");
    let opening = stream.next().await.unwrap();
    Some(match what {
        "opening, handshake, call" => {
            let mut seen = vec![head, opening.into()];
            seen.push(recorded(&client.post(json_handshake()).await));
            seen.push(stream.next().await.into());
            let posted = client.post(&call("1", "Echo", &json!(["two\nlines ✓"]))).await;
            seen.push(recorded(&posted));
            seen.push(stream.next().await.into());
            seen.into()
        }
        "a second stream for the same connection" => poll_accepting("text/event-stream").await,
        "DELETE" => recorded(&client.delete().await),
        "a poll on its connection" => recorded(&client.poll().await),
        "a WebSocket on its connection" => websocket(&client).await,
        "a handshake for a binary protocol" => {
            client.post("{\"protocol\":\"messagepack\",\"version\":1}\x1e").await;
            to_the_end(stream).await
        }
        "the client's Close message" => {
            client.post(json_handshake()).await;
            stream.next().await;
            client.post("{\"type\":7}\x1e").await;
            to_the_end(stream).await
        }
        _ => return None,
    })
}

async fn to_the_end(mut stream: EventStream) -> Value {
    let mut seen = String::new();
    while let Some(event) = stream.next().await {
        seen.push_str(&event);
    }
    (seen + "[end]").into()
}

async fn mixed(edge: &Edge, what: &str) -> Option<Value> {
    let version = if what.starts_with("a version 0") { "" } else { "?negotiateVersion=1" };
    let mut client = edge.requests(version).await;
    let accept = [("Accept", "text/event-stream")];
    Some(match what {
        "a poll, then events on its connection" => {
            client.poll().await;
            recorded(&client.ask("GET", &accept, b"").await)
        }
        "a poll, then a WebSocket on its connection" => {
            client.poll().await;
            websocket(&client).await
        }
        "a WebSocket, then a poll, events, POST, DELETE and another WebSocket on its connection" => {
            let mut socket = client.websocket().await.ok()?;
            socket.send_text(json_handshake()).await;
            json!({
                "hub": [socket.next().await],
                "poll": recorded(&client.poll().await),
                "events": recorded(&client.ask("GET", &accept, b"").await),
                "post": recorded(&client.post("x").await),
                "delete": recorded(&client.delete().await),
                "websocket": websocket(&client).await,
            })
        }
        "a version 0 connection is found by its connectionId" => recorded(&client.poll().await),
        "a version 1 connection is not found by its connectionId" => {
            client.target = format!("/hub?id={}", client.connection_id);
            recorded(&client.poll().await)
        }
        _ => return None,
    })
}

/// The answer to a WebSocket request that is refused.
async fn websocket(client: &Requests) -> Value {
    recorded(&client.websocket().await.err().unwrap())
}

fn echo(id: &str) -> String {
    call(id, "Echo", &json!(["x"]))
}
