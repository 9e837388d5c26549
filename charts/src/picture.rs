//! A scene as a file of its own: an SVG that any program opens, with its finding, its legend and its source, and with
//! attributes in place of the classes of a page. Always in the light theme, for paper.

use std::fmt::Write;

use crate::ink::{Halo, Ink, Style};
use crate::scene::{At, Scene, Shape, Span};
use crate::svg::escape;
use crate::text_width::{FONT_PX, Weight, text_px};

/// The width of a chart in px, without its margins.
const CHART_PX: u32 = 960;
/// Around everything.
const MARGIN_PX: u32 = 24;
/// Left of the charts whose style sheet leaves room for names (`tl`) and for numbers (`ml`).
const NAMES_PX: u32 = 152;
const NUMBERS_PX: u32 = 48;
/// From the upper edge of a track down to the line of its name.
const NAME_DY: i32 = 22;
/// Base lines from the top: the finding, what is shown, the first line of the legend.
const FINDING_Y: u32 = 40;
const SUB_Y: u32 = 62;
const LEGEND_Y: u32 = 88;
const LINE_PX: u32 = 20;
/// Of a legend: the side of a mark, from a mark to its name, from a name to the next mark.
const MARK_PX: u32 = 11;
const MARK_GAP_PX: u32 = 6;
const NAME_GAP_PX: u32 = 20;
/// From the chart to the line that names the source, and below it.
const SOURCE_DY: u32 = 32;

/// What stands around a chart in a file, in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct Caption<'a> {
    /// The finding, computed from the data.
    pub finding: &'a str,
    /// What is shown, of what period.
    pub sub: &'a str,
    /// What marks stand for.
    pub legend: &'a [(Ink, String)],
    /// Where it comes from, and what it is worth.
    pub source: &'a str,
}

impl Scene {
    /// Writes the scene as a whole SVG document.
    pub fn to_picture(&self, caption: &Caption<'_>) -> String {
        let left = MARGIN_PX + self.room_left();
        let width = left + CHART_PX + MARGIN_PX;
        let places = legend_places(caption.legend, width);
        let lines = places.last().map_or(0, |(_, y)| (y - LEGEND_Y) / LINE_PX + 1);
        let top = LEGEND_Y + lines * LINE_PX;
        let height = top + self.height + SOURCE_DY + MARGIN_PX;
        let mut out = Picture { scene: self, left, top, text: String::with_capacity(8_192) };
        out.open(width, height);
        out.line(FINDING_Y, "fill=\"#1d1a26\" font-size=\"18\" font-weight=\"600\"", caption.finding);
        out.line(SUB_Y, "fill=\"#686273\"", caption.sub);
        for ((ink, name), (x, y)) in caption.legend.iter().zip(places) {
            out.mark(*ink, x, y);
            let x = x + MARK_PX + MARK_GAP_PX;
            let _ = write!(out.text, "<text x=\"{x}\" y=\"{y}\" fill=\"#4b4657\">{}</text>", escape(name));
        }
        self.shapes.iter().for_each(|shape| out.shape(shape));
        out.line(height - MARGIN_PX, "fill=\"#686273\"", caption.source);
        out.text.push_str("</svg>\n");
        out.text
    }

    fn room_left(&self) -> u32 {
        let has = |class| self.class.split(' ').any(|one| one == class);
        match () {
            () if has("tl") => NAMES_PX,
            () if has("ml") => NUMBERS_PX,
            () => 0,
        }
    }
}

/// Where each mark of a legend begins: from left to right, in as many lines as it takes.
fn legend_places(legend: &[(Ink, String)], width: u32) -> Vec<(u32, u32)> {
    let (mut x, mut y) = (MARGIN_PX, LEGEND_Y);
    let place = |(_, name): &(Ink, String)| {
        let own = MARK_PX + MARK_GAP_PX + text_px(name, Weight::Regular);
        if x > MARGIN_PX && x + own > width - MARGIN_PX {
            (x, y) = (MARGIN_PX, y + LINE_PX);
        }
        let here = (x, y);
        x += own + NAME_GAP_PX;
        here
    };
    legend.iter().map(place).collect()
}

struct Picture<'a> {
    scene: &'a Scene,
    left: u32,
    top: u32,
    text: String,
}

impl Picture<'_> {
    // Writing to a String cannot fail, so the results of `write!` are left.

    fn open(&mut self, width: u32, height: u32) {
        let _ = write!(
            self.text,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" font-size=\"{FONT_PX}\" \
             font-family=\"Inter, system-ui, 'Segoe UI', Roboto, Arial, sans-serif\">"
        );
        for (tag, text) in [("title", &self.scene.title), ("desc", &self.scene.desc)] {
            if !text.is_empty() {
                let _ = write!(self.text, "<{tag}>{}</{tag}>", escape(text));
            }
        }
        let (hatch, grain) = (token("hatch"), token("violet"));
        let _ = write!(
            self.text,
            "<defs><pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><path d=\"M0 0v5\" stroke=\"{hatch}\" stroke-width=\"1.5\"/></pattern>\
             <pattern id=\"grain\" width=\"2.6\" height=\"2.6\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(30)\"><circle cx=\"1.3\" cy=\"1.3\" r=\".95\" fill=\"{grain}\"/></pattern></defs>\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>",
            token("surface")
        );
    }

    fn line(&mut self, y: u32, paint: &str, text: &str) {
        if !text.is_empty() {
            let _ = write!(self.text, "<text x=\"{MARGIN_PX}\" y=\"{y}\" {paint}>{}</text>", escape(text));
        }
    }

    /// A mark of the legend, on the base line `y`.
    fn mark(&mut self, ink: Ink, x: u32, y: u32) {
        let (x, y) = (f64::from(x), f64::from(y - MARK_PX + 1));
        let side = f64::from(MARK_PX);
        let paint = paint(ink);
        if matches!(ink, Ink::Line | Ink::Line2 | Ink::SecondLine) {
            let y = y + side / 2.0;
            let _ = write!(self.text, "<path d=\"M{x} {y}h{side}\" {paint}/>");
        } else {
            let _ =
                write!(self.text, "<rect x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" rx=\"2\" {paint}/>");
        }
    }

    /// Tenths of a px from the left edge of the file.
    fn tenths(&self, at: i64) -> i64 {
        let units = i64::from(self.scene.units.max(1));
        (at * i64::from(CHART_PX) * 10 + units / 2).div_euclid(units) + i64::from(self.left) * 10
    }

    fn x(&self, at: impl Into<i64>) -> String {
        decimal(self.tenths(at.into()))
    }

    fn y(&self, y: i32) -> i64 {
        i64::from(self.top) + i64::from(y)
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Rect { style, x, y } => {
                let width = decimal(self.tenths(x.1.into()) - self.tenths(x.0.into()));
                let (x, top, height) = (self.x(x.0), self.y(y.0), (y.1 - y.0).max(0));
                let _ = write!(self.text, "<rect x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"");
                if style.radius > 0 {
                    let _ = write!(self.text, " rx=\"{}\"", style.radius);
                }
                let _ = write!(self.text, " {}{}/>", paint(style.ink), self.cell_edge());
            }
            Shape::Path { style, points, closed } => {
                let mut data = String::new();
                for (n, (x, y)) in points.iter().enumerate() {
                    let _ = write!(data, "{}{} {}", if n == 0 { 'M' } else { 'L' }, self.x(*x), self.y(*y));
                }
                if *closed {
                    data.push('Z');
                }
                let _ = write!(self.text, "<path d=\"{data}\" {}{}/>", paint(style.ink), self.cell_edge());
            }
            Shape::Circle { style, at, radius_half_px } => {
                let (x, y, r) = (self.x(at.0), self.y(at.1), decimal(i64::from(*radius_half_px) * 5));
                let _ = write!(self.text, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" {}/>", paint(style.ink));
            }
            // A total stands beside its track, or above it where there is little room: here there is.
            Shape::Text { style, .. } if style.ink == Ink::TotalNarrow => {}
            Shape::Text { style, x, dx, y, anchor, spans } => {
                let aside = matches!(style.ink, Ink::Name | Ink::Total);
                let (back, down) = if aside { (self.scene.room_left(), NAME_DY) } else { (0, 0) };
                let x = match x {
                    At::Share(at) => self.tenths(i64::from(*at)),
                    At::Px(px) => (i64::from(self.left) + i64::from(*px)) * 10,
                };
                let x = decimal(x + (i64::from(*dx) - i64::from(back)) * 10);
                let anchor = ["start", "middle", "end"][*anchor as usize];
                let y = self.y(*y + down);
                let _ = write!(self.text, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" {}>", letters(*style));
                self.spans(*style, spans);
                self.text.push_str("</text>");
            }
        }
    }

    /// The white edge and lines that part the cells of a calendar.
    fn cell_edge(&self) -> String {
        match self.scene.nested_class {
            "cells" => format!(" stroke=\"{}\" stroke-width=\"2\"", token("surface")),
            _ => String::new(),
        }
    }

    fn spans(&mut self, style: Style, spans: &[Span]) {
        for (n, span) in spans.iter().enumerate() {
            if n > 0 {
                self.text.push(' ');
            }
            if span.style.ink == style.ink {
                self.text.push_str(&escape(&span.text));
            } else {
                let _ = write!(self.text, "<tspan {}>{}</tspan>", letters(span.style), escape(&span.text));
            }
        }
    }
}

fn decimal(tenths: i64) -> String {
    let (sign, all) = (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs());
    match all % 10 {
        0 => format!("{sign}{}", all / 10),
        part => format!("{sign}{}.{part}", all / 10),
    }
}

/// Colours of the light theme, by the names of `style/tokens.css`; a test holds them to it.
const TOKENS: [(&str, &str); 23] = [
    ("surface", "#fff"),
    ("ink", "#1d1a26"),
    ("ink-2", "#4b4657"),
    ("ink-3", "#686273"),
    ("rule", "#e3dfd8"),
    ("edge", "#8a8494"),
    ("violet", "#5a3ec8"),
    ("amber", "#c47600"),
    ("amber-ink", "#854a00"),
    ("amber-tint", "#fdf0d5"),
    ("hatch", "#bdb7c2"),
    ("q0", "#eeebe6"),
    ("q1", "#dcd5f4"),
    ("q2", "#bbaee9"),
    ("q3", "#9481db"),
    ("q4", "#6d54c8"),
    ("q5", "#402799"),
    ("c2", "#2787d8"),
    ("c3", "#e8632c"),
    ("c4", "#054238"),
    ("c5", "#983474"),
    ("c6", "#705f18"),
    ("c7", "#8b8794"),
];

/// A colour by its name; of no other name is asked.
fn token(name: &str) -> &'static str {
    TOKENS.iter().find(|(one, _)| *one == name).map_or("#000", |(_, colour)| colour)
}

/// How a rectangle, a path or a dot of an ink is painted: what `style/charts.css` says of its class.
fn paint(ink: Ink) -> String {
    let fill = |name| format!("fill=\"{}\"", token(name));
    let line = |name, width: &str| format!("fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\"", token(name));
    match ink {
        Ink::Grid => line("rule", "1"),
        Ink::Base => line("edge", "1"),
        Ink::Lead => line("ink-3", "1"),
        Ink::Cut | Ink::CutPaper => line("surface", "2"),
        Ink::Line => line("violet", "2") + " stroke-linejoin=\"round\"",
        Ink::Line2 => line("ink-3", "1.5") + " stroke-dasharray=\"4 3\"",
        Ink::SecondLine => line("c2", "2") + " stroke-linejoin=\"round\"",
        Ink::Thin => line("q3", "1"),
        Ink::Raster => line("violet", "2.4"),
        Ink::Bar | Ink::C(0 | 1) => fill("violet"),
        Ink::Area => fill("violet") + " opacity=\".2\"",
        Ink::Area2 => fill("c7") + " opacity=\".34\"",
        Ink::Track => fill("q0"),
        Ink::Soft => fill("q2"),
        Ink::Unknown => "fill=\"url(#hatch)\"".to_owned(),
        Ink::Activity => "fill=\"url(#grain)\"".to_owned(),
        Ink::Ring => format!("fill=\"{}\" stroke=\"{}\" stroke-width=\"2\"", token("surface"), token("violet")),
        Ink::Inferred => fill("amber-tint"),
        Ink::InferredLine => line("amber", "2"),
        Ink::Q(_) | Ink::C(_) => fill(ink.class()),
        Ink::Plain | Ink::Lab | Ink::Note | Ink::Name | Ink::Total | Ink::TotalNarrow | Ink::InferredLab => {
            "fill=\"none\"".to_owned()
        }
    }
}

/// How a text is painted.
fn letters(style: Style) -> String {
    let strong = |name| format!("fill=\"{}\" font-weight=\"600\"", token(name));
    let own = match style.ink {
        Ink::Lab | Ink::Name => strong("ink"),
        Ink::InferredLab => strong("amber-ink"),
        Ink::Note | Ink::Total => format!("fill=\"{}\"", token("ink-2")),
        _ => format!("fill=\"{}\"", token("ink-3")),
    };
    match style.halo {
        Halo::None => own,
        Halo::Surface | Halo::Paper => format!(
            "{own} paint-order=\"stroke\" stroke=\"{}\" stroke-width=\"4\" stroke-linejoin=\"round\"",
            token("surface")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_the_style_sheet() {
        let sheet = include_str!("../../style/tokens.css");
        for (name, colour) in TOKENS {
            assert!(sheet.contains(&format!("--{name}: light-dark({colour},")), "--{name} is not {colour}");
        }
    }

    #[test]
    fn tenths_are_written_short() {
        assert_eq!([0, 5, 10, 1_234, -15].map(decimal), ["0", "0.5", "1", "123.4", "-1.5"]);
    }

    #[test]
    fn a_long_legend_takes_lines() {
        let legend: Vec<(Ink, String)> =
            (1..8).map(|n| (Ink::C(n), "A category with a rather long name".into())).collect();
        let places = legend_places(&legend, 1_000);
        assert_eq!(places[0], (MARGIN_PX, LEGEND_Y));
        assert!(places.iter().any(|(_, y)| *y > LEGEND_Y));
        assert!(places.iter().all(|(x, _)| *x < 1_000 - MARGIN_PX));
    }
}
