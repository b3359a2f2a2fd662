//! Where a call writes: the outbox of its caller, as far as it has room and the call has its turn.

use std::cell::Cell;
use std::sync::Arc;

use hubcast_protocol::contract::{AnswerSink, ItemRoom, ItemSink};
use hubcast_protocol::{Codec, EncodeError};

use crate::connection::Live;

/// Items that the streams of a connection write between them before other connections get their turn.
const ITEMS_AT_ONCE: usize = 512;

/// Items that each of many streams may write all the same.
pub(super) const FEWEST_ITEMS: usize = 32;

/// Items that one of so many calls may write before the others get their turn.
pub(super) fn share_of(calls: usize) -> usize {
    (ITEMS_AT_ONCE / calls.max(1)).max(FEWEST_ITEMS)
}

/// The outbox of the caller, for one turn of one call.
pub(super) struct OutboxSink<'a> {
    live: &'a Arc<Live>,
    left: usize,
    held_back: Cell<bool>,
}

impl<'a> OutboxSink<'a> {
    /// A turn in which a stream writes so many items at most.
    pub(super) fn new(live: &'a Arc<Live>, items: usize) -> Self {
        Self { live, left: items, held_back: Cell::new(false) }
    }

    /// How what is written has to be encoded.
    pub(super) fn codec(&self) -> Codec {
        self.live.codec()
    }

    /// Whether the call has more to write and waits for no waker.
    pub(super) fn is_held_back(&self) -> bool {
        self.held_back.get()
    }

    /// Notes that the call has more to write and waits for no waker.
    pub(super) fn hold_back(&self) {
        self.held_back.set(true);
    }
}

impl AnswerSink for OutboxSink<'_> {
    fn append(
        &mut self,
        write: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
    ) -> Result<(), EncodeError> {
        self.live.outbox.append(self.live.framing(), write)
    }

    fn append_items(&mut self, items: &[u8], count: u32) {
        self.count_items(count);
        ItemSink::append_items(&**self.live, items, count);
    }

    fn room(&self) -> Option<ItemRoom> {
        let bytes = if self.left > 0 { self.live.outbox.room_for_items() } else { 0 };
        if bytes == 0 {
            self.hold_back();
            return None;
        }
        Some(ItemRoom { items: self.left, bytes })
    }

    fn shared(&self) -> Option<Arc<dyn ItemSink>> {
        let live: Arc<dyn ItemSink> = Arc::<Live>::clone(self.live);
        Some(live)
    }

    fn count_items(&mut self, count: u32) {
        self.left = self.left.saturating_sub(count as usize);
    }
}

impl ItemSink for Live {
    fn append_items(&self, items: &[u8], count: u32) {
        self.outbox.append_encoded(self.framing(), items, count);
    }
}
