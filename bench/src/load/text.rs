//! The text of a broadcast: when it was sent and its number, filled up to its size.
//!
//! Easy to break: a receiver reads a hundred thousand of them in a second, so it copies nothing out of the message.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};

/// What a text says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Since the run began.
    pub(crate) sent_at: Duration,
    /// Counts the broadcasts of a sender from 0.
    pub(crate) number: u64,
}

impl Stamp {
    /// The text with this stamp, of `size` bytes, or as many as the stamp takes.
    pub(crate) fn text(self, size: usize) -> String {
        let mut text = format!("{} {} ", self.sent_at.as_nanos(), self.number);
        text.extend(std::iter::repeat_n('x', size.saturating_sub(text.len())));
        text
    }

    fn parse(text: &str) -> Option<Self> {
        let (sent_at, rest) = text.split_once(' ')?;
        let (number, _) = rest.split_once(' ')?;
        Some(Self { sent_at: Duration::from_nanos(sent_at.parse().ok()?), number: number.parse().ok()? })
    }
}

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Stamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text with time and number in front")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Stamp, E> {
        Stamp::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_its_size_and_reads_back() {
        let stamp = Stamp { sent_at: Duration::from_nanos(1_234_567), number: 89 };
        let text = stamp.text(20);
        assert_eq!(text, "1234567 89 xxxxxxxxx");
        assert_eq!(serde_json::from_str::<Stamp>(&format!("{text:?}")).expect("it is well-formed"), stamp);
        assert_eq!(Stamp::parse(&stamp.text(0)), Some(stamp));
    }

    #[test]
    fn another_text_is_refused() {
        for text in ["", "12", "12 3", "a 3 x"] {
            assert_eq!(Stamp::parse(text), None, "{text:?}");
        }
    }
}
