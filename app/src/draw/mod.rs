//! From what a server function answers to charts and their words, in the reader's language. The server and the browser
//! draw the same bytes.

pub(crate) mod by_hour;
pub(crate) mod channel;
pub(crate) mod chart;
pub(crate) mod home;
pub(crate) mod viewer;
pub(crate) mod words;

use charts::day_axis::DayAxis;
use charts::part::{Part, Phrases};
use charts::tick::Tick;
use model::format::Language;
use model::slot::Span;
use model::zone::ZoneTable;

use crate::data::Scene;
use crate::data::local_day::LocalDay;

/// Labels of the hours of an axis are written every three hours, every second of them where there is little room.
const LABEL_MINUTES: u32 = 180;

/// The hours of a local day.
pub(crate) fn day_axis(local: &LocalDay) -> DayAxis {
    DayAxis { slots: local.slots(), until: local.until, ticks: hour_ticks(local.window, &local.zone) }
}

/// Local hours of a stretch of time that begins and ends with a local hour. Where clocks change, hours lie apart or
/// close as they did.
pub(crate) fn hour_ticks(window: Span, zone: &ZoneTable) -> Vec<Tick> {
    let minute = |slot| zone.minute_of(model::slot::SlotTime::unix(slot));
    let mut ticks: Vec<Tick> = window
        .slots()
        .filter(|at| minute(*at) % LABEL_MINUTES == 0)
        .map(|at| Tick {
            at: (at - window.from) as u32,
            label: model::format::clock(minute(at)),
            secondary: minute(at) % (2 * LABEL_MINUTES) != 0,
        })
        .collect();
    let end = match minute(window.to) {
        0 => 1_440,
        minute => minute,
    };
    ticks.push(Tick { at: window.len(), label: model::format::clock(end), secondary: false });
    ticks
}

/// How titles are quoted and games follow each other.
pub(crate) fn phrases(language: Language) -> Phrases {
    let (open, close, inner_quotes, then) = match language {
        Language::French => ("«\u{a0}", "\u{a0}»", ('“', '”'), ", puis "),
        Language::English => ("“", "”", ('‘', '’'), ", then "),
    };
    Phrases { open_quote: open.to_owned(), close_quote: close.to_owned(), inner_quotes, then: then.to_owned() }
}

fn parts(scenes: &[Scene]) -> Vec<Part> {
    scenes
        .iter()
        .map(|scene| Part { span: scene.at.into(), game: scene.game.clone(), title: scene.title.clone() })
        .collect()
}

fn stretches(all: &[crate::data::Stretch]) -> Vec<charts::stretch::Stretch> {
    all.iter().map(|stretch| (*stretch).into()).collect()
}

/// Stretches of slots before `until` without a value.
fn missing<T>(values: &[Option<T>], until: u32) -> Vec<charts::stretch::Stretch> {
    let mut found: Vec<charts::stretch::Stretch> = Vec::new();
    for (at, _) in (0..until).zip(values).filter(|(_, value)| value.is_none()) {
        match found.last_mut() {
            Some(last) if last.to == at => last.to = at + 1,
            _ => found.push(charts::stretch::Stretch::new(at, at + 1)),
        }
    }
    found
}

/// A number of viewers on an axis: `400 k`, `1.2 M`, `8,000`.
pub(crate) fn axis_number(language: Language, n: u64) -> String {
    let scaled = |unit: u64, name: &str| {
        let whole = n.is_multiple_of(unit);
        format!("{}\u{a0}{name}", language.decimal(n as f64 / unit as f64, usize::from(!whole)))
    };
    match n {
        1_000_000.. => scaled(1_000_000, "M"),
        20_000.. => scaled(1_000, "k"),
        _ => language.number(n),
    }
}
