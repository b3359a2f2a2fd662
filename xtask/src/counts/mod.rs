//! How many cases passed, failed and were skipped, and how that is read from a program's output.
//!
//! Rule: a program that ends well but prints no count has not shown that anything ran, so it counts as a
//! failure. So does one that ends badly without a failed case.

mod cargo_test;
mod closing_line;
mod node_test;
mod vitest;

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// Cases of one step, one suite, or all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };
    pub(crate) const SKIPPED: Self = Self { passed: 0, failed: 0, skipped: 1 };

    /// The same cases where nothing may be skipped.
    pub(crate) fn with_skips_failed(self) -> Self {
        Self { passed: self.passed, failed: self.failed + self.skipped, skipped: 0 }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Self::add)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Where the counts of one step come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counts {
    /// The step is one case: it ends well or it does not.
    Once,
    /// The `test result:` lines of `cargo test`.
    CargoTest,
    /// A last line like that of [`ClosingLine`](Self::ClosingLine), else the summary of `node --test` or vitest.
    NpmTest,
    /// A last line `N passed, N failed`, perhaps with `, N skipped`.
    ClosingLine,
}

impl Counts {
    /// The cases of a step that printed `output` and `ended_well` or not.
    pub(crate) fn read(self, output: &str, ended_well: bool) -> Tally {
        let plain = without_colours(output);
        let counted = match self {
            Self::Once => Some(if ended_well { Tally::PASSED } else { Tally::FAILED }),
            Self::CargoTest => cargo_test::tally(&plain),
            Self::NpmTest => closing_line::tally(&plain)
                .or_else(|| node_test::tally(&plain))
                .or_else(|| vitest::tally(&plain)),
            Self::ClosingLine => closing_line::tally(&plain),
        };
        match counted {
            Some(tally) if !ended_well && tally.failed == 0 => tally + Tally::FAILED,
            Some(tally) if tally != Tally::default() => tally,
            Some(_) | None => Tally::FAILED,
        }
    }
}

/// `output` without the escape sequences that colour a terminal.
fn without_colours(output: &str) -> String {
    let mut plain = String::with_capacity(output.len());
    let mut rest = output.chars();
    while let Some(character) = rest.next() {
        if character == '\u{1b}' {
            rest.find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

/// The number at the start of `text` and what follows it.
fn leading_number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    digits.parse().ok().map(|number| (number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn a_tally_prints_as_the_last_line_promises() {
        assert_eq!(tally(12, 0, 3).to_string(), "12 passed, 0 failed, 3 skipped");
    }

    #[test]
    fn tallies_sum_by_kind() {
        assert_eq!([tally(1, 2, 3), tally(10, 20, 30)].into_iter().sum::<Tally>(), tally(11, 22, 33));
    }

    #[test]
    fn where_nothing_may_be_skipped_a_skip_is_a_failure() {
        assert_eq!(tally(5, 1, 2).with_skips_failed(), tally(5, 3, 0));
    }

    #[test]
    fn a_bad_end_without_a_failed_case_is_one_failure() {
        assert_eq!(Counts::ClosingLine.read("3 passed, 0 failed\n", false), tally(3, 1, 0));
        assert_eq!(Counts::ClosingLine.read("2 passed, 4 failed\n", false), tally(2, 4, 0));
    }

    #[test]
    fn a_good_end_without_a_count_is_one_failure() {
        for counts in [Counts::CargoTest, Counts::NpmTest, Counts::ClosingLine] {
            assert_eq!(counts.read("all fine\n", true), Tally::FAILED);
        }
    }

    #[test]
    fn a_count_of_nothing_is_one_failure() {
        assert_eq!(Counts::ClosingLine.read("0 passed, 0 failed\n", true), Tally::FAILED);
    }

    #[test]
    fn a_step_that_is_one_case_needs_no_output() {
        assert_eq!(Counts::Once.read("", true), Tally::PASSED);
        assert_eq!(Counts::Once.read("", false), Tally::FAILED);
    }

    #[test]
    fn a_script_that_counts_itself_is_believed_over_its_test_runner() {
        let output = "ℹ pass 9\nℹ fail 0\n4 passed, 0 failed, 1 skipped\n";
        assert_eq!(Counts::NpmTest.read(output, true), tally(4, 0, 1));
    }

    #[test]
    fn an_npm_script_may_run_either_test_runner() {
        assert_eq!(Counts::NpmTest.read("# pass 2\n# fail 0\n", true), tally(2, 0, 0));
        assert_eq!(Counts::NpmTest.read("      Tests  4 passed (4)\n", true), tally(4, 0, 0));
    }

    #[test]
    fn colours_do_not_hide_a_count() {
        let coloured =
            "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m7 passed\u{1b}[39m\u{1b}[22m (7)\n";
        assert_eq!(Counts::NpmTest.read(coloured, true), tally(7, 0, 0));
    }
}
