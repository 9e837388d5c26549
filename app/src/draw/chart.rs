//! A chart with its words: what a page shows, and what a file of it holds.

use charts::ink::Ink;
use charts::scene::Scene;
use charts::table::Table;
use model::format::Language;
use model::slot::Span;
use model::zone::ZoneTable;

use crate::data::local_day::{LocalDay, local};
use crate::language::locale;
use crate::texts::td_string;

/// What a mark of a legend stands for.
pub(crate) type Mark = (Ink, String);

/// What hatching stands for.
pub(crate) fn unobserved(language: Language) -> Mark {
    (Ink::Unknown, td_string!(locale(language), frame.legend.unobserved).to_owned())
}

/// A drawn chart, its words and its data.
pub(crate) struct Chart {
    /// What its files are called.
    pub(crate) name: &'static str,
    /// The finding, computed from the data.
    pub(crate) finding: String,
    /// What is shown, of what period.
    pub(crate) sub: String,
    /// What marks stand for.
    pub(crate) legend: Vec<Mark>,
    /// The chart.
    pub(crate) scene: Scene,
    /// Its data.
    pub(crate) rows: Table,
    /// When its slots are.
    pub(crate) axis: Axis,
}

/// When the slots of a chart are.
pub(crate) enum Axis {
    /// From the left edge on, in a zone.
    Clock(ZoneTable, Span),
    /// It has none.
    None,
}

impl Axis {
    /// The clock of a local day.
    pub(crate) fn of(local: &LocalDay) -> Axis {
        Axis::Clock(local.zone.clone(), local.window)
    }

    /// The local clock at a slot; `24:00` at the end.
    pub(crate) fn clock(&self, slot: u32) -> String {
        match self {
            Axis::Clock(_, window) if slot >= window.len() => model::format::clock(1_440),
            Axis::Clock(zone, window) => local(zone, window.from + slot as i32).1,
            Axis::None => String::new(),
        }
    }
}

/// The class of a mark in a legend of a page; empty for the main colour.
pub(crate) fn mark_class(ink: Ink) -> &'static str {
    match ink {
        Ink::Bar => "",
        Ink::Activity => "grain",
        Ink::Line2 => "dash",
        Ink::Area => "soft",
        Ink::Area2 => "pale",
        other => other.class(),
    }
}
