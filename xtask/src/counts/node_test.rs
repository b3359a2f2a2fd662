//! The counts of `node --test`: `# pass 3` in its TAP report, `ℹ pass 3` in its spec report.

use super::Tally;

/// The sum over all summaries in `output`, or `None` where there is none.
pub(super) fn tally(output: &str) -> Option<Tally> {
    let mut sum = None;
    for (kind, number) in output.lines().filter_map(summary_line) {
        let tally: &mut Tally = sum.get_or_insert_default();
        match kind {
            "pass" => tally.passed += number,
            "fail" | "cancelled" => tally.failed += number,
            "skipped" | "todo" => tally.skipped += number,
            _not_a_verdict => {}
        }
    }
    sum
}

fn summary_line(line: &str) -> Option<(&str, u64)> {
    let (kind, number) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?.split_once(' ')?;
    let known = matches!(kind, "pass" | "fail" | "cancelled" | "skipped" | "todo");
    number.trim_end().parse().ok().filter(|_| known).map(|number| (kind, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPECTED: Tally = Tally { passed: 2, failed: 2, skipped: 2 };

    #[test]
    fn the_tap_summary_is_read() {
        let output = "\
ok 5 - suite
1..5
# tests 6
# suites 1
# pass 2
# fail 1
# cancelled 1
# skipped 1
# todo 1
# duration_ms 93.57124
";
        assert_eq!(tally(output), Some(EXPECTED));
    }

    #[test]
    fn the_spec_summary_is_read() {
        let output = "\
✔ ok (0.87ms)
ℹ tests 6
ℹ suites 1
ℹ pass 2
ℹ fail 1
ℹ cancelled 1
ℹ skipped 1
ℹ todo 1
ℹ duration_ms 93.57
";
        assert_eq!(tally(output), Some(EXPECTED));
    }

    #[test]
    fn two_runs_are_summed() {
        assert_eq!(
            tally("# pass 2\n# fail 0\n# pass 3\n# fail 1\n"),
            Some(Tally { passed: 5, failed: 1, skipped: 0 })
        );
    }

    #[test]
    fn names_of_tests_are_no_summary() {
        assert_eq!(tally("# Subtest: pass 3\n    # pass 3\n# pass three\n"), None);
    }
}
