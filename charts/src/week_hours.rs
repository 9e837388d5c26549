//! A week by the hour: a row per weekday, a column per hour of the local clock.

use crate::canvas::Canvas;
use crate::ink::Ink;
use crate::label::Label;
use crate::scene::{Anchor, Scene};
use crate::stretch::Stretch;
use crate::tick::Tick;
use crate::words::Words;

const TOP: i32 = 2;
const CELL_PX: i32 = 22;
const WEEKDAYS: i32 = 7;
const HOURS: u32 = 24;
const BOTTOM: i32 = TOP + WEEKDAYS * CELL_PX;
const TICK_LABEL_Y: i32 = BOTTOM + 16;
/// Shades of what is more than nothing.
const SHADES: u64 = 5;

/// The data of [`week_hours`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekHours {
    /// What it is called.
    pub words: Words,
    /// By weekday from Monday and hour, in any unit; nothing where not known: hatched.
    pub values: [[Option<u64>; 24]; 7],
    /// What is drawn darkest; more is held to it.
    pub most: u64,
    /// Names of the weekdays from Monday.
    pub weekdays: [String; 7],
    /// Labels of hours, 0–24.
    pub hours: Vec<Tick>,
}

impl WeekHours {
    /// The shade of a value, for a legend too: the lightest is nothing at all, the others are fifths of `most`.
    pub fn ink(value: u64, most: u64) -> Ink {
        let (value, most) = (u128::from(value.min(most)), u128::from(most.max(1)));
        Ink::Q((value * u128::from(SHADES)).div_ceil(most) as u8)
    }
}

/// Draws a week by the hour.
pub fn week_hours(id: &str, input: &WeekHours) -> Scene {
    let canvas = Canvas::new(HOURS, TICK_LABEL_Y as u32 + 4);
    let ink = |value: Option<u64>| value.map_or(Ink::Unknown, |value| WeekHours::ink(value, input.most));
    // Rectangles of one ink follow each other: they become one path.
    for shade in (0..=SHADES as u8).map(Ink::Q).chain([Ink::Unknown]) {
        for (row, hours) in (0..WEEKDAYS).zip(&input.values) {
            let y = (TOP + row * CELL_PX, TOP + (row + 1) * CELL_PX);
            let mut from = None;
            for (hour, value) in (0..HOURS).zip(hours) {
                match (from, ink(*value) == shade) {
                    (None, true) => from = Some(hour),
                    (Some(start), false) => {
                        canvas.rect(shade, Stretch::new(start, hour), y);
                        from = None;
                    }
                    _ => {}
                }
            }
            if let Some(start) = from {
                canvas.rect(shade, Stretch::new(start, HOURS), y);
            }
        }
    }
    for row in 1..WEEKDAYS {
        canvas.level(Ink::Plain, Stretch::new(0, HOURS), TOP + row * CELL_PX);
    }
    for hour in 1..HOURS {
        canvas.upright(Ink::Plain, hour, (TOP, BOTTOM));
    }
    for (row, name) in (0..WEEKDAYS).zip(&input.weekdays) {
        let y = TOP + row * CELL_PX + 15;
        canvas.label(Label::new((-8, y), Ink::Plain, &**name).anchor(Anchor::End));
    }
    canvas.tick_labels(&input.hours, TICK_LABEL_Y);
    let mut scene = canvas.finish(id, "chart ml", &input.words);
    scene.nested_class = "cells";
    scene
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_a_shade_of_its_own() {
        let shade = |value, most| WeekHours::ink(value, most);
        assert_eq!([0, 1, 200, 201, 1_000, 5_000].map(|value| shade(value, 1_000)), [0, 1, 1, 2, 5, 5].map(Ink::Q));
        assert_eq!((shade(0, 0), shade(u64::MAX, u64::MAX)), (Ink::Q(0), Ink::Q(5)));
    }
}
