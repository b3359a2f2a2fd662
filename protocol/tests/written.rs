//! Every message of `tests/vectors/hub-messages.json` is read, and written again as .NET wrote it.
//!
//! MessagePack bytes are equal. JSON is equal as a value with its keys in the same order: .NET escapes other characters
//! and writes numbers in other ways than serde_json.

mod common;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use common::{BOTH, OrderedJson, Written, WrittenMessage, describe, hex, read, written};
use hubcast_protocol::{
    CompletionOutcome, EncodeArguments, HandshakeRequest, HandshakeResponse, HubMessage, HubProtocol,
    InvocationHead,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

const HEADERS: &[(&str, &str)] = &[("Foo", "Bar"), ("KeyWith\nNew\r\nLines", "ValueWith ✓")];

#[test]
fn handshakes_are_written_and_read_as_recorded() {
    let Written { handshake, .. } = written();
    let mut out = Vec::new();

    let request = HandshakeRequest { protocol: Cow::Borrowed("json"), version: 1 };
    request.write(&mut out);
    assert_eq!(out, handshake.request.as_bytes());
    let length = out.len();
    assert_eq!(HandshakeRequest::parse(&out, Some(length)), Ok(Some((request, length))));

    out.clear();
    HandshakeResponse::write_accepted(&mut out);
    assert_eq!(out, handshake.accepted.as_bytes());
    assert_eq!(HandshakeResponse::parse(&out, None), Ok(Some((HandshakeResponse { error: None }, 3))));

    out.clear();
    let refusal = HandshakeRequest { protocol: Cow::Borrowed("x"), version: 1 }
        .accept(&[], &[])
        .expect_err("no such thing");
    HandshakeResponse::write_refused(&mut out, &refusal.to_string());
    assert_eq!(out, handshake.refused.as_bytes());
    let (response, _) = HandshakeResponse::parse(&out, None).expect("it is right").expect("it is whole");
    assert_eq!(response.error.as_deref(), Some("The protocol 'x' is not supported."));
}

#[test]
fn every_kind_of_message_is_written_as_recorded() {
    for protocol in BOTH {
        for (name, write) in KINDS {
            let mut out = Vec::new();
            write(protocol, &mut out);
            assert_written(protocol, name, &out);
        }
    }
}

#[test]
fn both_encodings_of_a_message_read_the_same() {
    for (name, _) in KINDS {
        let message = recorded(name);
        let [json, messagepack] = BOTH.map(|protocol| message.bytes(protocol));
        assert_eq!(
            describe(&read(HubProtocol::Json, &json)),
            describe(&read(HubProtocol::MessagePack, &messagepack)),
            "{name}"
        );
    }
}

#[test]
fn arguments_are_read_and_written_as_recorded() {
    let mut arguments = Arguments::default();
    arguments.same("null", &None::<String>);
    arguments.same("true", &true);
    arguments.same("false", &false);
    for value in
        [0, 127, 128, 255, 256, 65535, 65536, 2_147_483_647, -1, -32, -33, -128, -129, -32768, -32769]
    {
        arguments.same(&format!("int {value}"), &value);
    }
    arguments.same("int min", &i32::MIN);
    arguments.same("long 4294967295", &4_294_967_295_i64);
    arguments.same("long 4294967296", &4_294_967_296_i64);
    arguments.same("long max", &i64::MAX);
    arguments.same("ulong max", &u64::MAX);
    arguments.same("long min", &i64::MIN);
    arguments.same("float 1.5", &1.5_f32);
    arguments.same("double 1.0", &1.0);
    arguments.same("double 0.1", &0.1);
    arguments.same("double 1e300", &1e300);
    arguments.different("decimal 12.50", &12.5, &"12.50".to_owned());
    arguments.same("empty string", &String::new());
    for length in [31, 32, 255, 256] {
        arguments.same(&format!("string {length} bytes"), &"a".repeat(length));
    }
    arguments.same("unicode", &"héllo ✓ 😀".to_owned());
    arguments.same("json specials", &"<a href='x'>&\"\\/\n\t\u{1}\u{1e}+`".to_owned());
    arguments.different("bytes 0", &String::new(), &ByteBuf::new());
    arguments.different("bytes 3", &"AQL/".to_owned(), &ByteBuf::from([1, 2, 0xff]));
    arguments.different("bytes 300", &"A".repeat(400), &ByteBuf::from([0; 300]));
    arguments.same("array 15", &(0..15).collect::<Vec<i32>>());
    arguments.same("array 16", &(0..16).collect::<Vec<i32>>());
    arguments.different("enum", &1, &Kind::Second);
    arguments.same("guid", &"01234567-89ab-cdef-0123-456789abcdef".to_owned());
    arguments.different(
        "DateTime utc seconds",
        &"2026-11-22T10:20:30Z".to_owned(),
        &timestamp(&[0x6b, 0x02, 0xc1, 0xee]),
    );
    arguments.different(
        "DateTime utc with ticks",
        &"2026-11-22T10:20:30.1234567Z".to_owned(),
        &timestamp(&[0x1d, 0x6f, 0x32, 0xf0, 0x6b, 0x02, 0xc1, 0xee]),
    );
    arguments.different(
        "DateTime before 1970",
        &"1960-01-01T00:00:00Z".to_owned(),
        &timestamp(&[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xed, 0x30, 0x08, 0x80]),
    );
    arguments.different(
        "DateTimeOffset +02:00",
        &"2026-11-22T10:20:30+02:00".to_owned(),
        &(timestamp(&[0x6b, 0x02, 0xc1, 0xee]), 120),
    );
    arguments.different("TimeSpan", &"1.02:03:04.0050000".to_owned(), &937_840_050_000_i64);
    arguments.different("DateOnly", &"2026-11-22".to_owned(), &739_941);
    arguments.different("char", &'x', &0x78);
    arguments.different("tuple (1, \"a\")", &BTreeMap::<String, i32>::new(), &(1, "a".to_owned()));
    arguments.different(
        "object with property names",
        &CamelPerson {
            first_name: "Ada".into(),
            age: 36,
            born: "1815-12-10T00:00:00Z".into(),
            kind: 1,
            nick: None,
        },
        &PascalPerson {
            first_name: "Ada".into(),
            age: 36,
            born: timestamp(&[0, 0, 0, 0, 0xff, 0xff, 0xff, 0xfe, 0xde, 0x37, 0xeb, 0x00]),
            kind: Kind::Second,
            nick: None,
        },
    );
    // The two that are missing are in the next test.
    arguments.seen.extend(["argument: nested".to_owned(), "argument: dictionary".to_owned()]);
    let recorded = written().messages.into_iter().map(|message| message.name);
    assert_eq!(arguments.seen, recorded.filter(|name| name.starts_with("argument: ")).collect());
}

/// MessagePack for C# writes an integer that it knows only as `object` in its type's full width, we in its smallest form.
#[test]
fn integers_of_a_fixed_width_are_read() {
    let nested = (1, "a".to_owned(), (true, None::<String>));
    argument_reads(HubProtocol::MessagePack, "argument: nested", &nested);
    argument_is_written(HubProtocol::Json, "argument: nested", &nested);
    argument_reads(HubProtocol::Json, "argument: nested", &nested);

    let dictionary = Dictionary { b: 1, a: "x".into(), nested: BTreeMap::from([("k".into(), vec![1, 2])]) };
    argument_reads(HubProtocol::MessagePack, "argument: dictionary", &dictionary);
    argument_is_written(HubProtocol::Json, "argument: dictionary", &dictionary);
    argument_reads(HubProtocol::Json, "argument: dictionary", &dictionary);
}

#[test]
fn results_are_read_and_written_as_recorded() {
    result("null", &None::<i64>);
    for value in [0_i64, 255, 65536, 4_294_967_296, -1, -128, -32769] {
        let width = if i32::try_from(value).is_ok() { "int" } else { "long" };
        result(&format!("{width} {value}"), &value);
    }
}

/// Writes a message as .NET was asked to.
type Write = fn(HubProtocol, &mut Vec<u8>);

const KINDS: &[(&str, Write)] = &[
    ("invocation, no wait", |protocol, out| call(protocol, out, &InvocationHead::to("send"), &("a", 1))),
    ("invocation, no arguments", |protocol, out| call(protocol, out, &InvocationHead::to("send"), &[(); 0])),
    ("invocation, wait", |protocol, out| call(protocol, out, &head("Send"), &("a",))),
    ("invocation, headers", |protocol, out| {
        call(protocol, out, &InvocationHead { headers: HEADERS, ..head("Send") }, &("a",));
    }),
    ("invocation, upload streams", |protocol, out| {
        call(protocol, out, &InvocationHead { stream_ids: &["1", "2"], ..head("Upload") }, &(7,));
    }),
    ("stream invocation", |protocol, out| stream(protocol, out, &head("Counter"), &(10, 500))),
    ("stream invocation, headers", |protocol, out| {
        stream(protocol, out, &InvocationHead { headers: HEADERS, ..head("Counter") }, &(10,));
    }),
    ("stream invocation, upload streams", |protocol, out| {
        stream(protocol, out, &InvocationHead { stream_ids: &["9"], ..head("Both") }, &[(); 0]);
    }),
    ("stream item", |protocol, out| protocol.write_stream_item(out, "42", &11).expect("a number")),
    ("stream item null", |protocol, out| protocol.write_stream_item(out, "42", &()).expect("null")),
    ("stream item, headers", |protocol, out| {
        protocol.with_headers(HEADERS).write_stream_item(out, "42", "x").expect("a text");
    }),
    ("completion, result", |protocol, out| protocol.write_result(out, "42", "ok").expect("a text")),
    ("completion, null result", |protocol, out| {
        protocol.write_result(out, "42", &None::<i32>).expect("null")
    }),
    ("completion, void", |protocol, out| protocol.write_void(out, "42")),
    ("completion, error", |protocol, out| protocol.write_error(out, "42", "An error: \"x\" <b>")),
    ("completion, headers", |protocol, out| {
        protocol.with_headers(HEADERS).write_result(out, "42", &1).expect("a number");
    }),
    ("cancel invocation", |protocol, out| protocol.write_cancel_invocation(out, "42")),
    ("cancel invocation, headers", |protocol, out| {
        protocol.with_headers(HEADERS).write_cancel_invocation(out, "42");
    }),
    ("ping", |protocol, out| protocol.write_ping(out)),
    ("close", |protocol, out| protocol.write_close(out, None, false)),
    ("close, error", |protocol, out| protocol.write_close(out, Some("gone"), false)),
    ("close, may reconnect", |protocol, out| protocol.write_close(out, None, true)),
    ("close, error, may reconnect", |protocol, out| protocol.write_close(out, Some("gone"), true)),
    ("ack", |protocol, out| protocol.write_ack(out, 1_234_567_890_123)),
    ("sequence", |protocol, out| protocol.write_sequence(out, 1)),
];

fn head(target: &str) -> InvocationHead<'_> {
    InvocationHead { invocation_id: Some("42"), ..InvocationHead::to(target) }
}

fn call(
    protocol: HubProtocol,
    out: &mut Vec<u8>,
    head: &InvocationHead<'_>,
    arguments: &dyn EncodeArguments,
) {
    protocol.write_invocation(out, head, arguments).expect("the arguments can be written");
}

fn stream(
    protocol: HubProtocol,
    out: &mut Vec<u8>,
    head: &InvocationHead<'_>,
    arguments: &dyn EncodeArguments,
) {
    protocol.write_stream_invocation(out, head, arguments).expect("the arguments can be written");
}

/// The arguments that a test has seen, by their recorded names.
#[derive(Default)]
struct Arguments {
    seen: BTreeSet<String>,
}

impl Arguments {
    /// An argument that is the same Rust value in both encodings.
    fn same<T: Serialize + DeserializeOwned + Sync + PartialEq + Debug>(&mut self, name: &str, value: &T) {
        self.different(name, value, value);
    }

    /// An argument that .NET writes differently in the two encodings.
    fn different<J, M>(&mut self, name: &str, json: &J, messagepack: &M)
    where
        J: Serialize + DeserializeOwned + Sync + PartialEq + Debug,
        M: Serialize + DeserializeOwned + Sync + PartialEq + Debug,
    {
        let name = format!("argument: {name}");
        argument_is_written(HubProtocol::Json, &name, json);
        argument_is_written(HubProtocol::MessagePack, &name, messagepack);
        argument_reads(HubProtocol::Json, &name, json);
        argument_reads(HubProtocol::MessagePack, &name, messagepack);
        self.seen.insert(name);
    }
}

fn argument_is_written<T: Serialize + Sync>(protocol: HubProtocol, name: &str, value: &T) {
    let mut out = Vec::new();
    call(protocol, &mut out, &InvocationHead::to("t"), &(value,));
    assert_written(protocol, name, &out);
}

fn argument_reads<T: DeserializeOwned + PartialEq + Debug>(protocol: HubProtocol, name: &str, value: &T) {
    let bytes = recorded(name).bytes(protocol);
    let HubMessage::Invocation(invocation) = read(protocol, &bytes) else {
        panic!("{name} is an invocation");
    };
    let (decoded,): (T,) = invocation.arguments.decode(1).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert_eq!(&decoded, value, "{name} in {protocol:?}");
}

fn result<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, value: &T) {
    let name = format!("result: {name}");
    for protocol in BOTH {
        let mut out = Vec::new();
        protocol.write_result(&mut out, "1", value).expect("the result can be written");
        assert_written(protocol, &name, &out);
        let HubMessage::Completion(completion) = read(protocol, &out) else {
            panic!("{name} is a completion");
        };
        let CompletionOutcome::Result(payload) = completion.outcome else {
            panic!("{name} has a result");
        };
        assert_eq!(&payload.decode::<T>().expect("the result fits"), value);
    }
}

fn assert_written(protocol: HubProtocol, name: &str, out: &[u8]) {
    let recorded = recorded(name);
    match protocol {
        HubProtocol::Json => {
            assert_eq!(
                OrderedJson::of_record(out),
                OrderedJson::of_record(recorded.json.as_bytes()),
                "{name}"
            );
        }
        HubProtocol::MessagePack => assert_eq!(hex(out), recorded.messagepack, "{name}"),
    }
}

fn recorded(name: &str) -> WrittenMessage {
    let message = written().messages.into_iter().find(|message| message.name == name);
    message.unwrap_or_else(|| panic!("{name:?} is recorded"))
}

/// MessagePack's extension type -1, in the spelling that rmp-serde knows.
fn timestamp(bytes: &[u8]) -> Timestamp {
    Timestamp((-1, ByteBuf::from(bytes)))
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(rename = "_ExtStruct")]
struct Timestamp((i8, ByteBuf));

#[derive(Serialize, Deserialize, PartialEq, Debug)]
enum Kind {
    First,
    Second,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(rename_all = "camelCase")]
struct CamelPerson {
    first_name: String,
    age: u8,
    born: String,
    kind: u8,
    nick: Option<String>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(rename_all = "PascalCase")]
struct PascalPerson {
    first_name: String,
    age: u8,
    born: Timestamp,
    kind: Kind,
    nick: Option<String>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Dictionary {
    b: i32,
    #[serde(rename = "A")]
    a: String,
    nested: BTreeMap<String, Vec<i32>>,
}

#[test]
fn nothing_recorded_is_left_out() {
    assert_eq!(written().messages.len(), 87);
    let names: Vec<_> = written().messages.into_iter().map(|message| message.name).collect();
    let kinds: Vec<_> = names
        .iter()
        .filter(|name| !name.starts_with("argument: ") && !name.starts_with("result: "))
        .collect();
    assert_eq!(kinds, KINDS.iter().map(|(name, _)| name).collect::<Vec<_>>());
    let arguments = names.iter().filter(|name| name.starts_with("argument: ")).count();
    assert_eq!((arguments, names.len() - kinds.len() - arguments), (54, 8));
}
