//! The compressed messages of a hub's client.
//!
//! A few bytes may stand for many, so that they are decompressed piece by piece, each when the one before was heard.

use hubcast_websocket::{Inflated, Inflater, Violation};

/// What one connection has to decompress.
pub(crate) struct Inflating {
    inflater: Inflater,
    /// What arrived and was not decompressed, from which byte on, and whether its message ends with it.
    waiting: Option<(Vec<u8>, usize, bool)>,
}

/// Bytes of a piece at most.
const PIECE: usize = 16 * 1024;

/// Bytes of the first room that a piece gets.
const LITTLE: usize = 4 * 1024;

impl Inflating {
    /// Without context takeover, for messages that become at most so large.
    pub(crate) fn new(max_message_size: usize) -> Self {
        let inflater = Inflater::new(15, false).with_max_message_size(Some(max_message_size as u64));
        Self { inflater, waiting: None }
    }

    /// Takes in a part of a compressed message; nothing else may be waiting.
    pub(super) fn take_in(&mut self, part: &[u8], end_of_message: bool) {
        self.waiting = Some((part.to_vec(), 0, end_of_message));
    }

    /// The next piece of what was taken in; `None` when more has to come.
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, Violation> {
        while let Some((waiting, at, is_last)) = &mut self.waiting {
            let mut input = &waiting[*at..];
            let mut out = Vec::with_capacity((4 * input.len()).clamp(LITTLE, PIECE));
            let inflated = self.inflater.inflate(&mut input, *is_last, &mut out)?;
            *at = waiting.len() - input.len();
            if inflated != Inflated::NeedsRoom {
                self.waiting = None;
            }
            if !out.is_empty() {
                return Ok(Some(out));
            }
        }
        Ok(None)
    }
}
