//! What was sent and not acknowledged: the pieces that a stateful reconnect sends again.
//!
//! Messages are numbered from 1 in the order in which they were queued; only hub messages of the kinds 1 to 5 count.
//! Pieces are kept whole: a replay may repeat messages that the client had, and it drops those by their numbers.

use std::collections::VecDeque;

use bytes::Bytes;

/// The pieces of one connection that its client may still need.
pub(super) struct Retained {
    pieces: VecDeque<(Bytes, u32)>,
    bytes: usize,
    /// Messages that were acknowledged with all their piece.
    acknowledged: i64,
    /// Messages in the piece that is still open; `None` if none is.
    open: Option<u32>,
    limit: usize,
    /// Whether the limit holds nobody up for now.
    is_lifted: bool,
}

impl Retained {
    pub(super) fn new(limit: usize) -> Self {
        Self { pieces: VecDeque::new(), bytes: 0, acknowledged: 0, open: None, limit, is_lifted: false }
    }

    /// Keeps a piece of so many messages; one of none is not kept.
    pub(super) fn add(&mut self, piece: &Bytes, messages: u32) {
        if messages > 0 {
            self.bytes += piece.len();
            self.pieces.push_back((piece.clone(), messages));
        }
    }

    /// Whether messages of this count may share the open piece: those that count and those that do not are apart.
    pub(super) fn may_join(&self, messages: u32) -> bool {
        self.open.is_none_or(|open| (open > 0) == (messages > 0))
    }

    /// Counts messages that were put into the open piece.
    pub(super) fn count_open(&mut self, messages: u32) {
        self.open = Some(self.open.unwrap_or(0) + messages);
    }

    /// Keeps the piece that was open.
    pub(super) fn add_open(&mut self, piece: &Bytes) {
        let messages = self.open.take().unwrap_or(0);
        self.add(piece, messages);
    }

    /// Forgets the pieces whose messages all have numbers up to `id`.
    pub(super) fn acknowledged(&mut self, id: i64) {
        while let Some((piece, messages)) = self.pieces.front() {
            let last = self.acknowledged + i64::from(*messages);
            if last > id {
                return;
            }
            self.acknowledged = last;
            self.bytes -= piece.len();
            self.pieces.pop_front();
        }
        self.pieces = VecDeque::new();
    }

    /// The number of the first message that would be sent again, or of the next if none would.
    pub(super) fn first_id(&self) -> i64 {
        self.acknowledged + 1
    }

    pub(super) fn pieces(&self) -> impl Iterator<Item = &Bytes> {
        self.pieces.iter().map(|(piece, _)| piece)
    }

    pub(super) fn lift(&mut self, lifted: bool) {
        self.is_lifted = lifted;
    }

    /// Whether senders may go on, with so many bytes in the piece that is still open.
    pub(super) fn has_room(&self, open: usize) -> bool {
        self.is_lifted || self.bytes + open < self.limit
    }

    /// Bytes that streams may write: an item may begin while any of them are left.
    pub(super) fn room_for_items(&self, open: usize) -> usize {
        (self.limit / 4 * 3 + 1).saturating_sub(self.bytes + open)
    }

    /// Bytes over the limit, with those of the piece that is still open.
    pub(super) fn excess(&self, open: usize) -> usize {
        (self.bytes + open).saturating_sub(self.limit)
    }
}
