//! The plots: what a message costs beside the floor, memory, latency, and how each grows.
//!
//! `svg` writes elements, `scale` places values, `bars` and `lines` are the two kinds of plot.

mod bars;
mod lines;
mod scale;
mod svg;

use self::bars::{Bar, Bars, Group};
use self::lines::{Line, Lines, Point};
use super::figures::{Figure, Figures};
use super::number::{count, number};
use super::samples::Header;
use super::statistics::Spread;
use crate::run::contender::FLOOR;
use crate::run::growth::Series;
use crate::run::scenario::Measure;
use crate::run::way::Http;

/// The plots with the names of their files. One without any figure is left out.
pub(crate) fn plots(figures: &Figures, header: &Header) -> Vec<(String, String)> {
    let caveat = if header.is_before_the_first_ping() { ", before the first ping" } else { "" };
    let mut plots = Vec::new();
    let mut add = |name: &str, bars: &Bars| {
        if !bars.groups.is_empty() {
            plots.push((format!("{name}.svg"), bars.to_svg()));
        }
    };
    add("cost", &cost(figures));
    add(
        "memory",
        &amount(
            figures,
            Measure::Memory,
            &format!("Memory of an idle connection{caveat}"),
            "kB for each connection",
        ),
    );
    add("latency", &amount(figures, Measure::Latency, "Latency, 99th percentile", "milliseconds"));
    for series in figures.series() {
        plots.push((format!("{}.svg", series.name()), growth(figures, series, caveat).to_svg()));
    }
    plots
}

/// Ratios to the floor, which is a line at 1.
fn cost(figures: &Figures) -> Bars {
    let value = |figure: &Figure| figure.ratio;
    let mut bars = Bars {
        title: "CPU time of the server for each message, beside the floor".to_owned(),
        axis: "times the floor's (HTTP/2 and TLS: times its figure on clear HTTP/1.1), logarithmic; \
               whiskers span the rounds"
            .to_owned(),
        servers: figures.servers.clone(),
        from_one: true,
        groups: groups(figures, Measure::Cpu, value, |ratio| format!("{} ×", number(ratio))),
    };
    for group in &mut bars.groups {
        group.bars.retain(|bar| figures.servers[bar.server] != FLOOR);
    }
    bars.groups.retain(|group| !group.bars.is_empty());
    bars
}

fn amount(figures: &Figures, measure: Measure, title: &str, axis: &str) -> Bars {
    let label = |value: f64| format!("{} {}", number(value), measure.unit());
    Bars {
        title: title.to_owned(),
        axis: axis.to_owned(),
        servers: figures.servers.clone(),
        from_one: false,
        groups: groups(figures, measure, |figure| Some(figure.value), label),
    }
}

fn groups(
    figures: &Figures,
    measure: Measure,
    value: impl Fn(&Figure) -> Option<Spread>,
    label: impl Fn(f64) -> String,
) -> Vec<Group> {
    let group = |row: &str, what: &str| Group {
        name: row.to_owned(),
        what: what.to_owned(),
        bars: figures
            .servers
            .iter()
            .enumerate()
            .filter_map(|(server, name)| {
                let spread = value(figures.row(row, name)?)?;
                Some(Bar { server, spread, label: label(spread.median) })
            })
            .collect(),
    };
    figures.rows(measure).into_iter().map(|row| group(row.name, row.what)).collect()
}

/// `caveat` is for memory.
fn growth(figures: &Figures, series: &Series, caveat: &str) -> Lines {
    let name = series.name();
    let points = figures.points(name);
    let line = |server: &String| -> Vec<Point> {
        let point = |connections: &usize| {
            let spread = figures.point(name, *connections, server)?.value;
            Some(Point { x: *connections, spread })
        };
        points.iter().filter_map(point).collect()
    };
    let things = match series.first.way.http {
        Http::H1 => "connections on HTTP/1.1",
        Http::H2 => "streams on HTTP/2, 100 on each connection",
    };
    let unit = series.first.measure.unit();
    let lines = figures.servers.iter().enumerate().map(|(server, name)| Line { server, points: line(name) });
    Lines {
        title: match series.first.measure {
            Measure::Cpu => format!("CPU time of the server for {}", series.first.what),
            Measure::Memory => format!("Memory of the server for {}{caveat}", series.first.what),
            Measure::Latency => format!("Latency of {}", series.first.what),
        },
        x_axis: format!("{things}, on a logarithmic scale"),
        y_axis: unit.to_owned(),
        servers: figures.servers.clone(),
        ticks: points.iter().map(|&x| (x, count(x))).collect(),
        lines: lines.filter(|line| !line.points.is_empty()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Samples, fixtures};

    fn written() -> Vec<(String, String)> {
        let samples = fixtures::samples();
        plots(&Figures::of(&samples), &samples.header)
    }

    fn texts(name: &str) -> Vec<String> {
        let plots = written();
        let (_, svg) = plots.iter().find(|(one, _)| one == name).expect("it was written");
        let document = roxmltree::Document::parse(svg).expect("a plot is XML");
        let texts = document.descendants().filter(|node| node.has_tag_name("text"));
        texts.filter_map(|node| node.text().map(str::to_owned)).collect()
    }

    #[test]
    fn each_measure_and_each_series_with_figures_has_a_plot() {
        let names: Vec<String> = written().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["cost.svg", "memory.svg", "growth-echo.svg"]);
    }

    #[test]
    fn plots_are_well_formed_and_name_servers_rows_and_figures() {
        let has = |name: &str, expected: &[&str]| {
            let texts = texts(name);
            for text in expected {
                assert!(texts.iter().any(|one| one == text), "{text} is not in {texts:?}");
            }
        };
        has("cost.svg", &["hubcast", "a-peer", "echo", "h2-echo", "1.50 ×", "3.00 ×", "0.500 ×"]);
        has("memory.svg", &["floor", "idle", "0.150 kB", "1.80 kB", "26.0 kB"]);
        has("growth-echo.svg", &["floor", "hubcast", "100", "1,000", "18,000", "µs"]);
    }

    #[test]
    fn the_plot_of_memory_says_when_it_was_read_before_the_first_ping() {
        let mut samples = fixtures::samples();
        let says_so = |samples: &Samples| {
            let plots = plots(&Figures::of(samples), &samples.header);
            let saying =
                plots.into_iter().filter(|(_, svg)| svg.contains("connection, before the first ping"));
            saying.map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(says_so(&samples), Vec::<String>::new());
        samples.header.hold = Some(1.0);
        assert_eq!(says_so(&samples), ["memory.svg"]);
    }

    #[test]
    fn titles_fit_into_their_plots() {
        let figures = Figures::of(&fixtures::samples());
        for series in crate::run::growth::SERIES {
            let title = growth(&figures, series, ", before the first ping").title;
            assert!(title.chars().count() <= 75, "{title}");
        }
    }

    #[test]
    fn the_floor_is_a_line_and_no_bar_where_all_is_measured_by_it() {
        assert!(!texts("cost.svg").iter().any(|text| text == "1.00 ×"));
    }
}
