//! Messages that may be dropped while they wait for a client that is behind.
//!
//! They stand beside the pieces that must arrive, each with the number of those before it, and are put among them when all
//! are taken out: so the order is kept, and to drop one moves nothing.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::transport::Pieces;

/// What may be dropped of what waits, the oldest first.
#[derive(Default)]
pub(super) struct Droppable {
    waiting: VecDeque<Entry>,
}

struct Entry {
    piece: Bytes,
    key: Option<Box<str>>,
    /// Pieces that are sent before it and must arrive.
    behind: usize,
}

impl Droppable {
    /// Lets a message wait behind so many pieces.
    pub(super) fn add(&mut self, piece: Bytes, key: Option<&str>, behind: usize) {
        self.waiting.push_back(Entry { piece, key: key.map(Into::into), behind });
    }

    /// Drops the message with this key, if there is one, and says how many bytes it had.
    pub(super) fn drop_keyed(&mut self, key: &str) -> Option<usize> {
        let at = self.waiting.iter().position(|entry| entry.key.as_deref() == Some(key))?;
        self.waiting.remove(at).map(|entry| entry.piece.len())
    }

    /// Drops the oldest message and says how many bytes it had.
    pub(super) fn drop_oldest(&mut self) -> Option<usize> {
        self.waiting.pop_front().map(|entry| entry.piece.len())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Puts all that is left among `pieces`.
    pub(super) fn merge_into(self, mut pieces: Pieces) -> Pieces {
        let mut merged = Pieces::new();
        let mut taken = 0;
        for entry in self.waiting {
            while taken < entry.behind
                && let Some(piece) = pieces.pop()
            {
                merged.push(piece);
                taken += 1;
            }
            merged.push(entry.piece);
        }
        merged.append(pieces);
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_stands_where_it_was_queued() {
        let mut droppable = Droppable::default();
        let mut pieces = Pieces::new();
        droppable.add(Bytes::from_static(b"1"), None, 0);
        pieces.push(Bytes::from_static(b"a"));
        droppable.add(Bytes::from_static(b"2"), Some("k"), 1);
        droppable.add(Bytes::from_static(b"3"), None, 1);
        pieces.push(Bytes::from_static(b"b"));
        pieces.push(Bytes::from_static(b"c"));
        droppable.add(Bytes::from_static(b"4"), Some("k"), 3);
        assert_eq!(droppable.drop_keyed("k"), Some(1));
        assert_eq!(droppable.drop_keyed("other"), None);
        pieces.tail().extend_from_slice(b"d");
        let merged = droppable.merge_into(pieces);
        assert_eq!(merged.iter().flatten().copied().collect::<Vec<_>>(), b"1a3bc4d");
    }
}
