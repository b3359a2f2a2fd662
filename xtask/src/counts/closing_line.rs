//! The last line that this repository's own test programs print: `N passed, N failed, N skipped`.

use super::{Tally, leading_number};

/// The counts in the last line that is not empty, or `None` where it has another form.
pub(super) fn tally(output: &str) -> Option<Tally> {
    let last = output.lines().map(str::trim).rfind(|line| !line.is_empty())?;
    let (passed, rest) = leading_number(last)?;
    let (failed, rest) = leading_number(rest.strip_prefix(" passed, ")?)?;
    let skipped = match rest.strip_prefix(" failed")? {
        "" => 0,
        rest => {
            let (skipped, rest) = leading_number(rest.strip_prefix(", ")?)?;
            (rest == " skipped").then_some(skipped)?
        }
    };
    Some(Tally { passed, failed, skipped })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts() {
        let output = "1 passed, 1 failed\nok groups\n17 passed, 2 failed, 3 skipped\n\n";
        assert_eq!(tally(output), Some(Tally { passed: 17, failed: 2, skipped: 3 }));
    }

    #[test]
    fn skipped_may_be_left_out() {
        assert_eq!(tally("17 passed, 0 failed\n"), Some(Tally { passed: 17, failed: 0, skipped: 0 }));
    }

    #[test]
    fn a_program_that_dies_after_its_count_has_none() {
        assert_eq!(tally("17 passed, 0 failed\nTypeError: x is undefined\n"), None);
    }

    #[test]
    fn other_forms_are_no_count() {
        for output in ["", "passed", "1 passed", "1 passed, 0 failed, 2", "1 passed, 0 failed, 2 skipped!"] {
            assert_eq!(tally(output), None, "{output}");
        }
    }
}
