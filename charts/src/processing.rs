//! How long the work takes, day by day.

use model::day::Day;

use crate::canvas::{Canvas, Plot};
use crate::ink::{Halo, Ink, Style};
use crate::label::Label;
use crate::scene::Scene;
use crate::series::{centred, present};
use crate::stretch::{Stretch, stretches};
use crate::table::{Cell, Column, Table};
use crate::tick::{Tick, seconds_ticks};
use crate::words::{Format, Words};

const HEIGHT: u32 = 150;
const PLOT: (i32, i32) = (18, 126);
const TICK_LABEL_Y: i32 = 144;
const MOST_STEPS: u64 = 2;
/// From a line down to the base line of its label, and up to it.
const BELOW_PX: i32 = 17;
const ABOVE_PX: i32 = 8;
/// Units of a day: a line runs through the middles.
const DAY_UNITS: u32 = 2;
/// A year of days; the last ones are drawn.
const MAX_DAYS: usize = 400;

/// The data of [`processing`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Processing {
    /// What it is called.
    pub words: Words,
    /// One per day, oldest first.
    pub days: Vec<ProcessingDay>,
    /// Labels of the horizontal axis, at days.
    pub ticks: Vec<Tick>,
    /// Name of the line of imports.
    pub import_label: String,
    /// Name of the line of sweeps.
    pub sweep_label: String,
}

/// One day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessingDay {
    /// The day.
    pub day: Day,
    /// How long its import took, in milliseconds.
    pub import_ms: Option<u64>,
    /// How long half of its sweeps took at most, in milliseconds.
    pub sweep_p50_ms: Option<u64>,
}

impl Processing {
    /// A row per day.
    pub fn rows(&self) -> Table {
        let millis = |value: Option<u64>| value.map_or(Cell::Unknown, Cell::Millis);
        let row = |day: &ProcessingDay| vec![Cell::Day(day.day), millis(day.import_ms), millis(day.sweep_p50_ms)];
        Table { header: vec![Column::Day, Column::Import, Column::Sweep], rows: self.days.iter().map(row).collect() }
    }
}

/// Draws processing times. `duration` writes milliseconds on the axis.
pub fn processing(id: &str, input: &Processing, duration: Format<'_>) -> Scene {
    let left_out = input.days.len().saturating_sub(MAX_DAYS);
    let days = &input.days[left_out..];
    let canvas = Canvas::new(days.len().max(1) as u32 * DAY_UNITS, HEIGHT);
    let import: Vec<Option<u64>> = days.iter().map(|day| day.import_ms).collect();
    let sweep: Vec<Option<u64>> = days.iter().map(|day| day.sweep_p50_ms).collect();
    let max = import.iter().chain(&sweep).flatten().max().copied().unwrap_or(0);
    let ticks = seconds_ticks(max, MOST_STEPS);
    for gap in stretches(days, |day| day.import_ms.is_none() && day.sweep_p50_ms.is_none()) {
        canvas.rect(Ink::Unknown, Stretch::new(gap.from * DAY_UNITS, gap.to * DAY_UNITS), PLOT);
    }
    let mut plot = canvas.plot(PLOT, *ticks.last().unwrap_or(&1), &ticks, duration);
    plot.base();
    let series = [(Ink::Line, &import, &input.import_label), (Ink::SecondLine, &sweep, &input.sweep_label)];
    for (ink, values, _) in series {
        for run in present(values, u32::MAX) {
            plot.line(ink, &centred(&run));
        }
    }
    let heights = series.map(|(_, values, _)| start_y(&plot, values));
    for (n, (_, _, name)) in series.into_iter().enumerate() {
        if let Some(y) = heights[n] {
            let style = Style::from(Ink::Lab).halo(Halo::Paper);
            canvas.label(Label::new((0, label_y(y, heights[1 - n])), style, &**name).dx(6));
        }
    }
    let shown = days.len() as u32;
    let ticks =
        input.ticks.iter().filter_map(|tick| tick.of_column(left_out as u32, shown, DAY_UNITS)).collect::<Vec<_>>();
    canvas.tick_labels(&ticks, TICK_LABEL_Y);
    canvas.finish(id, "chart ml", &input.words)
}

/// Where a line runs at the left, where its name is written: the lowest of its first values.
fn start_y(plot: &Plot<'_>, values: &[Option<u64>]) -> Option<i32> {
    let first = values.iter().flatten().take(values.len().div_ceil(4).max(1));
    first.min().map(|value| plot.at(0, *value).1)
}

/// Below its line, unless there the other line or the axis is in the way.
fn label_y(y: i32, other: Option<i32>) -> i32 {
    let below_is_free = other.is_none_or(|other| other < y || other - y > 2 * BELOW_PX) && y + BELOW_PX < PLOT.1;
    if below_is_free { y + BELOW_PX } else { y - ABOVE_PX }
}
