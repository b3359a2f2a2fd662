//! Filters around calls, connects and disconnects.

use std::sync::{Arc, Mutex};

use hubcast::contract::{Method, Requirement, run};
use hubcast::{Context, DisconnectReason, FailedCall, FilteredCall, HubError, HubFilter, NextCall, NextHook};
use serde_json::json;

use crate::support::streaming::{cancel, error, result, stream_call};
use crate::support::{Connected, HubClient, Setup, call, eventually};

#[tokio::test]
async fn filters_see_every_call_and_every_kind_of_failure() {
    let notes = Notes::default();
    let filter = Noting { name: "f", notes: notes.clone() };
    let server = Setup::new()
        .streams()
        .define(|hub, _| {
            hub.method(Method::new("Secret", |_| Ok(run(async {}))).require(Requirement::authenticated()))
        })
        .options(|options| options.filter(filter))
        .expects_errors()
        .start()
        .await;
    let mut client = HubClient::connect(&server).await;
    notes.take();
    client.socket.send_text(&call("1", "add", &json!([1, 2]))).await;
    assert_eq!(client.message().await, result("1", "3"));
    assert_eq!(notes.take(), ["f: TestHub.Add/2", "f: Ok"]);
    let cases = [
        (call("1", "nothing", &json!([1])), "f: TestHub.nothing/1", "UnknownMethod"),
        (call("1", "Add", &json!([1])), "f: TestHub.Add/1", "Binding"),
        (call("1", "Secret", &json!([])), "f: TestHub.Secret/0", "Unauthorized"),
        (call("1", "Counter", &json!([1])), "f: TestHub.Counter/1", "Streams"),
        (call("1", "Fail", &json!(["why"])), "f: TestHub.Fail/1", "Error"),
        (call("1", "FailInSecret", &json!(["why"])), "f: TestHub.FailInSecret/1", "Error"),
        (call("1", "Crash", &json!([])), "f: TestHub.Crash/0", "Panic"),
        (call("1", "CrashLater", &json!([])), "f: TestHub.CrashLater/0", "Panic"),
        (stream_call("1", "PanicMidway", "[]", "[]"), "f: TestHub.PanicMidway/0 streams", "Panic"),
    ];
    for (message, seen, kind) in cases {
        client.socket.send_text(&message).await;
        let mut answer = client.message().await;
        if answer.contains("\"item\"") {
            answer = client.message().await;
        }
        assert!(answer.starts_with(r#"{"type":3,"invocationId":"1","error":""#), "{answer}");
        assert_eq!(notes.take(), [seen.to_owned(), format!("f: {kind}")]);
    }
}

#[tokio::test]
async fn errors_keep_their_texts_on_the_way_through_filters() {
    let server = Setup::new()
        .options(|options| options.filter(Noting { name: "f", notes: Notes::default() }))
        .expects_errors()
        .start()
        .await;
    let mut client = HubClient::connect(&server).await;
    let unexpected =
        |method: &str| format!("An unexpected error occurred invoking '{method}' on the server.");
    assert_eq!(client.invoke("Fail", json!(["why"])).await, Err(unexpected("Fail") + " HubException: why"));
    assert_eq!(client.invoke("Crash", json!([])).await, Err(unexpected("Crash")));
    assert_eq!(client.invoke("ReturnPanic", json!([])).await, Err(unexpected("ReturnPanic")));
    let unknown =
        "Failed to invoke 'nothing' due to an error on the server. HubException: Method does not exist.";
    assert_eq!(client.invoke("nothing", json!([])).await, Err(unknown.to_owned()));
}

#[tokio::test]
async fn the_first_filter_is_the_outermost() {
    let notes = Notes::default();
    let (a, b) = (Noting { name: "a", notes: notes.clone() }, Noting { name: "b", notes: notes.clone() });
    let server = Setup::new().options(|options| options.filter(a).filter(b)).start().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(notes.take(), ["a: connects", "b: connects"]);
    client.invoke("Add", json!([1, 2])).await.unwrap();
    assert_eq!(notes.take(), ["a: TestHub.Add/2", "b: TestHub.Add/2", "b: Ok", "a: Ok"]);
    client.close().await;
    eventually(|| notes.0.lock().unwrap().len() == 2).await;
    assert_eq!(notes.take(), ["a: disconnects, ClosedByClient", "b: disconnects, ClosedByClient"]);
}

#[tokio::test]
async fn a_filter_may_refuse_replace_and_answer_in_place_of_the_method() {
    let mut server = Setup::new().streams().options(|options| options.filter(Strict)).start().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    let unexpected =
        |method: &str| format!("An unexpected error occurred invoking '{method}' on the server.");
    let refused = client.invoke("Wait", json!(["a"])).await;
    assert_eq!(refused, Err(unexpected("Wait") + " HubException: Not now."));
    assert_eq!(server.unheard_event(), None, "the method is not called");
    let replaced = client.invoke("Fail", json!(["why"])).await;
    assert_eq!(replaced, Err(unexpected("Fail") + " HubException: It failed."));
    // A result that the filter does not let pass is not sent.
    let discarded = client.invoke("Id", json!([])).await;
    assert_eq!(discarded, Err(unexpected("Id") + " HubException: That is secret."));
    assert_eq!(client.invoke("Describe", json!([])).await, Ok(json!(null)));
    client.socket.send_text(&stream_call("s", "Endless", "[\"s\"]", "[]")).await;
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"s"}"#);
}

#[tokio::test]
async fn streams_pass_filters_whole_and_in_order() {
    let server = Setup::new()
        .streams()
        .options(|options| options.filter(Noting { name: "f", notes: Notes::default() }))
        .start()
        .await;
    let mut client = HubClient::connect(&server).await;
    client.socket.send_text(&stream_call("s", "Counter", "[20000]", "[]")).await;
    for i in 0..20_000 {
        assert_eq!(client.message().await, format!("{{\"type\":2,\"invocationId\":\"s\",\"item\":{i}}}"));
    }
    assert_eq!(client.message().await, r#"{"type":3,"invocationId":"s"}"#);
}

#[tokio::test]
async fn a_filter_sees_the_cancellation_of_its_call() {
    let notes = Notes::default();
    let filter = Noting { name: "f", notes: notes.clone() };
    let mut server = Setup::new().options(|options| options.filter(filter)).start().await;
    let mut client = HubClient::connect(&server).await;
    assert_eq!(server.event().await, "connected");
    notes.take();
    client.start("1", "Wait", json!(["a"])).await;
    assert_eq!(server.event().await, "waiting: a");
    client.socket.send_text(&cancel("1")).await;
    assert_eq!(server.event().await, "cancelled: a");
    let text = "An unexpected error occurred invoking 'Wait' on the server.";
    assert_eq!(client.message().await, error("1", text));
    assert_eq!(notes.take(), ["f: TestHub.Wait/1", "f: Cancelled"]);
}

#[tokio::test]
async fn a_filter_may_refuse_a_connection() {
    let mut server = Setup::new().options(|options| options.filter(Closed)).start().await;
    let mut client = HubClient::connect(&server).await;
    let refused = r#"{"type":7,"error":"Connection closed with an error. HubException: We are closed."}"#;
    assert_eq!(client.message().await, refused);
    eventually(|| server.hub.connection_counts().open() == 0).await;
    assert_eq!(server.unheard_event(), None, "no hook has run");
}

#[tokio::test]
async fn an_error_of_the_connected_hook_passes_the_filters() {
    let notes = Notes::default();
    let filter = Noting { name: "f", notes: notes.clone() };
    let server =
        Setup::new().connected(Connected::Fails).options(|options| options.filter(filter)).start().await;
    let mut client = HubClient::connect(&server).await;
    let refused = r#"{"type":7,"error":"Connection closed with an error. HubException: Not today."}"#;
    assert_eq!(client.message().await, refused);
    assert_eq!(notes.take(), ["f: connects"]);
}

#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    fn add(&self, note: String) {
        self.0.lock().unwrap().push(note);
    }
}

/// Writes down what it sees.
struct Noting {
    name: &'static str,
    notes: Notes,
}

impl HubFilter for Noting {
    async fn call(&self, call: &FilteredCall, next: NextCall<'_>) -> Result<(), FailedCall> {
        let (name, streams) = (self.name, if call.is_stream() { " streams" } else { "" });
        let (hub, method, count) = (call.hub(), call.method(), call.argument_count());
        self.notes.add(format!("{name}: {hub}.{method}/{count}{streams}"));
        let outcome = next.run().await;
        self.notes.add(match &outcome {
            Ok(()) => format!("{name}: Ok"),
            Err(failed) => format!("{name}: {:?}", failed.kind()),
        });
        outcome
    }

    async fn connected(&self, _: &Context, next: NextHook<'_>) -> Result<(), HubError> {
        self.notes.add(format!("{}: connects", self.name));
        next.run().await
    }

    async fn disconnected(
        &self,
        _: &Context,
        reason: &DisconnectReason,
        next: NextHook<'_>,
    ) -> Result<(), HubError> {
        self.notes.add(format!("{}: disconnects, {reason:?}", self.name));
        next.run().await
    }
}

/// Does something else for each method.
struct Strict;

impl HubFilter for Strict {
    async fn call(&self, call: &FilteredCall, next: NextCall<'_>) -> Result<(), FailedCall> {
        match call.method() {
            "Wait" => Err(HubError::new("Not now.").into()),
            "Fail" => next.run().await.map_err(|failed| {
                assert_eq!(failed.message(), Some("why"));
                HubError::new("It failed.").into()
            }),
            "Id" => {
                next.run().await?;
                tokio::task::yield_now().await;
                Err(HubError::new("That is secret.").into())
            }
            _ => Ok(()),
        }
    }
}

/// Lets nobody in.
struct Closed;

impl HubFilter for Closed {
    async fn connected(&self, _: &Context, _: NextHook<'_>) -> Result<(), HubError> {
        Err(HubError::new("We are closed."))
    }
}
