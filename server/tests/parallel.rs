//! How many calls of one client run at once, and that they start in order.

use hubcast::HubOptions;
use serde_json::json;

use crate::support::streaming::{result, stream_call};
use crate::support::{HubClient, Setup};

#[tokio::test]
async fn as_many_calls_run_at_once_as_the_option_says() {
    let two = |options: HubOptions| options.maximum_parallel_invocations_per_client(2);
    let mut server = Setup::new().options(two).start().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    for (id, name) in [("1", "a"), ("2", "b"), ("3", "c")] {
        client.start(id, "Wait", json!([name])).await;
    }
    client.ping().await;
    assert_eq!(server.event().await, "waiting: a");
    assert_eq!(server.event().await, "waiting: b");
    assert_eq!(server.unheard_event(), None);
    server.state.open();
    assert_eq!(client.message().await, result("1", "\"a\""));
    assert_eq!(server.event().await, "waiting: c");
    server.state.open();
    server.state.open();
    assert_eq!(client.message().await, result("2", "\"b\""));
    assert_eq!(client.message().await, result("3", "\"c\""));
}

#[tokio::test]
async fn less_than_one_call_at_once_means_one() {
    let none = |options: HubOptions| options.maximum_parallel_invocations_per_client(0);
    let server = Setup::new().options(none).start().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn a_stream_does_not_count_but_starts_in_order() {
    let mut server = Setup::new().streams().start().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.socket.send_text(&stream_call("s", "Drip", "[\"s\"]", "[]")).await;
    client.start("1", "Wait", json!(["a"])).await;
    client.start("2", "Wait", json!(["b"])).await;
    client.socket.send_text(&stream_call("t", "Drip", "[\"t\"]", "[]")).await;
    assert_eq!(server.event().await, "waiting: s");
    assert_eq!(server.event().await, "waiting: a");
    // The gate lets the stream's item through first, then the first call: the second stream starts behind the second.
    server.state.open();
    assert_eq!(client.message().await, r#"{"type":2,"invocationId":"s","item":"s"}"#);
    assert_eq!(server.event().await, "waiting: s");
    server.state.open();
    assert_eq!(client.message().await, result("1", "\"a\""));
    assert_eq!(server.event().await, "waiting: b");
    assert_eq!(server.event().await, "waiting: t");
}
