//! Payloads with the names that .NET gives them: what is written, that it is read back, and where serde sets limits.
//!
//! What else is read is `dotnet_names_read`'s.

mod common;

use std::collections::BTreeMap;
use std::fmt::Debug;

use common::dotnet::{
    Kind, Point, Shape, User, assert_reads, assert_refused, bind, decode, dotnet, reason, result, user, whole,
};
use common::{BOTH, OrderedJson, read, written};
use hubcast_protocol::{Codec, HubMessage, HubProtocol, InvocationHead, PayloadNames};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use serde_json::{Value, json};

const JSON: HubProtocol = HubProtocol::Json;
const MESSAGEPACK: HubProtocol = HubProtocol::MessagePack;

#[test]
fn names_are_as_written_unless_asked_otherwise() {
    assert_eq!(PayloadNames::default(), PayloadNames::AsWritten);
    for protocol in BOTH {
        assert_eq!(Codec::from(protocol), Codec::new(protocol, PayloadNames::AsWritten));
        let mut by_protocol = Vec::new();
        protocol.write_result(&mut by_protocol, "1", &user()).expect("a user");
        assert_eq!(by_protocol, result(Codec::from(protocol), &user()));
    }
    assert_json_by(Codec::from(JSON), &user(), r#"{"user_name":"Ada","URLValue":"/","kind":"InProgress"}"#);
    for protocol in BOTH {
        let sent =
            result(Codec::from(protocol), &json!({"userName": "Ada", "urlValue": "/", "kind": "Done"}));
        let error = decode::<User>(Codec::from(protocol), &sent).expect_err("names differ");
        assert!(reason(&error).starts_with("missing field `user_name`"), "{}", reason(&error));
    }
}

#[test]
fn json_fields_are_camel_case_and_unit_variants_numbers() {
    assert_json(&user(), r#"{"userName":"Ada","urlValue":"/","kind":1}"#);
}

#[test]
fn messagepack_fields_are_pascal_case_and_unit_variants_names() {
    let user = b"\x83\xa8UserName\xa3Ada\xa8URLValue\xa1/\xa4Kind\xaaInProgress";
    let message = result(dotnet(MESSAGEPACK), &self::user());
    assert_eq!(message.strip_prefix(b"\x2f\x95\x03\x80\xa11\x03").expect("a completion"), user);
}

#[test]
fn an_object_is_written_and_read_as_recorded() {
    assert_recorded(JSON, &person("1815-12-10T00:00:00Z".to_owned()));
    let long_ago = [0, 0, 0, 0, 0xff, 0xff, 0xff, 0xfe, 0xde, 0x37, 0xeb, 0x00];
    assert_recorded(MESSAGEPACK, &person(Timestamp((-1, ByteBuf::from(long_ago)))));
}

#[test]
fn names_are_converted_at_every_depth() {
    let point = Point { line_no: 1 };
    let value = (
        vec![point],
        BTreeMap::from([("some_key", point)]),
        Some(point),
        (1, point),
        Wrapper(point),
        Pair(1, point),
        Shape::Plain(point),
        Shape::Numbered(1, point),
        Shape::Outlined { first_point: point },
    );
    assert_json(
        &value,
        concat!(
            r#"[[{"lineNo":1}],{"some_key":{"lineNo":1}},{"lineNo":1},[1,{"lineNo":1}],{"lineNo":1},"#,
            r#"[1,{"lineNo":1}],{"Plain":{"lineNo":1}},{"Numbered":[1,{"lineNo":1}]},"#,
            r#"{"Outlined":{"firstPoint":{"lineNo":1}}}]"#
        ),
    );
    let point = json!({"LineNo": 1});
    assert_messagepack(
        &value,
        &json!([
            [point], {"some_key": point}, point, [1, point], point, [1, point],
            {"Plain": point}, {"Numbered": [1, point]}, {"Outlined": {"FirstPoint": point}}
        ]),
    );
}

#[test]
fn skipped_fields_are_not_written() {
    assert_json(&Sparse { first_part: None, second_part: Some(2) }, r#"{"secondPart":2}"#);
    assert_messagepack(&Sparse { first_part: None, second_part: Some(2) }, &json!({"SecondPart": 2}));
}

#[test]
fn keys_of_maps_are_data() {
    let map = BTreeMap::from([("snake_case", 1), ("CamelCase", 2)]);
    assert_json(&map, r#"{"CamelCase":2,"snake_case":1}"#);
    assert_messagepack(&map, &json!({"CamelCase": 2, "snake_case": 1}));
    let by_kind = BTreeMap::from([(Kind::InProgress, 1)]);
    assert_json(&by_kind, r#"{"InProgress":1}"#);
    for protocol in BOTH {
        assert_reads(protocol, &json!({"snake_case": 1}), &BTreeMap::from([("snake_case".to_owned(), 1)]));
        assert_reads(protocol, &json!({"snake_case": [{"A_b": 1}]}), &json!({"snake_case": [{"A_b": 1}]}));
        assert_reads(protocol, &json!({"inProgress": 1}), &by_kind);
    }
}

#[test]
fn arguments_are_named_by_the_codec_that_reads_them() {
    for protocol in BOTH {
        let codec = dotnet(protocol);
        let mut message = Vec::new();
        codec.write_invocation(&mut message, &InvocationHead::to("t"), &(user(), 1)).expect("a user");
        let HubMessage::Invocation(invocation) = whole(codec, &message) else {
            panic!("an invocation was written");
        };
        assert_eq!(invocation.arguments.decode::<(User, i32)>(2).expect("what was sent"), (user(), 1));
        let HubMessage::Invocation(invocation) = read(protocol, &message) else {
            panic!("an invocation was written");
        };
        invocation.arguments.decode::<(User, i32)>(2).expect_err("names differ");
    }
}

#[test]
fn stream_items_are_named_too() {
    for protocol in BOTH {
        let codec = dotnet(protocol);
        let mut message = Vec::new();
        codec.with_headers(&[("a", "b")]).write_stream_item(&mut message, "1", &user()).expect("a user");
        let HubMessage::StreamItem(item) = whole(codec, &message) else {
            panic!("a stream item was written");
        };
        assert_eq!(item.item.decode::<User>().expect("what was sent"), user());
    }
}

#[test]
fn tokens_of_serializers_stay_as_they_are() {
    #[derive(Serialize)]
    #[serde(rename = "$serializer::private::Token")]
    struct Token {
        #[serde(rename = "$the_token::Field")]
        field: Point,
    }
    assert_json(&Token { field: Point { line_no: 1 } }, r#"{"$the_token::Field":{"lineNo":1}}"#);
}

#[test]
fn flattened_structs_keep_their_names() {
    let nested = Flattening {
        own_field: Point { line_no: 1 },
        rest: Sparse { first_part: Some(1), second_part: None },
    };
    assert_json(&nested, r#"{"own_field":{"lineNo":1},"first_part":1}"#);
    for protocol in BOTH {
        assert_reads(protocol, &json!({"own_field": {"LineNo": 1}, "first_part": 1}), &nested);
    }
}

/// An adjacent tag is a variant to serde, so it goes by number in JSON.
#[test]
fn adjacently_tagged_enums_are_named_throughout() {
    let value = Adjacent::HasContent(Point { line_no: 1 });
    assert_json(&value, r#"{"theTag":0,"theContent":{"lineNo":1}}"#);
    for protocol in BOTH {
        let sent = result(dotnet(protocol), &value);
        assert_eq!(decode::<Adjacent>(dotnet(protocol), &sent).expect("what was sent"), value);
    }
}

#[test]
fn internally_tagged_enums_are_read_if_their_names_are_those_of_dotnet() {
    let value = Internal::TwoWords { first_part: 1 };
    assert_json(&value, r#"{"$type":"TwoWords","firstPart":1}"#);
    assert_reads(JSON, &json!({"$type": "TwoWords", "firstPart": 1}), &value);
    assert_refused(
        bind::<Internal>(JSON, &json!({"$type": "TwoWords", "FirstPart": 1})),
        "missing field `firstPart`",
    );
}

#[test]
fn untagged_enums_are_read_if_their_names_are_those_of_dotnet() {
    let value = Untagged::Named { first_part: 1 };
    assert_json(&value, r#"{"firstPart":1}"#);
    assert_reads(JSON, &json!({"firstPart": 1}), &value);
    assert_refused(bind::<Untagged>(JSON, &json!({"FirstPart": 1})), "data did not match any variant");
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(tree in tree()) {
        for protocol in BOTH {
            let codec = dotnet(protocol);
            prop_assert_eq!(&decode::<Tree>(codec, &result(codec, &tree)).expect("what was sent"), &tree);
        }
    }

    #[test]
    fn arbitrary_payloads_never_panic(bytes in vec(any::<u8>(), 0..100)) {
        let heads: [&[u8]; 2] = [b"{\"type\":2,\"invocationId\":\"1\",\"item\":", b"\x94\x02\x80\xa11"];
        for (protocol, head) in BOTH.into_iter().zip(heads) {
            let mut message = [head, &bytes].concat();
            if protocol == JSON {
                message.push(b'}');
            }
            if let Ok(Some(HubMessage::StreamItem(item))) = dotnet(protocol).decode(&message) {
                drop(item.item.decode::<Tree>());
                drop(item.item.decode::<Kind>());
                drop(item.item.decode::<Shape>());
            }
        }
    }
}

fn assert_json<T: Serialize>(value: &T, expected: &str) {
    assert_json_by(dotnet(JSON), value, expected);
}

fn assert_json_by<T: Serialize>(codec: Codec, value: &T, expected: &str) {
    let record = format!("{{\"type\":3,\"invocationId\":\"1\",\"result\":{expected}}}\u{1e}");
    assert_eq!(String::from_utf8(result(codec, value)).expect("JSON is text"), record);
}

fn assert_messagepack<T: Serialize>(value: &T, expected: &Value) {
    assert_eq!(result(dotnet(MESSAGEPACK), value), result(Codec::from(MESSAGEPACK), expected));
}

/// Compares with the object that .NET wrote, both ways.
fn assert_recorded<B>(protocol: HubProtocol, person: &Person<B>)
where
    B: Serialize + DeserializeOwned + Sync + PartialEq + Debug,
{
    let name = "argument: object with property names";
    let message =
        written().messages.into_iter().find(|message| message.name == name).expect("it is recorded");
    let (bytes, mut out) = (message.bytes(protocol), Vec::new());
    dotnet(protocol).write_invocation(&mut out, &InvocationHead::to("t"), &(person,)).expect("a person");
    match protocol {
        JSON => assert_eq!(OrderedJson::of_record(&out), OrderedJson::of_record(&bytes)),
        MESSAGEPACK => assert_eq!(out, bytes),
    }
    let HubMessage::Invocation(invocation) = whole(dotnet(protocol), &bytes) else {
        panic!("an invocation is recorded");
    };
    let (bound,): (Person<B>,) = invocation.arguments.decode(1).expect("it is a person");
    assert_eq!(&bound, person);
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Person<B> {
    first_name: String,
    age: i32,
    born: B,
    kind: RecordedKind,
    nick: Option<String>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
enum RecordedKind {
    First,
    Second,
}

/// MessagePack's extension type -1, in the spelling that rmp-serde knows.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(rename = "_ExtStruct")]
struct Timestamp((i8, ByteBuf));

fn person<B>(born: B) -> Person<B> {
    Person { first_name: "Ada".into(), age: 36, born, kind: RecordedKind::Second, nick: None }
}

#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
struct Wrapper(Point);

#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
struct Pair(i64, Point);

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Sparse {
    #[serde(skip_serializing_if = "Option::is_none")]
    first_part: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    second_part: Option<i32>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Flattening {
    own_field: Point,
    #[serde(flatten)]
    rest: Sparse,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(tag = "the_tag", content = "the_content")]
enum Adjacent {
    HasContent(Point),
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(tag = "$type", rename_all_fields = "camelCase")]
enum Internal {
    TwoWords { first_part: i32 },
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Untagged {
    Named { first_part: i32 },
}

#[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
struct Tree {
    label_text: String,
    unit_kind: Kind,
    whole_number: i64,
    sub_trees: Vec<Self>,
    by_name: BTreeMap<String, Shape>,
    by_number: BTreeMap<u8, Option<Pair>>,
    by_kind: BTreeMap<Kind, Wrapper>,
    pair_of_both: (Kind, Point),
}

fn tree() -> impl Strategy<Value = Tree> {
    let kind = || prop_oneof![Just(Kind::Done), Just(Kind::InProgress)];
    let point = || any::<i32>().prop_map(|line_no| Point { line_no });
    let shape = prop_oneof![
        point().prop_map(Shape::Plain),
        (any::<i32>(), point()).prop_map(|(number, point)| Shape::Numbered(number, point)),
        point().prop_map(|first_point| Shape::Outlined { first_point }),
    ];
    let pair = proptest::option::of((any::<i64>(), point()).prop_map(|(number, point)| Pair(number, point)));
    let leaf = (
        "\\PC{0,9}",
        kind(),
        any::<i64>(),
        btree_map("[a-zA-Z_]{0,9}", shape, 0..3),
        btree_map(any::<u8>(), pair, 0..3),
        btree_map(kind(), point().prop_map(Wrapper), 0..3),
        (kind(), point()),
    );
    let leaf =
        leaf.prop_map(|(label_text, unit_kind, whole_number, by_name, by_number, by_kind, pair_of_both)| {
            let sub_trees = Vec::new();
            Tree { label_text, unit_kind, whole_number, sub_trees, by_name, by_number, by_kind, pair_of_both }
        });
    leaf.prop_recursive(3, 12, 3, |inner| {
        (inner.clone(), vec(inner, 0..3)).prop_map(|(tree, sub_trees)| Tree { sub_trees, ..tree })
    })
}
