//! Typed data to scene to SVG, drawn by plotters; the same bytes on server and browser.
//!
//! Each chart is one function from a typed input to a [`scene::Scene`], a plain value that
//! [`to_svg`](scene::Scene::to_svg) writes. plotters maps, plots and draws the mesh on a backend of ours that keeps
//! shapes instead of pixels; colours are classes of the style sheet, so themes work; texts come in the reader's
//! language. What was not observed is drawn hatched in every chart, never filled in. No DOM, no font, no bitmap.
//!
//! ```
//! use charts::sparkline::{Sparkline, sparkline};
//! use charts::words::Words;
//!
//! let words = Words { title: "Viewers over the last quarter of an hour".into(), desc: String::new() };
//! let svg = sparkline("spark", &Sparkline { words, values: vec![Some(7), None, Some(9)] }).to_svg();
//! assert!(svg.starts_with("<svg class=\"chart spark\"") && svg.contains("class=\"un\""));
//! ```

pub mod audience;
pub mod bar_list;
pub mod broadcasts;
pub mod coverage_calendar;
pub mod day_axis;
pub mod day_bars;
pub mod day_hours;
pub mod hour_bars;
pub mod ink;
pub mod lorenz;
pub mod named_bars;
pub mod over_day;
pub mod part;
pub mod picture;
pub mod processing;
pub mod raster;
pub mod ribbons;
pub mod scene;
pub mod sparkline;
pub mod stretch;
pub mod svg;
pub mod table;
pub mod tick;
pub mod week_hours;
pub mod words;
pub mod year;

mod backend;
mod calendar;
mod canvas;
mod label;
mod path_data;
mod series;
mod shelf;
mod simplify;
mod text_width;
