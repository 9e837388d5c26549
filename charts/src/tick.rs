//! Ticks: where an axis is labelled.

use crate::ink::Shown;

/// A label of the horizontal axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Slots (or columns) from the left edge; one beyond the right edge is left out.
    pub at: u32,
    /// What is written there, in the reader's language.
    pub label: String,
    /// Whether it is hidden where there is little room.
    pub secondary: bool,
}

impl Tick {
    pub(crate) fn shown(&self) -> Shown {
        if self.secondary { Shown::Wide } else { Shown::Always }
    }

    /// A tick of a column, in the middle of the column; the first and the last column's at the edges of the chart, so that
    /// the label stays within. `left_out` columns come before the first one shown.
    pub(crate) fn of_column(&self, left_out: u32, columns: u32, column_units: u32) -> Option<Tick> {
        let column = self.at.checked_sub(left_out).filter(|column| *column < columns)?;
        let at = match column {
            0 => 0,
            column if column + 1 == columns => columns * column_units,
            column => column * column_units + column_units / 2,
        };
        Some(Tick { at, ..self.clone() })
    }
}

/// Round values for an axis from 0 that holds `max`: at most `most` steps of 1, 2, 2.5, 3 or 5 times a power of ten
/// (2.5 only where that is whole), as few units above `max` as can be. The first is 0, the last is at least `max` and at
/// least 1.
pub fn round_ticks(max: u64, most: u64) -> Vec<u64> {
    pick(max, most, |power| [power, 2 * power, if power >= 10 { power * 5 / 2 } else { 0 }, 3 * power, 5 * power])
}

/// The same for seconds, given in milliseconds: steps of 1, 2, 5, 10, 15, 20, 30 of a second, a minute or an hour, or
/// decimal parts of a second.
pub fn seconds_ticks(max_ms: u64, most: u64) -> Vec<u64> {
    if max_ms < 5_000 {
        return round_ticks(max_ms, most);
    }
    let steps = [1_000, 60_000, 3_600_000].into_iter().flat_map(|unit| [1, 2, 5, 10, 15, 20, 30].map(|n| n * unit));
    match steps.clone().find(|step| max_ms.div_ceil(*step) <= most.max(1)) {
        Some(step) => (0..=max_ms.div_ceil(step)).map(|n| n * step).collect(),
        None => round_ticks(max_ms, most),
    }
}

fn pick(max: u64, most: u64, mantissas: impl Fn(u64) -> [u64; 5]) -> Vec<u64> {
    // Beyond 10¹⁵ nothing is counted; the bound keeps every product in range.
    let (max, most) = (max.clamp(1, 1_000_000_000_000_000), most.clamp(1, 20));
    let least = (most / 2).max(1);
    let steps = (0..16).flat_map(|e| mantissas(10u64.pow(e))).filter(|step| *step > 0);
    let fits = |step: &u64| max.div_ceil(*step) <= most;
    let enough = |step: &u64| max.div_ceil(*step) >= least;
    let step = steps
        .clone()
        .filter(|step| fits(step) && enough(step))
        .min_by_key(|step| (max.div_ceil(*step) * step, *step))
        .or_else(|| steps.clone().find(fits))
        // 5 × 10¹⁵ is among the steps and fits any maximum.
        .unwrap_or(max);
    (0..=max.div_ceil(step)).map(|n| n * step).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ticks_are_round_and_close() {
        assert_eq!(round_ticks(10_046, 4), [0, 3_000, 6_000, 9_000, 12_000]);
        assert_eq!(round_ticks(953_275, 2), [0, 500_000, 1_000_000]);
        assert_eq!(round_ticks(7, 4), [0, 2, 4, 6, 8]);
        assert_eq!(round_ticks(0, 4), [0, 1]);
        assert_eq!(seconds_ticks(104_000, 2), [0, 60_000, 120_000]);
        assert_eq!(seconds_ticks(800, 2), [0, 500, 1_000]);
    }

    proptest! {
        #[test]
        fn ticks_always_hold_the_maximum(max in any::<u64>(), most in 0..30u64) {
            for ticks in [round_ticks(max, most), seconds_ticks(max, most)] {
                prop_assert_eq!(ticks[0], 0);
                prop_assert!(ticks.len() >= 2 && ticks.len() <= 22);
                prop_assert!(*ticks.last().unwrap() >= max.min(1_000_000_000_000_000));
            }
        }
    }
}
