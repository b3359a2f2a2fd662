//! What the peer's compressed messages hold (RFC 7692 §7.2.2), as far as the caller has room for it.
//!
//! The rule that is easy to break: a few bytes can stand for any number, so that output is made only into room that the
//! caller gave, and counted while it is made.

use flate2::{Decompress, FlushDecompress, Status};

use super::TAIL;
use crate::violation::Violation;

/// The decompressor of one direction of a connection.
///
/// It owns no memory before its first message: from then on about 45 kB with a window of 15 bits, and without context
/// takeover only while a message is being read.
#[derive(Debug)]
pub struct Inflater {
    state: Option<Box<Decompress>>,
    context_takeover: bool,
    window_bits: u8,
    message: Message,
    max_message_size: u64,
}

/// What is known of the message that is being read.
#[derive(Debug, Default)]
struct Message {
    /// Bytes that it made so far.
    size: u64,
    /// Bytes of [`TAIL`] that were added behind it.
    tail: usize,
    /// Whether anything came since its beginning or the last stream that ended in it.
    has_begun: bool,
    /// Whether there was no more room, and may be more output.
    is_short_of_room: bool,
    ended_streams: u8,
}

/// How far [`Inflater::inflate`] came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inflated {
    /// All of the input was used, and the message goes on.
    NeedsInput,
    /// The room was used, and there may be more: to be called again with room and what is left of the input.
    NeedsRoom,
    /// The message is complete.
    EndOfMessage,
}

/// Streams that may end inside of one message. Each costs a new beginning, and a peer has a use for one.
const MOST_STREAMS: u8 = 64;

impl Inflater {
    /// A decompressor for the peer's window, with no limit on the size of messages.
    #[must_use]
    pub fn new(window_bits: u8, context_takeover: bool) -> Self {
        Self {
            state: None,
            context_takeover,
            window_bits: window_bits.clamp(9, 15),
            message: Message::default(),
            max_message_size: u64::MAX,
        }
    }

    /// Limits what one message may become to so many bytes.
    #[must_use]
    pub fn with_max_message_size(mut self, limit: Option<u64>) -> Self {
        self.max_message_size = limit.unwrap_or(u64::MAX);
        self
    }

    /// Decompresses the front of `input` into the spare capacity of `out`, and advances `input` past what was used.
    ///
    /// `is_last` says that the message ends with this input.
    ///
    /// # Errors
    ///
    /// [`InvalidDeflate`](Violation::InvalidDeflate) if the input cannot be decompressed, and
    /// [`MessageTooBig`](Violation::MessageTooBig) as soon as more than the limit was made; `out` then holds at most its
    /// capacity.
    pub fn inflate(
        &mut self,
        input: &mut &[u8],
        is_last: bool,
        out: &mut Vec<u8>,
    ) -> Result<Inflated, Violation> {
        loop {
            if input.is_empty() && !self.message.is_short_of_room && (!is_last || self.tail_is_taken()) {
                if !is_last {
                    return Ok(Inflated::NeedsInput);
                }
                self.message = Message::default();
                if !self.context_takeover {
                    self.state = None;
                }
                return Ok(Inflated::EndOfMessage);
            }
            if out.len() == out.capacity() {
                return Ok(Inflated::NeedsRoom);
            }
            self.step(input, is_last, out)?;
        }
    }

    /// A message, or a stream in it, that ended where nothing follows has no end that was cut off.
    fn tail_is_taken(&self) -> bool {
        !self.message.has_begun || self.message.tail == TAIL.len()
    }

    fn step(&mut self, input: &mut &[u8], is_last: bool, out: &mut Vec<u8>) -> Result<(), Violation> {
        let message = &mut self.message;
        let state = self
            .state
            .get_or_insert_with(|| Box::new(Decompress::new_with_window_bits(false, self.window_bits)));
        let (total_in, total_out) = (state.total_in(), state.total_out());
        let is_tail = is_last && input.is_empty();
        let bytes = if is_tail { &TAIL[message.tail..] } else { *input };
        let status =
            state.decompress_vec(bytes, out, FlushDecompress::Sync).map_err(|_| Violation::InvalidDeflate)?;
        let used = (state.total_in() - total_in) as usize;
        message.size += state.total_out() - total_out;
        message.has_begun = true;
        if is_tail {
            message.tail += used;
        } else {
            *input = &input[used..];
        }
        if message.size > self.max_message_size {
            return Err(Violation::MessageTooBig { limit: self.max_message_size });
        }
        message.is_short_of_room = out.len() == out.capacity() && status != Status::StreamEnd;
        match status {
            // "BFINAL set to 1" (§7.2.3.4): what follows is a stream of its own.
            Status::StreamEnd => {
                state.reset(false);
                message.has_begun = false;
                message.ended_streams += 1;
                if message.ended_streams > MOST_STREAMS {
                    return Err(Violation::InvalidDeflate);
                }
            }
            Status::Ok | Status::BufError if used > 0 || bytes.is_empty() || message.is_short_of_room => {}
            // There were bytes and room, and nothing was done.
            Status::Ok | Status::BufError => return Err(Violation::InvalidDeflate),
        }
        Ok(())
    }
}
