//! What a result was read from: days by hour as small bars, and the same as a table.

use charts::hour_bars::{HourBars, hour_bars};
use charts::words::Words;
use model::analysis::grid::HOURS;
use model::format::clock;

use crate::components::data_table::{Cell, data_table, text};
use crate::components::speech;
use crate::node::{Element, chart, el};
use crate::texts::td_string;

/// What is in a bar of 1: bars are of whole numbers.
const UNIT: f64 = 10_000.0;

/// A day by hour of the local clock: what it is called, and its values; nothing where not known.
pub(super) type Profile = (&'static str, [Option<f64>; HOURS]);

/// Days beside each other, each scaled to its own largest hour; `write` puts a value in words. The table says what bars do.
pub(super) fn by_hour(caption: String, days: &[Profile], write: impl Fn(f64) -> String) -> Element {
    let (_, locale) = speech();
    let label = |n: u32| td_string!(locale, habits.usual.label, n = n.to_string()).to_string();
    let drawn = days.iter().map(|(name, hours)| {
        let bars = bars(hours, [label(0), label(12), label(24)]);
        el("div").class("mt4").child(el("p").class("hint").text(*name)).child(bars)
    });
    let row = |hour: usize| -> Vec<Cell> {
        let value = |(_, hours): &Profile| text(hours[hour].map_or_else(|| "–".to_owned(), &write));
        std::iter::once(text(clock(hour as u32 * 60))).chain(days.iter().map(value)).collect()
    };
    let headings: Vec<_> = std::iter::once((td_string!(locale, frame.column.hour), false))
        .chain(days.iter().map(|(name, _)| (*name, true)))
        .collect();
    let table = data_table(caption.clone(), true, &headings, (0..HOURS).map(row).collect());
    el("div").child(el("p").text(caption)).children(drawn).child(el("div").class("mt4").child(table))
}

/// Bars of what follows each other, with labels at the beginning, in the middle and at the end. Nobody is read them: there is a table.
pub(super) fn bars(values: &[Option<f64>], labels: [String; 3]) -> Element {
    let values = values.iter().map(|value| value.map(|value| (value * UNIT).round() as u64)).collect();
    chart(hour_bars("", &HourBars { words: Words::default(), values, labels }).to_svg())
}

/// Hours of a day told by quarters, from the quarters that are known.
pub(super) fn hours_of(quarters: &[Option<f64>]) -> [Option<f64>; HOURS] {
    let mut hours = [None; HOURS];
    for (hour, quarters) in hours.iter_mut().zip(quarters.chunks(quarters.len().div_ceil(HOURS).max(1))) {
        let known: Vec<f64> = quarters.iter().copied().flatten().collect();
        *hour = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
    }
    hours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_means_of_the_quarters_known() {
        let mut quarters = vec![Some(0.5); 96];
        quarters[4..8].copy_from_slice(&[Some(0.0), None, Some(1.0), Some(0.2)]);
        quarters[92..].fill(None);
        let hours = hours_of(&quarters);
        assert_eq!((hours[0], hours[23]), (Some(0.5), None));
        assert!((hours[1].unwrap_or_default() - 0.4).abs() < 1e-9);
        assert_eq!(hours_of(&[]), [None; HOURS]);
    }
}
