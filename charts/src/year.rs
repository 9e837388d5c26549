//! How much there was on each day of a year: a column per week, a row per weekday.

use crate::calendar::Calendar;
use crate::ink::Ink;
use crate::scene::Scene;
use crate::tick::Tick;
use crate::words::Words;

/// The data of [`year`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Year {
    /// What it is called.
    pub words: Words,
    /// Weekday of the first day, 0 (Monday) to 6 (Sunday).
    pub first_weekday: u8,
    /// One per day, oldest first, in any unit; nothing where not known: hatched.
    pub days: Vec<Option<u64>>,
    /// What is drawn darkest; more is held to it.
    pub most: u64,
    /// Names of months, at weeks.
    pub months: Vec<Tick>,
    /// Names of the weekdays from Monday; every second is written. Empty for none.
    pub weekdays: [String; 7],
}

/// Draws a year.
pub fn year(id: &str, input: &Year) -> Scene {
    let ink = |day: &Option<u64>| Some(day.map_or(Ink::Unknown, |value| Ink::shade(value, input.most)));
    let calendar = Calendar {
        words: &input.words,
        first_weekday: input.first_weekday,
        days: input.days.iter().map(ink).collect(),
        months: &input.months,
        weekdays: &input.weekdays,
    };
    calendar.draw(id, &Ink::SHADES_AND_UNKNOWN)
}
