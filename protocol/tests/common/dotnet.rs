//! What the tests of .NET's names share: values with names to convert, and the ways to write and read them.

use std::error::Error;
use std::fmt::Debug;

use hubcast_protocol::{BindError, Codec, CompletionOutcome, HubMessage, HubProtocol, PayloadNames};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Serialize, Deserialize, PartialEq, Debug)]
pub(crate) struct User {
    pub(crate) user_name: String,
    #[serde(rename = "URLValue")]
    pub(crate) url_value: String,
    pub(crate) kind: Kind,
}

pub(crate) fn user() -> User {
    User { user_name: "Ada".into(), url_value: "/".into(), kind: Kind::InProgress }
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    Done,
    InProgress,
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Debug)]
pub(crate) struct Point {
    pub(crate) line_no: i32,
}

#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
pub(crate) enum Shape {
    Plain(Point),
    Numbered(i32, Point),
    Outlined { first_point: Point },
}

pub(crate) fn dotnet(protocol: HubProtocol) -> Codec {
    Codec::new(protocol, PayloadNames::DotNet)
}

/// The message of a result.
pub(crate) fn result<T: Serialize>(codec: Codec, value: &T) -> Vec<u8> {
    let mut message = Vec::new();
    codec.write_result(&mut message, "1", value).expect("the value can be written");
    message
}

pub(crate) fn whole(codec: Codec, message: &[u8]) -> HubMessage<'_> {
    let split = codec.split(message, None).expect("the framing is right").expect("the message is whole");
    codec.decode(split.payload).expect("the message is right").expect("the type is known")
}

/// Reads the result in a message.
pub(crate) fn decode<T: DeserializeOwned>(codec: Codec, message: &[u8]) -> Result<T, BindError> {
    let HubMessage::Completion(completion) = whole(codec, message) else {
        panic!("a completion was written");
    };
    let CompletionOutcome::Result(payload) = completion.outcome else {
        panic!("a result was written");
    };
    payload.decode()
}

/// Reads, with .NET's names, what is sent as it stands.
pub(crate) fn bind<T: DeserializeOwned>(protocol: HubProtocol, sent: &Value) -> Result<T, BindError> {
    decode(dotnet(protocol), &result(Codec::from(protocol), sent))
}

pub(crate) fn assert_reads<T: DeserializeOwned + PartialEq + Debug>(
    protocol: HubProtocol,
    sent: &Value,
    value: &T,
) {
    match bind::<T>(protocol, sent) {
        Ok(bound) => assert_eq!(&bound, value, "{sent} in {protocol:?}"),
        Err(error) => panic!("{sent} in {protocol:?}: {}", reason(&error)),
    }
}

pub(crate) fn assert_refused<T: Debug>(bound: Result<T, BindError>, why: &str) {
    let error = bound.expect_err("it is refused");
    assert!(reason(&error).starts_with(why), "{} should be {why}", reason(&error));
}

pub(crate) fn reason(error: &BindError) -> String {
    error.source().expect("it keeps what serde said").to_string()
}
