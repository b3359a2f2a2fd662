//! Which values a typed argument takes, in both encodings.

mod common;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Debug;

use common::BOTH;
use hubcast_protocol::{BindError, HubMessage, HubProtocol, InvocationHead};
use proptest::prelude::*;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_bytes::{ByteBuf, Bytes};

#[test]
fn null_is_an_option_and_no_string() {
    for protocol in BOTH {
        assert_eq!(bind::<(Option<String>,)>(protocol, 1, &((),)).expect("null is none"), (None,));
        assert_types_differ(bind::<(String,)>(protocol, 1, &((),)));
        assert_types_differ(bind::<(Vec<String>,)>(protocol, 1, &([Some("a"), None],)));
    }
}

#[test]
fn bytes_are_no_string_at_any_depth() {
    let protocol = HubProtocol::MessagePack;
    let bytes = Bytes::new(b"text");
    assert_types_differ(bind::<(String,)>(protocol, 1, &(bytes,)));
    assert_types_differ(bind::<(Option<String>,)>(protocol, 1, &(bytes,)));
    assert_types_differ(bind::<(Vec<Vec<String>>,)>(protocol, 1, &([[bytes]],)));
    assert_types_differ(bind::<(BTreeMap<String, i32>,)>(protocol, 1, &(BTreeMap::from([(bytes, 1)]),)));
    assert_types_differ(bind::<(BTreeMap<i32, String>,)>(protocol, 1, &(BTreeMap::from([(1, bytes)]),)));
    assert_types_differ(bind::<(Shape,)>(protocol, 1, &(BTreeMap::from([("Named", bytes)]),)));
    assert_types_differ(bind::<(Shape,)>(protocol, 1, &(BTreeMap::from([("Labelled", [bytes, bytes])]),)));
    let fields = BTreeMap::from([("Full", BTreeMap::from([("label", bytes)]))]);
    assert_types_differ(bind::<(Shape,)>(protocol, 1, &(fields,)));
    assert_eq!(bind::<(ByteBuf,)>(protocol, 1, &(bytes,)).expect("bytes are bytes").0, "text");
}

#[test]
fn structs_travel_as_maps_and_variants_as_names() {
    let shapes = (
        Shape::Empty,
        Shape::Named("a".into()),
        Shape::Labelled("b".into(), "c".into()),
        Shape::Full { label: "d".into() },
        Label("e".into()),
    );
    for protocol in BOTH {
        let bound: (Shape, Shape, Shape, Shape, Label) = bind(protocol, 5, &shapes).expect("what was sent");
        assert_eq!(bound, shapes);
        let words: (String, BTreeMap<String, String>) =
            bind(protocol, 2, &(Shape::Empty, Shape::Named("a".into()))).expect("a name and a map");
        assert_eq!(words, ("Empty".into(), BTreeMap::from([("Named".into(), "a".into())])));
    }
}

#[test]
fn a_wrong_count_is_told_before_any_type() {
    for protocol in BOTH {
        let error = bind::<(String, String)>(protocol, 2, &(1,)).expect_err("one is not two");
        assert!(matches!(error, BindError::Count { provided: 1, expected: 2 }));
        assert_eq!(error.to_string(), "Invocation provides 1 argument(s) but target expects 2.");
    }
}

#[test]
fn no_arguments_are_a_unit_and_an_empty_sequence() {
    for protocol in BOTH {
        bind::<()>(protocol, 0, &[(); 0]).expect("nothing is a unit");
        bind::<[(); 0]>(protocol, 0, &[(); 0]).expect("nothing is an empty array");
        let list: Vec<i32> = bind(protocol, 0, &[(); 0]).expect("nothing is an empty list");
        assert!(list.is_empty());
        assert!(matches!(bind::<()>(protocol, 0, &(1,)), Err(BindError::Count { provided: 1, expected: 0 })));
    }
}

#[test]
fn numbers_bind_where_they_fit() {
    for protocol in BOTH {
        assert_eq!(bind::<(u8, i64, f64)>(protocol, 3, &(255, -1, 7)).expect("they fit"), (255, -1, 7.0));
        assert_types_differ(bind::<(u8,)>(protocol, 1, &(256,)));
        assert_types_differ(bind::<(u64,)>(protocol, 1, &(-1,)));
        assert_types_differ(bind::<(i32,)>(protocol, 1, &(1.0,)));
    }
}

/// Sends and binds the arguments.
fn bind<T: DeserializeOwned>(
    protocol: HubProtocol,
    expected: usize,
    arguments: &(impl Serialize + Sync),
) -> Result<T, BindError> {
    let mut out = Vec::new();
    protocol
        .write_invocation(&mut out, &InvocationHead::to("t"), arguments)
        .expect("the arguments can be written");
    let HubMessage::Invocation(invocation) = common::read(protocol, &out) else {
        panic!("an invocation was sent");
    };
    invocation.arguments.decode(expected)
}

fn assert_types_differ<T: Debug>(bound: Result<T, BindError>) {
    let error = bound.expect_err("the types differ");
    assert!(matches!(error, BindError::Types(_)), "{error:?}");
    assert!(error.source().is_some(), "it keeps what serde said");
    assert_eq!(
        error.to_string(),
        "Error binding arguments. Make sure that the types of the provided values match the types of the hub method being invoked."
    );
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
enum Shape {
    Empty,
    Named(String),
    Labelled(String, String),
    Full { label: String },
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Label(String);

proptest! {
    /// serde_json is the oracle for the grammar of values that nobody reads.
    #[test]
    fn json_is_json_where_serde_says_so(value in r#"[-+.0-9eE]{1,6}|["\\\[\]{},: 0-9a-fu\t]{0,16}|(true|false|null|"|\[|\]|,|1){0,6}"#) {
        let record = format!("{{\"type\":6,\"x\":{value}}}");
        let ours = HubProtocol::Json.decode(record.as_bytes()).is_ok();
        prop_assert_eq!(ours, serde_json::from_str::<IgnoredAny>(&record).is_ok(), "{}", record);
    }
}
