//! The counts of `cargo test`: one `test result:` line for each test binary.

use super::{Tally, leading_number};

/// The sum of all `test result:` lines, or `None` where there is none.
pub(super) fn tally(output: &str) -> Option<Tally> {
    let results: Vec<Tally> =
        output.lines().filter_map(|line| line.strip_prefix("test result: ")).map(of_one_binary).collect();
    (!results.is_empty()).then(|| results.into_iter().sum())
}

fn of_one_binary(result: &str) -> Tally {
    let mut tally = Tally::default();
    let counts = result.split_once(". ").map_or("", |(_verdict, counts)| counts);
    for (number, kind) in counts.split("; ").filter_map(leading_number) {
        match kind {
            " passed" => tally.passed = number,
            " failed" => tally.failed = number,
            " ignored" => tally.skipped = number,
            _measured_or_filtered => {}
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_all_binaries_are_summed() {
        let output = "\
running 3 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s

   Doc-tests hubcast
test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 9 filtered out; finished in 1.20s
";
        assert_eq!(tally(output), Some(Tally { passed: 7, failed: 2, skipped: 1 }));
    }

    #[test]
    fn a_build_that_fails_has_no_count() {
        assert_eq!(tally("error: could not compile `chat`\n"), None);
    }

    #[test]
    fn the_words_inside_a_line_are_no_result() {
        assert_eq!(tally("panicked at: test result: ok. 2 passed; 0 failed\n"), None);
    }
}
