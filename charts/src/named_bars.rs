//! Figures of named things, as bars below each other; several figures of each.

use crate::canvas::Canvas;
use crate::ink::Ink;
use crate::label::Label;
use crate::scene::Scene;
use crate::stretch::Stretch;
use crate::words::{Format, Words};

/// From one name to the next, less the bars.
const GAP_PX: i32 = 10;
/// A bar and the next one of the same name.
const BAR_PX: i32 = 14;
/// Between them.
const SLIT_PX: i32 = 2;
/// From the first bar up to the base line of the name, before `picture` or the style sheet set it beside the bars.
const NAME_ABOVE_PX: i32 = 5;
/// From the lower edge of a bar up to the base line of its figure.
const FIGURE_ABOVE_PX: i32 = 2;
const TOP_PX: i32 = 16;
/// What the width is divided into, and how much of it the longest bar takes: figures stand to the right.
const UNITS: u32 = 1_000;
const LONGEST: u64 = 900;
/// More are left out: a chart of them would not be looked at.
const MAX_NAMES: usize = 60;
const MAX_BARS: usize = 4;

/// The data of [`named_bars`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedBars {
    /// What it is called.
    pub words: Words,
    /// From top to bottom.
    pub names: Vec<NamedBar>,
}

/// One name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedBar {
    /// What stands before its bars.
    pub name: String,
    /// Its figures, each with the ink that the legend explains.
    pub bars: Vec<(Ink, u64)>,
}

/// Draws bars from 0. `number` writes a figure at the end of its bar.
pub fn named_bars(id: &str, input: &NamedBars, number: Format<'_>) -> Scene {
    let names = &input.names[..input.names.len().min(MAX_NAMES)];
    let bars = |name: &NamedBar| name.bars.len().min(MAX_BARS) as i32;
    let height = TOP_PX + names.iter().map(|name| bars(name) * BAR_PX + GAP_PX).sum::<i32>();
    let canvas = Canvas::new(UNITS, height as u32);
    let max = names.iter().flat_map(|name| &name.bars).map(|(_, value)| *value).max().unwrap_or(0).max(1);
    let mut y = TOP_PX;
    for name in names {
        canvas.label(Label::new((0, y - NAME_ABOVE_PX), Ink::Name, &*name.name));
        for (ink, value) in name.bars.iter().take(MAX_BARS) {
            let length = (u128::from(*value) * u128::from(LONGEST) / u128::from(max)) as u32;
            let length = if *value > 0 { length.max(1) } else { 0 };
            canvas.rect(*ink, Stretch::new(0, length), (y, y + BAR_PX - SLIT_PX));
            let end = (length as i32, y + BAR_PX - SLIT_PX - FIGURE_ABOVE_PX);
            canvas.label(Label::new(end, Ink::Note, number(*value)).dx(6));
            y += BAR_PX;
        }
        y += GAP_PX;
    }
    canvas.finish(id, "chart tl", &input.words)
}
