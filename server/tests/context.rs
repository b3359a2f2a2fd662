//! What a method knows of its connection: the request that opened it, what is kept with it, its age and its end.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use hubcast::Context;
use hubcast::contract::{Call, Method, run};
use serde_json::{Value, json};

use crate::support::{
    BOTH, Fixture, Http1, Http2, HubClient, Requests, Setup, TestClient, call, json_handshake,
};

const HEADERS: [(&str, &str); 2] = [("X-Tenant", "red"), ("Cookie", "a=1; session=x=y;b=2")];

#[tokio::test]
async fn the_request_that_opened_a_websocket_is_there() {
    let server = knowing().await;
    let target = "/hub?Room=a%20b&room=second";
    let socket = Http1::connect(server.address()).await.upgrade(target, &HEADERS).await.unwrap();
    let mut first = HubClient::open(socket, hubcast::HubProtocol::Json).await;
    let mut http2 = Http2::connect(server.address()).await;
    let socket = http2.websocket(target, &HEADERS).await.unwrap();
    let mut second = HubClient::open(socket, hubcast::HubProtocol::Json).await;
    for client in [&mut first, &mut second] {
        assert_eq!(client.invoke("Request", json!([])).await.unwrap(), request("/hub", "a b"));
    }
}

#[tokio::test]
async fn the_request_that_opened_an_event_stream_or_the_first_poll_is_there() {
    for http2 in BOTH {
        let server = knowing().await;
        let polling = Requests::negotiate(&server, http2).await;
        let first = format!("{}&room=poll", polling.target);
        assert_eq!(polling.ask_at("GET", &first, &HEADERS, b"").await.status, 200);
        polling.post(json_handshake()).await;
        assert_eq!(polling.poll().await.text(), "{}\u{1e}");
        polling.post(&call("1", "Request", &json!([]))).await;
        let answer = polling.poll().await;
        let answer = serde_json::from_str::<Value>(answer.text().trim_end_matches('\u{1e}')).unwrap();
        assert_eq!(answer["result"], request("/hub", "poll"));

        let mut streaming = Requests::negotiate(&server, http2).await;
        streaming.target.push_str("&room=events");
        let mut events = streaming.events().await;
        assert_eq!(events.next().await.as_deref(), Some(":\r\n"));
        streaming.post(json_handshake()).await;
        assert_eq!(events.next().await.as_deref(), Some("data: {}\u{1e}\r\n\r\n"));
        streaming.post(&call("1", "Request", &json!([]))).await;
        let answer = events.next().await.unwrap();
        let answer = answer.trim_start_matches("data: ").trim_end_matches("\u{1e}\r\n\r\n");
        let answer = serde_json::from_str::<Value>(answer).unwrap();
        assert_eq!(answer["result"]["room"], json!("events"));
        assert_eq!(answer["result"]["accept"], json!("text/event-stream"));
    }
}

#[tokio::test]
async fn each_connection_has_its_own_state_and_items() {
    let server = knowing().await;
    let (mut one, mut other) = (HubClient::connect(&server).await, HubClient::connect(&server).await);
    for n in 1..4 {
        assert_eq!(one.invoke("Count", json!([])).await, Ok(json!(n)));
    }
    assert_eq!(other.invoke("Count", json!([])).await, Ok(json!(1)));
    assert_eq!(one.invoke("Leave", json!(["x"])).await, Ok(Value::Null));
    assert_eq!(one.invoke("Leave", json!(["y"])).await, Ok(json!("x")));
    assert_eq!(other.invoke("Leave", json!(["z"])).await, Ok(Value::Null));
}

#[tokio::test]
async fn a_task_that_a_method_has_started_learns_of_the_end() {
    for http2 in BOTH {
        let mut server = knowing().await;
        let mut client = HubClient::connect(&server).await;
        assert_eq!(server.event().await, "connected");
        client.invoke("Watch", json!([])).await.unwrap();
        drop(client);
        let mut ends = [server.event().await, server.event().await];
        ends.sort();
        assert_eq!(ends, ["disconnected: TransportFailed", "ended"]);

        let polling = Requests::long_polling(&server, http2).await;
        assert_eq!(server.event().await, "connected");
        polling.post(&call("1", "Watch", &json!([]))).await;
        assert_eq!(polling.poll().await.text(), "{\"type\":3,\"invocationId\":\"1\",\"result\":null}\u{1e}");
        assert_eq!(polling.delete().await.status, 202);
        let mut ends = [server.event().await, server.event().await];
        ends.sort();
        assert_eq!(ends, ["disconnected: ClosedByClient", "ended"]);
    }
}

#[tokio::test]
async fn the_age_is_in_whole_seconds_from_the_start_of_the_transport() {
    let server = knowing().await;
    let mut client = HubClient::connect(&server).await;
    let first = client.invoke("Age", json!([])).await.unwrap().as_u64().unwrap();
    let mut later = first;
    while later == first {
        later = client.invoke("Age", json!([])).await.unwrap().as_u64().unwrap();
    }
    assert_eq!((first, later), (first.min(1), first + 1));
}

fn request(path: &str, room: &str) -> Value {
    json!({
        "tenant": "red", "session": "x=y", "none": null, "room": room, "path": path,
        "address": Ipv4Addr::LOCALHOST.to_string(), "accept": null,
    })
}

/// A server whose methods tell what they know.
async fn knowing() -> Fixture {
    type Hub = hubcast::HubDefinition<dyn TestClient>;
    let define = |hub: Hub, state: &Arc<crate::support::TestHubState>| {
        let state = Arc::clone(state);
        hub.method(Method::new("Request", |call| {
            let cx = context(call)?;
            Ok(run(async move {
                json!({
                    "tenant": cx.header("X-TENANT"),
                    "session": cx.cookie("session"),
                    "none": cx.cookie("Session").or(cx.header("x-none")),
                    "room": cx.query("ROOM"),
                    "path": cx.path(),
                    "address": cx.remote_address().map(|address| address.ip().to_string()),
                    "accept": cx.header("accept"),
                })
            }))
        }))
        .method(Method::new("Count", |call| {
            let cx = context(call)?;
            Ok(run(async move { cx.state::<AtomicU32>().fetch_add(1, Ordering::Relaxed) + 1 }))
        }))
        .method(Method::new("Leave", |call| {
            let (cx, (item,)) = (call.context().clone(), call.arguments::<(String,)>(1)?);
            Ok(run(async move { cx.items().insert(item).map(|before| before.to_string()) }))
        }))
        .method(Method::new("Age", |call| {
            let cx = context(call)?;
            Ok(run(async move { cx.age().as_secs() }))
        }))
        .method(Method::new("Watch", move |call| {
            let (cx, state) = (context(call)?, Arc::clone(&state));
            Ok(run(async move {
                tokio::spawn(async move {
                    cx.ended().await;
                    state.report("ended");
                });
            }))
        }))
    };
    Setup::new().define(define).start().await
}

fn context(call: &Call<'_, dyn TestClient>) -> Result<Context<dyn TestClient>, hubcast::contract::BindError> {
    call.arguments::<()>(0)?;
    Ok(call.context().clone())
}
