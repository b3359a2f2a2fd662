//! Frames out of bytes that arrive in any pieces.
//!
//! Easy to break: nothing is buffered but an unfinished header and the payload of a control frame that comes
//! in pieces (at most 125 bytes, on the heap for as long as it takes).
//!
//! Not here: what a header must be (`rules`, `partial_header`), what the events are answered with, and any
//! limit on hub messages, of which a WebSocket message may hold many.

use std::borrow::Cow;

use crate::close::CloseFrame;
use crate::event::{DataKind, Event};
use crate::header::{FrameHeader, Opcode};
use crate::mask::{MaskKey, apply_mask};
use crate::partial_header::PartialHeader;
use crate::rules::{Role, Rules};
use crate::utf8::Utf8Check;
use crate::violation::Violation;

/// Reads the frames of one connection's peer.
#[derive(Debug)]
pub struct Decoder {
    state: State,
    rules: Rules,
}

impl Decoder {
    /// Makes a decoder for the peer of `role`, with no limit on messages and no reserved bit allowed.
    #[must_use]
    pub fn new(role: Role) -> Self {
        Self {
            state: State::between_frames(None),
            rules: Rules { max_message_size: u64::MAX, max_frames: u32::MAX, role, rsv1_allowed: false },
        }
    }

    /// Limits the payload of one message, all its frames together, to so many bytes. A frame that would
    /// exceed it is refused when its header is read. A message with the first reserved bit may be an eighth and 1 KiB
    /// longer: it is compressed, and what it holds is for whoever decompresses it to count.
    #[must_use]
    pub fn with_max_message_size(mut self, limit: Option<u64>) -> Self {
        self.rules.max_message_size = limit.unwrap_or(u64::MAX);
        self
    }

    /// Limits how many frames one message may have; at least one.
    #[must_use]
    pub fn with_max_frames(mut self, limit: Option<u32>) -> Self {
        self.rules.max_frames = limit.map_or(u32::MAX, |limit| limit.max(1));
        self
    }

    /// Lets the first frame of a message set the first reserved bit, as permessage-deflate does (RFC 7692).
    /// Text so marked is not checked for UTF-8: that is up to whoever decompresses it.
    #[must_use]
    pub fn with_rsv1_allowed(mut self, allowed: bool) -> Self {
        self.rules.rsv1_allowed = allowed;
        self
    }

    /// Takes the next event from the front of `input`, which is advanced past what was used.
    ///
    /// `None` says that more bytes are needed; `input` is then used up, and the caller need not keep any of
    /// it. After a close or a violation everything is used up and ignored.
    ///
    /// # Errors
    ///
    /// The peer broke the protocol. It should be sent a close frame and nothing more read from it.
    pub fn decode<'b>(&mut self, input: &mut &'b mut [u8]) -> Result<Option<Event<'b>>, Violation> {
        let event = self.next_event(input);
        if event.is_err() {
            self.state = State::Closed;
        }
        event
    }

    fn next_event<'b>(&mut self, input: &mut &'b mut [u8]) -> Result<Option<Event<'b>>, Violation> {
        loop {
            let event = match &mut self.state {
                State::BetweenFrames { header, message } => {
                    let inside_message = message.is_some();
                    let check = |start: &_| self.rules.check_start(start, inside_message);
                    let Some(header) = header.read(input, check)? else {
                        return Ok(None);
                    };
                    let message = message.take();
                    self.begin_frame(&header, message, input)?
                }
                State::InData { frame, message } => {
                    let event = frame.read(message, input)?;
                    if frame.remaining == 0 {
                        let unfinished = (!frame.fin).then_some(*message);
                        self.state = State::between_frames(unfinished);
                    }
                    event
                }
                State::InControl { frame, message } => {
                    let event = frame.read(input)?;
                    if event.is_some() {
                        self.state = State::after_control(frame.kind, message.take());
                    }
                    event
                }
                State::Closed => {
                    *input = &mut [];
                    None
                }
            };
            if event.is_some() || input.is_empty() {
                return Ok(event);
            }
        }
    }

    /// Reads as much of a frame's payload as has come with its header.
    fn begin_frame<'b>(
        &mut self,
        header: &FrameHeader,
        message: Option<Message>,
        input: &mut &'b mut [u8],
    ) -> Result<Option<Event<'b>>, Violation> {
        let control = match header.opcode {
            Opcode::Continuation | Opcode::Text | Opcode::Binary => {
                let mut message = message.unwrap_or_else(|| Message::new(header));
                message.frames = self.rules.check_frames(message.frames)?;
                message.size = self.rules.check_size(message.size, header.payload_length, message.rsv1)?;
                let mut frame = DataFrame::new(header);
                let event = frame.read(&mut message, input)?;
                self.state = if frame.remaining > 0 {
                    State::InData { frame, message }
                } else {
                    State::between_frames((!frame.fin).then_some(message))
                };
                return Ok(event);
            }
            Opcode::Close => Control::Close,
            Opcode::Ping => Control::Ping,
            Opcode::Pong => Control::Pong,
        };
        let mut frame = ControlFrame::new(header, control);
        let event = frame.read(input)?;
        self.state = if event.is_some() {
            State::after_control(control, message)
        } else {
            State::InControl { frame: Box::new(frame), message }
        };
        Ok(event)
    }
}

/// Where in the stream of frames the decoder is. `message` is the one that awaits further frames.
#[derive(Debug)]
enum State {
    BetweenFrames { header: PartialHeader, message: Option<Message> },
    InData { frame: DataFrame, message: Message },
    InControl { frame: Box<ControlFrame>, message: Option<Message> },
    Closed,
}

impl State {
    fn between_frames(message: Option<Message>) -> Self {
        Self::BetweenFrames { header: PartialHeader::default(), message }
    }

    fn after_control(kind: Control, message: Option<Message>) -> Self {
        match kind {
            Control::Close => Self::Closed,
            Control::Ping | Control::Pong => Self::between_frames(message),
        }
    }
}

/// What is known of a message whose end has not come.
#[derive(Debug, Clone, Copy)]
struct Message {
    /// The payload bytes that its frames announced so far.
    size: u64,
    frames: u32,
    utf8: Utf8Check,
    kind: DataKind,
    rsv1: bool,
}

impl Message {
    fn new(first: &FrameHeader) -> Self {
        let kind = if first.opcode == Opcode::Text { DataKind::Text } else { DataKind::Binary };
        Self { size: 0, frames: 0, utf8: Utf8Check::default(), kind, rsv1: first.rsv1 }
    }

    fn accept(&mut self, payload: &[u8], end_of_message: bool) -> Result<(), Violation> {
        if self.kind == DataKind::Text && !self.rsv1 {
            self.utf8.accept(payload)?;
            if end_of_message {
                self.utf8.finish()?;
            }
        }
        Ok(())
    }
}

/// A text, binary or continuation frame whose payload is arriving.
#[derive(Debug)]
struct DataFrame {
    remaining: u64,
    mask: Option<MaskKey>,
    fin: bool,
}

impl DataFrame {
    fn new(header: &FrameHeader) -> Self {
        Self { remaining: header.payload_length, mask: header.mask, fin: header.fin }
    }

    fn read<'b>(
        &mut self,
        message: &mut Message,
        input: &mut &'b mut [u8],
    ) -> Result<Option<Event<'b>>, Violation> {
        let payload = take(input, self.remaining);
        self.remaining -= payload.len() as u64;
        self.mask = self.mask.map(|key| apply_mask(payload, key));
        let end_of_message = self.remaining == 0 && self.fin;
        message.accept(payload, end_of_message)?;
        if payload.is_empty() && !end_of_message {
            return Ok(None);
        }
        let &mut Message { kind, rsv1, .. } = message;
        Ok(Some(Event::Data { kind, payload, end_of_message, rsv1 }))
    }
}

#[derive(Debug, Clone, Copy)]
enum Control {
    Close,
    Ping,
    Pong,
}

/// A close, ping or pong frame whose payload is arriving.
#[derive(Debug)]
struct ControlFrame {
    kind: Control,
    remaining: u64,
    mask: Option<MaskKey>,
    /// The unmasked payload so far; nothing is put here if all of it comes at once.
    payload: Vec<u8>,
}

impl ControlFrame {
    fn new(header: &FrameHeader, kind: Control) -> Self {
        Self { kind, remaining: header.payload_length, mask: header.mask, payload: Vec::new() }
    }

    fn read<'b>(&mut self, input: &mut &'b mut [u8]) -> Result<Option<Event<'b>>, Violation> {
        let part = take(input, self.remaining);
        self.remaining -= part.len() as u64;
        self.mask = self.mask.map(|key| apply_mask(part, key));
        if self.remaining > 0 {
            self.payload.extend_from_slice(part);
            return Ok(None);
        }
        let payload = if self.payload.is_empty() {
            Cow::Borrowed(&*part)
        } else {
            self.payload.extend_from_slice(part);
            Cow::Owned(std::mem::take(&mut self.payload))
        };
        Ok(Some(match self.kind {
            Control::Ping => Event::Ping(payload),
            Control::Pong => Event::Pong(payload),
            Control::Close => Event::Close(CloseFrame::parse(payload)?),
        }))
    }
}

/// Splits up to `length` bytes off the front of `input`.
fn take<'b>(input: &mut &'b mut [u8], length: u64) -> &'b mut [u8] {
    let length = usize::try_from(length).unwrap_or(usize::MAX).min(input.len());
    input.split_off_mut(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_is_as_large_as_an_idle_connection_can_afford() {
        assert!(size_of::<Decoder>() <= 64, "{} bytes", size_of::<Decoder>());
    }

    #[test]
    fn a_control_frame_in_one_piece_is_borrowed_and_one_in_pieces_is_gathered() {
        let mut bytes = *b"\x89\x02hi\x89\x02";
        let mut input = bytes.as_mut_slice();
        let mut decoder = Decoder::new(Role::Client);
        assert!(matches!(decoder.decode(&mut input), Ok(Some(Event::Ping(Cow::Borrowed(b"hi"))))));
        assert_eq!(decoder.decode(&mut input), Ok(None));

        let mut bytes = *b"yo";
        let (first, second) = bytes.split_at_mut(1);
        assert_eq!(decoder.decode(&mut &mut *first), Ok(None));
        let Ok(Some(Event::Ping(Cow::Owned(payload)))) = decoder.decode(&mut &mut *second) else {
            panic!("the ping is complete");
        };
        assert_eq!(payload, b"yo");
    }
}
