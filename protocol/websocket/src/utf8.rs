//! UTF-8 that arrives in pieces.
//!
//! A piece may end inside a code point. Its first bytes are kept, three at most, until the next piece tells
//! whether they were the start of a good one. What can no longer become valid is refused at once.

use crate::violation::Violation;

/// The check of one text, over as many pieces as it takes.
#[derive(Debug, Default, Clone, Copy)]
pub struct Utf8Check {
    /// An unfinished code point: the first `kept` bytes count.
    code_point: [u8; 4],
    kept: u8,
}

impl Utf8Check {
    /// Goes on with the next piece of the text.
    ///
    /// # Errors
    ///
    /// [`InvalidUtf8`](Violation::InvalidUtf8) as soon as no further byte could make the text valid.
    pub fn accept(&mut self, piece: &[u8]) -> Result<(), Violation> {
        let rest = if self.kept > 0 { self.finish_code_point(piece)? } else { piece };
        let Err(error) = str::from_utf8(rest) else {
            return Ok(());
        };
        if error.error_len().is_some() {
            return Err(Violation::InvalidUtf8);
        }
        let unfinished = &rest[error.valid_up_to()..];
        self.code_point[..unfinished.len()].copy_from_slice(unfinished);
        self.kept = unfinished.len() as u8;
        Ok(())
    }

    /// Ends the text.
    ///
    /// # Errors
    ///
    /// [`InvalidUtf8`](Violation::InvalidUtf8) if it stops inside a code point.
    pub fn finish(&self) -> Result<(), Violation> {
        if self.kept == 0 { Ok(()) } else { Err(Violation::InvalidUtf8) }
    }

    /// Feeds the unfinished code point until it is whole and returns what is left of `piece`.
    fn finish_code_point<'p>(&mut self, mut piece: &'p [u8]) -> Result<&'p [u8], Violation> {
        while let Some((&byte, rest)) = piece.split_first() {
            self.code_point[usize::from(self.kept)] = byte;
            self.kept += 1;
            piece = rest;
            match str::from_utf8(&self.code_point[..usize::from(self.kept)]) {
                Ok(_) => {
                    self.kept = 0;
                    break;
                }
                // No valid code point starts with four bytes that leave the question open, so `kept` stays
                // below 4.
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err(Violation::InvalidUtf8),
            }
        }
        Ok(piece)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// "κόσμε" with a combining mark, two-, three- and four-byte code points, the last of Unicode, and a NUL.
    const TEXT: &str = "κόσμε a\u{0}ß€\u{feff}\u{d7ff}\u{e000}😀\u{10ffff}z";

    fn check(pieces: &[&[u8]]) -> Result<(), Violation> {
        let mut check = Utf8Check::default();
        for piece in pieces {
            check.accept(piece)?;
        }
        check.finish()
    }

    #[test]
    fn text_may_be_cut_anywhere() {
        let text = TEXT.as_bytes();
        for first in 0..=text.len() {
            for second in first..=text.len() {
                assert_eq!(check(&[&text[..first], &text[first..second], &text[second..]]), Ok(()));
            }
        }
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(check(&bytes), Ok(()));
    }

    #[test]
    fn a_text_that_ends_inside_a_code_point_is_invalid_only_at_its_end() {
        for end in 1..4 {
            let mut check = Utf8Check::default();
            assert_eq!(check.accept(&"😀".as_bytes()[..end]), Ok(()));
            assert_eq!(check.finish(), Err(Violation::InvalidUtf8));
        }
    }

    #[test]
    fn the_first_byte_that_cannot_be_right_is_refused() {
        // Overlong forms, surrogates, above U+10FFFF, stray continuations, bytes that UTF-8 never uses.
        let hopeless: [&[u8]; 11] = [
            b"\xc0",
            b"\xc1",
            b"\xe0\x80",
            b"\xe0\x9f",
            b"\xed\xa0",
            b"\xf0\x8f",
            b"\xf4\x90",
            b"\xf5",
            b"\x80",
            b"\xe2\x82\x20",
            b"\xf0\x9f\x98\xc0",
        ];
        for bytes in hopeless {
            let (last, before) = bytes.split_last().expect("none is empty");
            let mut check = Utf8Check::default();
            for byte in before {
                assert_eq!(check.accept(&[*byte]), Ok(()), "{bytes:x?}");
            }
            assert_eq!(check.accept(&[*last]), Err(Violation::InvalidUtf8), "{bytes:x?}");
        }
    }

    proptest! {
        #[test]
        fn pieces_get_the_verdict_of_the_whole(
            pieces in prop::collection::vec(prop::collection::vec(prop_oneof![
                Just(0xf0u8), Just(0x9f), Just(0x98), Just(0x80), Just(0xe2), Just(0x82), Just(0xac), Just(b'a'),
                any::<u8>(),
            ], 0..4), 0..8),
        ) {
            let whole = pieces.concat();
            let slices: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            prop_assert_eq!(check(&slices).is_ok(), str::from_utf8(&whole).is_ok());
        }
    }
}
