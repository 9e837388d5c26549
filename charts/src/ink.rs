//! What a shape is drawn with: a class of the style sheet, never a colour.
//!
//! plotters hands colours to its backend, so a style travels through it as a sentinel colour: red is the [`Ink`],
//! green what goes with it. No colour of ours is ever seen.

use plotters::style::{RGBAColor, ShapeStyle};

/// The meaning of a shape; each is one class (or two) of the layer `charts` of the style sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Secondary text, and strokes without a class of their own.
    Plain,
    /// A line of the mesh.
    Grid,
    /// The base line of an axis.
    Base,
    /// A thin line that leads to a label or marks a change.
    Lead,
    /// A cut through a bar, in the colour of a box.
    Cut,
    /// A cut through a bar, in the colour of the page.
    CutPaper,
    /// Strong text.
    Lab,
    /// Quiet text.
    Note,
    /// A channel's name beside or above its track.
    Name,
    /// A total beside the track; hidden when narrow.
    Total,
    /// A total above the track; shown when narrow.
    TotalNarrow,
    /// The main line.
    Line,
    /// What the main line is compared with: dashed.
    Line2,
    /// A second series.
    SecondLine,
    /// The edge between two areas.
    Thin,
    /// Dashes of presence, one row a day.
    Raster,
    /// A bar: seen in the chat list.
    Bar,
    /// Under a line.
    Area,
    /// Between two lines: viewers who are not in the list.
    Area2,
    /// The empty track of a ribbon.
    Track,
    /// A bar that is not the one talked about.
    Soft,
    /// Not observed: hatched.
    Unknown,
    /// Seen by what was said only: activity.
    Activity,
    /// The dot at the end or the extreme of a line.
    Ring,
    /// A band inferred about the person.
    Inferred,
    /// The upper edge of such a band.
    InferredLine,
    /// The label of such a band.
    InferredLab,
    /// Sequential, 0–5.
    Q(u8),
    /// Categorical, 1–7.
    C(u8),
}

const PLAIN_INKS: [Ink; 27] = [
    Ink::Plain,
    Ink::Grid,
    Ink::Base,
    Ink::Lead,
    Ink::Cut,
    Ink::CutPaper,
    Ink::Lab,
    Ink::Note,
    Ink::Name,
    Ink::Total,
    Ink::TotalNarrow,
    Ink::Line,
    Ink::Line2,
    Ink::SecondLine,
    Ink::Thin,
    Ink::Raster,
    Ink::Bar,
    Ink::Area,
    Ink::Area2,
    Ink::Track,
    Ink::Soft,
    Ink::Unknown,
    Ink::Activity,
    Ink::Ring,
    Ink::Inferred,
    Ink::InferredLine,
    Ink::InferredLab,
];
const FIRST_Q: u8 = 100;
const FIRST_C: u8 = 110;

/// Shades of what is more than nothing.
const SHADES: u64 = 5;

impl Ink {
    /// What [`Ink::shade`] gives, and what is not known.
    pub(crate) const SHADES_AND_UNKNOWN: [Ink; 7] =
        [Ink::Q(0), Ink::Q(1), Ink::Q(2), Ink::Q(3), Ink::Q(4), Ink::Q(5), Ink::Unknown];

    /// The shade of a value in a chart of cells: the lightest is nothing at all, the others are fifths of `most`.
    pub fn shade(value: u64, most: u64) -> Ink {
        let (value, most) = (u128::from(value.min(most)), u128::from(most.max(1)));
        Ink::Q((value * u128::from(SHADES)).div_ceil(most) as u8)
    }

    /// Its class, empty when it needs none.
    pub fn class(self) -> &'static str {
        match self {
            Ink::Plain => "",
            Ink::Grid => "grid",
            Ink::Base => "base",
            Ink::Lead => "lead",
            Ink::Cut => "cut",
            Ink::CutPaper => "cut p",
            Ink::Lab => "lab",
            Ink::Note => "note",
            Ink::Name => "lab name",
            Ink::Total => "dur note",
            Ink::TotalNarrow => "durm note",
            Ink::Line => "line",
            Ink::Line2 => "line2",
            Ink::SecondLine => "line c2s",
            Ink::Thin => "thin",
            Ink::Raster => "line raster",
            Ink::Bar => "bar",
            Ink::Area => "area",
            Ink::Area2 => "area2",
            Ink::Track => "track",
            Ink::Soft => "soft",
            Ink::Unknown => "un",
            Ink::Activity => "half",
            Ink::Ring => "ring",
            Ink::Inferred => "inf",
            Ink::InferredLine => "inf-line",
            Ink::InferredLab => "inf-lab",
            Ink::Q(0) => "q0",
            Ink::Q(1) => "q1",
            Ink::Q(2) => "q2",
            Ink::Q(3) => "q3",
            Ink::Q(4) => "q4",
            Ink::Q(_) => "q5",
            Ink::C(0 | 1) => "c1",
            Ink::C(2) => "c2",
            Ink::C(3) => "c3",
            Ink::C(4) => "c4",
            Ink::C(5) => "c5",
            Ink::C(6) => "c6",
            Ink::C(_) => "c7",
        }
    }

    /// Whether it fills with a pattern, which must not be stretched.
    pub(crate) fn is_pattern(self) -> bool {
        matches!(self, Ink::Unknown | Ink::Activity)
    }

    fn code(self) -> u8 {
        match self {
            Ink::Q(n) => FIRST_Q + n.min(5),
            Ink::C(n) => FIRST_C + n.clamp(1, 7),
            // Every other ink is in the list, so the position is found and is below 27.
            plain => PLAIN_INKS.iter().position(|ink| *ink == plain).unwrap_or(0) as u8,
        }
    }

    fn from_code(code: u8) -> Ink {
        match code {
            FIRST_C.. => Ink::C(code - FIRST_C),
            FIRST_Q.. => Ink::Q(code - FIRST_Q),
            _ => PLAIN_INKS.get(usize::from(code)).copied().unwrap_or(Ink::Plain),
        }
    }
}

/// Which widths of the container show a shape (the style sheet's container queries).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shown {
    /// All.
    #[default]
    Always,
    /// From 26 rem up: class `w2`.
    Medium,
    /// From 44 rem up: class `w3`.
    Wide,
}

impl Shown {
    /// Its class, empty for always.
    pub fn class(self) -> &'static str {
        ["", "w2", "w3"][self as usize]
    }
}

/// What is painted behind a text so that it stays legible over lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Halo {
    /// Nothing.
    #[default]
    None,
    /// The colour of a box.
    Surface,
    /// The colour of the page.
    Paper,
}

impl Halo {
    /// Its class, empty for none.
    pub fn class(self) -> &'static str {
        ["", "halo", "halo p"][self as usize]
    }
}

/// An ink and what goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Its meaning.
    pub ink: Ink,
    /// Where it is shown.
    pub shown: Shown,
    /// Behind a text.
    pub halo: Halo,
    /// Radius of the corners of a rectangle, 0–7 px.
    pub radius: u8,
}

impl From<Ink> for Style {
    fn from(ink: Ink) -> Style {
        Style { ink, shown: Shown::Always, halo: Halo::None, radius: 0 }
    }
}

impl Style {
    pub(crate) fn shown(self, shown: Shown) -> Style {
        Style { shown, ..self }
    }

    pub(crate) fn halo(self, halo: Halo) -> Style {
        Style { halo, ..self }
    }

    pub(crate) fn radius(self, radius: u8) -> Style {
        Style { radius: radius.min(7), ..self }
    }

    /// As the sentinel colour that plotters carries.
    pub(crate) fn sentinel(self) -> ShapeStyle {
        let with = self.shown as u8 | (self.halo as u8) << 2 | self.radius << 4;
        ShapeStyle { color: RGBAColor(self.ink.code(), with, 0, 1.0), filled: true, stroke_width: 1 }
    }

    /// From a sentinel colour.
    pub(crate) fn from_rgb((ink, with, _): (u8, u8, u8)) -> Style {
        Style {
            ink: Ink::from_code(ink),
            shown: [Shown::Always, Shown::Medium, Shown::Wide, Shown::Wide][usize::from(with & 3)],
            halo: [Halo::None, Halo::Surface, Halo::Paper, Halo::Paper][usize::from(with >> 2 & 3)],
            radius: with >> 4,
        }
    }

    /// All its classes, separated by spaces; empty when there is none.
    pub(crate) fn classes(self) -> String {
        let all = [self.ink.class(), self.halo.class(), self.shown.class()];
        all.into_iter().filter(|class| !class.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_a_shade_of_its_own() {
        let shade = |value, most| Ink::shade(value, most);
        assert_eq!([0, 1, 200, 201, 1_000, 5_000].map(|value| shade(value, 1_000)), [0, 1, 1, 2, 5, 5].map(Ink::Q));
        assert_eq!((shade(0, 0), shade(u64::MAX, u64::MAX)), (Ink::Q(0), Ink::Q(5)));
    }

    #[test]
    fn a_style_survives_the_way_through_plotters() {
        let inks = PLAIN_INKS.into_iter().chain((0..6).map(Ink::Q)).chain((1..8).map(Ink::C));
        for ink in inks {
            for shown in [Shown::Always, Shown::Medium, Shown::Wide] {
                for halo in [Halo::None, Halo::Surface, Halo::Paper] {
                    for radius in 0..8 {
                        let style = Style { ink, shown, halo, radius };
                        let RGBAColor(r, g, b, _) = style.sentinel().color;
                        assert_eq!(Style::from_rgb((r, g, b)), style);
                    }
                }
            }
        }
    }
}
