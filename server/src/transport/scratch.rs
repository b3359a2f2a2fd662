//! The buffer that reads go into: one per thread, so that an idle connection owns none.

use std::cell::Cell;

/// Bytes of one read: two HTTP/2 DATA frames of the default size.
const SIZE: usize = 32 * 1024;

thread_local! {
    static SCRATCH: Cell<Option<Box<[u8]>>> = const { Cell::new(None) };
}

/// Lends the thread's buffer; a use inside of a use gets one of its own.
pub(crate) fn with_scratch<T>(read: impl FnOnce(&mut [u8]) -> T) -> T {
    let mut buffer = SCRATCH.take().unwrap_or_else(|| vec![0; SIZE].into_boxed_slice());
    let outcome = read(&mut buffer);
    SCRATCH.set(Some(buffer));
    outcome
}
