//! What a study found.

use std::time::Duration;

use model::day::Day;
use model::words::Origin;
use serde::Serialize;

use crate::price::{ListPrice, Price};
use crate::readers::Readers;
use crate::rows::Order;
use crate::setting::Setting;
use crate::study::scaled;

/// The findings, as `--json` prints them. Sizes are the same in every run; times are of the machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The UTC day.
    pub day: Day,
    /// Whether the people are invented.
    pub origin: Origin,
    /// How many sweeps the day has.
    pub sweeps_of_day: u32,
    /// How many of them were measured, evenly spread.
    pub sweeps: u32,
    /// What determined the shuffled order.
    pub seed: u64,
    /// Rows that were measured, of streams and chatters.
    pub rows: u64,
    /// Their text with the headers, in bytes.
    pub text_bytes: u64,
    /// The text of the whole day in bytes: from its manifest, else scaled by the number of sweeps.
    pub day_text_bytes: u64,
    /// What the day takes in the archive, by its manifest; nothing where that is not whole.
    pub archive_bytes: Option<u64>,
    /// What a GB-month costs.
    pub price_per_gb: Price,
    /// What stores ask for one.
    pub list_prices: &'static [ListPrice],
    /// Who reads which compression without help.
    pub readers: &'static [Readers],
    /// By setting, sorted before shuffled.
    pub outcomes: Vec<Outcome>,
}

/// One setting in one order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// The compression and its level.
    pub setting: Setting,
    /// The order of the rows.
    pub order: Order,
    /// Bytes of the sweeps that were measured.
    pub bytes: u64,
    /// The same for the whole day, in the proportion of its text.
    pub day_bytes: u64,
    /// Text by compressed bytes.
    pub ratio: f64,
    /// MB of text written a second of one thread's CPU time: the median of the sweeps.
    pub write_mb_s: f64,
    /// MB of text read a second, likewise.
    pub read_mb_s: f64,
    /// CPU seconds to write a day at that speed.
    pub write_s: f64,
    /// CPU seconds to read a day at that speed.
    pub read_s: f64,
    /// What keeping 30 such days costs a month.
    pub month_cost: f64,
}

/// One setting on one sweep in one order.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    pub(crate) text_bytes: u64,
    pub(crate) bytes: u64,
    pub(crate) write: Duration,
    pub(crate) read: Duration,
}

impl Outcome {
    pub(crate) fn of(setting: Setting, order: Order, samples: &[Sample], scale: (u64, u64), price: Price) -> Outcome {
        let sum = |of: fn(&Sample) -> u64| samples.iter().map(of).sum::<u64>();
        let (bytes, text_bytes) = (sum(|sample| sample.bytes), sum(|sample| sample.text_bytes));
        let day_bytes = scaled(bytes, scale);
        let speed = |of: fn(&Sample) -> Duration| {
            // A clock that does not tick within a tiny object would make it infinite, which JSON cannot say.
            let seconds = |sample: &Sample| of(sample).max(Duration::from_nanos(1)).as_secs_f64();
            median(samples.iter().map(|sample| sample.text_bytes as f64 / 1e6 / seconds(sample)).collect())
        };
        let (write_mb_s, read_mb_s) = (speed(|sample| sample.write), speed(|sample| sample.read));
        let day_mb = scaled(text_bytes, scale) as f64 / 1e6;
        Outcome {
            setting,
            order,
            bytes,
            day_bytes,
            ratio: text_bytes as f64 / bytes.max(1) as f64,
            write_mb_s,
            read_mb_s,
            write_s: day_mb / write_mb_s,
            read_s: day_mb / read_mb_s,
            month_cost: price.of_days(day_bytes),
        }
    }
}

impl Report {
    /// What a setting came to in an order; nothing where it was not measured.
    pub fn outcome(&self, setting: Setting, order: Order) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.setting == setting && outcome.order == order)
    }
}

/// The middle one, or the mean of the two in the middle; 0 of nothing.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![9.0, 1.0, 2.0, 4.0]), 3.0);
        assert_eq!(median(vec![]), 0.0);
    }
}
