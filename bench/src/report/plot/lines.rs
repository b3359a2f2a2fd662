//! A line for each server over the number of connections, with the name of each at its end.

use super::scale::Scale;
use super::svg::{Anchor, Svg, colour, text_width};
use crate::report::number::{number, short};
use crate::report::statistics::Spread;

pub(super) struct Lines {
    pub(super) title: String,
    pub(super) x_axis: String,
    /// The unit of the values.
    pub(super) y_axis: String,
    pub(super) servers: Vec<String>,
    /// Numbers of connections with their names.
    pub(super) ticks: Vec<(usize, String)>,
    pub(super) lines: Vec<Line>,
}

pub(super) struct Line {
    /// Its place among the servers.
    pub(super) server: usize,
    /// By ascending connections.
    pub(super) points: Vec<Point>,
}

pub(super) struct Point {
    pub(super) x: usize,
    pub(super) spread: Spread,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 430.0;
const MARGIN: f64 = 20.0;
const LEFT: f64 = 76.0;
const TOP: f64 = 92.0;
const BOTTOM: f64 = HEIGHT - 62.0;
/// Two names at the ends of lines are at least so far apart.
const LINE_HEIGHT: f64 = 16.0;

impl Lines {
    pub(super) fn to_svg(&self) -> String {
        let mut svg = Svg::new(WIDTH, HEIGHT, &self.title);
        svg.text(MARGIN, 32.0, Anchor::Start, "ink title", &self.title);
        let servers = self.lines.iter().map(|line| (line.server, self.servers[line.server].as_str()));
        svg.legend(MARGIN, 58.0, servers);
        let (x, y) = (self.x_scale(), self.y_scale());
        self.axes(&mut svg, &x, &y);
        for line in &self.lines {
            self.line(&mut svg, &x, &y, line);
        }
        self.names(&mut svg, &y);
        svg.finish()
    }

    fn right(&self) -> f64 {
        let names = self.lines.iter().map(|line| text_width(&self.servers[line.server]));
        WIDTH - MARGIN - names.fold(0.0, f64::max) - 12.0
    }

    fn x_scale(&self) -> Scale {
        let end = |tick: Option<&(usize, String)>| tick.map_or(1.0, |(x, _)| (*x).max(1) as f64);
        Scale::logarithmic_between(end(self.ticks.first()), end(self.ticks.last()), LEFT, self.right())
    }

    fn y_scale(&self) -> Scale {
        let points = self.lines.iter().flat_map(|line| &line.points);
        Scale::linear(points.map(|point| point.spread.most).fold(0.0, f64::max), 6, BOTTOM, TOP)
    }

    fn axes(&self, svg: &mut Svg, x: &Scale, y: &Scale) {
        for (index, tick) in y.ticks().into_iter().enumerate() {
            let place = y.place(tick);
            svg.line((LEFT, place), (self.right(), place), if index == 0 { "axis" } else { "grid" });
            svg.text(LEFT - 10.0, place + 4.0, Anchor::End, "soft small number", &short(tick));
        }
        svg.text(LEFT - 10.0, TOP - 16.0, Anchor::End, "soft small", &self.y_axis);
        let mut free_from = 0.0;
        for (value, name) in &self.ticks {
            let place = x.place(*value as f64);
            svg.line((place, BOTTOM), (place, BOTTOM + 5.0), "axis");
            let half = text_width(name) / 2.0;
            if place - half > free_from {
                svg.text(place, BOTTOM + 20.0, Anchor::Middle, "soft small number", name);
                free_from = place + half;
            }
        }
        svg.text((LEFT + self.right()) / 2.0, HEIGHT - 18.0, Anchor::Middle, "soft small", &self.x_axis);
    }

    fn line(&self, svg: &mut Svg, x: &Scale, y: &Scale, line: &Line) {
        let colour = colour(line.server);
        let place = |point: &Point| (x.place(point.x as f64), y.place(point.spread.median));
        let places: Vec<(f64, f64)> = line.points.iter().map(place).collect();
        svg.polyline(&places, &format!("line {colour}"));
        for point in &line.points {
            let (at, low, high) = (place(point), y.place(point.spread.least), y.place(point.spread.most));
            if low - high > 8.0 {
                svg.line((at.0, low), (at.0, high), &format!("line {colour}"));
            }
            let (name, value) = (&self.servers[line.server], number(point.spread.median));
            svg.dot(at, &format!("dot {colour}"), &format!("{name}, {}: {value} {}", point.x, self.y_axis));
        }
    }

    /// From the top down, each pushed below the one before where they would overlap.
    fn names(&self, svg: &mut Svg, y: &Scale) {
        let end = |line: &Line| line.points.last().map(|point| (y.place(point.spread.median), line.server));
        let mut ends: Vec<(f64, usize)> = self.lines.iter().filter_map(end).collect();
        ends.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        for (place, server) in apart(ends) {
            svg.text(self.right() + 10.0, place + 4.0, Anchor::Start, "ink small", &self.servers[server]);
        }
    }
}

/// Places of names, ascending, so that none overlaps another and none leaves the plot at the bottom.
fn apart(mut ends: Vec<(f64, usize)>) -> Vec<(f64, usize)> {
    for index in 1..ends.len() {
        ends[index].0 = ends[index].0.max(ends[index - 1].0 + LINE_HEIGHT);
    }
    let mut ceiling = BOTTOM;
    for end in ends.iter_mut().rev() {
        end.0 = end.0.min(ceiling);
        ceiling = end.0 - LINE_HEIGHT;
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_at_the_ends_of_lines_do_not_overlap() {
        assert_eq!(apart(vec![(100.0, 0), (104.0, 1), (300.0, 2)]), [(100.0, 0), (116.0, 1), (300.0, 2)]);
        let low = apart(vec![(BOTTOM - 2.0, 0), (BOTTOM - 1.0, 1)]);
        assert_eq!(low, [(BOTTOM - LINE_HEIGHT, 0), (BOTTOM, 1)]);
        assert_eq!(apart(Vec::new()), []);
    }
}
