//! Every reading of `tests/vectors/reading.json` gets the verdict that .NET gave.
//!
//! The hub is the one that the file names. Wordings of protocol errors are ours; the two binding texts are .NET's.

mod common;

use common::{Reading, describe, describe_call, readings};
use hubcast_protocol::{
    BindError, CompletionOutcome, HandshakeRequest, HubMessage, HubProtocol, Invocation, ProtocolError,
};

/// Where we are stricter than .NET, and what we say.
const STRICTER: [(&str, &str); 1] = [
    // A record is one JSON text. .NET stops at the end of the first value and never sees the rest.
    (r#"{"type":6}{"type":6}"#, "connection closed"),
];

#[test]
fn handshakes_are_accepted_and_refused_as_recorded() {
    for reading in readings().handshakes {
        let verdict = match HandshakeRequest::parse(&reading.bytes(), None) {
            Ok(Some((request, _))) => format!("protocol {}, version {}", request.protocol, request.version),
            Ok(None) => "incomplete".to_owned(),
            Err(error) => format!("refused: {error}"),
        };
        assert_same(&reading, &verdict);
    }
}

#[test]
fn json_texts_read_as_recorded() {
    let readings = readings();
    for reading in readings.json.iter().chain(&readings.json_bytes) {
        assert_same(reading, &verdict(HubProtocol::Json, &reading.bytes()));
    }
}

#[test]
fn messagepack_bytes_read_as_recorded() {
    for reading in readings().messagepack {
        assert_same(&reading, &verdict(HubProtocol::MessagePack, &reading.bytes()));
    }
}

#[test]
fn the_file_holds_what_was_recorded() {
    let readings = readings();
    let counts =
        [&readings.handshakes, &readings.json, &readings.json_bytes, &readings.messagepack].map(Vec::len);
    assert_eq!(counts, [14, 93, 5, 95]);
}

/// Fails unless both verdicts are of the same kind, about the same message, and in the same words if clients see them.
fn assert_same(reading: &Reading, verdict: &str) {
    let text = reading.text.as_deref();
    let stricter = STRICTER.iter().find(|(input, _)| text == Some(input));
    let expected = stricter.map_or(reading.reads_as.as_str(), |(_, verdict)| verdict);
    let input = text.or(reading.hex.as_deref());
    let clients_see_it = ["argument(s) but target expects", "Error binding arguments. "];
    let exact = clients_see_it.iter().any(|text| expected.contains(text));
    let (verdict, expected) =
        if exact { (verdict, expected) } else { (without_wording(verdict), without_wording(expected)) };
    // An empty invocation id wants no answer, like none; we read both as none.
    let expected = expected.replace("invocation  ", "invocation none ");
    assert_eq!(verdict, expected, "of {input:?}, which .NET reads as {}", reading.reads_as);
}

/// A verdict without what the reader may choose: how a parser says what is wrong.
fn without_wording(verdict: &str) -> &str {
    let kind = verdict.split_once(": ").map_or(verdict, |(kind, _)| kind);
    kind.split_once(" Error trying to deserialize").map_or(kind, |(kind, _)| kind)
}

fn verdict(protocol: HubProtocol, bytes: &[u8]) -> String {
    match protocol.split(bytes, None) {
        Ok(None) => "incomplete".to_owned(),
        Ok(Some(split)) => {
            let verdict = match protocol.decode(split.payload) {
                Ok(None) => "ignored".to_owned(),
                Ok(Some(message)) => dispatch(&message),
                Err(error) => closed(error),
            };
            match bytes.len() - split.consumed {
                0 => verdict,
                left => format!("{verdict}, {left} bytes left"),
            }
        }
        Err(error) => closed(error),
    }
}

fn closed(error: ProtocolError) -> String {
    format!("connection closed: {error}")
}

fn dispatch(message: &HubMessage<'_>) -> String {
    match message {
        HubMessage::Invocation(invocation) | HubMessage::StreamInvocation(invocation) => {
            match bind(invocation) {
                Ok(()) => describe(message),
                Err(error) => {
                    let id = invocation.invocation_id.as_deref().unwrap_or("none");
                    format!("binding failure, invocationId {id}, target {}: {error}", invocation.target)
                }
            }
        }
        HubMessage::StreamItem(item) if item.invocation_id != "s" => {
            format!("stream item binding failure, id {}: no such stream", item.invocation_id)
        }
        HubMessage::StreamItem(item) => match item.item.decode::<i32>() {
            Ok(_) => describe(message),
            Err(error) => format!("stream item binding failure, id s: {error}"),
        },
        HubMessage::Completion(completion) => match &completion.outcome {
            CompletionOutcome::Result(_) if completion.invocation_id != "r" => {
                format!("completion {} result null", completion.invocation_id)
            }
            CompletionOutcome::Result(result) => match result.decode::<i32>() {
                Ok(_) => describe(message),
                Err(error) => format!("completion r error Error trying to deserialize: {error}"),
            },
            CompletionOutcome::Void | CompletionOutcome::Error(_) => describe(message),
        },
        HubMessage::CancelInvocation(_)
        | HubMessage::Ping
        | HubMessage::Close(_)
        | HubMessage::Ack(_)
        | HubMessage::Sequence(_) => describe(message),
    }
}

fn bind(invocation: &Invocation<'_>) -> Result<(), String> {
    let bound: Result<(), BindError> = match invocation.target.to_ascii_lowercase().as_str() {
        "send" => invocation.arguments.decode::<(Option<String>,)>(1).map(|_| ()),
        "add" => invocation.arguments.decode::<(i32, i32)>(2).map(|_| ()),
        "any" => invocation.arguments.decode::<(serde_json::Value,)>(1).map(|_| ()),
        _ => return Err("Method does not exist.".to_owned()),
    };
    bound.map_err(|error| error.to_string())
}

#[test]
fn a_call_is_described_in_the_words_of_the_file() {
    let record = br#"{"type":4,"invocationId":"1","target":"t","arguments":[1],"streamIds":["a","b"],"headers":{"k":"v"}}"#;
    let Ok(Some(HubMessage::StreamInvocation(call))) = HubProtocol::Json.decode(record) else {
        panic!("the record is a stream invocation");
    };
    assert_eq!(describe_call(&call), r#"1 t [1] streams a,b headers {"k":"v"}"#);
}
