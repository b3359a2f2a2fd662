//! Streams from hub methods to clients: their items, their ends, and that none starves another.

use hubcast::HubProtocol;
use serde_json::json;

use crate::support::streaming::{cancel, error, item, stream_call};
use crate::support::{Fixture, HubClient, Setup, call, measured};

#[tokio::test]
async fn a_stream_sends_its_items_and_a_completion_without_a_result() {
    let server = Setup::new().streams().start().await;
    let mut client = HubClient::connect(&server).await;
    for n in [0, 3, 1000] {
        client.socket.send_text(&stream_call("s", "counter", &format!("[{n}]"), "[]")).await;
        for i in 0..n {
            assert_eq!(client.message().await, item("s", &i.to_string()).trim_end_matches('\x1e'));
        }
        assert_eq!(client.message().await, r#"{"type":3,"invocationId":"s"}"#);
    }
}

#[tokio::test]
async fn a_stream_travels_in_messagepack_too() {
    let server = Setup::new().streams().start().await;
    let mut client = HubClient::connect_as(&server, HubProtocol::MessagePack, "/hub").await;
    // [4, {}, "s", "Counter", [2], []]
    client.socket.send_binary(b"\x10\x96\x04\x80\xa1s\xa7Counter\x91\x02\x90").await;
    assert_eq!(client.message().await, r#"{"type":2,"invocationId":"s","item":0}"#);
    assert_eq!(client.message().await, r#"{"type":2,"invocationId":"s","item":1}"#);
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"s"}"#);
}

#[tokio::test]
async fn a_stream_that_fails_or_panics_on_its_way_says_so_after_its_items() {
    let server = Setup::new().streams().expects_errors().start().await;
    let mut client = HubClient::connect(&server).await;
    let broken = "An error occurred on the server while streaming results.";
    let cases = [
        ("FailMidway", "[\"why\"]", format!("{broken} HubException: why")),
        ("FailMidway", "[null]", broken.to_owned()),
        ("PanicMidway", "[]", broken.to_owned()),
    ];
    for (target, arguments, text) in cases {
        client.socket.send_text(&stream_call("s", target, arguments, "[]")).await;
        assert_eq!(client.message().await, r#"{"type":2,"invocationId":"s","item":1}"#);
        assert_eq!(client.message().await, error("s", &text));
    }
    client.socket.send_text(&stream_call("s", "FailFirst", "[]", "[]")).await;
    let unexpected = "An unexpected error occurred invoking 'FailFirst' on the server. HubException: no";
    assert_eq!(client.message().await, error("s", unexpected));
    assert!(!server.log.text().contains("hub_error"), "what the client was told is not logged");
}

#[tokio::test]
async fn the_wrong_kind_of_call_is_refused_once_its_arguments_fit() {
    let server = Setup::new().streams().start().await;
    let mut client = HubClient::connect(&server).await;
    let cases = [
        (
            stream_call("1", "echo", "[\"x\"]", "[]"),
            "The client attempted to invoke the non-streaming 'Echo' method with a streaming invocation.",
        ),
        (
            call("1", "counter", &json!([3])),
            "The client attempted to invoke the streaming 'Counter' method with a non-streaming invocation.",
        ),
        (stream_call("1", "echo", "[1,2]", "[]"), "Failed to invoke 'Echo' due to an error on the server."),
        (
            stream_call("1", "counter", "[\"x\"]", "[]"),
            "Failed to invoke 'Counter' due to an error on the server.",
        ),
        (
            stream_call("1", "nothing", "[]", "[\"a\"]"),
            "Failed to invoke 'nothing' due to an error on the server. HubException: Method does not exist.",
        ),
    ];
    for (message, text) in cases {
        client.socket.send_text(&message).await;
        assert_eq!(client.message().await, error("1", text));
    }
}

#[tokio::test]
async fn an_id_of_a_running_stream_is_refused_and_free_again_after_it() {
    let mut server = streaming().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.socket.send_text(&stream_call("123", "Drip", "[\"a\"]", "[]")).await;
    assert_eq!(server.event().await, "waiting: a");
    client.socket.send_text(&stream_call("123", "Counter", "[1]", "[]")).await;
    assert_eq!(client.message().await, error("123", "Invocation ID '123' is already in use."));
    client.socket.send_text(&cancel("123")).await;
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"123"}"#);
    client.socket.send_text(&stream_call("123", "Counter", "[0]", "[]")).await;
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"123"}"#);
}

#[tokio::test]
async fn an_endless_stream_leaves_room_for_calls_and_for_other_streams() {
    let server = streaming().await;
    let mut client = HubClient::connect(&server).await;
    client.socket.send_text(&stream_call("a", "Endless", "[\"a\"]", "[]")).await;
    client.socket.send_text(&stream_call("b", "Endless", "[\"b\"]", "[]")).await;
    client.socket.send_text(&call("1", "Add", &json!([1, 2]))).await;
    let (mut a, mut b, mut answered) = (0_u64, 0_u64, false);
    while !answered || a < 10_000 || b < 10_000 {
        let message = client.message().await;
        match &*message {
            r#"{"type":3,"invocationId":"1","result":3}"# => answered = true,
            from_a if *from_a == *numbered("a", a) => a += 1,
            from_b if *from_b == *numbered("b", b) => b += 1,
            other => panic!("an item out of order: {other}"),
        }
        // Each gets its share of every turn, and the first was alone for one of them.
        assert!(a.abs_diff(b) <= 512 + 256, "{a} of one, {b} of the other");
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_stops_the_producer_of_its_stream_alone() {
    let mut server = streaming().await;
    let mut slow = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    slow.socket.send_text(&stream_call("s", "Endless", "[\"slow\"]", "[]")).await;
    let mut other = HubClient::connect(&server).await;
    for _ in 0..200 {
        assert_eq!(other.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    }
    assert_eq!(server.hub.connection_counts().open(), 2, "it is not closed as too slow");
    // What it gets later has no gap.
    for i in 0..20_000 {
        assert_eq!(slow.message().await, numbered("s", i));
    }
    slow.socket.send_text(&cancel("s")).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "cancelled: slow");
}

#[tokio::test]
async fn over_the_limit_a_streaming_call_fails() {
    let setup = Setup::new().streams().options(|options| options.maximum_streams_per_client(1));
    let (mut server, meters) = measured(setup).await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.socket.send_text(&stream_call("a", "Drip", "[\"a\"]", "[]")).await;
    assert_eq!(server.event().await, "waiting: a");
    client.socket.send_text(&stream_call("b", "Drip", "[\"b\"]", "[]")).await;
    let text = "Failed to invoke 'Drip' due to an error on the server. HubException: The connection has 1 streaming \
                calls under way, the most it may have.";
    assert_eq!(client.message().await, error("b", text));
    assert_eq!(meters.read("hubcast_refused_streams_total"), 1.0);
    client.socket.send_text(&cancel("a")).await;
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"a"}"#);
    client.socket.send_text(&stream_call("b", "Counter", "[0]", "[]")).await;
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"b"}"#);
    assert_eq!(meters.read("hubcast_refused_streams_total"), 1.0);
}

#[tokio::test]
async fn the_end_of_a_connection_drops_its_streams() {
    let mut server = streaming().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.socket.send_text(&stream_call("a", "Drip", "[\"a\"]", "[]")).await;
    assert_eq!(server.event().await, "waiting: a");
    drop(client);
    assert_eq!(server.event().await, "cancelled: a");
    assert_eq!(server.event().await, "disconnected: TransportFailed");
}

async fn streaming() -> Fixture {
    Setup::new().streams().start().await
}

fn numbered(id: &str, number: u64) -> String {
    format!("{{\"type\":2,\"invocationId\":\"{id}\",\"item\":{number}}}")
}
