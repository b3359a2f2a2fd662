//! Compressors that took nothing over, for whoever has a message to compress: a few per thread, none per connection.

use std::cell::RefCell;

use bytes::Bytes;
use hubcast_websocket::{Deflater, FrameHeader, Opcode};

/// Compressors that a thread keeps: most servers have one kind.
const KEPT: usize = 2;

thread_local! {
    static SPARE: RefCell<Vec<Spare>> = const { RefCell::new(Vec::new()) };
}

struct Spare {
    deflater: Box<Deflater>,
    window_bits: u8,
    level: u8,
}

/// A compressor without context takeover, between two messages.
pub(crate) fn spare_deflater(window_bits: u8, level: u8) -> Box<Deflater> {
    let fits = |spare: &Spare| spare.window_bits == window_bits && spare.level == level;
    let kept = SPARE.with_borrow_mut(|kept| kept.iter().position(fits).map(|at| kept.swap_remove(at)));
    kept.map_or_else(|| Box::new(Deflater::new(window_bits, false, level)), |spare| spare.deflater)
}

/// Keeps a compressor of [`spare_deflater`] for its next message.
pub(crate) fn give_deflater_back(deflater: Box<Deflater>, window_bits: u8, level: u8) {
    SPARE.with_borrow_mut(|kept| {
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push(Spare { deflater, window_bits, level });
    });
}

/// What is compressed of the messages of a hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deflating {
    /// Bytes from which on it is worth it.
    pub(crate) threshold: u32,
    pub(crate) level: u8,
}

/// The window of every frame that connections share: the one that all clients have.
const SHARED_WINDOW: u8 = 15;

impl Deflating {
    pub(super) fn is_worth(self, length: usize) -> bool {
        length >= self.threshold as usize
    }

    /// A whole compressed message in one frame, which refers to none before it: it may go to any number of connections.
    pub(super) fn frame(self, opcode: Opcode, bytes: &[u8]) -> Bytes {
        let mut deflater = spare_deflater(SHARED_WINDOW, self.level);
        let mut compressed = Vec::with_capacity(bytes.len() / 4);
        deflater.deflate(bytes, true, &mut compressed);
        give_deflater_back(deflater, SHARED_WINDOW, self.level);
        let payload_length = compressed.len() as u64;
        let header = FrameHeader { fin: true, rsv1: true, opcode, payload_length, mask: None }.encode();
        [&*header, &compressed].concat().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_refers_to_none_before_it_and_a_thread_keeps_few_compressors() {
        let deflating = Deflating { threshold: 10, level: 6 };
        let first = deflating.frame(Opcode::Text, b"Hello");
        assert_eq!(*first, [0xc1, 7, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]);
        assert_eq!(deflating.frame(Opcode::Text, b"Hello"), first);
        for level in 1..9 {
            Deflating { threshold: 10, level }.frame(Opcode::Binary, b"Hello");
        }
        assert_eq!(SPARE.with_borrow(Vec::len), KEPT);
        assert!(deflating.is_worth(10) && !deflating.is_worth(9));
    }
}
