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

/// Draws a week by the hour.
pub fn week_hours(id: &str, input: &WeekHours) -> Scene {
    let canvas = Canvas::new(HOURS, TICK_LABEL_Y as u32 + 4);
    let ink = |value: Option<u64>| value.map_or(Ink::Unknown, |value| Ink::shade(value, input.most));
    // Rectangles of one ink follow each other: they become one path.
    for one in Ink::SHADES_AND_UNKNOWN {
        for (row, hours) in (0..WEEKDAYS).zip(&input.values) {
            let y = (TOP + row * CELL_PX, TOP + (row + 1) * CELL_PX);
            let mut from = None;
            for (hour, value) in (0..HOURS).zip(hours) {
                match (from, ink(*value) == one) {
                    (None, true) => from = Some(hour),
                    (Some(start), false) => {
                        canvas.rect(one, Stretch::new(start, hour), y);
                        from = None;
                    }
                    _ => {}
                }
            }
            if let Some(start) = from {
                canvas.rect(one, Stretch::new(start, HOURS), y);
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
