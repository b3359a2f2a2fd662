//! Headers of messages, as the method that the message calls sees them.

use hubcast::HubProtocol;
use hubcast::contract::{Method, run};
use serde_json::{Value, json};

use crate::support::streaming::result;
use crate::support::{Fixture, HubClient, Setup};

#[tokio::test]
async fn a_method_sees_the_headers_of_its_call_and_of_no_other() {
    let server = reading().await;
    let mut client = HubClient::connect(&server).await;
    let with = |headers: &str| {
        format!(
            "{{\"type\":1,{headers}\"invocationId\":\"1\",\"target\":\"Header\",\"arguments\":[\"tenant\"]}}\x1e"
        )
    };
    let cases = [
        (with(""), "null"),
        (with("\"headers\":{},"), "null"),
        (with("\"headers\":{\"Tenant\":\"other case\"},"), "null"),
        (with("\"headers\":{\"a\":\"b\",\"tenant\":\"red\"},"), "\"red\""),
        (with("\"headers\":{\"tenant\":\"first\",\"tenant\":\"gr\\u00fcn\"},"), "\"grün\""),
        (with(""), "null"),
    ];
    for (message, header) in cases {
        client.socket.send_text(&message).await;
        assert_eq!(client.message().await, result("1", header), "{message}");
    }
}

#[tokio::test]
async fn headers_come_in_messagepack_too() {
    let server = reading().await;
    let mut client = HubClient::connect_as(&server, HubProtocol::MessagePack, "/hub").await;
    // [1, {"tenant": "red"}, "1", "Header", ["tenant"], []]
    let message = b"\x96\x01\x81\xa6tenant\xa3red\xa11\xa6Header\x91\xa6tenant\x90";
    client.socket.send_binary(&[&[message.len() as u8], &message[..]].concat()).await;
    assert_eq!(client.message().await, result("1", "\"red\""));
    assert_eq!(client.invoke("Header", json!(["tenant"])).await, Ok(Value::Null));
}

#[tokio::test]
async fn a_call_that_waits_keeps_its_headers() {
    let mut server = reading().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    client.start("w", "Wait", json!(["w"])).await;
    let late = "{\"type\":1,\"headers\":{\"tenant\":\"red\"},\"invocationId\":\"1\",\"target\":\"LateHeader\",\"arguments\":[\"tenant\"]}\x1e";
    client.socket.send_text(late).await;
    assert_eq!(server.event().await, "waiting: w");
    server.state.open();
    assert_eq!(client.message().await, result("w", "\"w\""));
    server.state.open();
    assert_eq!(client.message().await, result("1", "\"red\""));
}

/// A server whose methods answer with a header of their message.
async fn reading() -> Fixture {
    Setup::new()
        .define(|hub, state| {
            let state = std::sync::Arc::clone(state);
            hub.method(Method::new("Header", |call| {
                let (name,) = call.arguments::<(String,)>(1)?;
                let cx = call.context().clone();
                Ok(run(async move { cx.message_header(&name).map(String::from) }))
            }))
            .method(Method::new("LateHeader", move |call| {
                let (name,) = call.arguments::<(String,)>(1)?;
                let (cx, state) = (call.context().clone(), std::sync::Arc::clone(&state));
                Ok(run(async move {
                    state.pass().await;
                    cx.message_header(&name).map(String::from)
                }))
            }))
        })
        .start()
        .await
}
