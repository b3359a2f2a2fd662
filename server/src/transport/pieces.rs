//! Pieces that wait to be written, in their order.
//!
//! Nearly always there is none or one, so that the first has its place here and only those behind it own memory. What a
//! connection alone is sent ends the queue as plain bytes: they come from the thread's spare buffers (`spare`) and go
//! back to them, so that an answer costs no allocation.

use std::collections::VecDeque;
use std::io::IoSlice;

use bytes::{Buf, Bytes};

use super::spare;

/// A queue of pieces, none of which is empty.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    /// Empty if there is none before the tail.
    first: Bytes,
    /// What is behind the first. Boxed, as it is empty most of the time.
    #[expect(clippy::box_collection, reason = "8 bytes in every connection instead of 32")]
    rest: Option<Box<VecDeque<Bytes>>>,
    tail: Vec<u8>,
}

impl Pieces {
    /// A queue of nothing, which owns no memory.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_empty() && self.tail.is_empty()
    }

    /// Puts a piece behind all others.
    pub(crate) fn push(&mut self, piece: Bytes) {
        self.seal();
        self.push_shared(piece);
    }

    /// The bytes that end the queue, to append to.
    pub(crate) fn tail(&mut self) -> &mut Vec<u8> {
        if self.tail.capacity() == 0 {
            self.tail = spare::take();
        }
        &mut self.tail
    }

    /// The bytes that end the queue and were not made a piece.
    pub(crate) fn open(&self) -> &[u8] {
        &self.tail
    }

    /// Makes a piece of the bytes that end the queue, if there are any.
    pub(crate) fn seal(&mut self) -> Option<&Bytes> {
        if self.tail.is_empty() {
            return None;
        }
        // A piece may wait long, and only its own bytes are counted then.
        let piece = if self.tail.len() > self.tail.capacity() / 2 {
            Bytes::from(std::mem::take(&mut self.tail))
        } else {
            let piece = Bytes::copy_from_slice(&self.tail);
            spare::give_back(std::mem::take(&mut self.tail));
            piece
        };
        self.push_shared(piece);
        Some(self.rest.as_ref().and_then(|rest| rest.back()).unwrap_or(&self.first))
    }

    /// Puts all pieces of another queue behind these.
    pub(crate) fn append(&mut self, mut others: Self) {
        if self.is_empty() {
            *self = others;
            return;
        }
        while let Some(piece) = others.pop() {
            self.push(piece);
        }
    }

    /// The piece at the front.
    pub(crate) fn front(&self) -> &[u8] {
        if self.first.is_empty() { &self.tail } else { &self.first }
    }

    /// Takes the piece at the front.
    pub(crate) fn pop(&mut self) -> Option<Bytes> {
        if self.first.is_empty() {
            self.seal()?;
        }
        let next = self.next_first();
        Some(std::mem::replace(&mut self.first, next))
    }

    /// Takes up to `room` bytes of the piece at the front.
    pub(crate) fn split_front(&mut self, room: usize) -> Option<Bytes> {
        if self.first.is_empty() {
            self.seal()?;
        }
        if self.first.len() <= room { self.pop() } else { Some(self.first.split_to(room)) }
    }

    /// How many pieces there are before the bytes that end the queue.
    pub(crate) fn sealed(&self) -> usize {
        usize::from(!self.first.is_empty()) + self.rest.as_ref().map_or(0, |rest| rest.len())
    }

    /// Whether more than one piece waits.
    pub(crate) fn has_several(&self) -> bool {
        !self.first.is_empty() && (self.rest.is_some() || !self.tail.is_empty())
    }

    /// Bytes of all pieces.
    pub(crate) fn bytes(&self) -> usize {
        self.iter().map(<[u8]>::len).sum()
    }

    /// The pieces from the front.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let shared = std::iter::once(&self.first).chain(self.rest.iter().flat_map(|rest| rest.iter()));
        shared.map(|piece| &**piece).chain(std::iter::once(&*self.tail)).filter(|piece| !piece.is_empty())
    }

    /// Fills `slices` from the front, and says how many.
    pub(crate) fn slices<'p>(&'p self, slices: &mut [IoSlice<'p>]) -> usize {
        let pieces = self.iter().zip(slices);
        pieces.map(|(piece, slice)| *slice = IoSlice::new(piece)).count()
    }

    /// Takes bytes off the front that were written.
    pub(crate) fn advance(&mut self, mut written: usize) {
        while written > 0 {
            if self.first.is_empty() && self.tail.len() <= written {
                // Nothing is behind it.
                spare::give_back(std::mem::take(&mut self.tail));
                return;
            }
            if self.first.is_empty() {
                self.seal();
            }
            if self.first.len() > written {
                return self.first.advance(written);
            }
            written -= self.first.len();
            self.first = self.next_first();
        }
    }

    fn push_shared(&mut self, piece: Bytes) {
        if self.first.is_empty() {
            self.first = piece;
        } else if !piece.is_empty() {
            self.rest.get_or_insert_default().push_back(piece);
        }
    }

    fn next_first(&mut self) -> Bytes {
        let Some(rest) = &mut self.rest else { return Bytes::new() };
        let next = rest.pop_front();
        if rest.is_empty() {
            self.rest = None;
        }
        next.unwrap_or_default()
    }
}

impl FromIterator<Bytes> for Pieces {
    fn from_iter<I: IntoIterator<Item = Bytes>>(pieces: I) -> Self {
        let mut queue = Self::new();
        pieces.into_iter().for_each(|piece| queue.push(piece));
        queue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_leave_in_the_order_in_which_they_came() {
        let mut pieces = some();
        assert_eq!(pieces.iter().collect::<Vec<_>>(), [&b"ab"[..], b"c", b"def", b"gh"]);
        assert_eq!((pieces.bytes(), pieces.has_several()), (8, true));
        let mut got = Vec::new();
        while let Some(piece) = pieces.pop() {
            got.push(piece);
        }
        assert_eq!(got, ["ab", "c", "def", "gh"]);
        assert!(pieces.is_empty() && !pieces.has_several());
    }

    #[test]
    fn wherever_a_write_ends_the_rest_is_what_was_not_written() {
        for written in 0..=8 {
            let mut pieces = some();
            pieces.advance(written);
            assert_eq!(pieces.iter().flatten().copied().collect::<Vec<_>>(), b"abcdefgh"[written..]);
            assert_eq!(pieces.is_empty(), written == 8);
        }
    }

    #[test]
    fn a_piece_may_be_taken_in_parts() {
        let mut pieces = some();
        assert_eq!(pieces.split_front(1).as_deref(), Some(&b"a"[..]));
        assert_eq!(pieces.split_front(5).as_deref(), Some(&b"b"[..]));
        pieces.advance(4);
        assert_eq!(pieces.split_front(1).as_deref(), Some(&b"g"[..]));
        assert_eq!(pieces.split_front(9).as_deref(), Some(&b"h"[..]));
        assert_eq!(pieces.split_front(9), None);
    }

    #[test]
    fn a_small_piece_does_not_keep_the_room_of_a_large_buffer() {
        let mut pieces = Pieces::new();
        spare::give_back(Vec::with_capacity(4096));
        pieces.tail().extend_from_slice(b"small");
        assert_eq!(pieces.tail().capacity(), 4096);
        assert_eq!(pieces.seal().map(|piece| &**piece), Some(&b"small"[..]));
        assert_eq!(spare::take().capacity(), 4096);
    }

    #[test]
    fn slices_are_filled_up_to_their_number() {
        let pieces = some();
        let mut slices = [IoSlice::new(&[]); 3];
        assert_eq!(pieces.slices(&mut slices), 3);
        assert_eq!(*slices[2], *b"def");
        assert_eq!(pieces.slices(&mut [IoSlice::new(&[]); 9]), 4);
    }

    #[test]
    fn one_queue_goes_behind_another() {
        let mut pieces = some();
        pieces.append(some());
        assert_eq!(pieces.iter().flatten().copied().collect::<Vec<_>>(), b"abcdefghabcdefgh");
        let mut nothing = Pieces::new();
        nothing.append(some());
        assert_eq!(nothing.bytes(), 8);
    }

    #[test]
    fn a_queue_stays_small() {
        assert!(size_of::<Pieces>() <= 64, "{}", size_of::<Pieces>());
    }

    fn some() -> Pieces {
        let mut pieces = Pieces::new();
        pieces.tail().extend_from_slice(b"ab");
        pieces.push(Bytes::from_static(b"c"));
        pieces.push(Bytes::from_static(b"def"));
        pieces.tail().extend_from_slice(b"gh");
        pieces
    }
}
