//! A day of which only hours are kept: how much of each somebody was there, and how much is not known.

use crate::canvas::Canvas;
use crate::day_axis::DayAxis;
use crate::ink::Ink;
use crate::scene::Scene;
use crate::stretch::Stretch;
use crate::table::{Cell, Column, Table};
use crate::words::{Format, Words};

const HEIGHT: u32 = 176;
const PLOT: (i32, i32) = (10, 150);
const TICK_LABEL_Y: i32 = 168;
/// Slots of a whole hour, and where the axis is labelled.
const HOUR_SLOTS: u32 = 12;
const LEVELS: [u64; 3] = [0, 6, 12];
/// Slots between an hour's bar and its edges.
const GAP_SLOTS: u32 = 1;

/// The data of [`day_hours`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayHours {
    /// What it is called.
    pub words: Words,
    /// Its hours.
    pub axis: DayAxis,
    /// What is kept, by hour.
    pub hours: Vec<HourOfDay>,
    /// Stretches outside of these hours without a sweep: hatched.
    pub no_sweep: Vec<Stretch>,
}

/// One hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourOfDay {
    /// When; it may reach beyond the day.
    pub span: Stretch,
    /// Slots present, 0–12.
    pub present: u32,
    /// Slots not known, 0–12 less those: hatched.
    pub unknown: u32,
}

impl DayHours {
    /// A row per hour.
    pub fn rows(&self) -> Table {
        let row = |hour: &HourOfDay| {
            vec![Cell::At(hour.span.from), Cell::At(hour.span.to), Cell::Slots(hour.present), Cell::Slots(hour.unknown)]
        };
        let header = vec![Column::From, Column::To, Column::Present, Column::Unobserved];
        Table { header, rows: self.hours.iter().map(row).collect() }
    }
}

/// Draws a day by hour: a bar as high as the time present, and on it, hatched, the time of which nothing is known.
/// `minutes` writes slots on the axis.
pub fn day_hours(id: &str, input: &DayHours, minutes: Format<'_>) -> Scene {
    let end = input.axis.end();
    let canvas = Canvas::new(input.axis.width(), HEIGHT);
    for stretch in input.no_sweep.iter().filter_map(|stretch| stretch.until(end)) {
        canvas.rect(Ink::Unknown, stretch, PLOT);
    }
    let plot = canvas.plot(PLOT, u64::from(HOUR_SLOTS), &LEVELS, minutes);
    let bars = input.hours.iter().filter_map(|hour| {
        let (from, to) = (hour.span.from.saturating_add(GAP_SLOTS), hour.span.to.saturating_sub(GAP_SLOTS));
        Some((Stretch::new(from, to).until(end)?, hour))
    });
    for (bar, hour) in bars.clone() {
        let present = hour.present.min(HOUR_SLOTS);
        let known = present + hour.unknown.min(HOUR_SLOTS - present);
        if present < known {
            let y = |slots: u32| plot.at(bar.from, u64::from(slots)).1;
            canvas.rect(Ink::Unknown, bar, (y(known), y(present)));
        }
    }
    // Bars that follow each other become one path.
    for (bar, hour) in bars.filter(|(_, hour)| hour.present > 0) {
        plot.bar(Ink::Bar, bar, u64::from(hour.present.min(HOUR_SLOTS)));
    }
    plot.base();
    canvas.tick_labels(&input.axis.ticks, TICK_LABEL_Y);
    canvas.finish(id, "chart ml", &input.words)
}
