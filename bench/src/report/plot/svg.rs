//! Elements of an SVG image that reads well on light and dark: colours are classes, and a media query has both sets.
//!
//! Rule: every text and attribute from outside passes through `escaped`.

use std::fmt::{Display, Write};

/// Gray for the floor, which is the measure and not a contender; the others in an order that neighbours stay apart
/// in also for colour-blind eyes.
const STYLE: &str = "\
.surface{fill:#fcfcfb}.ink{fill:#141413}.soft{fill:#63625d}.grid{stroke:#e6e5e0}.axis{stroke:#a3a29b}\
.s0{--c:#8d8c85}.s1{--c:#2a78d6}.s2{--c:#eb6834}.s3{--c:#1a9d74}.s4{--c:#7a5bc7}.s5{--c:#c98500}.s6{--c:#d64f86}\
.bar{fill:var(--c)}.dot{fill:var(--c)}.line{stroke:var(--c);stroke-width:2;fill:none;stroke-linejoin:round}\
.whisker{stroke:var(--w);stroke-width:1.5}svg{--w:#141413}\
text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}\
.title{font-size:16px;font-weight:600}.small{font-size:12px}.number{font-variant-numeric:tabular-nums}\
@media(prefers-color-scheme:dark){svg{--w:#f4f4f0}\
.surface{fill:#1b1b1a}.ink{fill:#f4f4f0}.soft{fill:#b3b2ab}.grid{stroke:#32322f}.axis{stroke:#75746d}\
.s0{--c:#96958e}.s1{--c:#4a94ec}.s2{--c:#f07f50}.s3{--c:#2fb98c}.s4{--c:#9d82e6}.s5{--c:#dca02c}.s6{--c:#e877a3}}";

/// Which end of a text lies at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

pub(super) struct Svg {
    body: String,
    width: f64,
    height: f64,
}

impl Svg {
    /// An image with a surface of its own; `title` is for those who cannot see it, too.
    pub(super) fn new(width: f64, height: f64, title: &str) -> Self {
        let mut svg = Self { body: String::new(), width, height };
        let title = escaped(title);
        svg.element(format_args!("<title>{title}</title><style>{STYLE}</style>"));
        svg.element(format_args!("<rect class=\"surface\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>"));
        svg
    }

    pub(super) fn text(&mut self, x: f64, y: f64, anchor: Anchor, class: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escaped(text);
        self.element(format_args!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
        ));
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.element(format_args!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        ));
    }

    /// A rectangle that shows `hint` under the pointer.
    pub(super) fn rect(&mut self, corner: (f64, f64), size: (f64, f64), class: &str, hint: &str) {
        let ((x, y), (width, height), hint) = (corner, size, escaped(hint));
        self.element(format_args!(
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" \
             rx=\"2\"><title>{hint}</title></rect>"
        ));
    }

    /// A point that shows `hint` under the pointer.
    pub(super) fn dot(&mut self, (x, y): (f64, f64), class: &str, hint: &str) {
        let hint = escaped(hint);
        self.element(format_args!(
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"><title>{hint}</title></circle>"
        ));
    }

    pub(super) fn polyline(&mut self, points: &[(f64, f64)], class: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let points = points.join(" ");
        self.element(format_args!("<polyline class=\"{class}\" points=\"{points}\"/>"));
    }

    /// The names of the servers with their colours, in one line from `x` on.
    pub(super) fn legend<'a>(
        &mut self,
        mut x: f64,
        y: f64,
        servers: impl IntoIterator<Item = (usize, &'a str)>,
    ) {
        for (server, name) in servers {
            self.rect((x, y - 10.0), (12.0, 12.0), &format!("bar {}", colour(server)), name);
            self.text(x + 18.0, y, Anchor::Start, "ink", name);
            x += 18.0 + text_width(name) + 24.0;
        }
    }

    pub(super) fn finish(self) -> String {
        let Self { body, width, height } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\">\n{body}</svg>\n"
        )
    }

    fn element(&mut self, element: impl Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.body, "{element}");
    }
}

/// The class that gives a server its colour in all plots: by its place among the contenders, not in the plot.
pub(super) fn colour(server: usize) -> String {
    format!("s{server}")
}

/// About how wide a text is: an image cannot ask for it.
pub(super) fn text_width(text: &str) -> f64 {
    text.chars().count() as f64 * 7.2
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::contender::PEER_LIMIT;

    #[test]
    fn texts_cannot_break_out_of_their_element() {
        let mut svg = Svg::new(10.0, 10.0, "<b> & \"c\"");
        svg.text(1.0, 2.0, Anchor::Start, "ink", "a < b & c");
        let svg = svg.finish();
        let document = roxmltree::Document::parse(&svg).expect("an image is XML");
        let text = |tag: &str| {
            document.descendants().find(|node| node.has_tag_name(tag)).and_then(|node| node.text())
        };
        assert_eq!((text("title"), text("text")), (Some("<b> & \"c\""), Some("a < b & c")));
    }

    #[test]
    fn every_contender_has_a_colour_on_light_and_on_dark() {
        for server in 0..2 + PEER_LIMIT {
            assert_eq!(STYLE.matches(&format!(".{}{{--c:", colour(server))).count(), 2, "{server}");
        }
    }
}
