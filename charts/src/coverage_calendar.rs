//! How much was observed of each day: a column per week, a row per weekday.

use model::day::Day;

use crate::calendar::Calendar;
use crate::ink::Ink;
use crate::scene::Scene;
use crate::table::{Cell, Column, Table};
use crate::tick::Tick;
use crate::words::Words;

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
    let ink = |day: &CoverageDay| (day.of > 0).then(|| Share::new(day.held, day.of).ink());
    let calendar = Calendar {
        words: &input.words,
        first_weekday: input.first_weekday,
        days: input.days.iter().map(ink).collect(),
        months: &input.months,
        weekdays: &input.weekdays,
    };
    calendar.draw(id, &[Share::None, Share::Less, Share::Most, Share::All].map(Share::ink))
}
