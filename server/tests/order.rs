//! The order of messages: what one task sends, one connection receives in that order.

use futures_util::{StreamExt as _, stream};
use hubcast::HubProtocol;
use hubcast::contract::{Call, Method, run_stream};
use serde_json::{Value, json};

use crate::support::streaming::{item, stream_call};
use crate::support::{Fixture, Http2, HubClient, Setup, TestClient};

const TASKS: usize = 10;
const EACH: usize = 1000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_many_tasks_finds_its_own_order_kept() {
    let server = Fixture::start().await;
    // h2's default budget for small frames would end the connection of a client that is slower than ten senders.
    let mut builder = h2::client::Builder::new();
    builder.data_frame_budget(1 << 24);
    let mut http2 = Http2::connect_with(server.address(), &builder).await;
    let mut in_json = HubClient::connect(&server).await;
    let mut in_messagepack = HubClient::connect_as(&server, HubProtocol::MessagePack, "/hub").await;
    let mut over_http2 = HubClient::connect_http2(&mut http2).await;
    let id = in_json.id().await.parse().unwrap();
    let senders = (0..TASKS).map(|task| {
        let hub = server.hub.clone();
        tokio::spawn(async move {
            for n in 0..EACH {
                let text = Some(format!("{task} {n}"));
                // To one and to all in turn: both ways end in the same queue.
                if n % 2 == 0 {
                    hub.clients().client(id).receive(text).await.unwrap();
                } else {
                    hub.clients().all().receive(text).await.unwrap();
                }
            }
        })
    });
    let senders = senders.collect::<Vec<_>>();
    tokio::join!(
        assert_order(&mut in_json, 1),
        assert_order(&mut in_messagepack, 2),
        assert_order(&mut over_http2, 2)
    );
    for sender in senders {
        sender.await.unwrap();
    }
}

/// Receives all messages of a client that gets every `step`th of each task, and finds them in order.
async fn assert_order(client: &mut HubClient, step: usize) {
    let mut next = [step - 1; TASKS];
    for _ in 0..TASKS * EACH / step {
        let message = client.message().await;
        let message = serde_json::from_str::<Value>(&message).unwrap_or_else(|_| panic!("{message}"));
        let text = message["arguments"][0].as_str().unwrap();
        let (task, n) = text.split_once(' ').unwrap();
        let (task, n) = (task.parse::<usize>().unwrap(), n.parse::<usize>().unwrap());
        assert_eq!(n, next[task]);
        next[task] += step;
    }
}

#[tokio::test]
async fn answers_and_broadcasts_keep_the_order_in_which_they_were_sent() {
    let server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    for n in 0..200 {
        client.start("a", "Echo", json!([n.to_string()])).await;
        client.start("b", "Broadcast", json!([n.to_string()])).await;
    }
    for n in 0..200 {
        let expected = [
            format!(r#"{{"type":3,"invocationId":"a","result":"{n}"}}"#),
            format!(r#"{{"type":1,"target":"receive","arguments":["{n}"]}}"#),
            r#"{"type":3,"invocationId":"b","result":null}"#.to_owned(),
        ];
        for message in expected {
            assert_eq!(client.message().await, message);
        }
    }
}

#[tokio::test]
async fn what_a_stream_sends_on_its_way_comes_between_its_items() {
    let noisy = Method::new("Noisy", |call: &mut Call<'_, dyn TestClient>| {
        let cx = call.context().clone();
        Ok(run_stream(move |items| async move {
            let noisy = |n: &u32| drop(cx.caller().receive(Some(n.to_string())));
            items.send_all(stream::iter(0..100).inspect(noisy)).await
        }))
    });
    let server = Setup::new().define(|hub, _| hub.method(noisy.streaming())).start().await;
    let mut client = HubClient::connect(&server).await;
    client.socket.send_text(&stream_call("s", "Noisy", "[]", "[]")).await;
    for n in 0..100 {
        let sent = format!(r#"{{"type":1,"target":"receive","arguments":["{n}"]}}"#);
        assert_eq!(client.message().await, sent);
        assert_eq!(client.message().await, item("s", &n.to_string()).trim_end_matches('\x1e'));
    }
}
