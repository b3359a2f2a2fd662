//! A hub message in words, and written again from what was read of it.

use std::fmt::Write as _;

use hubcast_protocol::{
    Arguments, CompletionOutcome, Headers, HubMessage, HubProtocol, Invocation, InvocationHead, Payload,
    StreamIds,
};
use serde_json::Value;

/// All that a message says, or `None` if a payload is no JSON value: MessagePack has more, and so has JSON's grammar.
pub(crate) fn describe(message: &HubMessage<'_>) -> Option<String> {
    Some(match message {
        HubMessage::Invocation(call) => format!("invocation {}", describe_call(call)?),
        HubMessage::StreamInvocation(call) => format!("stream invocation {}", describe_call(call)?),
        HubMessage::StreamItem(item) => {
            let value = value(&item.item)?;
            format!("item of {:?}: {value}{}", item.invocation_id, headers(&item.headers))
        }
        HubMessage::Completion(completion) => {
            let outcome = match &completion.outcome {
                CompletionOutcome::Void => "void".to_owned(),
                CompletionOutcome::Result(result) => format!("result {}", value(result)?),
                CompletionOutcome::Error(error) => format!("error {error:?}"),
            };
            format!("completion of {:?}: {outcome}{}", completion.invocation_id, headers(&completion.headers))
        }
        HubMessage::CancelInvocation(cancel) => {
            format!("cancel {:?}{}", cancel.invocation_id, headers(&cancel.headers))
        }
        HubMessage::Ping => "ping".to_owned(),
        HubMessage::Close(close) => format!("close {:?} {}", close.error, close.allow_reconnect),
        HubMessage::Ack(ack) => format!("ack {}", ack.sequence_id),
        HubMessage::Sequence(sequence) => format!("sequence {}", sequence.sequence_id),
    })
}

/// Appends the message as `protocol` writes it. Its payloads have to be JSON values.
pub(crate) fn write(protocol: HubProtocol, message: &HubMessage<'_>, out: &mut Vec<u8>) {
    match message {
        HubMessage::Invocation(call) => write_call(protocol, call, false, out),
        HubMessage::StreamInvocation(call) => write_call(protocol, call, true, out),
        HubMessage::StreamItem(item) => with_headers(&item.headers, |headers| {
            let value = value(&item.item).expect("it could be described");
            protocol
                .with_headers(headers)
                .write_stream_item(out, &item.invocation_id, &value)
                .expect("a value can be written");
        }),
        HubMessage::Completion(completion) => with_headers(&completion.headers, |headers| {
            let (writer, id) = (protocol.with_headers(headers), &completion.invocation_id);
            match &completion.outcome {
                CompletionOutcome::Void => writer.write_void(out, id),
                CompletionOutcome::Error(error) => writer.write_error(out, id, error),
                CompletionOutcome::Result(result) => {
                    let value = value(result).expect("it could be described");
                    writer.write_result(out, id, &value).expect("a value can be written");
                }
            }
        }),
        HubMessage::CancelInvocation(cancel) => with_headers(&cancel.headers, |headers| {
            protocol.with_headers(headers).write_cancel_invocation(out, &cancel.invocation_id);
        }),
        HubMessage::Ping => protocol.write_ping(out),
        HubMessage::Close(close) => protocol.write_close(out, close.error.as_deref(), close.allow_reconnect),
        HubMessage::Ack(ack) => protocol.write_ack(out, ack.sequence_id),
        HubMessage::Sequence(sequence) => protocol.write_sequence(out, sequence.sequence_id),
    }
}

fn write_call(protocol: HubProtocol, call: &Invocation<'_>, streams: bool, out: &mut Vec<u8>) {
    let arguments = arguments(&call.arguments).expect("it could be described");
    let ids: Vec<_> = call.stream_ids.iter().collect();
    let stream_ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
    with_headers(&call.headers, |headers| {
        let head = InvocationHead {
            invocation_id: call.invocation_id.as_deref(),
            target: &call.target,
            headers,
            stream_ids: &stream_ids,
        };
        let written = if streams {
            protocol.write_stream_invocation(out, &head, &arguments)
        } else {
            protocol.write_invocation(out, &head, &arguments)
        };
        written.expect("values can be written");
    });
}

fn with_headers(headers: &Headers<'_>, act: impl FnOnce(&[(&str, &str)])) {
    let owned: Vec<_> = headers.iter().collect();
    let borrowed: Vec<_> = owned.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    act(&borrowed);
}

fn describe_call(call: &Invocation<'_>) -> Option<String> {
    let arguments = Value::from(arguments(&call.arguments)?);
    let ids = stream_ids(&call.stream_ids);
    Some(format!("{:?} {:?} {arguments}{ids}{}", call.invocation_id, call.target, headers(&call.headers)))
}

fn arguments(arguments: &Arguments<'_>) -> Option<Vec<Value>> {
    if arguments.is_malformed() {
        return None;
    }
    arguments.decode(arguments.count()).ok()
}

fn value(payload: &Payload<'_>) -> Option<Value> {
    payload.decode().ok()
}

fn stream_ids(ids: &StreamIds<'_>) -> String {
    assert_eq!(ids.iter().count(), ids.len());
    ids.iter().fold(String::new(), |mut words, id| {
        write!(words, " stream {id:?}").expect("a string takes it");
        words
    })
}

fn headers(headers: &Headers<'_>) -> String {
    assert_eq!(headers.iter().count(), headers.len());
    headers.iter().fold(String::new(), |mut words, (name, value)| {
        write!(words, " header {name:?}: {value:?}").expect("a string takes it");
        words
    })
}
