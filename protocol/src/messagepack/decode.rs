//! MessagePack arrays into hub messages.
//!
//! Fields come in a fixed order; later versions may append some, so what follows the last known one is not looked at.
//! Arguments, items and results that are cut short fail their invocation, a broken envelope ends the connection.

use std::borrow::Cow;

use super::Reader;
use crate::kind::Kind;
use crate::message::{
    Ack, CancelInvocation, Close, Completion, CompletionOutcome, HubMessage, Invocation, Sequence, StreamItem,
};
use crate::{Arguments, Codec, Headers, HubProtocol, Payload, PayloadNames, ProtocolError, StreamIds};

/// Reads one message; `None` is a type from the future.
pub(crate) fn decode(message: &[u8], names: PayloadNames) -> Result<Option<HubMessage<'_>>, ProtocolError> {
    let codec = Codec::new(HubProtocol::MessagePack, names);
    let mut fields = Fields { codec, reader: Reader::new(message) };
    let count = fields.reader.array().ok_or(ProtocolError::InvalidMessagePack("message"))?;
    let number = fields.reader.integer().and_then(|number| i32::try_from(number).ok());
    let number = number.ok_or(ProtocolError::InvalidMessagePack("messageType"))?;
    let Some(kind) = Kind::from_number(number) else {
        return Ok(None);
    };
    Ok(Some(match kind {
        Kind::Invocation => {
            let headers = fields.headers()?;
            let invocation_id = fields.text("invocationId")?.filter(|id| !id.is_empty());
            HubMessage::Invocation(fields.invocation(count, headers, invocation_id)?)
        }
        Kind::StreamInvocation => {
            let headers = fields.headers()?;
            let invocation_id = Some(fields.required_text("invocationId")?);
            HubMessage::StreamInvocation(fields.invocation(count, headers, invocation_id)?)
        }
        Kind::StreamItem => HubMessage::StreamItem(StreamItem {
            headers: fields.headers()?,
            invocation_id: fields.required_text("invocationId")?,
            item: fields.payload(),
        }),
        Kind::Completion => HubMessage::Completion(Completion {
            headers: fields.headers()?,
            invocation_id: fields.required_text("invocationId")?,
            outcome: fields.outcome()?,
        }),
        Kind::CancelInvocation => HubMessage::CancelInvocation(CancelInvocation {
            headers: fields.headers()?,
            invocation_id: fields.required_text("invocationId")?,
        }),
        Kind::Ping => HubMessage::Ping,
        Kind::Close => HubMessage::Close(fields.close(count)?),
        Kind::Ack => HubMessage::Ack(Ack { sequence_id: fields.sequence_id()? }),
        Kind::Sequence => HubMessage::Sequence(Sequence { sequence_id: fields.sequence_id()? }),
    }))
}

/// Arrays open around a field of the envelope.
const ENVELOPE_DEPTH: u32 = 1;
/// An invocation of fewer elements is from before upload streams.
const INVOCATION_WITH_STREAM_IDS: usize = 6;
/// A close of fewer elements is from before automatic reconnects.
const CLOSE_WITH_ALLOW_RECONNECT: usize = 3;

const COMPLETION_ERROR: i64 = 1;
const COMPLETION_VOID: i64 = 2;
const COMPLETION_RESULT: i64 = 3;

/// The fields of an envelope that have not been read.
struct Fields<'a> {
    codec: Codec,
    reader: Reader<'a>,
}

impl<'a> Fields<'a> {
    fn invocation(
        &mut self,
        count: usize,
        headers: Headers<'a>,
        invocation_id: Option<Cow<'a, str>>,
    ) -> Result<Invocation<'a>, ProtocolError> {
        let target = self.required_text("target")?;
        let arguments = self.arguments();
        let has_stream_ids = count >= INVOCATION_WITH_STREAM_IDS && !arguments.is_malformed();
        let stream_ids = if has_stream_ids { self.stream_ids()? } else { StreamIds::default() };
        Ok(Invocation { headers, invocation_id, target, arguments, stream_ids })
    }

    fn headers(&mut self) -> Result<Headers<'a>, ProtocolError> {
        let count = self.reader.map().ok_or(ProtocolError::InvalidMessagePack("headers"))?;
        let start = self.reader.clone();
        for _ in 0..count {
            self.required_text("headers")?;
            self.required_text("headers")?;
        }
        Ok(Headers::messagepack(start.up_to(&self.reader), count))
    }

    fn arguments(&mut self) -> Arguments<'a> {
        let mut ahead = self.reader.clone();
        let Some((count, bytes)) = ahead.array().zip(self.reader.raw_value(ENVELOPE_DEPTH)) else {
            return Arguments::malformed(self.codec);
        };
        Arguments::new(self.codec, bytes, count)
    }

    fn stream_ids(&mut self) -> Result<StreamIds<'a>, ProtocolError> {
        let count = self.reader.array().ok_or(ProtocolError::InvalidMessagePack("streamIds"))?;
        let start = self.reader.clone();
        for _ in 0..count {
            self.required_text("streamIds")?;
        }
        Ok(StreamIds::messagepack(start.up_to(&self.reader), count))
    }

    fn outcome(&mut self) -> Result<CompletionOutcome<'a>, ProtocolError> {
        match self.reader.integer().ok_or(ProtocolError::InvalidMessagePack("resultKind"))? {
            COMPLETION_ERROR => Ok(match self.text("error")? {
                Some(error) => CompletionOutcome::Error(error),
                None => CompletionOutcome::Void,
            }),
            COMPLETION_VOID => Ok(CompletionOutcome::Void),
            COMPLETION_RESULT => Ok(CompletionOutcome::Result(self.payload())),
            _ => Err(ProtocolError::InvalidMessagePack("resultKind")),
        }
    }

    fn payload(&mut self) -> Payload<'a> {
        match self.reader.raw_value(ENVELOPE_DEPTH) {
            Some(bytes) => Payload::new(self.codec, bytes),
            None => Payload::malformed(self.codec),
        }
    }

    fn close(&mut self, count: usize) -> Result<Close<'a>, ProtocolError> {
        let error = self.text("error")?;
        let allow_reconnect = if count >= CLOSE_WITH_ALLOW_RECONNECT {
            self.reader.boolean().ok_or(ProtocolError::InvalidMessagePack("allowReconnect"))?
        } else {
            false
        };
        Ok(Close { error, allow_reconnect })
    }

    fn sequence_id(&mut self) -> Result<i64, ProtocolError> {
        self.reader.integer().ok_or(ProtocolError::InvalidMessagePack("sequenceId"))
    }

    fn text(&mut self, field: &'static str) -> Result<Option<Cow<'a, str>>, ProtocolError> {
        self.reader.text().ok_or(ProtocolError::InvalidMessagePack(field))
    }

    fn required_text(&mut self, field: &'static str) -> Result<Cow<'a, str>, ProtocolError> {
        self.text(field)?.filter(|text| !text.is_empty()).ok_or(ProtocolError::MissingProperty(field))
    }
}
