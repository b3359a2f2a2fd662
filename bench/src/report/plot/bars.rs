//! Lying bars in groups, one group for each row and one bar for each server.
//!
//! On the logarithmic axis bars begin at 1: to the right it costs more than the floor, to the left less.

use super::scale::Scale;
use super::svg::{Anchor, Svg, colour, text_width};
use crate::report::number::short;
use crate::report::statistics::Spread;

pub(super) struct Bars {
    pub(super) title: String,
    pub(super) axis: String,
    pub(super) servers: Vec<String>,
    /// Ratios on a logarithmic axis, from a line at 1; else amounts from 0.
    pub(super) from_one: bool,
    pub(super) groups: Vec<Group>,
}

pub(super) struct Group {
    pub(super) name: String,
    pub(super) what: String,
    pub(super) bars: Vec<Bar>,
}

pub(super) struct Bar {
    /// Its place among the servers.
    pub(super) server: usize,
    pub(super) spread: Spread,
    pub(super) label: String,
}

const WIDTH: f64 = 860.0;
const MARGIN: f64 = 20.0;
/// Where the bars' area begins: below title, legend and the names of the ticks.
const TOP: f64 = 92.0;
const BAR: f64 = 14.0;
const GAP: f64 = 12.0;
/// Room for the label beyond the longest bar.
const LABEL: f64 = 84.0;

impl Bars {
    pub(super) fn to_svg(&self) -> String {
        let heights = self.groups.iter().map(|group| group.bars.len() as f64 * (BAR + 2.0) + GAP);
        let bottom = TOP + heights.sum::<f64>();
        let mut svg = Svg::new(WIDTH, bottom + 44.0, &self.title);
        svg.text(MARGIN, 32.0, Anchor::Start, "ink title", &self.title);
        self.legend(&mut svg);
        let scale = self.scale();
        for tick in scale.ticks() {
            let x = scale.place(tick);
            let is_base = (tick - if self.from_one { 1.0 } else { 0.0 }).abs() < 1e-9;
            svg.line((x, TOP - 6.0), (x, bottom), if is_base { "axis" } else { "grid" });
            let name = match (self.from_one, is_base) {
                (true, true) => "floor".to_owned(),
                (true, false) => format!("{} ×", short(tick)),
                (false, _) => short(tick),
            };
            svg.text(x, TOP - 12.0, Anchor::Middle, "soft small number", &name);
        }
        let mut y = TOP + GAP / 2.0;
        for group in &self.groups {
            y = self.group(&mut svg, &scale, group, y);
        }
        svg.text(self.left(), bottom + 24.0, Anchor::Start, "soft small", &self.axis);
        svg.finish()
    }

    fn legend(&self, svg: &mut Svg) {
        let has_bars = |server: &usize| {
            self.groups.iter().any(|group| group.bars.iter().any(|bar| bar.server == *server))
        };
        let servers = (0..self.servers.len()).filter(has_bars);
        svg.legend(MARGIN, 58.0, servers.map(|server| (server, self.servers[server].as_str())));
    }

    /// Beside the longest name.
    fn left(&self) -> f64 {
        let names = self.groups.iter().map(|group| text_width(&group.name));
        MARGIN + names.fold(0.0, f64::max) + 16.0
    }

    fn scale(&self) -> Scale {
        let spreads = || self.groups.iter().flat_map(|group| &group.bars).map(|bar| bar.spread);
        let most = spreads().map(|spread| spread.most).fold(0.0, f64::max);
        let (from, to) = (self.left(), WIDTH - MARGIN - LABEL);
        if self.from_one {
            let least = spreads().map(|spread| spread.least).filter(|least| *least > 0.0);
            let least = least.fold(1.0, f64::min);
            // A label of a short bar stands to its left.
            let from = if least < 1.0 { from + LABEL / 2.0 } else { from };
            Scale::logarithmic(least, most.max(2.0), from, to)
        } else {
            Scale::linear(most, 6, from, to)
        }
    }

    fn group(&self, svg: &mut Svg, scale: &Scale, group: &Group, mut y: f64) -> f64 {
        let height = group.bars.len() as f64 * (BAR + 2.0);
        svg.text(self.left() - 16.0, y + height / 2.0 + 4.0, Anchor::End, "ink", &group.name);
        for bar in &group.bars {
            self.bar(svg, scale, group, bar, y);
            y += BAR + 2.0;
        }
        y + GAP
    }

    fn bar(&self, svg: &mut Svg, scale: &Scale, group: &Group, bar: &Bar, y: f64) {
        let Spread { median, least, most } = bar.spread;
        let base = scale.place(if self.from_one { 1.0 } else { 0.0 });
        let end = scale.place(median);
        let hint = format!("{}, {}: {} ({})", group.name, self.servers[bar.server], bar.label, group.what);
        let class = format!("bar {}", colour(bar.server));
        svg.rect((base.min(end), y), ((end - base).abs().max(1.5), BAR), &class, &hint);
        let (low, high) = (scale.place(least), scale.place(most));
        if high - low > 2.0 {
            let middle = y + BAR / 2.0;
            svg.line((low, middle), (high, middle), "whisker");
            for x in [low, high] {
                svg.line((x, middle - 3.0), (x, middle + 3.0), "whisker");
            }
        }
        let is_left = end < base;
        let (x, anchor) =
            if is_left { (low.min(end) - 6.0, Anchor::End) } else { (high.max(end) + 6.0, Anchor::Start) };
        svg.text(x, y + BAR - 2.5, anchor, "ink small number", &bar.label);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_of_ratios_begin_at_one() {
        let bar = |server, ratio| Bar {
            server,
            spread: Spread { median: ratio, least: ratio, most: ratio },
            label: ratio.to_string(),
        };
        let bars = Bars {
            title: "title".to_owned(),
            axis: "axis".to_owned(),
            servers: vec!["floor".to_owned(), "cheap".to_owned(), "dear".to_owned()],
            from_one: true,
            groups: vec![Group {
                name: "row".to_owned(),
                what: "what".to_owned(),
                bars: vec![bar(1, 0.5), bar(2, 2.0)],
            }],
        };
        let svg = bars.to_svg();
        let document = roxmltree::Document::parse(&svg).expect("a plot is XML");
        let ends = |class: &str| {
            let bar = document
                .descendants()
                .rfind(|node| node.attribute("class") == Some(class))
                .expect("the bar is drawn");
            let value =
                |name| bar.attribute(name).and_then(|text| text.parse::<f64>().ok()).expect("it has it");
            (value("x"), value("x") + value("width"))
        };
        let ((_, cheap_to), (dear_from, _)) = (ends("bar s1"), ends("bar s2"));
        assert!((cheap_to - dear_from).abs() < 0.2, "{cheap_to} is where {dear_from} begins");
    }
}
