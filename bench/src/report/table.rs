//! The report in Markdown: what was measured where, one table for each measure, the series, the details.

use std::fmt::Write;

use super::figures::{Figure, Figures};
use super::markdown::MarkdownTable;
use super::number::{count, number};
use super::samples::{Header, Samples};
use crate::run::scenario::{Measure, ROWS};

const NONE: &str = "–";

pub(crate) fn table(samples: &Samples, figures: &Figures) -> String {
    let mut text = format!("# What a message costs\n\n{}\n", origin(&samples.header));
    let measures = [
        (Measure::Cpu, "CPU time of the server for each message, in microseconds"),
        (Measure::Memory, "Memory of the server for each idle connection, in kB"),
        (Measure::Latency, "Latency, in milliseconds"),
    ];
    for (measure, title) in measures {
        let overview = overview(figures, measure);
        section(&mut text, &format!("{title}{}", caveat(&samples.header, measure)), &overview);
    }
    for series in figures.series() {
        let (what, measure) = (series.first.what, series.first.measure);
        let caveat = caveat(&samples.header, measure);
        let title = format!("{}: {what}, in {}{caveat}", series.name(), measure.unit());
        section(&mut text, &title, &growth(figures, series.name()));
    }
    section(&mut text, "In detail", &details(figures));
    section(&mut text, "Without a result", &failures(figures));
    if !samples.header.left_out.is_empty() {
        text.push_str("\n## Left out\n\n");
        for left_out in &samples.header.left_out {
            text.push_str("- ");
            text.push_str(left_out);
            text.push('\n');
        }
    }
    text
}

fn section(text: &mut String, title: &str, table: &MarkdownTable) {
    if !table.is_empty() {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n## {title}\n\n{table}");
    }
}

/// What a title must say besides, where a run was short.
fn caveat(header: &Header, measure: Measure) -> &'static str {
    match measure {
        Measure::Memory if header.is_before_the_first_ping() => ", before the first ping",
        Measure::Cpu | Measure::Memory | Measure::Latency => "",
    }
}

fn origin(header: &Header) -> String {
    let machine = &header.machine;
    let commit = machine.commit.as_ref().map_or_else(String::new, |commit| format!(" ({commit})"));
    let pinned = match (header.pinned, header.shares_core) {
        (true, false) => "server and load have a core each",
        (true, true) => "server and load share a core, a thread for each",
        (false, _) => "nothing is pinned to a core",
    };
    format!(
        "Hubcast {}{commit}, {}. {}, {} cores, {} MiB, {}; {pinned}. Medians of {} rounds of {} s, {} s with \
         idle connections; in brackets the ratio to the floor, which is its figure on clear HTTP/1.1 where it has no \
         other.",
        machine.version,
        machine.date,
        machine.cpu,
        machine.cores,
        count(usize::try_from(machine.memory_mib).unwrap_or(usize::MAX)),
        machine.kernel,
        header.rounds,
        header.seconds,
        header.held(),
    )
}

fn overview(figures: &Figures, measure: Measure) -> MarkdownTable {
    let columns = ["row", "what"].map(str::to_owned).into_iter().chain(figures.servers.iter().cloned());
    let mut table = MarkdownTable::new(2, columns);
    for row in figures.rows(measure) {
        let mut cells = vec![row.name.to_owned(), row.what.to_owned()];
        cells.extend(figures.servers.iter().map(|server| cell(figures.row(row.name, server))));
        table.add(cells);
    }
    table
}

fn growth(figures: &Figures, series: &str) -> MarkdownTable {
    let columns = ["connections".to_owned()].into_iter().chain(figures.servers.iter().cloned());
    let mut table = MarkdownTable::new(0, columns);
    for connections in figures.points(series) {
        let mut cells = vec![count(connections)];
        cells.extend(figures.servers.iter().map(|server| cell(figures.point(series, connections, server))));
        table.add(cells);
    }
    table
}

fn cell(figure: Option<&Figure>) -> String {
    let Some(figure) = figure else { return NONE.to_owned() };
    let value = number(figure.value.median);
    figure.ratio.map_or_else(|| value.clone(), |ratio| format!("{value} ({} ×)", number(ratio.median)))
}

fn details(figures: &Figures) -> MarkdownTable {
    let mut table = MarkdownTable::new(
        2,
        [
            "row",
            "server",
            "connections",
            "median",
            "least",
            "most",
            "unit",
            "user µs",
            "system µs",
            "load µs",
            "each second",
            "p50 ms",
            "p99 ms",
            "rounds",
        ],
    );
    for row in ROWS {
        for figure in figures.servers.iter().filter_map(|server| figures.row(row.name, server)) {
            table.add(detail(figure, row.measure));
        }
    }
    for series in figures.series() {
        for connections in figures.points(series.name()) {
            let of = |server: &String| figures.point(series.name(), connections, server);
            for figure in figures.servers.iter().filter_map(of) {
                table.add(detail(figure, series.first.measure));
            }
        }
    }
    table
}

fn detail(figure: &Figure, measure: Measure) -> Vec<String> {
    let or_none = |value: Option<f64>| value.map_or_else(|| NONE.to_owned(), number);
    vec![
        figure.row.clone(),
        figure.server.clone(),
        count(figure.connections),
        number(figure.value.median),
        number(figure.value.least),
        number(figure.value.most),
        measure.unit().to_owned(),
        number(figure.user),
        number(figure.system),
        number(figure.load),
        number(figure.per_second),
        or_none(figure.p50),
        or_none(figure.p99),
        figure.rounds.to_string(),
    ]
}

fn failures(figures: &Figures) -> MarkdownTable {
    let mut table = MarkdownTable::new(4, ["row", "connections", "server", "why"]);
    for failure in &figures.failures {
        table.add(vec![
            failure.row.clone(),
            count(failure.connections),
            failure.server.clone(),
            failure.why.clone(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures;

    fn lines() -> Vec<String> {
        let samples = fixtures::samples();
        table(&samples, &Figures::of(&samples)).lines().map(str::to_owned).collect()
    }

    fn has(line: &str) {
        let lines = lines();
        assert!(lines.iter().any(|one| one == line), "{line} is not in {lines:#?}");
    }

    #[test]
    fn each_measure_has_a_table_with_a_column_for_each_server() {
        has("## CPU time of the server for each message, in microseconds");
        has("| row | what | floor | hubcast | a-peer |");
        has("| echo | a call and its answer, one under way on each of 100 connections \
             | 6.00 (1.00 ×) | 9.00 (1.50 ×) | 18.0 (3.00 ×) |");
        has("| h2-echo | echo on HTTP/2, 100 streams on one connection | – | 3.00 (0.500 ×) | – |");
        has("| idle | an idle connection | 0.150 (1.00 ×) | 1.80 (12.0 ×) | 26.0 (173 ×) |");
    }

    #[test]
    fn memory_that_was_read_before_the_first_ping_is_told_as_that() {
        let mut samples = fixtures::samples();
        let titles = |samples: &Samples| -> Vec<String> {
            let text = table(samples, &Figures::of(samples));
            text.lines().filter(|line| line.starts_with("## Memory")).map(str::to_owned).collect()
        };
        let title = "## Memory of the server for each idle connection, in kB";
        assert_eq!(titles(&samples), [title]);
        for hold in [Some(1.0), None] {
            samples.header.hold = hold;
            assert_eq!(titles(&samples), [format!("{title}, before the first ping")]);
        }
        assert!(
            origin(&samples.header)
                .contains("Medians of 3 rounds of 3 s, 3 s with idle connections; in brackets")
        );
    }

    #[test]
    fn the_origin_says_where_server_and_load_share_a_core() {
        let mut samples = fixtures::samples();
        assert!(origin(&samples.header).contains("; server and load have a core each. Medians"));
        samples.header.shares_core = true;
        assert!(
            origin(&samples.header).contains("; server and load share a core, a thread for each. Medians")
        );
    }

    #[test]
    fn a_series_has_a_line_for_each_number_of_connections() {
        has("| 18,000 | 6.00 (1.00 ×) | 9.00 (1.50 ×) | – |");
    }

    #[test]
    fn details_give_the_spread_and_user_and_system_time_apart() {
        has(
            "| echo | hubcast | 100 | 9.00 | 8.50 | 9.50 | µs | 3.00 | 6.00 | 4.00 | 100,000 | 1.00 | 2.00 | 3 |",
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        has("| tls-echo | 100 | a-peer | refused \\| &lt;403> & closed |");
        has("- growth-idle with 18000 connections: needs 18100 open files");
        assert!(!lines().iter().any(|line| line == "## Latency, in milliseconds"));
    }
}
