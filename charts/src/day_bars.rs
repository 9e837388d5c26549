//! Different viewers per day, as bars.

use model::day::Day;

use crate::canvas::Canvas;
use crate::ink::Ink;
use crate::scene::Scene;
use crate::stretch::Stretch;
use crate::table::{Cell, Column, Table};
use crate::tick::{Tick, round_ticks};
use crate::words::{Format, Words};

const HEIGHT: u32 = 300;
const PLOT: (i32, i32) = (24, 276);
const TICK_LABEL_Y: i32 = 294;
const MOST_STEPS: u64 = 4;
/// Units of a day, and of the gap on each side of its bar.
const DAY_UNITS: u32 = 100;
const GAP_UNITS: u32 = 10;
/// A year of days; the last ones are drawn.
const MAX_DAYS: usize = 400;

/// The data of [`day_bars`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayBars {
    /// What it is called.
    pub words: Words,
    /// One bar per day, oldest first.
    pub days: Vec<DayBar>,
    /// Labels of the horizontal axis, at days.
    pub ticks: Vec<Tick>,
}

/// One day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayBar {
    /// The day.
    pub day: Day,
    /// How many; nothing where the day was not observed: hatched.
    pub count: Option<u64>,
    /// Whether it is one of those compared.
    pub highlight: bool,
    /// Whether it is not over or not imported for good: drawn lighter.
    pub provisional: bool,
}

impl DayBars {
    /// A row per day.
    pub fn rows(&self) -> Table {
        let row = |bar: &DayBar| vec![Cell::Day(bar.day), bar.count.map_or(Cell::Unknown, Cell::Count)];
        Table { header: vec![Column::Day, Column::DifferentViewers], rows: self.days.iter().map(row).collect() }
    }
}

/// Draws bars of days from 0. `number` writes a count on the axis.
pub fn day_bars(id: &str, input: &DayBars, number: Format<'_>) -> Scene {
    let left_out = input.days.len().saturating_sub(MAX_DAYS);
    let days = &input.days[left_out..];
    let canvas = Canvas::new(days.len().max(1) as u32 * DAY_UNITS, HEIGHT);
    let max = days.iter().filter_map(|bar| bar.count).max().unwrap_or(0);
    let ticks = round_ticks(max, MOST_STEPS);
    let plot = canvas.plot(PLOT, *ticks.last().unwrap_or(&1), &ticks, number);
    let at = |n: u32| Stretch::new(n * DAY_UNITS + GAP_UNITS, (n + 1) * DAY_UNITS - GAP_UNITS);
    // Bars of one ink follow each other: they become one path.
    for ink in [Ink::Soft, Ink::Q(1), Ink::Bar, Ink::Q(3)] {
        for (n, bar) in (0u32..).zip(days) {
            let own = match (bar.highlight, bar.provisional) {
                (false, false) => Ink::Soft,
                (false, true) => Ink::Q(1),
                (true, false) => Ink::Bar,
                (true, true) => Ink::Q(3),
            };
            if let Some(count) = bar.count.filter(|_| own == ink) {
                plot.bar(ink, at(n), count);
            }
        }
    }
    plot.base();
    for (n, _) in (0u32..).zip(days).filter(|(_, bar)| bar.count.is_none()) {
        plot.unknown(at(n));
    }
    let shown = days.len() as u32;
    let ticks =
        input.ticks.iter().filter_map(|tick| tick.of_column(left_out as u32, shown, DAY_UNITS)).collect::<Vec<_>>();
    canvas.tick_labels(&ticks, TICK_LABEL_Y);
    canvas.finish(id, "chart ml", &input.words)
}
