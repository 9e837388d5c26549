//! Many days of presence, one row a day: from noon to noon, so that the night is whole.

use model::day::Day;

use crate::canvas::Canvas;
use crate::day_axis::DayAxis;
use crate::ink::Ink;
use crate::label::Label;
use crate::scene::{Anchor, Scene};
use crate::stretch::Stretch;
use crate::table::{Cell, Column, Table};
use crate::words::Words;

const GRID_TOP: i32 = 20;
const FIRST_ROW_Y: i32 = 26;
const ROW_PX: i32 = 5;
const LABELS_PX: i32 = 20;
/// Two years.
const MAX_ROWS: usize = 750;

/// The data of [`raster`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    /// What it is called.
    pub words: Words,
    /// The hours of a row, from noon; `until` is not used.
    pub axis: DayAxis,
    /// Rows from top to bottom.
    pub rows: Vec<RasterRow>,
    /// What is inferred about the person.
    pub inferred: Option<RasterBand>,
}

/// One day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RasterRow {
    /// The day.
    pub day: Day,
    /// Presence.
    pub present: Vec<Stretch>,
    /// Not observed: hatched.
    pub unobserved: Vec<Stretch>,
}

/// A stretch of all days that is inferred, not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RasterBand {
    /// When.
    pub span: Stretch,
    /// Its start, written: `00:50`.
    pub from_label: String,
    /// Its end, written.
    pub to_label: String,
}

impl Raster {
    /// A row per stretch of presence.
    pub fn rows(&self) -> Table {
        let row = |day: &RasterRow, span: &Stretch| vec![Cell::Day(day.day), Cell::At(span.from), Cell::At(span.to)];
        let rows = self.rows.iter().flat_map(|day| day.present.iter().map(move |span| row(day, span))).collect();
        Table { header: vec![Column::Day, Column::From, Column::To], rows }
    }
}

/// Draws a raster.
pub fn raster(id: &str, input: &Raster) -> Scene {
    let units = input.axis.width();
    let rows = &input.rows[..input.rows.len().min(MAX_ROWS)];
    let bottom = FIRST_ROW_Y + rows.len() as i32 * ROW_PX;
    let canvas = Canvas::new(units, (bottom + LABELS_PX) as u32);
    if let Some(band) = &input.inferred {
        canvas.rect(Ink::Inferred, band.span, (GRID_TOP, bottom));
    }
    canvas.tick_lines(&input.axis.ticks, (GRID_TOP, bottom));
    if let Some(band) = &input.inferred {
        canvas.level(Ink::InferredLine, band.span, GRID_TOP - 1);
    }
    for (y, row) in (FIRST_ROW_Y..).step_by(ROW_PX as usize).zip(rows) {
        for stretch in row.unobserved.iter().filter_map(|stretch| stretch.until(units)) {
            canvas.rect(Ink::Unknown, stretch, (y, y + ROW_PX));
        }
    }
    for (y, row) in (FIRST_ROW_Y..).step_by(ROW_PX as usize).zip(rows) {
        for stretch in row.present.iter().filter_map(|stretch| stretch.until(units)) {
            canvas.level(Ink::Raster, stretch, y + ROW_PX / 2);
        }
    }
    if let Some(band) = &input.inferred {
        for (at, text) in [(band.span.from, &band.from_label), (band.span.to, &band.to_label)] {
            let at = (at.min(units) as i32, 12);
            canvas.label(Label::new(at, Ink::InferredLab, &**text).anchor(Anchor::Middle));
        }
    }
    canvas.tick_labels(&input.axis.ticks, bottom + 16);
    canvas.finish(id, "chart", &input.words)
}
