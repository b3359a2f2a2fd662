//! Streams from clients to hub methods: which item goes where, how they end, and who waits when a method is slow.

use serde_json::json;

use crate::support::streaming::{complete, error, item, result, stream_call, upload_call};
use crate::support::{Fixture, HubClient, Setup, call, eventually};

#[tokio::test]
async fn items_reach_the_method_until_the_client_completes_the_upload() {
    let server = uploading().await;
    let mut client = HubClient::connect(&server).await;
    let messages = [upload_call("1", "sum", "[\"u\"]"), item("u", "40"), item("u", "2"), complete("u")];
    client.socket.send_text(&messages.concat()).await;
    assert_eq!(client.message().await, result("1", "42"));
}

#[tokio::test]
async fn several_uploads_are_paired_with_the_parameters_in_order() {
    let server = uploading().await;
    let mut client = HubClient::connect(&server).await;
    let messages = [
        upload_call("1", "Zip", "[\"n\",\"t\"]"),
        item("t", "\"a\""),
        item("unknown", "7"),
        item("n", "1"),
        item("n", "2"),
        item("t", "\"b\""),
        complete("t"),
        complete("n"),
    ];
    client.socket.send_text(&messages.concat()).await;
    assert_eq!(client.message().await, result("1", r#"[[1,"a"],[2,"b"]]"#));
}

#[tokio::test]
async fn a_method_may_take_a_stream_and_answer_with_one() {
    let server = uploading().await;
    let mut client = HubClient::connect(&server).await;
    client.socket.send_text(&stream_call("s", "Double", "[]", "[\"u\"]")).await;
    for n in 1..4 {
        client.socket.send_text(&item("u", &n.to_string())).await;
        assert_eq!(client.message().await, item("s", &(2 * n).to_string()).trim_end_matches('\x1e'));
    }
    client.socket.send_text(&complete("u")).await;
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"s"}"#);
}

#[tokio::test]
async fn an_upload_that_fails_is_an_error_in_its_method() {
    let server = uploading().await;
    let mut client = HubClient::connect(&server).await;
    let gave_up = "{\"type\":3,\"invocationId\":\"u\",\"error\":\"gave up\"}\x1e".to_owned();
    let unexpected = "An unexpected error occurred invoking 'Sum' on the server. HubException:";
    let cases = [
        (gave_up, format!("{unexpected} gave up")),
        (item("u", "\"x\""), format!("{unexpected} Failed to bind Stream message.")),
    ];
    for (end, text) in cases {
        client.socket.send_text(&[upload_call("1", "Sum", "[\"u\"]"), item("u", "1"), end].concat()).await;
        assert_eq!(client.message().await, error("1", &text));
        // Its id is free, and what still comes for it is for nobody.
        client.socket.send_text(&[item("u", "5"), complete("u")].concat()).await;
        assert_eq!(client.invoke("Add", json!([1, 1])).await, Ok(json!(2)));
    }
}

#[tokio::test]
async fn the_number_of_uploads_must_be_the_methods() {
    let server = uploading().await;
    let mut client = HubClient::connect(&server).await;
    let cases = [("Sum", "[]", 0, 1), ("Sum", "[\"a\",\"b\"]", 2, 1), ("Zip", "[\"a\"]", 1, 2)];
    for (method, ids, sent, expected) in cases {
        client.socket.send_text(&upload_call("1", method, ids)).await;
        let text = format!(
            "An unexpected error occurred invoking '{method}' on the server. HubException: Client sent {sent} stream(s), Hub method expects {expected}."
        );
        assert_eq!(client.message().await, error("1", &text));
    }
}

#[tokio::test]
async fn uploads_run_beside_a_plain_call_and_beside_each_other() {
    let mut server = uploading().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.socket.send_text(&upload_call("1", "Sum", "[\"u\"]")).await;
    client.socket.send_text(&upload_call("2", "Sum", "[\"v\"]")).await;
    client.start("3", "Wait", json!(["plain"])).await;
    assert_eq!(server.event().await, "waiting: plain");
    client.socket.send_text(&[item("v", "2"), complete("v")].concat()).await;
    assert_eq!(client.message().await, result("2", "2"));
    client.socket.send_text(&[item("u", "1"), complete("u")].concat()).await;
    assert_eq!(client.message().await, result("1", "1"));
    server.state.open();
    assert_eq!(client.message().await, result("3", "\"plain\""));
}

#[tokio::test]
async fn items_for_a_call_that_waits_wait_behind_it() {
    let (mut server, mut client) = with_a_call_that_waits().await;
    let upload = [upload_call("3", "Sum", "[\"u\"]"), item("u", "40"), item("u", "2"), complete("u")];
    client.socket.send_text(&upload.concat()).await;
    client.start("4", "Add", json!([1, 1])).await;
    let_it_begin(&mut server, &mut client).await;
    assert_eq!(client.message().await, result("3", "42"));
    server.state.open();
    assert_eq!(client.message().await, result("2", "\"second\""));
    assert_eq!(client.message().await, result("4", "2"));
}

#[tokio::test]
async fn items_keep_their_order_where_only_some_of_them_had_to_wait() {
    let (mut server, mut client) = with_a_call_that_waits().await;
    client.socket.send_text(&(stream_call("s", "Double", "[]", "[\"u\"]") + &item("u", "1"))).await;
    // Behind this one the next item waits, also while the call that it is for runs already.
    client.start("4", "Add", json!([1, 1])).await;
    client.socket.send_text(&item("u", "2")).await;
    let_it_begin(&mut server, &mut client).await;
    client.socket.send_text(&(item("u", "3") + &complete("u"))).await;
    for doubled in ["2", "4", "6"] {
        assert_eq!(client.message().await, item("s", doubled).trim_end_matches('\x1e'));
    }
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"s"}"#);
    server.state.open();
    assert_eq!(client.message().await, result("2", "\"second\""));
    assert_eq!(client.message().await, result("4", "2"));
}

#[tokio::test]
async fn a_cancellation_waits_no_longer_than_the_call_that_it_is_about() {
    let (mut server, mut client) = with_a_call_that_waits().await;
    client.socket.send_text(&stream_call("s", "Double", "[]", "[\"u\"]")).await;
    client.start("4", "Add", json!([1, 1])).await;
    client.socket.send_text("{\"type\":5,\"invocationId\":\"s\"}\x1e").await;
    let_it_begin(&mut server, &mut client).await;
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"s"}"#);
    server.state.open();
    assert_eq!(client.message().await, result("2", "\"second\""));
    assert_eq!(client.message().await, result("4", "2"));
}

#[tokio::test]
async fn a_method_that_is_slow_lets_other_calls_pass_until_the_limit_and_then_stops_the_reading() {
    let options = |options: hubcast::HubOptions| options.stream_buffer_capacity(2).upload_backlog_limit(100);
    let mut server = Setup::new().streams().options(options).start().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.socket.send_text(&upload_call("1", "SlowSum", "[\"u\"]")).await;
    assert_eq!(server.event().await, "summing");
    // Two items do not count; each of the others counts 17 bytes.
    for _ in 0..7 {
        client.socket.send_text(&item("u", "1")).await;
    }
    client.socket.send_text(&call("2", "Add", &json!([1, 1]))).await;
    assert_eq!(client.message().await, result("2", "2"));
    client.socket.send_text(&item("u", "1")).await;
    client.socket.send_text(&call("3", "Add", &json!([2, 2]))).await;
    // Nothing is read until the method has taken some: its answer is the first that comes.
    server.hub.clients().all().receive(Some("broadcast".to_owned())).await.unwrap();
    assert_eq!(client.message().await, r#"{"type":1,"target":"receive","arguments":["broadcast"]}"#);
    server.state.open();
    server.state.open();
    server.state.open();
    assert_eq!(client.message().await, result("3", "4"));
    client.socket.send_text(&complete("u")).await;
    for _ in 0..6 {
        server.state.open();
    }
    assert_eq!(client.message().await, result("1", "8"));
}

#[tokio::test]
async fn the_end_of_a_connection_ends_its_uploads() {
    let mut server = uploading().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.socket.send_text(&upload_call("1", "SlowSum", "[\"u\"]")).await;
    assert_eq!(server.event().await, "summing");
    drop(client);
    assert_eq!(server.event().await, "cancelled: sum");
    eventually(|| server.hub.connection_counts().open() == 0).await;
}

/// A client with a call "1" that runs, a call "2" that waits for it, and an upload that nothing waits for.
async fn with_a_call_that_waits() -> (Fixture, HubClient) {
    let mut server = uploading().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.socket.send_text(&stream_call("heard", "Double", "[]", "[\"h\"]")).await;
    client.start("1", "Wait", json!(["first"])).await;
    assert_eq!(server.event().await, "waiting: first");
    client.start("2", "Wait", json!(["second"])).await;
    (server, client)
}

/// Ends the call "1", once the server has heard all that the client has sent, so that the call "2" runs.
async fn let_it_begin(server: &mut Fixture, client: &mut HubClient) {
    client.socket.send_text(&item("h", "0")).await;
    assert_eq!(client.message().await, item("heard", "0").trim_end_matches('\x1e'));
    server.state.open();
    assert_eq!(client.message().await, result("1", "\"first\""));
    assert_eq!(server.event().await, "waiting: second");
}

async fn uploading() -> Fixture {
    Setup::new().streams().start().await
}
