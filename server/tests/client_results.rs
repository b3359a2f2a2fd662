//! Answers of clients to what the server asks them: who is asked, how they fail, and that nothing waits for them.

use std::time::Duration;

use futures_util::StreamExt;
use hubcast::{ClientResultError, ConnectionId, HubOptions, HubProtocol};
use serde_json::json;

use crate::support::streaming::{error, result};
use crate::support::{
    BOTH, Connected, Fixture, HubClient, Requests, Setup, call, eventually, json_handshake, measured, soon,
};

const UNEXPECTED: &str = "An unexpected error occurred invoking 'AskCaller' on the server.";

#[tokio::test]
async fn a_method_asks_its_caller_in_either_protocol() {
    let server = Fixture::start().await;
    for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
        let mut client = HubClient::connect_as(&server, protocol, "/hub").await;
        for answer in [true, false] {
            client.start("1", "AskCaller", json!(["Sure?"])).await;
            let id = client.question("Confirm", json!(["Sure?"])).await;
            client.answer(&id, &json!(answer)).await;
            assert_eq!(client.message().await, result("1", &answer.to_string()));
        }
    }
}

#[tokio::test]
async fn a_method_asks_another_connection_and_so_does_the_application_outside() {
    let server = Fixture::start().await;
    let (mut asking, mut asked) = (HubClient::connect(&server).await, HubClient::connect(&server).await);
    let id = asked.id().await;
    asking.start("1", "AskClient", json!([id, "inside?"])).await;
    let question = asked.question("Confirm", json!(["inside?"])).await;
    asked.answer(&question, &json!(true)).await;
    assert_eq!(asking.message().await, result("1", "true"));

    let answer = server.hub.clients().client(id.parse().unwrap()).confirm("outside?".to_owned());
    let question = asked.question("Confirm", json!(["outside?"])).await;
    asked.answer(&question, &json!(false)).await;
    assert!(!soon(answer).await.unwrap());
}

#[tokio::test]
async fn the_answers_of_a_group_come_as_they_are_given() {
    let server = Fixture::start().await;
    let mut members = Vec::new();
    for _ in 0..3 {
        let mut member = HubClient::connect(&server).await;
        member.invoke("JoinGroup", json!(["g"])).await.unwrap();
        members.push((member.id().await, member));
    }
    let clients = server.hub.clients();
    let mut answers = clients.group("g").confirm("all?".to_owned());
    let mut asked = Vec::new();
    for (_, member) in &mut members {
        asked.push(member.question("Confirm", json!(["all?"])).await);
    }
    members[2].1.answer(&asked[2], &json!(true)).await;
    let (id, answer) = soon(answers.next()).await.unwrap();
    assert_eq!((id.to_string(), answer.unwrap()), (members[2].0.clone(), true));
    members[0].1.answer_error(&asked[0], "I am busy.").await;
    let (id, answer) = soon(answers.next()).await.unwrap();
    assert_eq!(
        (id.to_string(), answer.unwrap_err().to_string()),
        (members[0].0.clone(), "I am busy.".into())
    );
    members[1].1.close().await;
    let (id, answer) = soon(answers.next()).await.unwrap();
    assert_eq!(answer.unwrap_err().to_string(), format!("Connection '{id}' disconnected."));
    assert_eq!(id.to_string(), members[1].0);
    assert!(soon(StreamExt::next(&mut answers)).await.is_none());
    assert!(soon(clients.group("nobody").confirm("?".to_owned()).next()).await.is_none());
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_waited_for_as_long_as_was_said() {
    let limit = Duration::from_millis(200);
    let server = Setup::new().options(|options| options.client_result_timeout(limit)).start().await;
    let mut client = HubClient::connect(&server).await;
    client.start("1", "AskCaller", json!(["?"])).await;
    let late = client.question("Confirm", json!(["?"])).await;
    assert_eq!(client.message().await, error("1", UNEXPECTED));
    client.answer(&late, &json!(true)).await;

    let id = client.id().await.parse().unwrap();
    let shorter = Duration::from_millis(20);
    let answer = soon(server.hub.clients().client(id).confirm("?".to_owned()).within(shorter)).await;
    assert!(matches!(answer, Err(ClientResultError::TimedOut(time)) if time == shorter), "{answer:?}");
    client.question("Confirm", json!(["?"])).await;
    let mut answers = server.hub.clients().clients([id]).confirm("?".to_owned()).within(shorter);
    let (of, answer) = soon(answers.next()).await.unwrap();
    assert_eq!(of, id);
    assert_eq!(answer.unwrap_err().to_string(), "The client did not answer within 20ms.");
    assert!(soon(answers.next()).await.is_none());
    client.question("Confirm", json!(["?"])).await;
    assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
}

#[tokio::test]
async fn who_is_not_there_or_leaves_gives_no_answer() {
    let mut server = Fixture::start().await;
    let gone = ConnectionId::from_random([7; 16]);
    let answer = soon(server.hub.clients().client(gone).confirm("?".to_owned())).await;
    assert_eq!(answer.unwrap_err().to_string(), format!("Connection '{gone}' does not exist."));

    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    let id = client.id().await.parse().unwrap();
    let answer = server.hub.clients().client(id).confirm("?".to_owned());
    client.question("Confirm", json!(["?"])).await;
    client.start("1", "AskCaller", json!(["inside"])).await;
    client.question("Confirm", json!(["inside"])).await;
    drop(client);
    assert_eq!(soon(answer).await.unwrap_err().to_string(), format!("Connection '{id}' disconnected."));
    assert_eq!(server.event().await, "cancelled: asking inside");
    assert_eq!(server.event().await, "disconnected: TransportFailed");
}

#[tokio::test]
async fn what_a_client_answers_wrongly_reaches_the_caller() {
    let server = Fixture::start().await;
    for protocol in [HubProtocol::Json, HubProtocol::MessagePack] {
        let mut client = HubClient::connect_as(&server, protocol, "/hub").await;
        let mut asked = async |how: &str| {
            client.start("1", "AskCaller", json!(["?"])).await;
            let id = client.question("Confirm", json!(["?"])).await;
            match how {
                "error" => client.answer_error(&id, "I am busy.").await,
                "type" => client.answer(&id, &json!("yes")).await,
                _ => client.answer_nothing(&id).await,
            }
            client.message().await
        };
        let told = |text: &str| error("1", &format!("{UNEXPECTED} HubException: {text}"));
        assert_eq!(asked("error").await, told("I am busy."));
        assert_eq!(asked("type").await, told("Error trying to deserialize result to bool."));
        let nothing = "Exception of type 'Microsoft.AspNetCore.SignalR.HubException' was thrown.";
        assert_eq!(asked("nothing").await, told(nothing));
    }
}

#[tokio::test]
async fn a_client_method_without_a_value_is_called_and_not_asked() {
    let server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    let id = client.id().await.parse().unwrap();
    server.hub.clients().client(id).nod().await.unwrap();
    assert_eq!(client.message().await, r#"{"type":1,"target":"Nod","arguments":[]}"#);
}

#[tokio::test]
async fn nobody_answers_for_another_connection() {
    let server = Fixture::start().await;
    let (mut asked, mut other) = (HubClient::connect(&server).await, HubClient::connect(&server).await);
    asked.start("1", "AskCaller", json!(["?"])).await;
    let id = asked.question("Confirm", json!(["?"])).await;
    other.answer(&id, &json!(false)).await;
    assert_eq!(other.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    asked.answer(&id, &json!(true)).await;
    assert_eq!(asked.message().await, result("1", "true"));
}

#[tokio::test]
async fn the_connected_hook_cannot_ask() {
    let mut server = Setup::new().connected(Connected::Asks).start().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "Client results inside OnConnectedAsync Hub methods are not allowed.");
    assert_eq!(client.message().await, r#"{"type":7,"error":"Connection closed with an error."}"#);
}

#[tokio::test]
async fn an_answer_behind_many_calls_and_a_full_queue_arrives() {
    let tight = |options: HubOptions| options.waiting_calls_limit(1);
    let mut server = Setup::new().options(tight).start().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    let asking = ["a", "b", "c"].map(|id| call(id, "AskCaller", &json!([id])));
    client.socket.send_text(&asking.concat()).await;
    let mut questions = Vec::new();
    for id in ["a", "b", "c"] {
        questions.push((id, client.question("Confirm", json!([id])).await));
    }
    client
        .socket
        .send_text(&[call("w", "Wait", &json!(["w"])), call("1", "Add", &json!([1, 2]))].concat())
        .await;
    for (_, question) in &questions {
        client.answer(question, &json!(true)).await;
    }
    // The queue is full, so that answers that were not read with it are not read until the one call that counts is done.
    assert_eq!(server.event().await, "waiting: w");
    server.state.open();
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.push(client.message().await);
    }
    answers.sort();
    let asked = ["a", "b", "c"].map(|id| result(id, "true"));
    assert_eq!(answers, [&[result("1", "3")], &asked[..], &[result("w", "\"w\"")]].concat());
}

#[tokio::test]
async fn a_call_that_waits_for_its_client_lets_the_next_one_run() {
    let server = Fixture::start().await;
    let mut client = HubClient::connect(&server).await;
    client.start("a", "AskCaller", json!(["?"])).await;
    let question = client.question("Confirm", json!(["?"])).await;
    for _ in 0..100 {
        assert_eq!(client.invoke("Add", json!([1, 2])).await, Ok(json!(3)));
    }
    client.answer(&question, &json!(true)).await;
    assert_eq!(client.message().await, result("a", "true"));
}

#[tokio::test]
async fn clients_are_asked_over_event_streams_and_long_polling() {
    for http2 in BOTH {
        let server = Fixture::start().await;
        let question = |id: &str| {
            format!(
                "{{\"type\":1,\"invocationId\":\"{id}\",\"target\":\"Confirm\",\"arguments\":[\"?\"]}}\u{1e}"
            )
        };
        let answer = |id: &str| format!("{{\"type\":3,\"invocationId\":\"{id}\",\"result\":true}}\u{1e}");

        let polling = Requests::long_polling(&server, http2).await;
        polling.post(&call("1", "AskCaller", &json!(["?"]))).await;
        assert_eq!(polling.poll().await.text(), question("s1"));
        polling.post(&answer("s1")).await;
        assert_eq!(polling.poll().await.text(), answer("1"));

        let streaming = Requests::negotiate(&server, http2).await;
        let mut events = streaming.events().await;
        assert_eq!(events.next().await.as_deref(), Some(":\r\n"));
        streaming.post(json_handshake()).await;
        assert_eq!(events.next().await.as_deref(), Some("data: {}\u{1e}\r\n\r\n"));
        streaming.post(&call("1", "AskCaller", &json!(["?"]))).await;
        assert_eq!(events.next().await, Some(format!("data: {}\r\n\r\n", question("s2"))));
        streaming.post(&answer("s2")).await;
        assert_eq!(events.next().await, Some(format!("data: {}\r\n\r\n", answer("1"))));
    }
}

#[tokio::test]
async fn over_the_limit_of_open_questions_the_next_one_fails_and_is_not_sent() {
    let one = |options: HubOptions| options.maximum_client_results_per_connection(1);
    let (server, meters) = measured(Setup::new().options(one)).await;
    let mut client = HubClient::connect(&server).await;
    let id = client.id().await.parse().unwrap();
    let clients = server.hub.clients();
    let first = clients.client(id).confirm("first".to_owned());
    let second = soon(clients.client(id).confirm("second".to_owned())).await;
    assert!(matches!(second, Err(ClientResultError::Disconnected(of)) if of == id), "{second:?}");
    assert_eq!(meters.read("hubcast_refused_client_results_total"), 1.0);
    let question = client.question("Confirm", json!(["first"])).await;
    client.answer(&question, &json!(true)).await;
    assert!(soon(first).await.unwrap());
    drop(clients.client(id).confirm("given up".to_owned()));
    client.question("Confirm", json!(["given up"])).await;
    let third = clients.client(id).confirm("third".to_owned());
    let question = client.question("Confirm", json!(["third"])).await;
    client.answer(&question, &json!(false)).await;
    assert!(!soon(third).await.unwrap());
    drop(client);
    eventually(|| server.hub.connection_counts().open() == 0).await;
    let fourth = soon(clients.client(id).confirm("nobody is there".to_owned())).await;
    assert_eq!(fourth.unwrap_err().to_string(), format!("Connection '{id}' does not exist."));
    assert_eq!(meters.read("hubcast_refused_client_results_total"), 1.0);
}
