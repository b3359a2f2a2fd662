//! What a side compresses of its own messages (RFC 7692 §7.2.1).
//!
//! Each part is flushed, so that the peer can read what has been sent of a message that goes on.

use flate2::{Compress, Compression, FlushCompress};

use super::TAIL;

/// The compressor of one direction of a connection, or of many if there is no context takeover.
///
/// It owns no memory before its first message: from then on about 270 kB with a window of 15 bits, and 140 kB less with
/// one of 9, until [`rest`](Self::rest) gives it back or it is dropped.
#[derive(Debug)]
pub struct Deflater {
    state: Option<Box<Compress>>,
    context_takeover: bool,
    window_bits: u8,
    level: u8,
}

impl Deflater {
    /// A compressor for windows of 9 to 15 bits, with a level of 1 (fast) to 9 (small). Others count as the nearest of those.
    #[must_use]
    pub fn new(window_bits: u8, context_takeover: bool, level: u8) -> Self {
        Self {
            state: None,
            context_takeover,
            window_bits: window_bits.clamp(9, 15),
            level: level.clamp(1, 9),
        }
    }

    /// Compresses the next part of a message onto the end of `out`.
    ///
    /// The frame of the message's first part has to set the first reserved bit; the parts of one message follow each other.
    pub fn deflate(&mut self, part: &[u8], end_of_message: bool, out: &mut Vec<u8>) {
        let start = out.len();
        let state = self.state.get_or_insert_with(|| {
            let level = Compression::new(self.level.into());
            Box::new(Compress::new_with_window_bits(level, false, self.window_bits))
        });
        compress(state, part, out);
        if !end_of_message {
            return;
        }
        if out[start..].ends_with(&TAIL) {
            out.truncate(out.len() - TAIL.len());
        }
        if out.len() == start {
            // Nothing came after the flush of the part before: an empty block, whose end the peer adds (§7.2.3.6).
            out.push(0);
        }
        if !self.context_takeover {
            state.reset();
        }
    }

    /// Gives the memory back if the next message does not need what it holds. To be called between messages.
    pub fn rest(&mut self) {
        if !self.context_takeover {
            self.state = None;
        }
    }
}

/// Compresses all of `part` and flushes.
fn compress(state: &mut Compress, part: &[u8], out: &mut Vec<u8>) {
    let begin = state.total_in();
    loop {
        let done = usize::try_from(state.total_in() - begin).expect("no part is longer than memory");
        let rest = &part[done..];
        // Less room than a flush takes would make the compressor repeat it.
        out.reserve((rest.len() / 2).max(LEAST_ROOM));
        state
            .compress_vec(rest, out, FlushCompress::Sync)
            .expect("a compressor that was not finished takes everything");
        let is_flushed = out.len() < out.capacity();
        if is_flushed && state.total_in() - begin == part.len() as u64 {
            return;
        }
    }
}

const LEAST_ROOM: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_rfc_are_compressed_as_there() {
        // "Hello" compressed (§7.2.3.1), and again with context takeover (§7.2.3.2).
        let mut deflater = Deflater::new(15, true, 6);
        assert_eq!(deflated(&mut deflater, b"Hello"), [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]);
        assert_eq!(deflated(&mut deflater, b"Hello"), [0xf2, 0x00, 0x11, 0x00, 0x00]);
        let mut deflater = Deflater::new(15, false, 6);
        for _ in 0..2 {
            assert_eq!(deflated(&mut deflater, b"Hello"), [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]);
        }
    }

    #[test]
    fn an_empty_message_is_one_byte() {
        let mut deflater = Deflater::new(15, true, 6);
        for _ in 0..3 {
            assert_eq!(deflated(&mut deflater, b""), [0]);
        }
        let mut out = Vec::new();
        deflater.deflate(b"part", false, &mut out);
        assert!(out.ends_with(&TAIL));
        assert_eq!(deflated(&mut deflater, b""), [0]);
    }

    #[test]
    fn memory_is_owned_only_once_there_is_a_message_and_given_back_where_it_can_be() {
        for (context_takeover, is_kept) in [(true, true), (false, false)] {
            let mut deflater = Deflater::new(9, context_takeover, 1);
            assert!(deflater.state.is_none());
            deflated(&mut deflater, b"x");
            deflater.rest();
            assert_eq!(deflater.state.is_some(), is_kept);
        }
    }

    fn deflated(deflater: &mut Deflater, message: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        deflater.deflate(message, true, &mut out);
        out
    }
}
