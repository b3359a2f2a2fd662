//! The items that a stream has ready: encoded one behind the other while its call is polled, and queued together.
//!
//! A batch is lent to the stream by the thread that polls it, as the stream may borrow from the hub that the same
//! future owns. The rule that is easy to break: what the stream itself sends to clients while it makes its next item
//! leaves behind the items before, so whoever sends calls [`queue_items_before_a_message`]. What a serializer sends while it
//! writes an item leaves ahead of the batch.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use serde::Serialize;

use super::{Answer, ItemRoom, ItemSink};
use crate::{Codec, EncodeError};

/// Bytes from which on a batch is queued before it goes on.
const LARGE_BATCH: usize = 16 * 1024;

/// Bytes that the buffer of a thread may keep for the next batch.
const KEPT: usize = 2 * LARGE_BATCH;

thread_local! {
    static LENT: RefCell<Option<ItemBatch>> = const { RefCell::new(None) };
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Items that are encoded and not yet queued, and how many more there may be.
pub(super) struct ItemBatch {
    codec: Codec,
    /// What each item begins with; `None` if nobody wants them.
    head: Option<Arc<[u8]>>,
    shared: Option<Arc<dyn ItemSink>>,
    bytes: Vec<u8>,
    /// Where the last whole item ends.
    end: usize,
    count: u32,
    /// Items that left ahead of a message.
    queued: u32,
    room: ItemRoom,
    /// Whether the stream was told to stop.
    has_stopped: bool,
}

/// How polling with a batch has ended.
pub(super) struct Polled<R> {
    pub(super) outcome: R,
    /// Whether the stream stopped because the batch takes no more.
    pub(super) is_full: bool,
}

impl ItemBatch {
    /// Polls a stream with a batch for what `room` says, and queues the items.
    ///
    /// `poll` must not panic.
    pub(super) fn lend<R>(
        answer: &mut Answer<'_>,
        head: Option<&Arc<[u8]>>,
        room: ItemRoom,
        poll: impl FnOnce() -> R,
    ) -> Polled<R> {
        let mut bytes = BUFFER.take();
        bytes.clear();
        let batch = Self {
            codec: answer.codec(),
            head: head.cloned(),
            shared: answer.sink().shared(),
            bytes,
            end: 0,
            count: 0,
            queued: 0,
            room,
            has_stopped: false,
        };
        let outer = LENT.replace(Some(batch));
        let outcome = poll();
        let Some(batch) = LENT.replace(outer) else { unreachable!("only the lender takes it back") };
        if batch.queued > 0 {
            answer.sink().count_items(batch.queued);
        }
        if batch.count > 0 {
            answer.sink().append_items(&batch.bytes[..batch.end], batch.count);
        }
        if batch.bytes.capacity() <= KEPT {
            BUFFER.set(batch.bytes);
        }
        Polled { outcome, is_full: batch.has_stopped }
    }

    /// Whether the batch that is lent takes one more item. If not, the stream is to stop here.
    pub(super) fn takes_more() -> bool {
        LENT.with_borrow_mut(|lent| {
            lent.as_mut().is_some_and(|batch| {
                batch.has_stopped |= batch.is_full();
                !batch.has_stopped
            })
        })
    }

    /// Puts an item into the batch that is lent.
    pub(super) fn put<T: Serialize>(item: &T) -> Result<(), EncodeError> {
        LENT.with_borrow_mut(|lent| lent.as_mut().map_or(Ok(()), |batch| batch.write(item)))
    }

    fn is_full(&self) -> bool {
        self.room.items == 0 || self.room.bytes == 0 || self.end >= LARGE_BATCH
    }

    fn write<T: Serialize>(&mut self, item: &T) -> Result<(), EncodeError> {
        let Some(head) = &self.head else { return Ok(()) };
        self.codec.write_stream_item_behind(&mut self.bytes, head, item)?;
        self.room.items -= 1;
        self.room.bytes = self.room.bytes.saturating_sub(self.bytes.len() - self.end);
        self.end = self.bytes.len();
        self.count += 1;
        Ok(())
    }

    fn queue(&mut self) {
        if let Some(shared) = &self.shared {
            shared.append_items(&self.bytes[..self.end], self.count);
            self.bytes.clear();
            self.queued += self.count;
            (self.end, self.count) = (0, 0);
        }
    }
}

/// Queues the items that the stream which this thread polls has made so far: a message follows that comes behind them.
pub(super) fn queue_items_before_a_message() {
    LENT.with(|lent| {
        // A serializer that sends something does so in the middle of an item.
        if let Ok(mut lent) = lent.try_borrow_mut()
            && let Some(batch) = &mut *lent
            && batch.count > 0
        {
            batch.queue();
        }
    });
}

#[cfg(test)]
mod tests {
    use parking_lot::Mutex;

    use super::*;
    use crate::HubProtocol;
    use crate::contract::AnswerSink;

    #[test]
    fn items_that_leave_ahead_of_messages_count_towards_the_share_of_the_call() {
        let mut sink = Sink { shared: Arc::default(), left: 5 };
        let head: Arc<[u8]> = Arc::from(&b"item "[..]);
        let mut lends = 0;
        while let Some(room) = sink.room() {
            let mut answer = Answer::new(Codec::from(HubProtocol::Json), Some("1"), &mut sink);
            let polled = ItemBatch::lend(&mut answer, Some(&head), room, || {
                while ItemBatch::takes_more() {
                    queue_items_before_a_message();
                    ItemBatch::put(&1).expect("a number can be written");
                }
            });
            assert!(polled.is_full);
            lends += 1;
        }
        assert_eq!((lends, sink.left), (1, 0));
        let alone = b"item 1}\x1e".to_vec();
        assert_eq!(
            *sink.shared.0.lock(),
            [(alone.clone(), 1), (alone.clone(), 1), (alone.clone(), 1), (alone, 1)]
        );
    }

    /// What was queued ahead of messages, and how many items may follow.
    struct Sink {
        shared: Arc<Shared>,
        left: usize,
    }

    #[derive(Default)]
    struct Shared(Mutex<Vec<(Vec<u8>, u32)>>);

    impl ItemSink for Shared {
        fn append_items(&self, items: &[u8], count: u32) {
            self.0.lock().push((items.to_vec(), count));
        }
    }

    impl AnswerSink for Sink {
        fn append(
            &mut self,
            _: &mut dyn FnMut(&mut Vec<u8>) -> Result<(), EncodeError>,
        ) -> Result<(), EncodeError> {
            Ok(())
        }

        fn append_items(&mut self, _: &[u8], count: u32) {
            self.count_items(count);
        }

        fn room(&self) -> Option<ItemRoom> {
            (self.left > 0).then_some(ItemRoom { items: self.left, bytes: usize::MAX })
        }

        fn shared(&self) -> Option<Arc<dyn ItemSink>> {
            let shared: Arc<dyn ItemSink> = Arc::<Shared>::clone(&self.shared);
            Some(shared)
        }

        fn count_items(&mut self, count: u32) {
            self.left -= count as usize;
        }
    }
}
