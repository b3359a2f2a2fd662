//! The counts of vitest: its line `Tests  1 failed | 10 passed | 2 skipped | 1 todo (14)`.

use super::{Tally, leading_number};

/// The sum of all `Tests` lines, or `None` where there is none.
pub(super) fn tally(output: &str) -> Option<Tally> {
    let results: Vec<Tally> = output.lines().filter_map(of_one_run).collect();
    (!results.is_empty()).then(|| results.into_iter().sum())
}

fn of_one_run(line: &str) -> Option<Tally> {
    let counts = line.trim_start().strip_prefix("Tests  ")?;
    let counts = counts.split_once('(').map_or(counts, |(counts, _total)| counts);
    let mut tally = Tally::default();
    for part in counts.split('|') {
        let (number, kind) = leading_number(part.trim())?;
        match kind.trim() {
            "passed" => tally.passed = number,
            "failed" => tally.failed = number,
            "skipped" | "todo" => tally.skipped += number,
            _unknown => return None,
        }
    }
    Some(tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_not_counted_but_tests_are() {
        let output = "\
 Test Files  1 failed | 2 passed (3)
      Tests  1 failed | 10 passed | 2 skipped | 1 todo (14)
   Start at  10:00:00
";
        assert_eq!(tally(output), Some(Tally { passed: 10, failed: 1, skipped: 3 }));
    }

    #[test]
    fn a_run_without_failures_names_none() {
        assert_eq!(tally("      Tests  10 passed (10)\n"), Some(Tally { passed: 10, failed: 0, skipped: 0 }));
    }

    #[test]
    fn a_sentence_about_tests_is_no_summary() {
        assert_eq!(tally("Tests  are run by vitest\nTests 3 passed\n"), None);
    }
}
