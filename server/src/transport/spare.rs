//! Buffers that were written and wait for their next use: a few per thread.
//!
//! Without them each answer would allocate the buffer that it waits in until it is written.

use std::cell::RefCell;

/// Buffers that a thread keeps at most.
const KEPT: usize = 16;

/// Bytes that a kept buffer may hold: larger ones go back to the allocator, so that a small answer that waits long does
/// not hold the room of a large one.
const LARGEST: usize = 8 * 1024;

thread_local! {
    static SPARE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer, with or without room.
pub(super) fn take() -> Vec<u8> {
    SPARE.with_borrow_mut(Vec::pop).unwrap_or_default()
}

/// Keeps a buffer for its next use.
pub(super) fn give_back(mut buffer: Vec<u8>) {
    if (1..=LARGEST).contains(&buffer.capacity()) {
        buffer.clear();
        SPARE.with_borrow_mut(|spare| {
            if spare.len() < KEPT {
                spare.push(buffer);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_comes_back_empty_and_neither_large_nor_too_many_are_kept() {
        give_back(vec![1; 100]);
        give_back(vec![1; LARGEST + 1]);
        give_back(Vec::new());
        let again = take();
        assert_eq!((again.len(), again.capacity()), (0, 100));
        assert_eq!(take().capacity(), 0);
        for _ in 0..2 * KEPT {
            give_back(vec![1]);
        }
        assert_eq!((0..2 * KEPT).filter(|_| take().capacity() > 0).count(), KEPT);
    }
}
