//! Clients that are called and asked through the proxies.

use std::collections::BTreeMap;

use hubcast_protocol::HubProtocol::Json;
use hubcast_protocol::contract::{ClientOutcome, ClientResultError, Context, HubError};
use serde::{Deserialize, Serialize};

use crate::fake::{FakeConnection, caller, context, finish, invocation, members, start, with_payload};

#[hubcast_macros::client]
trait Person {
    async fn receive(&self, text: String);
    /// Asks a person.
    async fn confirm(&self, question: String) -> bool;
    #[hubcast(name = "position")]
    async fn place(&self) -> Place;
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Place {
    x: i32,
}

#[hubcast_macros::hub(client = Person)]
trait People {
    async fn ask_everyone(&self, cx: &Context<dyn Person>) -> Result<BTreeMap<String, bool>, HubError>;
}

struct Asking;

impl People for Asking {
    async fn ask_everyone(&self, cx: &Context<dyn Person>) -> Result<BTreeMap<String, bool>, HubError> {
        let mut answers = cx.clients().group("tea").confirm("More?".into());
        let mut all = BTreeMap::new();
        while let Some((id, answer)) = answers.next().await {
            all.insert(id.to_string(), answer?);
        }
        Ok(all)
    }
}

#[test]
fn a_message_is_queued_when_the_method_is_called() {
    let connection = FakeConnection::new(Json);
    let cx = context::<dyn Person>(&connection);
    let (one, many) = (cx.caller().receive("a".into()), cx.clients().all().receive("b".into()));
    assert_eq!(
        connection.sent(),
        [
            format!(r#"Connection({:?}) <- {{"type":1,"target":"Receive","arguments":["a"]}}"#, caller()),
            r#"All <- {"type":1,"target":"Receive","arguments":["b"]}"#.to_owned(),
        ]
    );
    finish(one).expect("encodable");
    finish(many).expect("encodable");
}

#[test]
fn a_single_client_gives_an_answer() {
    let connection = FakeConnection::new(Json);
    let cx = context::<dyn Person>(&connection);
    let answer = cx.caller().confirm("Sure?".into());
    assert_eq!(
        connection.sent(),
        [format!(r#"? Connection({:?}) <- {{"type":1,"target":"Confirm","arguments":["Sure?"]}}"#, caller())]
    );
    with_payload("true", |value| connection.answer(ClientOutcome::Result(value)));
    assert!(finish(answer).expect("an answer"));

    let answer = cx.clients().client(members()[1]).place();
    with_payload(r#"{"x":3}"#, |value| connection.answer(ClientOutcome::Result(value)));
    assert_eq!(finish(answer).expect("an answer"), Place { x: 3 });
    assert_eq!(
        connection.sent()[1],
        format!(r#"? Connection({:?}) <- {{"type":1,"target":"position","arguments":[]}}"#, members()[1])
    );
}

#[test]
fn several_clients_give_their_answers_one_by_one() {
    let connection = FakeConnection::new(Json);
    let cx = context::<dyn Person>(&connection);
    let mut answers = cx.others().confirm("Sure?".into());
    with_payload("false", |value| connection.answer(ClientOutcome::Result(value)));
    connection.answer(ClientOutcome::Error("I am busy."));
    let (first, answer) = finish(answers.next()).expect("an answer");
    assert_eq!((first, answer.expect("a value")), (members()[0], false));
    let (second, answer) = finish(answers.next()).expect("an answer");
    assert_eq!(second, members()[1]);
    assert!(matches!(&answer, Err(ClientResultError::Client(text)) if text == "I am busy."), "{answer:?}");
    assert!(finish(answers.next()).is_none());
}

#[test]
fn a_hub_method_waits_for_the_answers_of_clients() {
    let connection = FakeConnection::new(Json);
    let message = invocation(1, "AskEveryone", "[]");
    let mut ongoing = start(&Asking.into_hub(), &connection, &message).expect("a good call");
    assert!(ongoing.poll(9).is_pending());
    with_payload("true", |value| connection.answer(ClientOutcome::Result(value)));
    assert!(ongoing.poll(9).is_pending());
    with_payload("false", |value| connection.answer(ClientOutcome::Result(value)));
    ongoing.finish().expect("a success");
    let [first, second] = members();
    assert_eq!(
        ongoing.text(),
        format!("{{\"type\":3,\"invocationId\":\"1\",\"result\":{{\"{first}\":true,\"{second}\":false}}}}\n")
    );
}
