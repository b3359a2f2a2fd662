//! What one connection compresses of what it sends.
//!
//! Without context takeover the compressor of a message is borrowed from the thread, and no connection owns one.

use bytes::Bytes;
use hubcast_websocket::{DeflateAgreement, Deflater};

use super::Compression;
use crate::transport::{give_deflater_back, spare_deflater};

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
        let (window_bits, level) = (self.window_bits, self.level);
        let mut deflater = self.deflater.take().unwrap_or_else(|| {
            if self.context_takeover {
                Box::new(Deflater::new(window_bits, true, level))
            } else {
                spare_deflater(window_bits, level)
            }
        });
        let mut out = Vec::new();
        deflater.deflate(part, end_of_message, &mut out);
        if end_of_message && !self.context_takeover {
            give_deflater_back(deflater, window_bits, level);
        } else {
            self.deflater = Some(deflater);
        }
        out.into()
    }
}
