//! A chart as a plain value: what is where, before it becomes text.

use crate::ink::Style;

/// A drawn chart. [`Scene::to_svg`] writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// Prefix of the ids inside; unique on its page. Only letters, digits, `-` and `_` are kept.
    pub id: String,
    /// Classes of the outer element.
    pub class: &'static str,
    /// Classes of the nested elements that hold paths; empty for none.
    pub nested_class: &'static str,
    /// Height in px.
    pub height: u32,
    /// What the whole width is divided into: a horizontal position is a share of it. Each chart takes the number that
    /// puts its data on whole units (slots of a day, hundredths of a bar).
    pub units: u32,
    /// The chart's name. Without one the chart is hidden from assistive technology: what is around it says the same.
    pub title: String,
    /// What it shows, in words; may be empty.
    pub desc: String,
    /// From back to front.
    pub shapes: Vec<Shape>,
}

/// A horizontal position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Units of the scene from the left edge.
    Share(u32),
    /// Pixels from the left edge; negative is the margin.
    Px(i32),
}

/// Which point of a text its position is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// Its start.
    #[default]
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// A piece of text in one style. The first piece's ink is the text's own; others differ from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// How.
    pub style: Style,
    /// What, unescaped.
    pub text: String,
}

/// Something drawn. Vertical positions are px from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A filled rectangle.
    Rect {
        /// How.
        style: Style,
        /// From and to, in units.
        x: (u32, u32),
        /// Upper and lower edge, in px.
        y: (i32, i32),
    },
    /// A line through points, or a filled polygon.
    Path {
        /// How.
        style: Style,
        /// (units, px).
        points: Vec<(i32, i32)>,
        /// Whether it goes back to its start.
        closed: bool,
    },
    /// A dot.
    Circle {
        /// How.
        style: Style,
        /// (units, px).
        at: (u32, i32),
        /// Half a pixel each.
        radius_half_px: u32,
    },
    /// Text on one line.
    Text {
        /// How.
        style: Style,
        /// Where.
        x: At,
        /// Px to the right of `x`.
        dx: i32,
        /// Its base line.
        y: i32,
        /// Which point of it.
        anchor: Anchor,
        /// Its pieces.
        spans: Vec<Span>,
    },
}
