//! Clients that do not read: their senders wait, they are closed, and nobody else notices.
//!
//! They are streams of HTTP/2 connections, whose windows say exactly how much fits.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Fixture, Http2, HubClient, Setup, eventually};

/// What a client gets before its window is shut, the handshake included.
const WINDOW: u32 = 5000;

const TOO_SLOW: &str = r#"{"type":7,"error":"Connection closed with an error. The client reads too slowly.","allowReconnect":true}"#;

#[tokio::test]
async fn over_the_hard_limit_a_stuck_client_is_closed_at_once_with_a_reason() {
    let mut server = Setup::new().options(|options| options.send_buffer_hard_limit(20_000)).start().await;
    let mut connection = narrow(&server).await;
    let mut slow = HubClient::connect_http2(&mut connection).await;
    let mut other = HubClient::connect(&server).await;
    let started = Instant::now();
    for n in 0..50 {
        server.hub.clients().all().receive(Some(format!("{n} {}", "x".repeat(1000)))).await.unwrap();
        // Everybody gets a turn, so that the slow client's write is stuck before the limit is reached.
        assert_eq!(other.received().await.len(), 1);
    }
    for event in ["connected", "connected", "disconnected: SlowConsumer"] {
        assert_eq!(server.event().await, event);
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    let mut last = slow.message().await;
    let mut messages = 0;
    while last.starts_with(r#"{"type":1,"#) {
        assert!(last.contains(&format!("[\"{messages} ")), "in order: {last}");
        messages += 1;
        last = slow.message().await;
    }
    assert!(messages < 25, "what waited beyond the limit is let go, not sent: {messages}");
    assert_eq!(last, TOO_SLOW);
    assert_eq!(slow.message().await, "close 1000");
}

#[tokio::test]
async fn a_message_larger_than_the_hard_limit_is_no_sign_of_a_slow_client() {
    let server = Setup::new().options(|options| options.maximum_receive_message_size(None)).start().await;
    let mut connection = Http2::connect(server.address()).await;
    let large = "x".repeat(1_500_000);
    let mut clients = [HubClient::connect(&server).await, HubClient::connect_http2(&mut connection).await];
    for client in &mut clients {
        assert_eq!(client.invoke("Echo", json!([large])).await, Ok(json!(large)));
    }
    server.hub.clients().all().receive(Some(large.clone())).await.unwrap();
    for client in &mut clients {
        assert_eq!(client.received().await, [large.as_str()]);
    }
}

#[tokio::test]
async fn a_sender_to_one_connection_waits_at_the_soft_limit_until_there_is_room() {
    let server = Setup::new().options(|options| options.send_buffer_soft_limit(10_000)).start().await;
    let mut connection = narrow(&server).await;
    let mut slow = HubClient::connect_http2(&mut connection).await;
    let mut other = HubClient::connect(&server).await;
    slow.start("1", "Flood", json!([1000, 1000])).await;
    eventually(|| server.state.flooded.load(Ordering::Relaxed) > 0).await;
    for n in 0..20 {
        assert_eq!(other.invoke("Add", json!([n, 1])).await, Ok(json!(n + 1)));
    }
    let sent = server.state.flooded.load(Ordering::Relaxed);
    // The window, what h2 keeps for the stream, the soft limit, and one message over it.
    assert!(sent <= 5 + 64 + 10 + 1, "{sent} messages were sent to a client that reads nothing");
    for _ in 0..1000 {
        assert!(slow.message().await.starts_with(r#"{"type":1,"target":"receive""#));
    }
    assert_eq!(slow.message().await, r#"{"type":3,"invocationId":"1","result":null}"#);
}

#[tokio::test]
async fn a_sender_from_outside_waits_too_and_goes_on_when_the_client_is_gone() {
    let server = Setup::new().options(|options| options.send_buffer_soft_limit(2000)).start().await;
    let mut connection = narrow(&server).await;
    let mut slow = HubClient::connect_http2(&mut connection).await;
    let id = slow.id().await.parse().unwrap();
    let hub = server.hub.clone();
    let sender = tokio::spawn(async move {
        for _ in 0..1000 {
            hub.clients().client(id).receive(Some("x".repeat(1000))).await.unwrap();
        }
    });
    let mut other = HubClient::connect(&server).await;
    for _ in 0..20 {
        other.invoke("Add", json!([1, 2])).await.unwrap();
    }
    assert!(!sender.is_finished());
    drop(slow);
    crate::support::soon(sender).await.unwrap();
}

#[tokio::test]
async fn a_client_that_takes_no_answers_gets_no_more_of_its_calls_read() {
    let server = Fixture::start().await;
    let mut connection = narrow(&server).await;
    let mut slow = HubClient::connect_http2(&mut connection).await;
    let mut other = HubClient::connect(&server).await;
    for n in 0..2000 {
        slow.start(&n.to_string(), "Echo", json!(["x".repeat(1000)])).await;
    }
    for _ in 0..20 {
        other.invoke("Add", json!([1, 2])).await.unwrap();
    }
    for n in 0..2000 {
        assert!(slow.message().await.starts_with(&format!(r#"{{"type":3,"invocationId":"{n}","#)));
    }
}

#[tokio::test]
async fn many_calls_at_once_are_answered_as_fast_as_the_client_reads() {
    let server = Fixture::start().await;
    let mut connection = Http2::connect(server.address()).await;
    let clients = [HubClient::connect(&server).await, HubClient::connect_http2(&mut connection).await];
    for mut client in clients {
        // Their answers together are eight times the hard limit.
        for n in 0..400 {
            client.start(&n.to_string(), "Fill", json!([20_000])).await;
        }
        for n in 0..400 {
            let answer = client.message().await;
            assert!(
                answer.starts_with(&format!(r#"{{"type":3,"invocationId":"{n}","result":"xxx"#)),
                "{answer:.200}"
            );
        }
    }
}

/// A connection whose streams have a small window.
pub(crate) async fn narrow(server: &Fixture) -> Http2 {
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(WINDOW);
    Http2::connect_with(server.address(), &builder).await
}
