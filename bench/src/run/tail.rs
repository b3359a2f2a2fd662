//! The end of what a program prints: read all the time, so that it never waits for a reader, and kept up to a limit.

use std::collections::VecDeque;
use std::io::Read;
use std::thread::{self, JoinHandle};

/// Bytes that are kept; a sample is shorter.
const KEPT: usize = 8 * 1024;

pub(crate) struct Tail {
    reader: JoinHandle<VecDeque<u8>>,
}

impl Tail {
    pub(crate) fn of(mut pipe: impl Read + Send + 'static) -> Self {
        let reader = thread::spawn(move || {
            let mut kept = VecDeque::new();
            let mut chunk = [0; 4096];
            // A pipe that cannot be read any more is at its end, whatever the reason.
            while let Ok(length @ 1..) = pipe.read(&mut chunk) {
                kept.extend(&chunk[..length]);
                kept.drain(..kept.len().saturating_sub(KEPT));
            }
            kept
        });
        Self { reader }
    }

    /// Waits until the pipe ends, which it does when all programs that hold it have ended.
    pub(crate) fn finish(self) -> String {
        let kept = self.reader.join().unwrap_or_default();
        String::from_utf8_lossy(&kept.into_iter().collect::<Vec<u8>>()).into_owned()
    }
}

/// The last lines of `text` that are not empty, in one line.
pub(crate) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(count)..].join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_long_output_is_kept() {
        let mut output = vec![b'x'; 10 * KEPT];
        output.extend(b"the end");
        let kept = Tail::of(std::io::Cursor::new(output)).finish();
        assert_eq!(kept.len(), KEPT);
        assert!(kept.ends_with("xthe end"));
    }

    #[test]
    fn last_lines_are_joined_without_empty_ones() {
        assert_eq!(last_lines("one\n\ntwo\n  three\n\n", 2), "two | three");
        assert_eq!(last_lines("one", 5), "one");
        assert_eq!(last_lines("", 5), "");
    }
}
