//! What the tests over recorded vectors share: the files, hex, JSON that keeps its order, and messages put into words.

#![expect(dead_code, reason = "each test binary uses a part")]

pub(crate) mod dotnet;

use std::collections::BTreeMap;
use std::fmt;

use hubcast_protocol::{
    Arguments, CompletionOutcome, Headers, HubMessage, HubProtocol, Invocation, Payload, StreamIds,
};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

pub(crate) const BOTH: [HubProtocol; 2] = [HubProtocol::Json, HubProtocol::MessagePack];

/// The messages that .NET wrote.
#[derive(serde::Deserialize)]
pub(crate) struct Written {
    pub(crate) handshake: WrittenHandshake,
    pub(crate) messages: Vec<WrittenMessage>,
}

#[derive(serde::Deserialize)]
pub(crate) struct WrittenHandshake {
    pub(crate) request: String,
    pub(crate) accepted: String,
    pub(crate) refused: String,
}

#[derive(serde::Deserialize)]
pub(crate) struct WrittenMessage {
    pub(crate) name: String,
    pub(crate) json: String,
    pub(crate) messagepack: String,
}

impl WrittenMessage {
    pub(crate) fn bytes(&self, protocol: HubProtocol) -> Vec<u8> {
        match protocol {
            HubProtocol::Json => self.json.clone().into_bytes(),
            HubProtocol::MessagePack => unhex(&self.messagepack),
        }
    }
}

/// What .NET made of messages, most of them bad.
#[derive(serde::Deserialize)]
pub(crate) struct Readings {
    pub(crate) handshakes: Vec<Reading>,
    pub(crate) json: Vec<Reading>,
    pub(crate) json_bytes: Vec<Reading>,
    pub(crate) messagepack: Vec<Reading>,
}

#[derive(serde::Deserialize)]
pub(crate) struct Reading {
    pub(crate) text: Option<String>,
    pub(crate) hex: Option<String>,
    pub(crate) reads_as: String,
}

impl Reading {
    /// The bytes as they were on the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match (&self.text, &self.hex) {
            (Some(text), None) => format!("{text}\u{1e}").into_bytes(),
            (None, Some(hex)) => unhex(hex),
            (Some(_), Some(_)) | (None, None) => panic!("a reading is a text or bytes"),
        }
    }
}

pub(crate) fn written() -> Written {
    serde_json::from_str(include_str!("../../../tests/vectors/hub-messages.json"))
        .expect("the file is as described")
}

pub(crate) fn readings() -> Readings {
    serde_json::from_str(include_str!("../../../tests/vectors/reading.json"))
        .expect("the file is as described")
}

pub(crate) fn unhex(hex: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
    (0..hex.len()).step_by(2).map(digit).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads the one message that `bytes` are.
pub(crate) fn read(protocol: HubProtocol, bytes: &[u8]) -> HubMessage<'_> {
    let split = protocol.split(bytes, None).expect("the framing is right").expect("the message is whole");
    assert_eq!(split.consumed, bytes.len(), "one message and no more");
    protocol.decode(split.payload).expect("the message is right").expect("the type is known")
}

/// A message in the words of `reading.json`, with its payloads as JSON.
pub(crate) fn describe(message: &HubMessage<'_>) -> String {
    match message {
        HubMessage::Invocation(invocation) => format!("invocation {}", describe_call(invocation)),
        HubMessage::StreamInvocation(invocation) => {
            format!("stream invocation {}", describe_call(invocation))
        }
        HubMessage::StreamItem(item) => {
            format!("stream item {} {}{}", item.invocation_id, value(&item.item), headers(&item.headers))
        }
        HubMessage::Completion(completion) => {
            let outcome = match &completion.outcome {
                CompletionOutcome::Void => "void".to_owned(),
                CompletionOutcome::Result(result) => format!("result {}", value(result)),
                CompletionOutcome::Error(error) => format!("error {error}"),
            };
            format!("completion {} {outcome}{}", completion.invocation_id, headers(&completion.headers))
        }
        HubMessage::CancelInvocation(cancel) => {
            format!("cancel {}{}", cancel.invocation_id, headers(&cancel.headers))
        }
        HubMessage::Ping => "ping".to_owned(),
        HubMessage::Close(close) => {
            let allow_reconnect = if close.allow_reconnect { "True" } else { "False" };
            format!(
                "close, error {}, allowReconnect {allow_reconnect}",
                close.error.as_deref().unwrap_or("none")
            )
        }
        HubMessage::Ack(ack) => format!("ack {}", ack.sequence_id),
        HubMessage::Sequence(sequence) => format!("sequence {}", sequence.sequence_id),
    }
}

/// An invocation without its kind.
pub(crate) fn describe_call(invocation: &Invocation<'_>) -> String {
    let id = invocation.invocation_id.as_deref().unwrap_or("none");
    let arguments = arguments(&invocation.arguments);
    let (ids, headers) = (stream_ids(&invocation.stream_ids), headers(&invocation.headers));
    format!("{id} {} {arguments}{ids}{headers}", invocation.target)
}

fn arguments(arguments: &Arguments<'_>) -> String {
    let values: Vec<serde_json::Value> =
        arguments.decode(arguments.count()).expect("the arguments are values");
    serde_json::Value::from(values).to_string()
}

fn value(payload: &Payload<'_>) -> String {
    payload.decode::<serde_json::Value>().expect("the payload is a value").to_string()
}

fn stream_ids(ids: &StreamIds<'_>) -> String {
    assert_eq!(ids.iter().count(), ids.len());
    if ids.is_empty() {
        return String::new();
    }
    format!(" streams {}", ids.iter().collect::<Vec<_>>().join(","))
}

fn headers(headers: &Headers<'_>) -> String {
    assert_eq!(headers.iter().count(), headers.len());
    if headers.is_empty() {
        return String::new();
    }
    let map: BTreeMap<_, _> = headers.iter().collect();
    format!(" headers {}", serde_json::to_string(&map).expect("texts are JSON"))
}

/// JSON as a value whose keys keep their order. Numbers are compared as numbers: 1 is 1.0.
#[derive(Debug, PartialEq)]
pub(crate) enum OrderedJson {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl OrderedJson {
    pub(crate) fn of_record(record: &[u8]) -> Self {
        let text = record.strip_suffix(&[0x1e]).expect("a record ends with its separator");
        serde_json::from_slice(text).expect("a record holds JSON")
    }
}

impl<'de> Deserialize<'de> for OrderedJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OrderedVisitor)
    }
}

struct OrderedVisitor;

impl<'de> Visitor<'de> for OrderedVisitor {
    type Value = OrderedJson;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<OrderedJson, E> {
        Ok(OrderedJson::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<OrderedJson, E> {
        Ok(OrderedJson::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<OrderedJson, E> {
        Ok(OrderedJson::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<OrderedJson, E> {
        Ok(OrderedJson::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<OrderedJson, E> {
        Ok(OrderedJson::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<OrderedJson, E> {
        Ok(OrderedJson::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<OrderedJson, A::Error> {
        let mut array = Vec::new();
        while let Some(element) = elements.next_element()? {
            array.push(element);
        }
        Ok(OrderedJson::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<OrderedJson, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(OrderedJson::Object(object))
    }
}
