//! A scene as SVG: x in percent, y in px, so that text keeps its size at any width; paths in a nested, stretched
//! element. Whole numbers and at most two decimals only, so that server and browser write the same bytes.

use std::fmt::Write;

use crate::ink::{Ink, Style};
use crate::path_data::PathData;
use crate::scene::{At, Scene, Shape, Span};

impl Scene {
    /// Writes the scene as one `<svg>` element for a page whose style sheet holds the classes and whose document holds
    /// the patterns `#hatch` and `#grain`.
    pub fn to_svg(&self) -> String {
        let mut out = Writer { scene: self, text: String::with_capacity(2048) };
        out.open();
        let mut rest = self.shapes.as_slice();
        while !rest.is_empty() {
            let nested = rest.iter().take_while(|shape| is_nested(shape)).count();
            let (group, after) = rest.split_at(nested);
            out.nested(group);
            rest = match after {
                [shape, after @ ..] => {
                    out.shape(shape);
                    after
                }
                [] => &[],
            };
        }
        out.text.push_str("</svg>");
        out.text
    }
}

/// Text as content or attribute value: markup escaped, what XML forbids and what turns the direction of the rest left out.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\r' | '\t' => escaped.push(' '),
            '\u{fffe}' | '\u{ffff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// Hundredths of a percent.
fn share(at: u32, units: u32) -> u64 {
    (u64::from(at.min(units)) * 10_000 + u64::from(units) / 2) / u64::from(units.max(1))
}

fn percent(hundredths: u64) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    match part {
        0 if whole == 0 => "0".to_owned(),
        0 => format!("{whole}%"),
        part if part % 10 == 0 => format!("{whole}.{}%", part / 10),
        part => format!("{whole}.{part:02}%"),
    }
}

/// Paths, and rectangles that neither a pattern nor round corners keep from being stretched.
fn is_nested(shape: &Shape) -> bool {
    match shape {
        Shape::Path { .. } => true,
        Shape::Rect { style, .. } => style.radius == 0 && !style.ink.is_pattern(),
        Shape::Circle { .. } | Shape::Text { .. } => false,
    }
}

struct Writer<'a> {
    scene: &'a Scene,
    text: String,
}

impl Writer<'_> {
    // Writing to a String cannot fail, so the results of `write!` are left.

    fn open(&mut self) {
        let scene = self.scene;
        let _ = write!(self.text, "<svg class=\"{}\" height=\"{}\"", scene.class, scene.height);
        if scene.title.is_empty() {
            self.text.push_str(" aria-hidden=\"true\">");
            return;
        }
        let id: String = scene.id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
        let _ = write!(self.text, " role=\"img\" aria-labelledby=\"{id}-t");
        if !scene.desc.is_empty() {
            let _ = write!(self.text, " {id}-d");
        }
        let _ = write!(self.text, "\"><title id=\"{id}-t\">{}</title>", escape(&scene.title));
        if !scene.desc.is_empty() {
            let _ = write!(self.text, "<desc id=\"{id}-d\">{}</desc>", escape(&scene.desc));
        }
    }

    fn class(&mut self, style: Style, more: &str) {
        let mut classes = style.classes();
        if !more.is_empty() {
            if !classes.is_empty() {
                classes.push(' ');
            }
            classes.push_str(more);
        }
        if !classes.is_empty() {
            let _ = write!(self.text, " class=\"{classes}\"");
        }
    }

    /// A stretched element with one path for each run of shapes of one style.
    fn nested(&mut self, shapes: &[Shape]) {
        if shapes.is_empty() {
            return;
        }
        let scene = self.scene;
        self.text.push_str("<svg");
        if !scene.nested_class.is_empty() {
            let _ = write!(self.text, " class=\"{}\"", scene.nested_class);
        }
        let _ = write!(
            self.text,
            " width=\"100%\" height=\"{0}\" viewBox=\"0 0 {1} {0}\" preserveAspectRatio=\"none\">",
            scene.height, scene.units
        );
        for run in shapes.chunk_by(|a, b| style_of(a) == style_of(b)) {
            let mut data = PathData::default();
            for shape in run {
                match shape {
                    Shape::Path { points, closed, .. } => data.add(points, *closed),
                    Shape::Rect { x, y, .. } => {
                        let (x0, x1) = (x.0 as i32, x.1 as i32);
                        data.add(&[(x0, y.0), (x1, y.0), (x1, y.1), (x0, y.1)], true);
                    }
                    Shape::Circle { .. } | Shape::Text { .. } => {}
                }
            }
            let data = data.finish();
            if data.is_empty() {
                continue;
            }
            self.text.push_str("<path");
            self.class(style_of(&run[0]), "");
            let _ = write!(self.text, " d=\"{data}\"/>");
        }
        self.text.push_str("</svg>");
    }

    fn shape(&mut self, shape: &Shape) {
        let units = self.scene.units;
        match shape {
            Shape::Rect { style, x, y } => {
                let (from, to) = (share(x.0, units), share(x.1, units));
                let _ = write!(
                    self.text,
                    "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
                    percent(from),
                    y.0,
                    percent(to.saturating_sub(from)),
                    (y.1 - y.0).max(0)
                );
                if style.radius > 0 {
                    let _ = write!(self.text, " rx=\"{}\"", style.radius);
                }
                self.class(*style, "");
                self.text.push_str("/>");
            }
            Shape::Circle { style, at, radius_half_px } => {
                let (whole, half) = (radius_half_px / 2, ["", ".5"][*radius_half_px as usize % 2]);
                let x = percent(share(at.0, units));
                let _ = write!(self.text, "<circle cx=\"{x}\" cy=\"{}\" r=\"{whole}{half}\"", at.1);
                self.class(*style, "");
                self.text.push_str("/>");
            }
            Shape::Text { style, x, dx, y, anchor, spans } => {
                let x = match x {
                    At::Share(at) => percent(share(*at, units)),
                    At::Px(px) => px.to_string(),
                };
                let _ = write!(self.text, "<text x=\"{x}\" y=\"{y}\"");
                if *dx != 0 {
                    let _ = write!(self.text, " dx=\"{dx}\"");
                }
                self.class(*style, ["", "m", "e"][*anchor as usize]);
                self.text.push('>');
                self.spans(*style, spans);
                self.text.push_str("</text>");
            }
            Shape::Path { .. } => {}
        }
    }

    fn spans(&mut self, style: Style, spans: &[Span]) {
        for (n, span) in spans.iter().enumerate() {
            if n > 0 {
                self.text.push(' ');
            }
            let own =
                Style { ink: if span.style.ink == style.ink { Ink::Plain } else { span.style.ink }, ..span.style };
            if own == Style::from(Ink::Plain) {
                self.text.push_str(&escape(&span.text));
            } else {
                self.text.push_str("<tspan");
                self.class(own, "");
                let _ = write!(self.text, ">{}</tspan>", escape(&span.text));
            }
        }
    }
}

fn style_of(shape: &Shape) -> Style {
    match shape {
        Shape::Rect { style, .. }
        | Shape::Path { style, .. }
        | Shape::Circle { style, .. }
        | Shape::Text { style, .. } => *style,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_at_most_two_decimals() {
        let all: Vec<String> = [0, 1, 36, 72, 287, 288, 999].iter().map(|at| percent(share(*at, 288))).collect();
        assert_eq!(all, ["0", "0.35%", "12.5%", "25%", "99.65%", "100%", "100%"]);
    }

    #[test]
    fn markup_and_hidden_characters_do_not_pass() {
        assert_eq!(escape("<script>\"a\"&'b'</script>"), "&lt;script&gt;&quot;a&quot;&amp;&#39;b&#39;&lt;/script&gt;");
        assert_eq!(escape("a\u{0}\u{8}\u{202e}b\u{2066}\u{ffff}\nc😀"), "ab c😀");
    }
}
