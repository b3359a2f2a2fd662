//! JSON records into hub messages.
//!
//! Properties come in any order and a repeated one counts once, the last time. Known properties are checked for their
//! type in every kind of message, also where the kind has no use for them, as ASP.NET does. Bytes behind the object are
//! an error, where ASP.NET ignores them.

use std::borrow::Cow;

use super::scanner::Scanner;
use super::text::Text;
use crate::kind::Kind;
use crate::message::{
    Ack, CancelInvocation, Close, Completion, CompletionOutcome, HubMessage, Invocation, Sequence, StreamItem,
};
use crate::{Arguments, Codec, Headers, HubProtocol, Payload, PayloadNames, ProtocolError, StreamIds};

/// Reads one record; `None` is a type from the future.
pub(crate) fn decode(record: &[u8], names: PayloadNames) -> Result<Option<HubMessage<'_>>, ProtocolError> {
    let codec = Codec::new(HubProtocol::Json, names);
    let fields = Fields::read(record)?;
    let number = fields.kind.ok_or(ProtocolError::MissingProperty("type"))?;
    let Some(kind) = Kind::from_number(number) else {
        return Ok(None);
    };
    Ok(Some(match kind {
        Kind::Invocation => HubMessage::Invocation(fields.invocation(codec)?),
        Kind::StreamInvocation => {
            fields.required_id()?;
            HubMessage::StreamInvocation(fields.invocation(codec)?)
        }
        Kind::StreamItem => HubMessage::StreamItem(StreamItem {
            headers: fields.headers,
            invocation_id: fields.required_id()?,
            item: Payload::new(codec, fields.item.ok_or(ProtocolError::MissingProperty("item"))?),
        }),
        Kind::Completion => HubMessage::Completion(Completion {
            headers: fields.headers,
            invocation_id: fields.required_id()?,
            outcome: fields.outcome(codec)?,
        }),
        Kind::CancelInvocation => HubMessage::CancelInvocation(CancelInvocation {
            headers: fields.headers,
            invocation_id: fields.required_id()?,
        }),
        Kind::Ping => HubMessage::Ping,
        Kind::Close => HubMessage::Close(Close {
            error: optional_text("error", fields.error)?,
            allow_reconnect: fields.allow_reconnect,
        }),
        Kind::Ack => HubMessage::Ack(Ack { sequence_id: fields.required_sequence_id()? }),
        Kind::Sequence => HubMessage::Sequence(Sequence { sequence_id: fields.required_sequence_id()? }),
    }))
}

/// Every known property of an envelope, whatever its kind.
#[derive(Default)]
struct Fields<'a> {
    kind: Option<i32>,
    headers: Headers<'a>,
    invocation_id: Option<Text<'a>>,
    target: Option<Text<'a>>,
    arguments: Option<(&'a [u8], usize)>,
    stream_ids: StreamIds<'a>,
    item: Option<&'a [u8]>,
    result: Option<&'a [u8]>,
    error: Option<Text<'a>>,
    allow_reconnect: bool,
    sequence_id: Option<i64>,
}

/// Objects and arrays open around a property of the envelope.
pub(crate) const ENVELOPE_DEPTH: u32 = 1;

const PROPERTIES: [&str; 11] = [
    "type",
    "headers",
    "invocationId",
    "target",
    "arguments",
    "streamIds",
    "item",
    "result",
    "error",
    "allowReconnect",
    "sequenceId",
];

impl<'a> Fields<'a> {
    fn read(record: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut fields = Self::default();
        members(record, &PROPERTIES, |name, scanner| fields.read_property(name, scanner))?;
        Ok(fields)
    }

    #[inline(always)]
    fn read_property(&mut self, name: &[u8], scanner: &mut Scanner<'a>) -> Result<(), ProtocolError> {
        match name {
            b"type" => self.kind = Some(integer("type", scanner)?),
            b"headers" => (self.headers, *scanner) = headers(*scanner)?,
            b"invocationId" => self.invocation_id = Some(string("invocationId", scanner)?),
            b"target" => self.target = Some(string("target", scanner)?),
            b"arguments" => {
                let array = scanner.raw_array(ENVELOPE_DEPTH)?;
                self.arguments = Some(array.ok_or_else(|| wrong_type("arguments", "an array", *scanner))?);
            }
            b"streamIds" => (self.stream_ids, *scanner) = stream_ids(*scanner)?,
            b"item" => self.item = Some(scanner.raw_value(ENVELOPE_DEPTH)?),
            b"result" => self.result = Some(scanner.raw_value(ENVELOPE_DEPTH)?),
            b"error" => self.error = Some(string("error", scanner)?),
            b"allowReconnect" => {
                let value = scanner.boolean()?;
                self.allow_reconnect =
                    value.ok_or_else(|| wrong_type("allowReconnect", "true or false", *scanner))?;
            }
            b"sequenceId" => self.sequence_id = Some(integer("sequenceId", scanner)?),
            _ => scanner.skip_value(ENVELOPE_DEPTH)?,
        }
        Ok(())
    }

    fn invocation(self, codec: Codec) -> Result<Invocation<'a>, ProtocolError> {
        let target = optional_text("target", self.target)?.filter(|target| !target.is_empty());
        let (arguments, count) = self.arguments.ok_or(ProtocolError::MissingProperty("arguments"))?;
        Ok(Invocation {
            headers: self.headers,
            invocation_id: self.id()?,
            target: target.ok_or(ProtocolError::MissingProperty("target"))?,
            arguments: Arguments::new(codec, arguments, count),
            stream_ids: self.stream_ids,
        })
    }

    fn outcome(&self, codec: Codec) -> Result<CompletionOutcome<'a>, ProtocolError> {
        match (optional_text("error", self.error)?, self.result) {
            (None, None) => Ok(CompletionOutcome::Void),
            (None, Some(result)) => Ok(CompletionOutcome::Result(Payload::new(codec, result))),
            (Some(error), None) => Ok(CompletionOutcome::Error(error)),
            (Some(_), Some(_)) => Err(ProtocolError::ErrorAndResult),
        }
    }

    fn id(&self) -> Result<Option<Cow<'a, str>>, ProtocolError> {
        Ok(optional_text("invocationId", self.invocation_id)?.filter(|id| !id.is_empty()))
    }

    fn required_id(&self) -> Result<Cow<'a, str>, ProtocolError> {
        self.id()?.ok_or(ProtocolError::MissingProperty("invocationId"))
    }

    fn required_sequence_id(&self) -> Result<i64, ProtocolError> {
        self.sequence_id.ok_or(ProtocolError::MissingProperty("sequenceId"))
    }
}

/// Goes over the headers of a message that has been read.
pub(crate) struct HeaderScan<'a> {
    scanner: Scanner<'a>,
    first: bool,
}

impl<'a> HeaderScan<'a> {
    pub(crate) fn new(object: &'a [u8]) -> Self {
        let mut scanner = Scanner::new(object);
        scanner.take(b'{');
        Self { scanner, first: true }
    }
}

impl<'a> Iterator for HeaderScan<'a> {
    type Item = (Cow<'a, str>, Cow<'a, str>);

    fn next(&mut self) -> Option<Self::Item> {
        let name = self.scanner.next_member(&mut self.first).ok()??;
        let value = self.scanner.string().ok()??;
        Some((name.to_str()?, value.to_str()?))
    }
}

/// Goes over the stream ids of a message that has been read.
pub(crate) struct StreamIdScan<'a> {
    scanner: Scanner<'a>,
    first: bool,
}

impl<'a> StreamIdScan<'a> {
    pub(crate) fn new(array: &'a [u8]) -> Self {
        let mut scanner = Scanner::new(array);
        scanner.take(b'[');
        Self { scanner, first: true }
    }
}

impl<'a> Iterator for StreamIdScan<'a> {
    type Item = Cow<'a, str>;

    fn next(&mut self) -> Option<Cow<'a, str>> {
        let more = self.scanner.next_element(&mut self.first).ok()?;
        let id = more.then(|| self.scanner.string().ok().flatten()).flatten()?;
        id.to_str()
    }
}

/// Reads the object that `record` must be: `read` is given each member's name and has to consume its value.
///
/// A name spelled with escapes is given plainly if it is one of `names`, else as empty.
#[inline(always)]
pub(crate) fn members<'a>(
    record: &'a [u8],
    names: &[&str],
    mut read: impl FnMut(&[u8], &mut Scanner<'a>) -> Result<(), ProtocolError>,
) -> Result<(), ProtocolError> {
    let mut scanner = Scanner::new(record);
    if !scanner.take(b'{') {
        scanner.skip_value(0)?;
        return Err(ProtocolError::NotAnObject);
    }
    let mut first = true;
    while let Some(name) = scanner.next_member(&mut first)? {
        read(name.spelled(names), &mut scanner)?;
    }
    match scanner.peek() {
        None => Ok(()),
        Some(_) => Err(ProtocolError::InvalidJson),
    }
}

/// Reads the string that `property` must be.
#[inline(always)]
pub(crate) fn string<'a>(
    property: &'static str,
    scanner: &mut Scanner<'a>,
) -> Result<Text<'a>, ProtocolError> {
    scanner.string()?.ok_or_else(|| wrong_type(property, "a string", *scanner))
}

/// Reads the integer that `property` must be: without fraction or exponent, and in range.
#[inline(always)]
pub(crate) fn integer<N: std::str::FromStr>(
    property: &'static str,
    scanner: &mut Scanner<'_>,
) -> Result<N, ProtocolError> {
    let number = scanner.number()?.ok_or_else(|| wrong_type(property, "a number", *scanner))?;
    let integer = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
    integer.ok_or(ProtocolError::WrongType { property, expected: "an integer in range" })
}

/// The text of `property` if it is there.
pub(crate) fn optional_text<'a>(
    property: &'static str,
    text: Option<Text<'a>>,
) -> Result<Option<Cow<'a, str>>, ProtocolError> {
    text.map(|text| text.to_str().ok_or(ProtocolError::InvalidText(property))).transpose()
}

/// Reads the headers that start here, and what follows them.
fn headers(mut scanner: Scanner<'_>) -> Result<(Headers<'_>, Scanner<'_>), ProtocolError> {
    scanner.peek();
    let start = scanner;
    if !scanner.take(b'{') {
        return Err(wrong_type("headers", "an object", start));
    }
    let (mut first, mut count) = (true, 0);
    while let Some(name) = scanner.next_member(&mut first)? {
        let value = string("headers", &mut scanner)?;
        if !name.is_text() || !value.is_text() {
            return Err(ProtocolError::InvalidText("headers"));
        }
        count += 1;
    }
    Ok((Headers::json(start.up_to(scanner), count), scanner))
}

/// Reads the stream ids that start here, and what follows them.
fn stream_ids(mut scanner: Scanner<'_>) -> Result<(StreamIds<'_>, Scanner<'_>), ProtocolError> {
    scanner.peek();
    let start = scanner;
    if !scanner.take(b'[') {
        return Err(wrong_type("streamIds", "an array", start));
    }
    let (mut first, mut count) = (true, 0);
    while scanner.next_element(&mut first)? {
        if !string("streamIds", &mut scanner)?.is_text() {
            return Err(ProtocolError::InvalidText("streamIds"));
        }
        count += 1;
    }
    Ok((StreamIds::json(start.up_to(scanner), count), scanner))
}

/// The error for a value of another type, or for what is no value at all.
#[cold]
fn wrong_type(property: &'static str, expected: &'static str, mut scanner: Scanner<'_>) -> ProtocolError {
    match scanner.skip_value(ENVELOPE_DEPTH) {
        Ok(()) => ProtocolError::WrongType { property, expected },
        Err(flaw) => flaw.into(),
    }
}
