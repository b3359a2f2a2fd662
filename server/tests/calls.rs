//! Calls of hub methods: their answers, the order of these, and the texts of failures.

use hubcast::HubProtocol;
use serde_json::json;

use crate::support::{Fixture, HubClient, Setup, call};

const BOTH: [HubProtocol; 2] = [HubProtocol::Json, HubProtocol::MessagePack];

#[tokio::test]
async fn a_call_is_answered_in_both_protocols() {
    let server = Fixture::start().await;
    for protocol in BOTH {
        let mut client = HubClient::connect_as(&server, protocol, "/hub").await;
        assert_eq!(client.invoke("Add", json!([40, 2])).await, Ok(json!(42)));
        assert_eq!(client.invoke("echo", json!(["héllo ✓"])).await, Ok(json!("héllo ✓")));
        let described = format!("{protocol:?} over WebSockets on HTTP/1.1");
        assert_eq!(client.invoke("Describe", json!([])).await, Ok(json!(described)));
    }
}

#[tokio::test]
async fn a_method_without_a_result_answers_with_null() {
    let server = Fixture::start().await;
    for protocol in BOTH {
        let mut client = HubClient::connect_as(&server, protocol, "/hub").await;
        client.start("7", "JoinGroup", json!(["g"])).await;
        assert_eq!(client.message().await, r#"{"type":3,"invocationId":"7","result":null}"#);
    }
}

#[tokio::test]
async fn a_call_without_an_id_is_not_answered() {
    let server = Setup::new().expects_errors().start().await;
    for protocol in BOTH {
        let mut client = HubClient::connect_as(&server, protocol, "/hub").await;
        client.send("Echo", json!(["x"])).await;
        client.send("Nothing", json!([])).await;
        client.send("Echo", json!([1, 2, 3])).await;
        client.send("Fail", json!(["x"])).await;
        client.send("Crash", json!([])).await;
        client.send("ReturnPanic", json!([])).await;
        assert_eq!(client.invoke("Echo", json!(["alive"])).await, Ok(json!("alive")));
    }
}

#[tokio::test]
async fn failures_have_the_texts_of_aspnet_core() {
    let cases = [
        (
            "Nothing",
            json!([]),
            "Failed to invoke 'Nothing' due to an error on the server. HubException: Method does not exist.",
        ),
        ("Add", json!([1]), "Failed to invoke 'Add' due to an error on the server."),
        ("add", json!([1, 2, 3]), "Failed to invoke 'Add' due to an error on the server."),
        ("Add", json!([1, "2"]), "Failed to invoke 'Add' due to an error on the server."),
        ("Fail", json!([null]), "Failed to invoke 'Fail' due to an error on the server."),
        (
            "Fail",
            json!(["no way"]),
            "An unexpected error occurred invoking 'Fail' on the server. HubException: no way",
        ),
        (
            "FailInSecret",
            json!(["secret"]),
            "An unexpected error occurred invoking 'FailInSecret' on the server.",
        ),
        ("Crash", json!([]), "An unexpected error occurred invoking 'Crash' on the server."),
        ("CrashLater", json!([]), "An unexpected error occurred invoking 'CrashLater' on the server."),
        ("ReturnPanic", json!([]), "An unexpected error occurred invoking 'ReturnPanic' on the server."),
        (
            "ReturnUnwritable",
            json!([]),
            "An unexpected error occurred invoking 'ReturnUnwritable' on the server.",
        ),
        ("SendPanic", json!([]), "An unexpected error occurred invoking 'SendPanic' on the server."),
    ];
    let server = Setup::new().expects_errors().start().await;
    for protocol in BOTH {
        let mut client = HubClient::connect_as(&server, protocol, "/hub").await;
        for (target, arguments, text) in &cases {
            assert_eq!(client.invoke(target, arguments.clone()).await, Err((*text).to_owned()));
        }
        assert_eq!(client.invoke("Echo", json!(["alive"])).await, Ok(json!("alive")));
    }
}

#[tokio::test]
async fn detailed_errors_tell_all_but_the_text_of_a_panic() {
    let cases = [
        (
            "Add",
            json!([1]),
            "Failed to invoke 'Add' due to an error on the server. InvalidDataException: Invocation provides 1 \
             argument(s) but target expects 2.",
        ),
        (
            "Add",
            json!([1, "2"]),
            "Failed to invoke 'Add' due to an error on the server. InvalidDataException: Error binding arguments. Make \
             sure that the types of the provided values match the types of the hub method being invoked.",
        ),
        (
            "FailInSecret",
            json!(["cause"]),
            "An unexpected error occurred invoking 'FailInSecret' on the server. Exception: cause",
        ),
        (
            "Fail",
            json!(["no way"]),
            "An unexpected error occurred invoking 'Fail' on the server. HubException: no way",
        ),
        ("Crash", json!([]), "An unexpected error occurred invoking 'Crash' on the server."),
    ];
    let server =
        Setup::new().expects_errors().options(|options| options.enable_detailed_errors(true)).start().await;
    let mut client = HubClient::connect(&server).await;
    for (target, arguments, text) in cases {
        assert_eq!(client.invoke(target, arguments).await, Err(text.to_owned()));
    }
}

#[tokio::test]
async fn calls_behind_a_running_one_wait_and_are_answered_in_order() {
    let mut server = Fixture::start().await;
    for protocol in BOTH {
        let mut client = HubClient::connect_as(&server, protocol, "/hub").await;
        client.start("1", "Wait", json!(["first"])).await;
        client.start("2", "Echo", json!(["second"])).await;
        client.start("3", "Wait", json!(["third"])).await;
        client.start("4", "Echo", json!(["fourth"])).await;
        assert_eq!(server.event().await, "connected");
        assert_eq!(server.event().await, "waiting: first");
        server.state.open();
        assert_eq!(client.message().await, r#"{"type":3,"invocationId":"1","result":"first"}"#);
        assert_eq!(client.message().await, r#"{"type":3,"invocationId":"2","result":"second"}"#);
        assert_eq!(server.event().await, "waiting: third");
        server.state.open();
        assert_eq!(client.message().await, r#"{"type":3,"invocationId":"3","result":"third"}"#);
        assert_eq!(client.message().await, r#"{"type":3,"invocationId":"4","result":"fourth"}"#);
        drop(client);
        assert_eq!(server.event().await, "disconnected: TransportFailed");
    }
}

#[tokio::test]
async fn a_thousand_calls_in_one_write_are_answered_in_order() {
    let server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    let calls = (0..1000).map(|n| call(&n.to_string(), "Add", &json!([n, 1]))).collect::<String>();
    client.socket.send_text(&calls).await;
    for n in 0..1000 {
        let answer = format!("{{\"type\":3,\"invocationId\":\"{n}\",\"result\":{}}}", n + 1);
        assert_eq!(client.message().await, answer);
    }
}

#[tokio::test]
async fn a_close_message_is_heard_while_a_call_runs_and_cancels_it() {
    let mut server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    client.start("1", "Wait", json!(["long"])).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "waiting: long");
    client.close().await;
    assert_eq!(client.message().await, r#"{"type":7}"#);
    assert_eq!(client.message().await, "close 1000");
    assert_eq!(server.event().await, "cancelled: long");
    assert_eq!(server.event().await, "disconnected: ClosedByClient");
}

#[tokio::test]
async fn a_websocket_ping_is_answered_while_a_call_runs() {
    let mut server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    client.start("1", "Wait", json!(["long"])).await;
    assert_eq!(server.event().await, "connected");
    assert_eq!(server.event().await, "waiting: long");
    client.socket.send_ping(b"hi").await;
    assert_eq!(client.message().await, "pong 6869");
}

#[tokio::test]
async fn a_panic_in_a_broadcasts_arguments_reaches_no_client_and_hurts_none() {
    let server = Setup::new().expects_errors().start().await;
    let mut caller = HubClient::connect(&server).await;
    let mut other = HubClient::connect_as(&server, HubProtocol::MessagePack, "/hub").await;
    let failed = "An unexpected error occurred invoking 'SendPanic' on the server.";
    assert_eq!(caller.invoke("SendPanic", json!([])).await, Err(failed.to_owned()));
    assert_eq!(other.received().await, Vec::<String>::new());
    assert_eq!(caller.received().await, Vec::<String>::new());
}
