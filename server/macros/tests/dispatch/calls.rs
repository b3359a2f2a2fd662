//! Plain calls: names, arguments, answers, errors, and the hooks.

use std::sync::atomic::{AtomicU32, Ordering};

use hubcast_protocol::HubProtocol::{Json, MessagePack};
use hubcast_protocol::contract::{CallError, CallFailure, Context, DisconnectReason, HubError};
use hubcast_protocol::{BindError, HubProtocol};
use serde::{Deserialize, Serialize};

use crate::fake::{Failed, FakeConnection, call, context, finish};

#[hubcast_macros::client]
trait ChatClient {
    async fn receive_message(&self, user: String, text: String);
    #[hubcast(name = "receive")]
    async fn got(&self, text: Option<String>);
    async fn cleared(&self);
}

#[hubcast_macros::hub(client = ChatClient)]
trait ChatHub {
    async fn send_message(
        &self,
        cx: &Context<dyn ChatClient>,
        room: String,
        text: String,
    ) -> Result<(), HubError>;
    async fn move_by(&self, by: Point, times: u8) -> Point;
    async fn count(&self) -> u32;
    #[hubcast(name = "greet")]
    async fn say_hello(&self, cx: &Context<dyn ChatClient>, name: Option<String>) -> String;
    async fn store(&self) -> std::io::Result<()>;
    #[cfg(any())]
    async fn absent(&self, nothing: NoSuchType);
}

#[derive(Serialize, Deserialize)]
struct Point {
    x: i32,
    y: i32,
}

#[derive(Default)]
struct Chat {
    count: AtomicU32,
}

impl ChatHub for Chat {
    async fn connected(&self, cx: &Context<dyn ChatClient>) -> Result<(), HubError> {
        self.count.fetch_add(1, Ordering::Relaxed);
        cx.caller().cleared().await?;
        Ok(())
    }

    async fn disconnected(
        &self,
        cx: &Context<dyn ChatClient>,
        reason: DisconnectReason,
    ) -> Result<(), HubError> {
        self.count.fetch_sub(1, Ordering::Relaxed);
        cx.clients().all().got(Some(format!("{reason:?}"))).await?;
        Err(HubError::new("gone"))
    }

    async fn send_message(
        &self,
        cx: &Context<dyn ChatClient>,
        room: String,
        text: String,
    ) -> Result<(), HubError> {
        if room.is_empty() {
            return Err(HubError::new("Choose a room first."));
        }
        cx.clients().group(&room).receive_message("ada".into(), text).await?;
        Ok(())
    }

    async fn move_by(&self, by: Point, times: u8) -> Point {
        Point { x: by.x * i32::from(times), y: by.y * i32::from(times) }
    }

    async fn count(&self) -> u32 {
        self.count.load(Ordering::Relaxed)
    }

    async fn say_hello(&self, cx: &Context<dyn ChatClient>, name: Option<String>) -> String {
        format!("{} greets {name:?}", cx.user().unwrap_or("nobody"))
    }

    async fn store(&self) -> std::io::Result<()> {
        Err(std::io::Error::other("the disk is full"))
    }
}

#[test]
fn the_names_on_the_wire_are_in_pascal_case_unless_given() {
    let definition = Chat::default().into_hub();
    let names: Vec<_> = definition.methods().iter().map(|method| method.name()).collect();
    assert_eq!(names, ["SendMessage", "MoveBy", "Count", "greet", "Store"]);
    assert_eq!(definition.name(), "ChatHub");
}

#[test]
fn a_result_is_written_as_json() {
    let answer =
        answer(Json, br#"{"type":1,"invocationId":"1","target":"MoveBy","arguments":[{"x":1,"y":-2},3]}"#);
    assert_eq!(answer, b"{\"type\":3,\"invocationId\":\"1\",\"result\":{\"x\":3,\"y\":-6}}\x1e");
}

#[test]
fn a_result_is_written_as_message_pack() {
    // [1, {}, "1", "MoveBy", [{"x": 1, "y": -2}, 3]]
    let message = b"\x96\x01\x80\xa11\xa6MoveBy\x92\x82\xa1x\x01\xa1y\xfe\x03\x90";
    let answer = answer(MessagePack, message);
    // [3, {}, "1", 3, {"x": 3, "y": -6}]
    assert_eq!(answer, b"\x0d\x95\x03\x80\xa11\x03\x82\xa1x\x03\xa1y\xfa");
}

#[test]
fn a_success_without_a_value_is_null() {
    let answer =
        answer(Json, br#"{"type":1,"invocationId":"7","target":"SendMessage","arguments":["a","b"]}"#);
    assert_eq!(answer, b"{\"type\":3,\"invocationId\":\"7\",\"result\":null}\x1e");
}

#[test]
fn a_call_without_an_id_gets_no_answer() {
    assert_eq!(answer(Json, br#"{"type":1,"target":"Count","arguments":[]}"#), b"");
}

#[test]
fn a_method_without_arguments_takes_none() {
    let answer = answer(Json, br#"{"type":1,"invocationId":"1","target":"count","arguments":[]}"#);
    assert_eq!(answer, b"{\"type\":3,\"invocationId\":\"1\",\"result\":0}\x1e");

    let failed = failure(br#"{"type":1,"invocationId":"1","target":"count","arguments":[1]}"#);
    assert!(matches!(failed, Failed::Bind(BindError::Count { provided: 1, expected: 0 })), "{failed:?}");
}

#[test]
fn the_context_is_that_of_the_connection() {
    let answer = answer(Json, br#"{"type":1,"invocationId":"1","target":"GREET","arguments":["Bo"]}"#);
    assert_eq!(answer, br#"{"type":3,"invocationId":"1","result":"ada greets Some(\"Bo\")"}"#.with_end());
}

#[test]
fn null_binds_to_an_option_alone() {
    let answer = answer(Json, br#"{"type":1,"invocationId":"1","target":"greet","arguments":[null]}"#);
    assert_eq!(answer, br#"{"type":3,"invocationId":"1","result":"ada greets None"}"#.with_end());

    let failed = failure(br#"{"type":1,"invocationId":"1","target":"SendMessage","arguments":["a",null]}"#);
    assert!(matches!(failed, Failed::Bind(BindError::Types(_))), "{failed:?}");
}

#[test]
fn a_wrong_number_of_arguments_fails_to_bind() {
    let failed = failure(br#"{"type":1,"invocationId":"1","target":"SendMessage","arguments":["a"]}"#);
    assert!(matches!(failed, Failed::Bind(BindError::Count { provided: 1, expected: 2 })), "{failed:?}");
}

#[test]
fn a_hub_error_is_shown_and_any_other_hidden() {
    let failed = failure(br#"{"type":1,"invocationId":"1","target":"SendMessage","arguments":["","b"]}"#);
    assert!(
        matches!(&failed, Failed::Call(CallFailure::Method(CallError::Shown(text))) if text == "Choose a room first."),
        "{failed:?}"
    );

    let failed = failure(br#"{"type":1,"invocationId":"1","target":"Store","arguments":[]}"#);
    let Failed::Call(CallFailure::Method(CallError::Hidden(error))) = failed else { panic!("{failed:?}") };
    assert_eq!(error.to_string(), "the disk is full");
}

#[test]
fn a_method_of_a_configuration_that_is_off_is_not_there() {
    let failed = failure(br#"{"type":1,"invocationId":"1","target":"Absent","arguments":[]}"#);
    assert!(matches!(failed, Failed::NoMethod), "{failed:?}");
}

#[test]
fn a_proxy_sends_the_wire_name_and_the_arguments_in_order() {
    let connection = FakeConnection::new(Json);
    let cx = context::<dyn ChatClient>(&connection);
    finish(cx.clients().group("tea").receive_message("ada".into(), "hello".into())).expect("encodable");
    finish(cx.clients().all().got(None)).expect("encodable");
    finish(cx.caller().cleared()).expect("encodable");
    assert_eq!(
        connection.sent(),
        [
            r#"Group("tea") <- {"type":1,"target":"ReceiveMessage","arguments":["ada","hello"]}"#,
            r#"All <- {"type":1,"target":"receive","arguments":[null]}"#,
            r#"Connection(ConnectionId(AAAAAAAAAAAAAAAAAAAAAA)) <- {"type":1,"target":"Cleared","arguments":[]}"#,
        ]
    );
}

#[test]
fn a_hub_method_reaches_the_clients() {
    let connection = FakeConnection::new(MessagePack);
    // [1, {}, nil, "SendMessage", ["tea", "hello"]]
    let message = framed(MessagePack, b"\x95\x01\x80\xc0\xabSendMessage\x92\xa3tea\xa5hello");
    let answer = call(&Chat::default().into_hub(), &connection, &message).expect("a good call");
    assert_eq!(answer, b"");
    assert_eq!(
        connection.sent(),
        [r#"Group("tea") <- {"type":1,"target":"ReceiveMessage","arguments":["ada","hello"]}"#]
    );
}

#[test]
fn the_hooks_are_called_on_the_object_that_answers() {
    let connection = FakeConnection::new(Json);
    let definition = Chat::default().into_hub();
    let count = framed(Json, br#"{"type":1,"invocationId":"1","target":"Count","arguments":[]}"#);

    finish(definition.connected(&context(&connection))).expect("the hook succeeds");
    let one = call(&definition, &connection, &count).expect("a good call");
    assert_eq!(one, b"{\"type\":3,\"invocationId\":\"1\",\"result\":1}\x1e");

    let gone = finish(definition.disconnected(&context(&connection), DisconnectReason::Aborted));
    assert!(matches!(&gone, Err(CallError::Shown(text)) if text == "gone"), "{gone:?}");
    let none = call(&definition, &connection, &count).expect("a good call");
    assert_eq!(none, b"{\"type\":3,\"invocationId\":\"1\",\"result\":0}\x1e");
    assert_eq!(
        connection.sent(),
        [
            r#"Connection(ConnectionId(AAAAAAAAAAAAAAAAAAAAAA)) <- {"type":1,"target":"Cleared","arguments":[]}"#,
            r#"All <- {"type":1,"target":"receive","arguments":["Aborted"]}"#,
        ]
    );
}

#[test]
fn a_hub_without_hooks_welcomes_everyone() {
    #[hubcast_macros::hub]
    trait Silent {}
    struct Nothing;
    impl Silent for Nothing {}

    let connection = FakeConnection::new(Json);
    let definition = Nothing.into_hub();
    finish(definition.connected(&context(&connection))).expect("nothing fails");
    finish(definition.disconnected(&context(&connection), DisconnectReason::ClosedByClient))
        .expect("nothing fails");
    assert_eq!(connection.sent(), [""; 0]);
}

fn answer(protocol: HubProtocol, message: &[u8]) -> Vec<u8> {
    let connection = FakeConnection::new(protocol);
    call(&Chat::default().into_hub(), &connection, &framed(protocol, message)).expect("a good call")
}

fn failure(message: &[u8]) -> Failed {
    let connection = FakeConnection::new(Json);
    call(&Chat::default().into_hub(), &connection, &framed(Json, message)).expect_err("a bad call")
}

fn framed(protocol: HubProtocol, message: &[u8]) -> Vec<u8> {
    match protocol {
        Json => message.with_end(),
        MessagePack => {
            let length =
                u8::try_from(message.len()).ok().filter(|length| *length < 0x80).expect("a short message");
            [&[length], message].concat()
        }
    }
}

/// Appends the end of a JSON message.
trait WithEnd {
    fn with_end(&self) -> Vec<u8>;
}

impl WithEnd for [u8] {
    fn with_end(&self) -> Vec<u8> {
        [self, b"\x1e"].concat()
    }
}
