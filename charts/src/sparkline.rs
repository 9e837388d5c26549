//! A line without axes, for a row of a table.

use crate::canvas::Canvas;
use crate::ink::Ink;
use crate::scene::Scene;
use crate::series::{centred, present};
use crate::stretch::{Stretch, stretches};
use crate::words::Words;

const HEIGHT: u32 = 28;
const PLOT: (i32, i32) = (2, 27);
/// More points than this do not show in a column of a table; the last ones are drawn.
const MAX_POINTS: usize = 300;

/// The data of [`sparkline`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sparkline {
    /// What it is called.
    pub words: Words,
    /// Values from left to right, evenly spaced; nothing where not observed: hatched.
    pub values: Vec<Option<u64>>,
}

/// Draws a sparkline, from 0 up.
pub fn sparkline(id: &str, input: &Sparkline) -> Scene {
    let values = &input.values[input.values.len().saturating_sub(MAX_POINTS)..];
    let canvas = Canvas::new(values.len().max(1) as u32 * 2, HEIGHT);
    for gap in stretches(values, Option::is_none) {
        canvas.rect(Ink::Unknown, Stretch::new(gap.from * 2, gap.to * 2), PLOT);
    }
    let max = values.iter().flatten().max().copied().unwrap_or(0);
    let mut plot = canvas.plot(PLOT, max, &[], &|_| String::new());
    let runs: Vec<_> = present(values, u32::MAX).iter().map(|run| centred(run)).collect();
    for run in &runs {
        plot.area(Ink::Area, run);
    }
    for run in &runs {
        plot.line(Ink::Line, run);
    }
    canvas.finish(id, "chart spark", &input.words)
}
