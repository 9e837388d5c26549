//! Days of some weeks as cells: a column per week, a row per weekday.

use crate::canvas::Canvas;
use crate::ink::Ink;
use crate::label::Label;
use crate::scene::{Anchor, Scene};
use crate::stretch::Stretch;
use crate::tick::Tick;
use crate::words::Words;

const TOP: i32 = 18;
const CELL_PX: i32 = 17;
const WEEKDAYS: i32 = 7;
const BOTTOM: i32 = TOP + WEEKDAYS * CELL_PX;
const TICK_LABEL_Y: i32 = 10;
/// Two years of weeks; the last ones are drawn.
const MAX_WEEKS: u32 = 106;

/// What a calendar is drawn of.
pub(crate) struct Calendar<'a> {
    pub(crate) words: &'a Words,
    /// Weekday of the first day, 0 (Monday) to 6 (Sunday).
    pub(crate) first_weekday: u8,
    /// The ink of each day, oldest first; nothing leaves it blank.
    pub(crate) days: Vec<Option<Ink>>,
    /// Names of months, at weeks.
    pub(crate) months: &'a [Tick],
    /// Names of the weekdays from Monday; every second is written.
    pub(crate) weekdays: &'a [String; 7],
}

impl Calendar<'_> {
    /// Draws it, one of the inks after the other.
    pub(crate) fn draw(&self, id: &str, inks: &[Ink]) -> Scene {
        let first = u32::from(self.first_weekday.min(6));
        let all_weeks = (self.days.len() as u32 + first).div_ceil(7).max(1);
        let weeks = all_weeks.min(MAX_WEEKS);
        let left_out = all_weeks - weeks;
        let canvas = Canvas::new(weeks, BOTTOM as u32 + 2);
        let cell = |n: u32| Some((((n + first) / 7).checked_sub(left_out)?, ((n + first) % 7) as i32));
        for ink in inks {
            let days = (0u32..).zip(&self.days);
            let mut column: Option<(u32, i32, i32)> = None;
            let flush = |column: Option<(u32, i32, i32)>| {
                if let Some((week, from, to)) = column {
                    canvas.rect(*ink, Stretch::new(week, week + 1), (TOP + from * CELL_PX, TOP + to * CELL_PX));
                }
            };
            // Days below each other become one rectangle: the lines between cells part them.
            for (n, _) in days.filter(|(_, day)| *day == &Some(*ink)) {
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
        for month in self.months {
            let Some(week) = month.at.checked_sub(left_out).filter(|week| *week < weeks) else { continue };
            let label = Label::new((week as i32, TICK_LABEL_Y), Ink::Plain, &*month.label);
            canvas.label(label.shown_as(|style| style.shown(month.shown())));
        }
        for row in [0, 2, 4, 6] {
            let y = TOP + row * CELL_PX + 12;
            canvas.label(Label::new((-8, y), Ink::Plain, &*self.weekdays[row as usize]).anchor(Anchor::End));
        }
        let mut scene = canvas.finish(id, "chart ml", self.words);
        scene.nested_class = "cells";
        scene
    }
}
