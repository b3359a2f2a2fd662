//! What one connection compresses of what it sends.
//!
//! Without context takeover the compressor of a message is borrowed from the thread, and no connection owns one.

use std::cell::RefCell;

use bytes::Bytes;
use hubcast_websocket::{DeflateAgreement, Deflater};

use super::Compression;

/// The compressor of one connection.
pub(super) struct Compressor {
    /// `None` between messages where nothing is taken over.
    deflater: Option<Box<Deflater>>,
    window_bits: u8,
    context_takeover: bool,
    level: u8,
    threshold: usize,
}

impl Compressor {
    pub(super) fn new(agreement: &DeflateAgreement, compression: &Compression) -> Self {
        Self {
            deflater: None,
            window_bits: agreement.server_window_bits,
            context_takeover: agreement.server_context_takeover,
            level: compression.level,
            threshold: compression.threshold,
        }
    }

    /// Whether a message of so many bytes is worth compressing.
    pub(super) fn is_worth(&self, length: usize) -> bool {
        length >= self.threshold
    }

    /// Compresses the next part of a message.
    pub(super) fn compress(&mut self, part: &[u8], end_of_message: bool) -> Bytes {
        let mut deflater = self
            .deflater
            .take()
            .unwrap_or_else(|| spare(self.window_bits, self.context_takeover, self.level));
        let mut out = Vec::new();
        deflater.deflate(part, end_of_message, &mut out);
        if end_of_message && !self.context_takeover {
            give_back(Spare { deflater, window_bits: self.window_bits, level: self.level });
        } else {
            self.deflater = Some(deflater);
        }
        out.into()
    }
}

/// A compressor that took nothing over.
struct Spare {
    deflater: Box<Deflater>,
    window_bits: u8,
    level: u8,
}

/// Compressors that a thread keeps: most servers have one kind.
const KEPT: usize = 2;

thread_local! {
    static SPARE: RefCell<Vec<Spare>> = const { RefCell::new(Vec::new()) };
}

fn spare(window_bits: u8, context_takeover: bool, level: u8) -> Box<Deflater> {
    let fits = |spare: &Spare| spare.window_bits == window_bits && spare.level == level;
    let kept = (!context_takeover)
        .then(|| SPARE.with_borrow_mut(|kept| kept.iter().position(fits).map(|at| kept.swap_remove(at))));
    match kept.flatten() {
        Some(spare) => spare.deflater,
        None => Box::new(Deflater::new(window_bits, context_takeover, level)),
    }
}

fn give_back(spare: Spare) {
    SPARE.with_borrow_mut(|kept| {
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push(spare);
    });
}
