//! Hub messages into MessagePack arrays, as long as ASP.NET writes them.
//!
//! On an error the message that was begun is taken back; see `length_prefix::Frame`.

use rmp::encode;
use serde::Serialize;

use super::length_prefix::Frame;
use super::write_value;
use crate::kind::Kind;
use crate::{Codec, EncodeArguments, EncodeError, HubProtocol, InvocationHead, PayloadNames};

const COMPLETION_ERROR: u8 = 1;
const COMPLETION_VOID: u8 = 2;
const COMPLETION_RESULT: u8 = 3;

pub(crate) fn invocation(
    out: &mut Vec<u8>,
    names: PayloadNames,
    kind: Kind,
    head: &InvocationHead<'_>,
    arguments: &dyn EncodeArguments,
) -> Result<(), EncodeError> {
    let frame = open(out, 6, kind);
    headers(out, head.headers);
    text_or_nil(out, head.invocation_id);
    text(out, head.target);
    let written = arguments.encode(Codec::new(HubProtocol::MessagePack, names), out);
    array(out, head.stream_ids.len());
    for id in head.stream_ids {
        text(out, id);
    }
    frame.end_if(out, written)
}

pub(crate) fn stream_item<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    names: PayloadNames,
    headers: &[(&str, &str)],
    id: &str,
    item: &T,
) -> Result<(), EncodeError> {
    let frame = open_with_id(out, 4, Kind::StreamItem, headers, id);
    let written = write_value(out, names, item);
    frame.end_if(out, written)
}

/// What all items of one stream begin with behind their lengths.
pub(crate) fn stream_item_head(out: &mut Vec<u8>, id: &str) {
    array(out, 4);
    out.push(Kind::StreamItem.number());
    headers(out, &[]);
    text(out, id);
}

/// An item of the stream whose items begin with `head`.
pub(crate) fn stream_item_behind<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    names: PayloadNames,
    head: &[u8],
    item: &T,
) -> Result<(), EncodeError> {
    let frame = Frame::begin(out);
    out.extend_from_slice(head);
    let written = write_value(out, names, item);
    frame.end_if(out, written)
}

pub(crate) fn result<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    names: PayloadNames,
    headers: &[(&str, &str)],
    id: &str,
    result: &T,
) -> Result<(), EncodeError> {
    let frame = open_with_id(out, 5, Kind::Completion, headers, id);
    out.push(COMPLETION_RESULT);
    let written = write_value(out, names, result);
    frame.end_if(out, written)
}

pub(crate) fn void(out: &mut Vec<u8>, headers: &[(&str, &str)], id: &str) {
    let frame = open_with_id(out, 4, Kind::Completion, headers, id);
    out.push(COMPLETION_VOID);
    frame.end(out);
}

pub(crate) fn error(out: &mut Vec<u8>, headers: &[(&str, &str)], id: &str, error: &str) {
    let frame = open_with_id(out, 5, Kind::Completion, headers, id);
    out.push(COMPLETION_ERROR);
    text(out, error);
    frame.end(out);
}

pub(crate) fn cancel_invocation(out: &mut Vec<u8>, headers: &[(&str, &str)], id: &str) {
    open_with_id(out, 3, Kind::CancelInvocation, headers, id).end(out);
}

pub(crate) fn ping(out: &mut Vec<u8>) {
    open(out, 1, Kind::Ping).end(out);
}

pub(crate) fn close(out: &mut Vec<u8>, error: Option<&str>, allow_reconnect: bool) {
    let frame = open(out, 3, Kind::Close);
    text_or_nil(out, error);
    out.push(if allow_reconnect { 0xc3 } else { 0xc2 });
    frame.end(out);
}

pub(crate) fn sequence_id(out: &mut Vec<u8>, kind: Kind, id: i64) {
    let frame = open(out, 2, kind);
    always(encode::write_sint(out, id));
    frame.end(out);
}

fn open_with_id(out: &mut Vec<u8>, count: usize, kind: Kind, entries: &[(&str, &str)], id: &str) -> Frame {
    let frame = open(out, count, kind);
    headers(out, entries);
    text(out, id);
    frame
}

/// Begins an array of `count` elements, of which the first is the kind, a number below 128.
fn open(out: &mut Vec<u8>, count: usize, kind: Kind) -> Frame {
    let frame = Frame::begin(out);
    array(out, count);
    out.push(kind.number());
    frame
}

fn headers(out: &mut Vec<u8>, entries: &[(&str, &str)]) {
    always(encode::write_map_len(out, entries.len() as u32));
    for (name, value) in entries {
        text(out, name);
        text(out, value);
    }
}

fn array(out: &mut Vec<u8>, count: usize) {
    always(encode::write_array_len(out, count as u32));
}

fn text_or_nil(out: &mut Vec<u8>, value: Option<&str>) {
    match value {
        Some(value) => text(out, value),
        None => always(encode::write_nil(out)),
    }
}

fn text(out: &mut Vec<u8>, value: &str) {
    always(encode::write_str(out, value));
}

fn always<T, E: std::fmt::Debug>(written: Result<T, E>) {
    written.map(|_| ()).expect("a Vec takes every byte");
}
