//! Stateful reconnects: what a connection goes through between two sockets, and what ends it for good.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hubcast::{HubOptions, HubProtocol};
use serde_json::{Value, json};

use crate::support::{
    Arrived, BOTH, Fixture, HubClient, Requests, Setup, StatefulClient, Way, call, eventually, measured, soon,
};

const PROTOCOLS: [HubProtocol; 2] = [HubProtocol::Json, HubProtocol::MessagePack];
const SECOND: Duration = Duration::from_secs(1);
/// Longer than any test waits.
const NEVER: Duration = Duration::from_secs(600);

#[tokio::test]
async fn a_connection_goes_on_with_another_socket_as_what_it_was() {
    for protocol in PROTOCOLS {
        let mut server = start(|options| options).await;
        let mut client = StatefulClient::connect(server.address(), protocol).await;
        let id = client.invoke("Id", json!([])).await;
        client.invoke("JoinGroup", json!(["readers"])).await;
        client.take_socket();
        client.come_back().await.unwrap();
        assert_eq!(client.invoke("Id", json!([])).await, id);
        let group = server.hub.group_members("readers");
        assert_eq!(group.iter().map(ToString::to_string).collect::<Vec<_>>(), [id.as_str().unwrap()]);
        assert_eq!(server.event().await, "connected");
        assert_eq!(server.unheard_event(), None);
    }
}

#[tokio::test]
async fn what_is_sent_while_there_is_no_socket_waits_for_the_next() {
    for protocol in PROTOCOLS {
        let server = start(|options| options).await;
        let mut client = StatefulClient::connect(server.address(), protocol).await;
        client.invoke("JoinGroup", json!(["readers"])).await;
        drop(client.take_socket());
        for n in 0..50 {
            let text = Some(n.to_string());
            match n % 2 {
                0 => server.hub.clients().all().receive(text).await.unwrap(),
                _ => server.hub.clients().group("readers").receive(text).await.unwrap(),
            }
        }
        client.call("lost", "Echo", json!(["on the way"]), &[]).await;
        for n in 0..50 {
            assert_eq!(soon(client.next()).await, received(&n.to_string()));
        }
        assert_eq!(soon(client.next()).await, completion("lost", json!("on the way")));
        assert_eq!(client.reconnects, 1);
    }
}

#[tokio::test]
async fn who_is_back_within_a_second_hears_the_sequence_and_the_replay_before_any_acknowledgement() {
    let server = start(|options| options).await;
    for http2 in BOTH {
        let connection = Requests::negotiate_over(
            Way::clear_text(server.address(), http2),
            "?negotiateVersion=1&useStatefulReconnect=true",
            &[],
        )
        .await;
        let mut socket = connection.websocket().await.unwrap();
        socket.send_text("{\"protocol\":\"json\",\"version\":2}\u{1e}").await;
        assert_eq!(socket.next().await, "text {}\u{1e}");
        socket.send_text(&call("1", "Echo", &json!(["one"]))).await;
        let answer = "{\"type\":3,\"invocationId\":\"1\",\"result\":\"one\"}\u{1e}";
        assert_eq!(socket.next().await, format!("text {answer}"));
        drop(socket);
        let mut back = connection.websocket().await.unwrap();
        let mut heard = String::new();
        while !heard.contains("\"type\":8") {
            heard.push_str(back.next().await.strip_prefix("text ").unwrap());
        }
        let sequence = "{\"type\":9,\"sequenceId\":1}\u{1e}";
        assert_eq!(heard, format!("{sequence}{answer}{{\"type\":8,\"sequenceId\":1}}\u{1e}"));
    }
}

#[tokio::test]
async fn a_call_runs_on_without_a_socket_and_is_answered_by_the_next() {
    let mut server = start(|options| options).await;
    let mut client = StatefulClient::connect(server.address(), HubProtocol::Json).await;
    client.call("1", "Wait", json!(["call"]), &[]).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "waiting: call");
    drop(client.take_socket());
    server.state.open();
    assert_eq!(soon(client.next()).await, completion("1", json!("call")));
    assert_eq!(server.unheard_event(), None);
}

#[tokio::test]
async fn a_newer_socket_takes_over_from_one_that_is_alive() {
    for protocol in PROTOCOLS {
        let mut server = start(|options| options).await;
        let mut client = StatefulClient::connect(server.address(), protocol).await;
        let id = client.invoke("Id", json!([])).await;
        let mut old = client.take_socket();
        client.come_back().await.unwrap();
        assert_eq!(client.invoke("Id", json!([])).await, id);
        assert!(["end", "reset"].contains(&old.next().await.as_str()));
        // What the old one says is not heard.
        old.send_close(1000).await;
        assert_eq!(client.invoke("Id", json!([])).await, id);
        assert_eq!(server.event().await, "connected");
        assert_eq!(server.unheard_event(), None);
    }
}

#[tokio::test]
async fn no_time_out_bites_while_there_is_no_socket() {
    let mut server = start(|options| {
        options.client_timeout_interval(SECOND).keep_alive_interval(SECOND).transport_send_timeout(SECOND)
    })
    .await;
    let mut client = StatefulClient::connect(server.address(), HubProtocol::Json).await;
    let id = client.invoke("Id", json!([])).await;
    client.send_uncounted(|protocol, out| protocol.write_ping(out)).await;
    client.invoke("Id", json!([])).await;
    drop(client.take_socket());
    // Another client that pinged later is closed for its silence, twice over.
    for _ in 0..2 {
        let mut other = HubClient::connect(&server).await;
        other.ping().await;
        assert!(other.message().await.starts_with(r#"{"type":7,"error":"#));
    }
    assert_eq!(client.invoke("Id", json!([])).await, id);
    assert_eq!(server.event().await, "connected");
    let events = [server.event().await, server.event().await, server.event().await, server.event().await];
    assert_eq!(events, ["connected", "disconnected: TimedOut", "connected", "disconnected: TimedOut"]);
    // With a socket its silence counts again.
    let ending = soon(client.next()).await;
    assert!(matches!(ending, Arrived::Close { error: Some(_), allow_reconnect: true }), "{ending:?}");
    assert_eq!(server.event().await, "disconnected: TimedOut");
}

#[tokio::test]
async fn a_connection_that_nobody_comes_back_to_ends_after_the_disconnect_timeout() {
    for protocol in PROTOCOLS {
        let setup = setup(|options| options.disconnect_timeout(SECOND));
        let (mut server, meters) = measured(setup).await;
        let mut client = StatefulClient::connect(server.address(), protocol).await;
        client.invoke("JoinGroup", json!(["readers"])).await;
        drop(client.take_socket());
        assert_eq!(server.event().await, "connected");
        assert_eq!(server.event().await, "disconnected: TransportFailed");
        is_forgotten(&mut client).await;
        assert!(server.hub.connections().is_empty());
        assert!(server.hub.group_members("readers").is_empty());
        assert_eq!(meters.read("hubcast_timed_out_connections_total"), 1.0);
    }
}

#[tokio::test]
async fn a_close_of_either_layer_ends_a_connection_at_once() {
    for protocol in PROTOCOLS {
        let mut server = start(|options| options).await;
        let mut by_frame = StatefulClient::connect(server.address(), protocol).await;
        assert_eq!(server.event().await, "connected");
        by_frame.close_socket().await;
        assert_eq!(server.event().await, "disconnected: ClosedByClient");
        let mut by_message = StatefulClient::connect(server.address(), protocol).await;
        assert_eq!(server.event().await, "connected");
        by_message.send_uncounted(|protocol, out| protocol.write_close(out, None, false)).await;
        assert_eq!(server.event().await, "disconnected: ClosedByClient");
        for client in [&mut by_frame, &mut by_message] {
            drop(client.take_socket());
            is_forgotten(client).await;
        }
    }
}

#[tokio::test]
async fn a_close_by_the_server_is_final_even_for_a_socket_that_comes_meanwhile() {
    let mut server = start(|options| options.close_timeout(NEVER)).await;
    let mut client = StatefulClient::connect(server.address(), HubProtocol::Json).await;
    let id = client.invoke("Id", json!([])).await.as_str().unwrap().parse().unwrap();
    let mut other = HubClient::connect(&server).await;
    other.id().await;
    assert!(server.hub.close(id, "enough"));
    for event in ["connected", "connected", r#"disconnected: ClosedByServer("enough")"#] {
        assert_eq!(server.event().await, event);
    }
    // The server waits for the answer to its close frame.
    let mut old = client.take_socket();
    let status = client.come_back().await;
    assert!(matches!(status, Err(404 | 409)), "{status:?}");
    assert_eq!(other.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    assert_eq!(old.next().await, "text {\"type\":7,\"error\":\"enough\"}\u{1e}");
    drop(old);
    is_forgotten(&mut client).await;
}

#[tokio::test]
async fn the_first_version_of_the_protocol_has_no_second_socket() {
    for protocol in PROTOCOLS {
        let mut server = start(|options| options).await;
        let address = server.address();
        let mut client = StatefulClient::connect_with(address, address, protocol, 1).await;
        client.invoke("Id", json!([])).await;
        let old = client.take_socket();
        assert_eq!(client.come_back().await, Err(409));
        drop(old);
        assert_eq!(server.event().await, "connected");
        assert_eq!(server.event().await, "disconnected: TransportFailed");
        is_forgotten(&mut client).await;
    }
}

#[tokio::test]
async fn over_the_byte_budget_senders_wait_until_the_client_has_acknowledged() {
    const BUDGET: usize = 2000;
    for protocol in PROTOCOLS {
        let server = start(|options| options.stateful_reconnect_buffer_size(BUDGET)).await;
        let mut client = StatefulClient::connect(server.address(), protocol).await;
        let id = client.invoke("Id", json!([])).await.as_str().unwrap().parse().unwrap();
        drop(client.take_socket());
        let sent = Arc::new(AtomicUsize::new(0));
        let sender = tokio::spawn({
            let (hub, sent) = (server.hub.clone(), Arc::clone(&sent));
            async move {
                for n in 0..200 {
                    hub.clients().client(id).receive(Some(format!("{n:100}"))).await.unwrap();
                    sent.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        eventually(|| sent.load(Ordering::Relaxed) > 0).await;
        let mut other = HubClient::connect(&server).await;
        for _ in 0..20 {
            other.id().await;
        }
        let waiting = sent.load(Ordering::Relaxed);
        assert!(waiting <= BUDGET / 100 + 1, "{waiting} were sent to a client that is away");
        for n in 0..200 {
            assert_eq!(soon(client.next()).await, received(&format!("{n:100}")));
        }
        soon(sender).await.unwrap();
    }
}

#[tokio::test]
async fn a_flood_ends_a_client_that_is_away_at_the_hard_limit() {
    for protocol in PROTOCOLS {
        let mut server =
            start(|options| options.stateful_reconnect_buffer_size(10_000).send_buffer_hard_limit(20_000))
                .await;
        let mut client = StatefulClient::connect(server.address(), protocol).await;
        let mut other = HubClient::connect(&server).await;
        client.invoke("Id", json!([])).await;
        other.id().await;
        drop(client.take_socket());
        for _ in 0..50 {
            server.hub.clients().all().receive(Some("x".repeat(1000))).await.unwrap();
            assert_eq!(other.received().await.len(), 1);
        }
        for event in ["connected", "connected", "disconnected: SlowConsumer"] {
            assert_eq!(server.event().await, event);
        }
        is_forgotten(&mut client).await;
    }
}

#[tokio::test]
async fn a_flood_ends_a_client_that_acknowledges_nothing() {
    let mut server =
        start(|options| options.stateful_reconnect_buffer_size(10_000).send_buffer_hard_limit(20_000)).await;
    let mut client = StatefulClient::connect(server.address(), HubProtocol::Json).await;
    client.invoke("Id", json!([])).await;
    let mut socket = client.take_socket();
    let mut frames = 0;
    for _ in 0..50 {
        server.hub.clients().all().receive(Some("x".repeat(1000))).await.unwrap();
        if frames >= 0 {
            // Every byte is read: only the acknowledgements are missing.
            let frame = socket.next().await;
            frames = if frame.contains("\"type\":7") { -1 } else { frames + 1 };
        }
    }
    assert_eq!(frames, -1);
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "disconnected: SlowConsumer");
}

#[tokio::test]
async fn acknowledgements_of_what_was_never_sent_change_nothing_for_others() {
    for protocol in PROTOCOLS {
        let server = start(|options| options).await;
        let mut client = StatefulClient::connect(server.address(), protocol).await;
        let id = client.invoke("Id", json!([])).await;
        for number in [i64::MAX, 1 << 40, 0, -1, i64::MIN] {
            client.send_uncounted(|protocol, out| protocol.write_ack(out, number)).await;
            assert_eq!(client.invoke("Id", json!([])).await, id);
        }
        drop(client.take_socket());
        assert_eq!(client.invoke("Id", json!([])).await, id);
    }
}

#[tokio::test]
async fn a_sequence_from_before_the_beginning_repeats_what_is_dropped() {
    for protocol in PROTOCOLS {
        for number in [1, 0, -1, i64::MIN] {
            let server = start(|options| options).await;
            let mut client = StatefulClient::connect(server.address(), protocol).await;
            client.invoke("Id", json!([])).await;
            client.send_uncounted(|protocol, out| protocol.write_sequence(out, number)).await;
            client.call("repeated", "Echo", json!(["dropped"]), &[]).await;
            assert_eq!(client.invoke("Echo", json!(["heard"])).await, "heard");
        }
    }
}

#[tokio::test]
async fn a_sequence_with_a_gap_before_it_ends_the_connection() {
    let detailed = "Connection closed with an error. InvalidOperationException: Sequence ID greater than amount of messages we've received.";
    for protocol in PROTOCOLS {
        for number in [3, i64::MAX] {
            let mut server = start(|options| options.enable_detailed_errors(true)).await;
            let mut client = StatefulClient::connect(server.address(), protocol).await;
            client.invoke("Id", json!([])).await;
            client.send_uncounted(|protocol, out| protocol.write_sequence(out, number)).await;
            let close = Arrived::Close { error: Some(detailed.to_owned()), allow_reconnect: true };
            assert_eq!(soon(client.next()).await, close);
            assert_eq!(server.event().await, "connected");
            assert!(server.event().await.starts_with("disconnected: ProtocolError"));
            drop(client.take_socket());
            is_forgotten(&mut client).await;
        }
    }
}

/// A server that keeps connections without a socket for longer than the test runs, unless `change` says otherwise.
async fn start(change: impl FnOnce(HubOptions) -> HubOptions) -> Fixture {
    setup(change).start().await
}

fn setup(change: impl FnOnce(HubOptions) -> HubOptions) -> Setup {
    let options =
        |options: HubOptions| change(options.allow_stateful_reconnects(true).disconnect_timeout(NEVER));
    Setup::new().options(options)
}

/// Asks for the connection until the server says that there is none.
async fn is_forgotten(client: &mut StatefulClient) {
    soon(async { while client.come_back().await != Err(404) {} }).await;
}

fn received(text: &str) -> Arrived {
    Arrived::Call { target: "receive".to_owned(), arguments: vec![json!(text)] }
}

fn completion(id: &str, result: Value) -> Arrived {
    Arrived::Completion { id: id.to_owned(), outcome: Ok(result) }
}
