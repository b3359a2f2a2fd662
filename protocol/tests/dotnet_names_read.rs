//! Reading with .NET's names: every spelling that a client may send, and what is refused.

mod common;

use std::collections::BTreeMap;

use common::BOTH;
use common::dotnet::{Kind, Point, Shape, assert_reads, assert_refused, bind, decode, dotnet, user};
use hubcast_protocol::HubProtocol;
use serde::Deserialize;
use serde_json::json;

#[test]
fn fields_are_read_in_any_case_and_whatever_their_underscores() {
    for protocol in BOTH {
        for [name, url] in [
            ["userName", "urlValue"],
            ["UserName", "URLValue"],
            ["user_name", "url_value"],
            ["USERNAME", "_U_R_L_VALUE"],
        ] {
            assert_reads(protocol, &json!({name: "Ada", url: "/", "KIND": 1}), &user());
        }
    }
}

#[test]
fn a_name_as_serde_says_wins_over_one_that_only_matches() {
    for protocol in BOTH {
        assert_reads(protocol, &json!({"ab": 1, "a_b": 2, "aB": 3}), &Similar { a_b: 2, ab: 1, other: 3 });
    }
}

#[test]
fn unknown_fields_are_serdes_to_ignore_or_refuse() {
    for protocol in BOTH {
        assert_reads(protocol, &json!({"lineNo": 1, "lineNumber": 2}), &Point { line_no: 1 });
        let error = bind::<Strict>(protocol, &json!({"LineNo": 1, "lineNumber": 2}));
        assert_refused(error, "unknown field `lineNumber`, expected `line_no`");
    }
}

#[test]
fn aliases_match_as_fields_do() {
    for protocol in BOTH {
        assert_reads(protocol, &json!({"OldName": 7}), &Renamed { new_name: 7 });
    }
}

#[test]
fn structs_are_read_from_sequences_as_ever() {
    for protocol in BOTH {
        assert_reads(protocol, &json!(["Ada", "/", 1]), &user());
    }
}

#[test]
fn unit_variants_are_read_by_number_and_by_name_in_any_case() {
    for protocol in BOTH {
        for sent in [json!(1), json!("InProgress"), json!("inProgress"), json!("in_progress")] {
            assert_reads(protocol, &sent, &Kind::InProgress);
        }
        assert_reads(protocol, &json!([0, null]), &[Some(Kind::Done), None]);
        assert_reads(protocol, &json!({"in_progress": null}), &Kind::InProgress);
    }
    // MessagePack for C# writes an int that it knows only as an object in full width.
    let wide = b"\x0b\x95\x03\x80\xa11\x03\xd2\x00\x00\x00\x01";
    assert_eq!(decode::<Kind>(dotnet(HubProtocol::MessagePack), wide).expect("a number"), Kind::InProgress);
}

#[test]
fn variants_with_content_are_read_by_name_in_any_case() {
    let point = Point { line_no: 1 };
    for protocol in BOTH {
        let sent = json!({"LineNo": 1});
        assert_reads(protocol, &json!({"plain": sent}), &Shape::Plain(point));
        assert_reads(protocol, &json!({"NUMBERED": [1, sent]}), &Shape::Numbered(1, point));
        assert_reads(
            protocol,
            &json!({"outlined": {"firstPoint": sent}}),
            &Shape::Outlined { first_point: point },
        );
    }
}

#[test]
fn a_number_without_a_variant_is_refused() {
    for protocol in BOTH {
        let no_variant = "invalid value: integer `2`, expected variant index 0 <= i < 2";
        assert_refused(bind::<Kind>(protocol, &json!(2)), no_variant);
        assert_refused(
            bind::<Kind>(protocol, &json!(u64::MAX)),
            "invalid value: integer `18446744073709551615`",
        );
        assert_refused(
            bind::<Kind>(protocol, &json!(-1)),
            "invalid value: integer `-1`, expected the index of a variant",
        );
    }
}

#[test]
fn what_is_no_variant_is_refused() {
    for protocol in BOTH {
        let unknown = "unknown variant `later`, expected `Done` or `InProgress`";
        assert_refused(bind::<Kind>(protocol, &json!("later")), unknown);
        for sent in [json!(1.0), json!(null), json!([0]), json!(true)] {
            assert_refused(bind::<Kind>(protocol, &sent), "invalid type: ");
        }
        assert_refused(
            bind::<Shape>(protocol, &json!(0)),
            "invalid type: unit variant, expected a variant with a value",
        );
        assert_refused(
            bind::<Shape>(protocol, &json!({})),
            "invalid value: map, expected a map with the one variant",
        );
        let two = json!({"Numbered": [1, {"lineNo": 1}], "Plain": null});
        assert_refused(
            bind::<Shape>(protocol, &two),
            "invalid value: map, expected a map with the one variant",
        );
    }
}

#[test]
fn null_is_no_string_and_bytes_are_no_name() {
    for protocol in BOTH {
        assert_refused(bind::<Point>(protocol, &json!({"lineNo": null})), "");
    }
    let bytes_as_name = b"\x0b\x95\x03\x80\xa11\x03\x81\xc4\x01x\x01";
    assert!(decode::<BTreeMap<String, i32>>(dotnet(HubProtocol::MessagePack), bytes_as_name).is_err());
    let bytes_as_variant = b"\x0c\x95\x03\x80\xa11\x03\xc4\x04Done";
    assert!(decode::<Kind>(dotnet(HubProtocol::MessagePack), bytes_as_variant).is_err());
}

#[derive(Deserialize, PartialEq, Debug)]
struct Similar {
    a_b: i32,
    ab: i32,
    #[serde(rename = "aB")]
    other: i32,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it is never read successfully")]
struct Strict {
    line_no: i32,
}

#[derive(Deserialize, PartialEq, Debug)]
struct Renamed {
    #[serde(alias = "old_name")]
    new_name: i32,
}
