//! A list of named things with one figure each: the name above its bar, so that it fits any width.

use crate::canvas::Canvas;
use crate::ink::Ink;
use crate::label::Label;
use crate::scene::Scene;
use crate::stretch::Stretch;
use crate::words::{Format, Words};

/// From one name to the next.
const ROW_PX: i32 = 40;
/// From the top of a row to the base line of its name, and to its bar.
const NAME_PX: i32 = 14;
const BAR_FROM_PX: i32 = 21;
const BAR_TO_PX: i32 = 33;
/// From the lower edge of a bar up to the base line of its figure.
const FIGURE_ABOVE_PX: i32 = 2;
/// What the width is divided into, and how much of it the longest bar takes: figures stand to the right, on a phone too.
const UNITS: u32 = 1_000;
const LONGEST: u64 = 720;
/// More are left out: a chart of them would not be looked at.
const MAX_ITEMS: usize = 60;

/// The data of [`bar_list`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarList {
    /// What it is called.
    pub words: Words,
    /// Names and figures, from top to bottom.
    pub items: Vec<(String, u64)>,
}

/// Draws bars from 0. `number` writes a figure at the end of its bar.
pub fn bar_list(id: &str, input: &BarList, number: Format<'_>) -> Scene {
    let items = &input.items[..input.items.len().min(MAX_ITEMS)];
    let canvas = Canvas::new(UNITS, (items.len().max(1) as i32 * ROW_PX) as u32);
    let max = items.iter().map(|(_, value)| *value).max().unwrap_or(0).max(1);
    for (row, (name, value)) in (0..).zip(items) {
        let top = row * ROW_PX;
        canvas.label(Label::new((0, top + NAME_PX), Ink::Lab, &**name));
        let length = (u128::from(*value) * u128::from(LONGEST) / u128::from(max)) as u32;
        let length = if *value > 0 { length.max(1) } else { 0 };
        canvas.rect(Ink::Bar, Stretch::new(0, length), (top + BAR_FROM_PX, top + BAR_TO_PX));
        let end = (length as i32, top + BAR_TO_PX - FIGURE_ABOVE_PX);
        canvas.label(Label::new(end, Ink::Note, number(*value)).dx(6));
    }
    canvas.finish(id, "chart", &input.words)
}
