//! The buffer that messages are encoded into before they are queued: one per thread.
//!
//! Serializers are application code. They run here, where they hold no lock, and a panic in one leaves nothing behind.

use std::cell::Cell;

/// Bytes that the buffer may keep for the next use.
const KEPT: usize = 64 * 1024;

thread_local! {
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Lends the thread's buffer, empty; a use inside of a use gets one of its own.
pub(super) fn with_encoding_buffer<T>(encode: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    let mut buffer = BUFFER.take();
    buffer.clear();
    let outcome = encode(&mut buffer);
    if buffer.capacity() <= KEPT {
        BUFFER.set(buffer);
    }
    outcome
}
