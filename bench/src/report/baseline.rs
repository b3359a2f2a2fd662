//! Figures beside those of an earlier run. Ratios to the floor are compared too, because the machine may have been
//! slower that day.

use super::figures::{Figure, Figures};
use super::markdown::MarkdownTable;
use super::number::{count, number};
use crate::run::scenario::ROWS;

/// A section of the report: what both runs measured.
pub(crate) fn comparison(earlier: &Figures, later: &Figures) -> String {
    let columns =
        ["row", "server", "connections", "earlier", "now", "change", "earlier ×", "now ×", "beyond spread"];
    let mut table = MarkdownTable::new(2, columns);
    for server in &later.servers {
        for row in ROWS {
            if let (Some(before), Some(after)) = (earlier.row(row.name, server), later.row(row.name, server))
            {
                table.add(line(before, after));
            }
        }
        for series in later.series() {
            for connections in later.points(series.name()) {
                let before = earlier.point(series.name(), connections, server);
                if let (Some(before), Some(after)) = (before, later.point(series.name(), connections, server))
                {
                    table.add(line(before, after));
                }
            }
        }
    }
    format!("\n## Beside the earlier run\n\n{table}")
}

fn line(before: &Figure, after: &Figure) -> Vec<String> {
    let change = (after.value.median / before.value.median - 1.0) * 100.0;
    let ratio = |figure: &Figure| figure.ratio.map_or_else(|| "–".to_owned(), |ratio| number(ratio.median));
    let verdict = if before.value.overlaps(&after.value) { "no" } else { "yes" };
    vec![
        after.row.clone(),
        after.server.clone(),
        count(after.connections),
        number(before.value.median),
        number(after.value.median),
        format!("{change:+.1} %"),
        ratio(before),
        ratio(after),
        verdict.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Outcome, fixtures};

    #[test]
    fn a_change_is_told_with_whether_it_is_beyond_the_spread() {
        let earlier = fixtures::samples();
        let mut later = earlier.clone();
        for entry in later.entries.iter_mut().filter(|entry| entry.server == "hubcast") {
            if let Outcome::Sample(sample) = &mut entry.outcome {
                sample.server_user_us = 0.0;
            }
        }
        let text = comparison(&Figures::of(&earlier), &Figures::of(&later));
        let has = |line: &str| assert!(text.lines().any(|one| one == line), "{text}");
        has("| echo | hubcast | 100 | 9.00 | 6.00 | -33.3 % | 1.50 | 1.00 | yes |");
        has("| echo | floor | 100 | 6.00 | 6.00 | +0.0 % | 1.00 | 1.00 | no |");
        has("| growth-echo | hubcast | 18,000 | 9.00 | 6.00 | -33.3 % | 1.50 | 1.00 | yes |");
    }
}
