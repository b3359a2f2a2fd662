//! Hub messages into JSON records.
//!
//! Envelopes are written by hand in ASP.NET's order of properties, values by serde_json. On an error the record that was
//! begun is taken back.

use std::io::Write as _;

use serde::Serialize;

use super::record_separator::RECORD_SEPARATOR;
use super::scanner::plain_length;
use super::write_value;
use crate::kind::Kind;
use crate::{Codec, EncodeArguments, EncodeError, HubProtocol, InvocationHead, PayloadNames};

pub(crate) fn invocation(
    out: &mut Vec<u8>,
    names: PayloadNames,
    kind: Kind,
    head: &InvocationHead<'_>,
    arguments: &dyn EncodeArguments,
) -> Result<(), EncodeError> {
    let start = out.len();
    open(out, kind, head.headers);
    if let Some(id) = head.invocation_id {
        text_property(out, "invocationId", id);
    }
    text_property(out, "target", head.target);
    name(out, "arguments");
    if let Err(error) = arguments.encode(Codec::new(HubProtocol::Json, names), out) {
        out.truncate(start);
        return Err(error);
    }
    if !head.stream_ids.is_empty() {
        name(out, "streamIds");
        out.push(b'[');
        for (position, id) in head.stream_ids.iter().enumerate() {
            if position > 0 {
                out.push(b',');
            }
            text(out, id);
        }
        out.push(b']');
    }
    close_record(out);
    Ok(())
}

pub(crate) fn stream_item<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    names: PayloadNames,
    headers: &[(&str, &str)],
    id: &str,
    item: &T,
) -> Result<(), EncodeError> {
    with_value(out, names, Kind::StreamItem, headers, id, ("item", item))
}

/// What all items of one stream begin with.
pub(crate) fn stream_item_head(out: &mut Vec<u8>, id: &str) {
    open(out, Kind::StreamItem, &[]);
    text_property(out, "invocationId", id);
    name(out, "item");
}

/// An item of the stream whose items begin with `head`.
pub(crate) fn stream_item_behind<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    names: PayloadNames,
    head: &[u8],
    item: &T,
) -> Result<(), EncodeError> {
    let start = out.len();
    out.extend_from_slice(head);
    if let Err(error) = write_value(out, names, item) {
        out.truncate(start);
        return Err(error);
    }
    close_record(out);
    Ok(())
}

pub(crate) fn result<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    names: PayloadNames,
    headers: &[(&str, &str)],
    id: &str,
    result: &T,
) -> Result<(), EncodeError> {
    with_value(out, names, Kind::Completion, headers, id, ("result", result))
}

pub(crate) fn void(out: &mut Vec<u8>, headers: &[(&str, &str)], id: &str) {
    open(out, Kind::Completion, headers);
    text_property(out, "invocationId", id);
    close_record(out);
}

pub(crate) fn error(out: &mut Vec<u8>, headers: &[(&str, &str)], id: &str, error: &str) {
    open(out, Kind::Completion, headers);
    text_property(out, "invocationId", id);
    text_property(out, "error", error);
    close_record(out);
}

pub(crate) fn cancel_invocation(out: &mut Vec<u8>, headers: &[(&str, &str)], id: &str) {
    open(out, Kind::CancelInvocation, headers);
    text_property(out, "invocationId", id);
    close_record(out);
}

pub(crate) fn ping(out: &mut Vec<u8>) {
    open(out, Kind::Ping, &[]);
    close_record(out);
}

pub(crate) fn close(out: &mut Vec<u8>, error: Option<&str>, allow_reconnect: bool) {
    open(out, Kind::Close, &[]);
    if let Some(error) = error {
        text_property(out, "error", error);
    }
    if allow_reconnect {
        out.extend_from_slice(b",\"allowReconnect\":true");
    }
    close_record(out);
}

pub(crate) fn sequence_id(out: &mut Vec<u8>, kind: Kind, id: i64) {
    open(out, kind, &[]);
    name(out, "sequenceId");
    write!(out, "{id}").expect("a Vec takes every byte");
    close_record(out);
}

/// Appends a string with its quotes. Most need no escapes and are copied whole.
pub(crate) fn text(out: &mut Vec<u8>, text: &str) {
    if plain_length(text.as_bytes()) < text.len() {
        serde_json::to_writer(out, text).expect("every str is a JSON string, and a Vec takes every byte");
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

fn with_value<T: Serialize + ?Sized>(
    out: &mut Vec<u8>,
    names: PayloadNames,
    kind: Kind,
    headers: &[(&str, &str)],
    id: &str,
    (property, value): (&str, &T),
) -> Result<(), EncodeError> {
    let start = out.len();
    open(out, kind, headers);
    text_property(out, "invocationId", id);
    name(out, property);
    if let Err(error) = write_value(out, names, value) {
        out.truncate(start);
        return Err(error);
    }
    close_record(out);
    Ok(())
}

fn open(out: &mut Vec<u8>, kind: Kind, headers: &[(&str, &str)]) {
    out.extend_from_slice(b"{\"type\":");
    out.push(b'0' + kind.number());
    if headers.is_empty() {
        return;
    }
    name(out, "headers");
    let mut before = b'{';
    for (name, value) in headers {
        out.push(before);
        text(out, name);
        out.push(b':');
        text(out, value);
        before = b',';
    }
    out.push(b'}');
}

fn text_property(out: &mut Vec<u8>, property: &str, value: &str) {
    name(out, property);
    text(out, value);
}

fn name(out: &mut Vec<u8>, property: &str) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(property.as_bytes());
    out.extend_from_slice(b"\":");
}

fn close_record(out: &mut Vec<u8>) {
    out.extend_from_slice(&[b'}', RECORD_SEPARATOR]);
}
