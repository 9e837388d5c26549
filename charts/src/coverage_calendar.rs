//! How much was observed of each day: a column per week, a row per weekday.

use model::day::Day;

use crate::canvas::Canvas;
use crate::ink::Ink;
use crate::label::Label;
use crate::scene::{Anchor, Scene};
use crate::stretch::Stretch;
use crate::table::{Cell, Column, Table};
use crate::tick::Tick;
use crate::words::Words;

const TOP: i32 = 18;
const CELL_PX: i32 = 17;
const WEEKDAYS: i32 = 7;
const BOTTOM: i32 = TOP + WEEKDAYS * CELL_PX;
const TICK_LABEL_Y: i32 = 10;
/// Two years of weeks; the last ones are drawn.
const MAX_WEEKS: u32 = 106;

/// The data of [`coverage_calendar`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverageCalendar {
    /// What it is called.
    pub words: Words,
    /// Weekday of the first day, 0 (Monday) to 6 (Sunday).
    pub first_weekday: u8,
    /// One per day, oldest first.
    pub days: Vec<CoverageDay>,
    /// Names of months, at weeks.
    pub months: Vec<Tick>,
    /// Names of the weekdays from Monday; every second is written. Empty for none.
    pub weekdays: [String; 7],
}

/// One day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverageDay {
    /// The day.
    pub day: Day,
    /// Samples held.
    pub held: u32,
    /// Samples that there could be: 288, or fewer on the first day; 0 leaves the day blank.
    pub of: u32,
}

/// How much is held of what there could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Nothing: hatched.
    None,
    /// Under 90 %.
    Less,
    /// 90 % and more.
    Most,
    /// All.
    All,
}

impl Share {
    /// The share of `held` in `of`.
    pub fn new(held: u32, of: u32) -> Share {
        match (u64::from(held), u64::from(of)) {
            (0, _) => Share::None,
            (held, of) if held >= of => Share::All,
            (held, of) if held * 10 >= of * 9 => Share::Most,
            _ => Share::Less,
        }
    }

    /// Its class, for a legend: `un`, `q1`, `q2`, `q4`.
    pub fn class(self) -> &'static str {
        self.ink().class()
    }

    fn ink(self) -> Ink {
        match self {
            Share::None => Ink::Unknown,
            Share::Less => Ink::Q(1),
            Share::Most => Ink::Q(2),
            Share::All => Ink::Q(4),
        }
    }
}

impl CoverageCalendar {
    /// A row per day that there could be samples of.
    pub fn rows(&self) -> Table {
        let days = self.days.iter().filter(|day| day.of > 0);
        let row = |day: &CoverageDay| vec![Cell::Day(day.day), Cell::Of(day.held.into(), day.of.into())];
        Table { header: vec![Column::Day, Column::Samples], rows: days.map(row).collect() }
    }
}

/// Draws a calendar of coverage.
pub fn coverage_calendar(id: &str, input: &CoverageCalendar) -> Scene {
    let first = u32::from(input.first_weekday.min(6));
    let all_weeks = (input.days.len() as u32 + first).div_ceil(7).max(1);
    let weeks = all_weeks.min(MAX_WEEKS);
    let left_out = all_weeks - weeks;
    let canvas = Canvas::new(weeks, BOTTOM as u32 + 2);
    let cell = |n: u32| Some((((n + first) / 7).checked_sub(left_out)?, ((n + first) % 7) as i32));
    for share in [Share::None, Share::Less, Share::Most, Share::All] {
        let days = (0u32..).zip(&input.days);
        let mut column: Option<(u32, i32, i32)> = None;
        let flush = |column: Option<(u32, i32, i32)>| {
            if let Some((week, from, to)) = column {
                canvas.rect(share.ink(), Stretch::new(week, week + 1), (TOP + from * CELL_PX, TOP + to * CELL_PX));
            }
        };
        // Days below each other become one rectangle: the lines between cells part them.
        for (n, _) in days.filter(|(_, day)| day.of > 0 && Share::new(day.held, day.of) == share) {
            let Some((week, row)) = cell(n) else { continue };
            column = match column {
                Some((same, from, to)) if same == week && to == row => Some((week, from, row + 1)),
                before => {
                    flush(before);
                    Some((week, row, row + 1))
                }
            };
        }
        flush(column);
    }
    for row in 1..WEEKDAYS {
        canvas.level(Ink::Plain, Stretch::new(0, weeks), TOP + row * CELL_PX);
    }
    for week in 1..weeks {
        canvas.upright(Ink::Plain, week, (TOP, BOTTOM));
    }
    for month in &input.months {
        let Some(week) = month.at.checked_sub(left_out).filter(|week| *week < weeks) else { continue };
        let label = Label::new((week as i32, TICK_LABEL_Y), Ink::Plain, &*month.label);
        canvas.label(label.shown_as(|style| style.shown(month.shown())));
    }
    for row in [0, 2, 4, 6] {
        let y = TOP + row * CELL_PX + 12;
        canvas.label(Label::new((-8, y), Ink::Plain, &*input.weekdays[row as usize]).anchor(Anchor::End));
    }
    let mut scene = canvas.finish(id, "chart ml", &input.words);
    scene.nested_class = "cells";
    scene
}
