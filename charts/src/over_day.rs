//! Viewers over the day: today against the same weekday a week before.

use crate::audience::annotate;
use crate::canvas::Canvas;
use crate::day_axis::DayAxis;
use crate::ink::{Halo, Ink, Shown, Style};
use crate::label::Label;
use crate::scene::{Anchor, Scene};
use crate::series::{held, present};
use crate::stretch::Stretch;
use crate::table::{Cell, Column, Table, count_at};
use crate::tick::round_ticks;
use crate::words::{Format, Words};

const HEIGHT: u32 = 260;
const PLOT: (i32, i32) = (34, 236);
const TICK_LABEL_Y: i32 = 254;
const MOST_STEPS: u64 = 5;

/// The data of [`over_day`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverDay {
    /// What it is called.
    pub words: Words,
    /// Its hours.
    pub axis: DayAxis,
    /// Viewers per slot today; nothing where not observed or not yet.
    pub today: Vec<Option<u64>>,
    /// Viewers per slot a week before.
    pub before: Vec<Option<u64>>,
    /// Slots of today without a sweep: hatched.
    pub unobserved: Vec<Stretch>,
    /// Label of the last point of today: `today, 427,820`.
    pub now_label: String,
    /// Label of the dashed line: `last Sunday`.
    pub before_label: String,
}

impl OverDay {
    /// The last known slot of today and its viewers.
    pub fn now(&self) -> Option<(u32, u64)> {
        let end = self.axis.end() as usize;
        (0u32..).zip(self.today.iter().take(end)).filter_map(|(at, viewers)| Some((at, (*viewers)?))).last()
    }

    /// A row per slot in which something is known or was not observed.
    pub fn rows(&self) -> Table {
        let row = |at| {
            let now = if at < self.axis.end() { count_at(&self.today, at, &self.unobserved) } else { Cell::Nothing };
            let before = count_at(&self.before, at, &[]);
            (now != Cell::Nothing || before != Cell::Nothing).then(|| vec![Cell::At(at), now, before])
        };
        let header = vec![Column::Time, Column::Viewers, Column::ViewersBefore];
        Table { header, rows: (0..self.axis.width()).filter_map(row).collect() }
    }
}

/// Draws viewers over the day. `number` writes a count on the axis.
pub fn over_day(id: &str, input: &OverDay, number: Format<'_>) -> Scene {
    let (units, end) = (input.axis.width(), input.axis.end());
    let canvas = Canvas::new(units, HEIGHT);
    let (today, before) = (present(&input.today, end), present(&input.before, units));
    let max = today.iter().chain(&before).flat_map(|run| run.iter().map(|(_, value)| *value)).max().unwrap_or(0);
    let ticks = round_ticks(max, MOST_STEPS);
    for stretch in input.unobserved.iter().filter_map(|stretch| stretch.until(end)) {
        canvas.rect(Ink::Unknown, stretch, PLOT);
    }
    let mut plot = canvas.plot(PLOT, *ticks.last().unwrap_or(&1), &ticks, number);
    for run in &today {
        plot.area(Ink::Area, &held(run));
    }
    for run in &before {
        plot.line(Ink::Line2, &held(run));
    }
    for run in &today {
        plot.line(Ink::Line, &held(run));
    }
    // The last sample is held to the end of its slot: there the line ends.
    let now = input.now().map(|(at, value)| (at + 1, value));
    if let Some((at, value)) = now {
        canvas.upright(Ink::Lead, at, (plot.at(at, value).1, PLOT.1));
    }
    plot.base();
    let last = before.last().and_then(|run| run.last());
    // Close to the dot of now the label of the other line would have no room.
    if let Some((end, _)) = last.filter(|(end, _)| now.is_none_or(|(now, _)| now + units / 10 < *end)) {
        let under_label = before.iter().flatten().filter(|(at, _)| at + units / 8 >= *end);
        let y = under_label.map(|(at, value)| plot.at(*at, *value).1).min().unwrap_or(PLOT.1);
        let style = Style::from(Ink::Note).halo(Halo::Paper).shown(Shown::Wide);
        canvas.label(Label::new((*end as i32 + 1, y - 8), style, &*input.before_label).anchor(Anchor::End));
    }
    if let Some(now) = now {
        annotate(&canvas, &plot, now, &input.now_label);
    }
    canvas.tick_labels(&input.axis.ticks, TICK_LABEL_Y);
    canvas.finish(id, "chart ml", &input.words)
}
