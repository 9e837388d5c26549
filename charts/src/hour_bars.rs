//! Presence by hour (or half hour) of the day, as small bars.

use crate::canvas::Canvas;
use crate::ink::Ink;
use crate::scene::Scene;
use crate::stretch::Stretch;
use crate::table::{Cell, Column, Table};
use crate::tick::{Tick, round_ticks};
use crate::words::{Format, Words};

/// Without an axis, and with one: the height, the plot, and the base line of the labels of hours.
const PLAIN: (u32, (i32, i32), i32) = (46, (2, 32), 45);
const SCALED: (u32, (i32, i32), i32) = (126, (12, 108), 123);
const MOST_STEPS: u64 = 3;
/// Units of an hour, and of the gap on each side of its bar.
const HOUR_UNITS: u32 = 100;
const GAP_UNITS: u32 = 12;
/// Five-minute slots are the finest grain.
const MAX_HOURS: usize = 288;

/// The data of [`hour_bars`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourBars {
    /// What it is called; without a title the chart is hidden from assistive technology, the text beside it says it.
    pub words: Words,
    /// Presence per hour (24) or half hour (48), in any unit, scaled to the largest; nothing where not known: hatched.
    pub values: Vec<Option<u64>>,
    /// Labels: `0 h`, `12 h`, `24 h`.
    pub labels: [String; 3],
}

impl HourBars {
    /// A row per hour.
    pub fn rows(&self) -> Table {
        let cell = |value: &Option<u64>| value.map_or(Cell::Unknown, Cell::Count);
        let rows = (0u32..).zip(&self.values).map(|(n, value)| vec![Cell::Nth(n), cell(value)]).collect();
        Table { header: vec![Column::Hour, Column::Presence], rows }
    }
}

/// Draws bars of hours, the largest as high as there is room.
pub fn hour_bars(id: &str, input: &HourBars) -> Scene {
    draw(id, input, None)
}

/// Draws bars of hours beside an axis that reaches `most` at least: charts with the same `most` can be compared. `number` writes a value
/// on it.
pub fn hour_bars_to(id: &str, input: &HourBars, most: u64, number: Format<'_>) -> Scene {
    draw(id, input, Some((most, number)))
}

fn draw(id: &str, input: &HourBars, axis: Option<(u64, Format<'_>)>) -> Scene {
    let values = &input.values[..input.values.len().min(MAX_HOURS)];
    let max = values.iter().flatten().max().copied().unwrap_or(0);
    let (height, room, label_y) = if axis.is_some() { SCALED } else { PLAIN };
    let canvas = Canvas::new(values.len().max(1) as u32 * HOUR_UNITS, height);
    let plot = match axis {
        Some((most, number)) => {
            let ticks = round_ticks(max.max(most), MOST_STEPS);
            canvas.plot(room, *ticks.last().unwrap_or(&1), &ticks, number)
        }
        None => canvas.plot(room, max, &[], &|_| String::new()),
    };
    let at = |n: u32| Stretch::new(n * HOUR_UNITS + GAP_UNITS, (n + 1) * HOUR_UNITS - GAP_UNITS);
    for (n, value) in (0u32..).zip(values).filter_map(|(n, value)| Some((n, (*value)?))) {
        plot.bar(Ink::Bar, at(n), value);
    }
    plot.base();
    for (n, _) in (0u32..).zip(values).filter(|(_, value)| value.is_none()) {
        plot.unknown(at(n));
    }
    let ticks: Vec<Tick> = (0u32..)
        .zip(&input.labels)
        .map(|(n, label)| Tick { at: canvas.units() * n / 2, label: label.clone(), secondary: false })
        .collect();
    canvas.tick_labels(&ticks, label_y);
    canvas.finish(id, if axis.is_some() { "chart ml" } else { "chart" }, &input.words)
}
