//! A stop with many clients: they are asked to reconnect batch by batch, and what was acknowledged is not lost.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::poll;
use serde_json::json;
use tracing::Level;

use crate::support::{Fixture, Http1, Http2, HubClient, Requests, Setup, soon};

const GOODBYE: &str = r#"{"type":7,"allowReconnect":true}"#;
const CLIENTS: usize = 300;

/// Longer than a test may take.
const NEVER: Duration = Duration::from_secs(60);

#[tokio::test]
async fn hundreds_of_clients_leave_in_batches_while_the_others_are_served_and_nothing_acknowledged_is_lost() {
    // 300 clients at 200 a second: 15 batches of 20.
    let server = Setup::new()
        .log(Level::INFO)
        .server(|server| server.drain_rate(200).drain_period(NEVER).shutdown_timeout(NEVER))
        .start()
        .await;
    let clients = join_all((0..CLIENTS).map(|_| HubClient::connect(&server))).await;
    server.has_open(CLIENTS).await;
    for number in 0..3 {
        // Acknowledged to whoever sent it: the hub has taken it for every client.
        server.hub.clients().all().receive(Some(number.to_string())).await.unwrap();
    }
    let gone = Arc::new(AtomicUsize::new(0));
    let leaving =
        clients.into_iter().map(|client| tokio::spawn(lives_until_goodbye(client, Arc::clone(&gone))));
    let leaving = leaving.collect::<Vec<_>>();
    server.stop().await;
    let lives = join_all(leaving).await.into_iter().map(|life| life.unwrap()).collect::<Vec<_>>();

    // Each call that was answered was answered in order, and each client heard all that was sent to it.
    assert!(lives.iter().all(|life| life.received == ["0", "1", "2"]));
    // Somebody was answered after half of all had gone: the batches do not go at once.
    let last = lives.iter().map(|life| life.gone_at_last_answer).max().unwrap();
    assert!(last >= CLIENTS / 2, "{last}");
    // At most the batches that a slow machine lets come together go between two answers.
    let steps = lives.iter().map(|life| life.gone_at_last_answer).collect::<std::collections::BTreeSet<_>>();
    assert!(steps.len() >= 3, "{steps:?}");
    let log = server.log.text();
    assert!(log.contains("stopping: clients are asked to reconnect connections=300 batches=15"), "{log}");
    assert!(log.lines().last().unwrap().ends_with("stopped"), "{log}");
}

#[tokio::test]
async fn the_first_batch_goes_at_once_and_the_next_one_waits() {
    let server = Setup::new()
        .server(|server| server.drain_rate(1).drain_period(NEVER).shutdown_timeout(NEVER))
        .start()
        .await;
    let mut clients = [HubClient::connect(&server).await, HubClient::connect(&server).await];
    let mut stop = pin!(server.stop());
    assert!(poll!(&mut stop).is_pending());
    // One of them was told in that turn, and the other is served.
    let (first, second) = {
        let [one, other] = &mut clients;
        one.start("1", "Add", json!([1, 2])).await;
        other.start("1", "Add", json!([1, 2])).await;
        (one.message().await, other.message().await)
    };
    let mut said = [first.as_str(), second.as_str()];
    said.sort_unstable();
    assert_eq!(said, [r#"{"type":3,"invocationId":"1","result":3}"#, GOODBYE]);
    let negotiation = Http1::connect(server.address()).await.ask("POST", "/hub/negotiate", &[]).await;
    assert_eq!(negotiation.status, 503);
    let leave = async {
        for (mut client, said) in clients.into_iter().zip([first.clone(), second.clone()]) {
            if said != GOODBYE {
                assert_eq!(client.message().await, GOODBYE);
            }
            assert_eq!(client.message().await, "close 1000");
            client.socket.send_close(1000).await;
            client.socket.finish().await;
        }
    };
    tokio::join!(stop, leave);
}

#[tokio::test]
async fn an_http2_connection_goes_with_its_last_stream_while_others_stay() {
    let server = slow(1).await;
    let mut connections = [Http2::connect(server.address()).await, Http2::connect(server.address()).await];
    let clients = [
        HubClient::connect_http2(&mut connections[0]).await,
        HubClient::connect_http2(&mut connections[1]).await,
    ];
    let mut stop = pin!(server.stop());
    assert!(poll!(&mut stop).is_pending());
    let [one, other] = connections;
    let [mut first, mut second] = clients;
    let (first_connection, second_connection) = (Box::pin(one.ended()), Box::pin(other.ended()));
    // Whoever is told first goes, and its connection with it.
    let told_first = tokio::select! {
        said = first.message() => {
            assert_eq!(said, GOODBYE);
            true
        }
        said = second.message() => {
            assert_eq!(said, GOODBYE);
            false
        }
    };
    let (mut told, mut staying, ending, other_ending) = if told_first {
        (first, second, first_connection, second_connection)
    } else {
        (second, first, second_connection, first_connection)
    };
    told.socket.send_close(1000).await;
    assert_eq!(told.message().await, "close 1000");
    drop(told);
    ending.await.unwrap();
    assert_eq!(staying.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    let leave = async {
        assert_eq!(staying.message().await, GOODBYE);
        staying.socket.send_close(1000).await;
        assert_eq!(staying.message().await, "close 1000");
        drop(staying);
        other_ending.await.unwrap();
    };
    tokio::join!(stop, leave);
}

#[tokio::test]
async fn clients_that_poll_are_asked_in_their_turn_too() {
    let server = slow(10).await;
    let polling = [Requests::long_polling(&server, false).await, Requests::long_polling(&server, true).await];
    let leave = join_all(polling.iter().map(async |client| {
        assert_eq!(client.poll().await.text(), "{\"type\":7,\"allowReconnect\":true}\u{1e}");
        assert_eq!(client.poll().await.status, 204);
    }));
    soon(async { tokio::join!(server.stop(), leave) }).await;
}

#[tokio::test]
async fn a_period_of_nothing_asks_all_at_once() {
    let server =
        Setup::new().server(|server| server.drain_rate(1).drain_period(Duration::ZERO)).start().await;
    let clients = join_all((0..20).map(|_| HubClient::connect(&server))).await;
    let mut stop = pin!(server.stop());
    assert!(poll!(&mut stop).is_pending());
    let leave = join_all(clients.into_iter().map(async |mut client| {
        client.start("1", "Add", json!([1, 2])).await;
        assert_eq!(client.message().await, GOODBYE);
        client.socket.send_close(1000).await;
    }));
    tokio::join!(stop, leave);
}

#[tokio::test]
async fn two_stops_at_once_keep_one_pace() {
    let server = Setup::new()
        .log(Level::INFO)
        .server(|server| server.drain_rate(100).drain_period(NEVER).shutdown_timeout(NEVER))
        .start()
        .await;
    let clients = join_all((0..30).map(|_| HubClient::connect(&server))).await;
    let gone = Arc::new(AtomicUsize::new(0));
    let leave = join_all(clients.into_iter().map(|client| lives_until_goodbye(client, Arc::clone(&gone))));
    server.stop_twice_while(leave).await;
    let log = server.log.text();
    assert_eq!(
        log.matches("stopping: clients are asked to reconnect connections=30 batches=3").count(),
        1,
        "{log}"
    );
}

struct Life {
    received: Vec<String>,
    /// How many clients had heard their goodbye when this one had its last answer.
    gone_at_last_answer: usize,
}

/// Calls again and again until the goodbye comes: each call before it is answered, and none is lost.
async fn lives_until_goodbye(mut client: HubClient, gone: Arc<AtomicUsize>) -> Life {
    let mut life = Life { received: Vec::new(), gone_at_last_answer: 0 };
    for number in 0.. {
        client.start("1", "Echo", json!([number.to_string()])).await;
        loop {
            let message = client.message().await;
            if message == GOODBYE {
                gone.fetch_add(1, Ordering::Relaxed);
                assert_eq!(client.message().await, "close 1000");
                client.socket.send_close(1000).await;
                client.socket.finish().await;
                return life;
            }
            if message == format!("{{\"type\":3,\"invocationId\":\"1\",\"result\":\"{number}\"}}") {
                life.gone_at_last_answer = gone.load(Ordering::Relaxed);
                break;
            }
            let invocation = serde_json::from_str::<serde_json::Value>(&message).unwrap();
            assert_eq!(invocation["target"], "receive", "{message}");
            life.received.push(invocation["arguments"][0].as_str().unwrap().to_owned());
        }
    }
    unreachable!("the numbers do not end")
}

/// A server that asks so many clients a second, one after the other.
async fn slow(per_second: u32) -> Fixture {
    let drain =
        |server: hubcast::Server| server.drain_rate(per_second).drain_period(NEVER).shutdown_timeout(NEVER);
    Setup::new().options(|options| options.close_timeout(NEVER)).server(drain).start().await
}
