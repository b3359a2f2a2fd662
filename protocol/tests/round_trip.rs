//! Whatever is written is read back, however the bytes arrive, and whatever arrives never panics.

mod common;

use common::{BOTH, describe, read};
use hubcast_protocol::{
    EncodeError, HandshakeRequest, HandshakeResponse, HubProtocol, InvocationHead, ProtocolError,
};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

/// A message that can be written and put into the words of [`describe`].
#[derive(Clone, Debug)]
enum Message {
    Invocation {
        stream: bool,
        id: Option<String>,
        target: String,
        arguments: Vec<Value>,
        streams: Vec<String>,
    },
    StreamItem {
        id: String,
        item: Value,
    },
    Result {
        id: String,
        result: Value,
    },
    Void {
        id: String,
    },
    Error {
        id: String,
        error: String,
    },
    CancelInvocation {
        id: String,
    },
    Ping,
    Close {
        error: Option<String>,
        allow_reconnect: bool,
    },
    Ack {
        sequence_id: i64,
    },
    Sequence {
        sequence_id: i64,
    },
}

type Headers = Vec<(String, String)>;

impl Message {
    fn write(&self, protocol: HubProtocol, headers: &Headers, out: &mut Vec<u8>) {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let with_headers = protocol.with_headers(&headers);
        match self {
            Self::Invocation { stream, id, target, arguments, streams } => {
                let stream_ids: Vec<_> = streams.iter().map(String::as_str).collect();
                let (invocation_id, stream_ids) = (id.as_deref(), stream_ids.as_slice());
                let head = InvocationHead { invocation_id, target, headers: &headers, stream_ids };
                if *stream {
                    protocol.write_stream_invocation(out, &head, arguments)
                } else {
                    protocol.write_invocation(out, &head, arguments)
                }
                .expect("the arguments can be written");
            }
            Self::StreamItem { id, item } => with_headers.write_stream_item(out, id, item).expect("a value"),
            Self::Result { id, result } => with_headers.write_result(out, id, result).expect("a value"),
            Self::Void { id } => with_headers.write_void(out, id),
            Self::Error { id, error } => with_headers.write_error(out, id, error),
            Self::CancelInvocation { id } => with_headers.write_cancel_invocation(out, id),
            Self::Ping => protocol.write_ping(out),
            Self::Close { error, allow_reconnect } => {
                protocol.write_close(out, error.as_deref(), *allow_reconnect)
            }
            Self::Ack { sequence_id } => protocol.write_ack(out, *sequence_id),
            Self::Sequence { sequence_id } => protocol.write_sequence(out, *sequence_id),
        }
    }

    fn words(&self, headers: &Headers) -> String {
        let map: std::collections::BTreeMap<_, _> = headers.iter().cloned().collect();
        let headers = match serde_json::to_string(&map).expect("texts") {
            _ if headers.is_empty() => String::new(),
            map => format!(" headers {map}"),
        };
        match self {
            Self::Invocation { stream, id, target, arguments, streams } => {
                let kind = if *stream { "stream invocation" } else { "invocation" };
                let id = id.as_deref().unwrap_or("none");
                let arguments = Value::from(arguments.clone());
                let streams = if streams.is_empty() {
                    String::new()
                } else {
                    format!(" streams {}", streams.join(","))
                };
                format!("{kind} {id} {target} {arguments}{streams}{headers}")
            }
            Self::StreamItem { id, item } => format!("stream item {id} {item}{headers}"),
            Self::Result { id, result } => format!("completion {id} result {result}{headers}"),
            Self::Void { id } => format!("completion {id} void{headers}"),
            Self::Error { id, error } => format!("completion {id} error {error}{headers}"),
            Self::CancelInvocation { id } => format!("cancel {id}{headers}"),
            Self::Ping => "ping".to_owned(),
            Self::Close { error, allow_reconnect } => {
                let allow_reconnect = if *allow_reconnect { "True" } else { "False" };
                format!(
                    "close, error {}, allowReconnect {allow_reconnect}",
                    error.as_deref().unwrap_or("none")
                )
            }
            Self::Ack { sequence_id } => format!("ack {sequence_id}"),
            Self::Sequence { sequence_id } => format!("sequence {sequence_id}"),
        }
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-zA-Z0-9]{1,20}", 1 => "\\PC{1,40}", 1 => "[\"\\\\\u{0}-\u{1f}é✓😀]{1,12}"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(|number: f64| Value::from(number.round() / 4.0)),
        text().prop_map(Value::from),
        Just(Value::from("")),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((text(), inner), 0..6).prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}

fn message() -> impl Strategy<Value = Message> {
    let invocation =
        (any::<bool>(), proptest::option::of(text()), text(), vec(value(), 0..4), vec(text(), 0..3))
            .prop_map(|(stream, id, target, arguments, streams)| {
                let id = if stream { id.or_else(|| Some("1".to_owned())) } else { id };
                Message::Invocation { stream, id, target, arguments, streams }
            });
    prop_oneof![
        4 => invocation,
        1 => (text(), value()).prop_map(|(id, item)| Message::StreamItem { id, item }),
        1 => (text(), value()).prop_map(|(id, result)| Message::Result { id, result }),
        1 => text().prop_map(|id| Message::Void { id }),
        1 => (text(), text()).prop_map(|(id, error)| Message::Error { id, error }),
        1 => text().prop_map(|id| Message::CancelInvocation { id }),
        1 => Just(Message::Ping),
        1 => (proptest::option::of(text()), any::<bool>())
            .prop_map(|(error, allow_reconnect)| Message::Close { error, allow_reconnect }),
        1 => any::<i64>().prop_map(|sequence_id| Message::Ack { sequence_id }),
        1 => any::<i64>().prop_map(|sequence_id| Message::Sequence { sequence_id }),
    ]
}

fn headers() -> impl Strategy<Value = Headers> {
    prop_oneof![3 => Just(Vec::new()), 1 => vec((text(), text()), 1..4)]
}

/// The kinds without headers are written without.
fn headed(message: &Message, headers: Headers) -> Headers {
    match message {
        Message::Ping | Message::Close { .. } | Message::Ack { .. } | Message::Sequence { .. } => Vec::new(),
        Message::Invocation { .. }
        | Message::StreamItem { .. }
        | Message::Result { .. }
        | Message::Void { .. }
        | Message::Error { .. }
        | Message::CancelInvocation { .. } => headers,
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(message in message(), headers in headers()) {
        let headers = headed(&message, headers);
        for protocol in BOTH {
            let mut out = Vec::new();
            message.write(protocol, &headers, &mut out);
            prop_assert_eq!(describe(&read(protocol, &out)), message.words(&headers));
        }
    }

    #[test]
    fn messages_arrive_whole_wherever_the_bytes_are_cut(messages in vec(message(), 1..4)) {
        for protocol in BOTH {
            let (mut out, mut ends) = (Vec::new(), vec![]);
            for message in &messages {
                message.write(protocol, &Vec::new(), &mut out);
                ends.push(out.len());
            }
            let first = protocol.split(&out, None).expect("right").expect("whole");
            prop_assert_eq!(first.consumed, ends[0]);
            for cut in 0..=out.len() {
                let split = protocol.split(&out[..cut], Some(ends[0])).expect("within the limit");
                prop_assert_eq!(split, (cut >= ends[0]).then_some(first));
            }
            let mut start = 0;
            for end in ends {
                let split = protocol.split(&out[start..], None).expect("right").expect("whole");
                start += split.consumed;
                prop_assert_eq!(start, end);
            }
        }
    }

    #[test]
    fn a_message_longer_than_the_limit_is_refused_before_it_is_whole(message in message(), spare in 0_usize..8) {
        for protocol in BOTH {
            let mut out = Vec::new();
            message.write(protocol, &Vec::new(), &mut out);
            let limit = out.len() - 1;
            out.extend(vec![b'x'; spare]);
            prop_assert_eq!(protocol.split(&out, Some(limit)), Err(ProtocolError::MessageTooLarge { limit }));
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..200)) {
        read_anything(&bytes);
    }

    #[test]
    fn broken_messages_never_panic(message in message(), headers in headers(), at in any::<prop::sample::Index>(), byte: u8) {
        for protocol in BOTH {
            let mut out = Vec::new();
            message.write(protocol, &headed(&message, headers.clone()), &mut out);
            let at = at.index(out.len());
            read_anything(&out[..at]);
            out[at] = byte;
            read_anything(&out);
        }
    }
}

#[test]
fn a_length_prefix_tells_before_the_message_is_there() {
    let protocol = HubProtocol::MessagePack;
    assert_eq!(protocol.split(&[0x80, 0x02], Some(257)), Err(ProtocolError::MessageTooLarge { limit: 257 }));
    assert_eq!(protocol.split(&[0x80, 0x02], Some(258)), Ok(None));
    let two_gigabytes = [0x80, 0x80, 0x80, 0x80, 0x08];
    assert_eq!(protocol.split(&two_gigabytes, None), Err(ProtocolError::InvalidLengthPrefix));
}

#[test]
fn a_value_that_cannot_be_written_leaves_nothing_behind() {
    /// Something that no encoding takes.
    struct Refused;
    impl serde::Serialize for Refused {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("refused"))
        }
    }
    for protocol in BOTH {
        let mut out = b"before".to_vec();
        let head = InvocationHead::to("t");
        assert!(protocol.write_invocation(&mut out, &head, &(1, Refused)).is_err());
        assert!(protocol.write_stream_item(&mut out, "1", &(1, Refused)).is_err());
        assert!(protocol.write_result(&mut out, "1", &(1, Refused)).is_err());
        let alone = protocol.write_invocation(&mut out, &head, &"not in a tuple");
        assert!(matches!(alone, Err(EncodeError::ArgumentsNotASequence)));
        assert_eq!(out, b"before");
    }
}

#[test]
fn messages_of_every_length_of_prefix_are_written() {
    for length in [0, 100, 119, 120, 121, 127, 128, 16_000, 16_383, 16_384, 2_097_151, 2_097_152] {
        let mut out = b"before".to_vec();
        HubProtocol::MessagePack.write_error(&mut out, "1", &"a".repeat(length));
        let words = format!("completion 1 error {}", "a".repeat(length));
        assert_eq!(describe(&read(HubProtocol::MessagePack, &out[6..])), words);
    }
}

/// Does with the bytes all that a receiver may do.
fn read_anything(bytes: &[u8]) {
    for protocol in BOTH {
        if let Ok(Some(split)) = protocol.split(bytes, Some(150)) {
            assert!(split.consumed <= bytes.len());
        }
        if let Ok(Some(message)) = protocol.decode(bytes) {
            look_into(&message);
        }
    }
    let _: Result<_, ProtocolError> = HandshakeRequest::parse(bytes, Some(100));
    let _: Result<_, ProtocolError> = HandshakeResponse::parse(bytes, Some(100));
}

fn look_into(message: &hubcast_protocol::HubMessage<'_>) {
    use hubcast_protocol::{CompletionOutcome, HubMessage};
    match message {
        HubMessage::Invocation(invocation) | HubMessage::StreamInvocation(invocation) => {
            let arguments = &invocation.arguments;
            let bound = arguments.decode::<Vec<Value>>(arguments.count());
            assert!(!arguments.is_malformed() || bound.is_err());
            assert_eq!(invocation.headers.iter().count(), invocation.headers.len());
            assert_eq!(invocation.stream_ids.iter().count(), invocation.stream_ids.len());
        }
        HubMessage::StreamItem(item) => drop(item.item.decode::<Value>()),
        HubMessage::Completion(completion) => {
            if let CompletionOutcome::Result(result) = &completion.outcome {
                drop(result.decode::<Value>());
            }
        }
        HubMessage::CancelInvocation(_)
        | HubMessage::Ping
        | HubMessage::Close(_)
        | HubMessage::Ack(_)
        | HubMessage::Sequence(_) => {}
    }
}
