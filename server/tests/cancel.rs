//! Calls that their client no longer wants.

use serde_json::json;

use crate::support::streaming::{cancel, error, result, stream_call, upload_call};
use crate::support::{Fixture, HubClient, Setup};

#[tokio::test]
async fn a_cancelled_stream_is_dropped_and_completed_without_an_error() {
    let mut server = streaming().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.socket.send_text(&stream_call("s", "Endless", "[\"s\"]", "[]")).await;
    assert_eq!(client.message().await, r#"{"type":2,"invocationId":"s","item":0}"#);
    client.socket.send_text(&cancel("s")).await;
    assert_eq!(server.event().await, "cancelled: s");
    let mut message = client.message().await;
    while message.starts_with(r#"{"type":2,"#) {
        message = client.message().await;
    }
    assert_eq!(message, r#"{"type":3,"invocationId":"s"}"#);
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn a_cancelled_plain_call_is_dropped_and_completed_with_an_error() {
    let mut server = streaming().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.start("1", "Wait", json!(["a"])).await;
    assert_eq!(server.event().await, "waiting: a");
    client.start("2", "Add", json!([1, 2])).await;
    client.socket.send_text(&cancel("1")).await;
    assert_eq!(server.event().await, "cancelled: a");
    assert_eq!(
        client.message().await,
        error("1", "An unexpected error occurred invoking 'Wait' on the server.")
    );
    assert_eq!(client.message().await, result("2", "3"));
}

#[tokio::test]
async fn a_cancelled_call_that_waits_is_started_and_cancelled_in_its_turn() {
    let mut server = streaming().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.start("1", "Wait", json!(["a"])).await;
    assert_eq!(server.event().await, "waiting: a");
    client.start("2", "Wait", json!(["b"])).await;
    client.socket.send_text(&cancel("2")).await;
    client.start("3", "Add", json!([1, 2])).await;
    server.state.open();
    assert_eq!(client.message().await, result("1", "\"a\""));
    assert_eq!(server.event().await, "waiting: b");
    assert_eq!(server.event().await, "cancelled: b");
    assert_eq!(
        client.message().await,
        error("2", "An unexpected error occurred invoking 'Wait' on the server.")
    );
    assert_eq!(client.message().await, result("3", "3"));
}

#[tokio::test]
async fn a_call_with_an_upload_can_be_cancelled() {
    let mut server = streaming().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.socket.send_text(&upload_call("1", "SlowSum", "[\"u\"]")).await;
    assert_eq!(server.event().await, "summing");
    client.socket.send_text(&cancel("1")).await;
    assert_eq!(server.event().await, "cancelled: sum");
    let text = "An unexpected error occurred invoking 'SlowSum' on the server.";
    assert_eq!(client.message().await, error("1", text));
}

#[tokio::test]
async fn detailed_errors_name_the_cancellation() {
    let mut server = Setup::new().options(|options| options.enable_detailed_errors(true)).start().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.start("1", "Wait", json!(["a"])).await;
    assert_eq!(server.event().await, "waiting: a");
    client.socket.send_text(&cancel("1")).await;
    let text = "An unexpected error occurred invoking 'Wait' on the server. OperationCanceledException: The \
                operation was canceled.";
    assert_eq!(client.message().await, error("1", text));
}

#[tokio::test]
async fn cancelling_what_does_not_run_does_nothing() {
    let server = streaming().await;
    let mut client = HubClient::connect(&server).await;
    client.socket.send_text(&cancel("x")).await;
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    client.socket.send_text(&cancel("1")).await;
    assert_eq!(client.invoke("Add", json!([3, 4])).await, Ok(json!(7)));
}

#[tokio::test]
async fn panics_while_calls_are_dropped_end_neither_the_server_nor_each_other() {
    let options = |options: hubcast::HubOptions| options.maximum_parallel_invocations_per_client(3);
    let mut server = Setup::new().streams().options(options).expects_errors().start().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    for id in ["1", "2", "3"] {
        client.start(id, "DropPanic", json!([])).await;
    }
    client.socket.send_text(&cancel("2")).await;
    let text = "An unexpected error occurred invoking 'DropPanic' on the server.";
    assert_eq!(client.message().await, error("2", text));
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    client.close().await;
    assert_eq!(server.event().await, "disconnected: ClosedByClient");
}

async fn streaming() -> Fixture {
    Setup::new().streams().start().await
}
