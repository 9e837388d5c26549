//! Offsets from UTC, and how likely each is before anything is known of somebody.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::grid::HOURS;
use super::summer_time::Clocks;
use crate::day::Day;
use crate::zone::ZoneTable;

/// Days in which a zone shows its standard time.
pub const YEAR: i32 = 366;
/// The least offset that is told; those that are less are hours of another day only.
const LEAST: i8 = -11;

/// A standard offset from UTC in whole hours, −11 to +12.
///
/// Zones go from −12 to +14. By the hour of the day three of them are the same as others, a day apart: −12 is +12, +13 is −11, and
/// +14 is −10 here. Offsets of :30 and :45 are told as a whole hour beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "i8", from = "i8")]
pub struct Offset(i8);

impl Offset {
    /// Of any number of hours.
    pub fn of_hours(hours: i32) -> Offset {
        Offset(((hours - i32::from(LEAST)).rem_euclid(HOURS as i32)) as i8 + LEAST)
    }

    /// The standard offset of a zone, which is known of the [`YEAR`] before `last`: its least, to the nearest hour, since clocks are ahead of
    /// it in summer.
    pub fn standard(zone: &ZoneTable, last: Day) -> Offset {
        Offset::of_hours((f64::from(Offset::least_seconds(zone, last)) / 3_600.0).round() as i32)
    }

    /// The least seconds ahead of UTC that a zone, which is known of the [`YEAR`] before `last`, has in it.
    pub(super) fn least_seconds(zone: &ZoneTable, last: Day) -> i32 {
        let offsets = last.plus(-YEAR).until(last.plus(1)).map(|day| zone.offset_at(day.start_unix()));
        offsets.min().unwrap_or_default()
    }

    /// Hours ahead of UTC, −11 to +12.
    pub fn hours(self) -> i8 {
        self.0
    }

    /// All 24, from −11 on.
    pub fn all() -> impl DoubleEndedIterator<Item = Offset> + Clone {
        (LEAST..LEAST + HOURS as i8).map(Offset)
    }

    /// Its place among all.
    pub(super) fn place(self) -> usize {
        (self.0 - LEAST) as usize
    }
}

impl From<Offset> for i8 {
    fn from(offset: Offset) -> i8 {
        offset.0
    }
}

impl From<i8> for Offset {
    fn from(hours: i8) -> Offset {
        Offset::of_hours(hours.into())
    }
}

impl fmt::Display for Offset {
    /// `UTC+1`, `UTC−5`, `UTC`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => write!(f, "UTC"),
            hours if hours < 0 => write!(f, "UTC−{}", hours.unsigned_abs()),
            hours => write!(f, "UTC+{hours}"),
        }
    }
}

/// Weights that are no prior: not finite, less than nothing, or none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a prior needs finite weights of 0 or more, and one that is more")]
pub struct PriorError;

/// How likely it is that somebody lives by an offset and clocks, before anything is known of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Prior([[f64; 3]; HOURS]);

/// What no prior goes below, as a share of all: there are viewers everywhere, and what weighs nothing could never be found.
const LEAST_SHARE: f64 = 0.000_5;

impl Prior {
    /// From weights of any scale by pairs of offset and clocks; others weigh the least there is. Errors: [`PriorError`].
    pub fn new(weights: impl IntoIterator<Item = (Offset, Clocks, f64)>) -> Result<Prior, PriorError> {
        let mut pairs = [[0.0; 3]; HOURS];
        for (offset, clocks, weight) in weights {
            if !weight.is_finite() || weight < 0.0 {
                return Err(PriorError);
            }
            pairs[offset.place()][clocks.place()] += weight;
        }
        let largest = pairs.iter().flatten().copied().fold(0.0, f64::max);
        if !largest.is_finite() || largest <= 0.0 {
            return Err(PriorError);
        }
        let scaled = pairs.map(|clocks| clocks.map(|weight| weight / largest));
        let sum: f64 = scaled.iter().flatten().sum();
        Ok(Prior(scaled.map(|clocks| clocks.map(|weight| (weight / sum).max(LEAST_SHARE)))))
    }

    /// All offsets and clocks alike.
    fn flat() -> Prior {
        Prior([[1.0 / (3 * HOURS) as f64; 3]; HOURS])
    }

    /// Where French is spoken: people who do so every day or officially and who are on the Internet, by [`FRENCH`].
    pub fn french() -> Prior {
        let weights = FRENCH.iter().map(|(hours, clocks, people)| (Offset::of_hours(*hours), *clocks, *people));
        Prior::new(weights).unwrap_or_else(|_| Prior::flat())
    }

    /// Around a site whose viewers nobody counted: half of them live by its offset, the others anywhere; all clocks alike.
    pub fn around(site: Offset) -> Prior {
        let weight = |offset: Offset| if offset == site { 1.0 } else { 1.0 / (HOURS - 1) as f64 };
        let pairs = Offset::all().flat_map(|offset| Clocks::ALL.map(|clocks| (offset, clocks, weight(offset))));
        Prior::new(pairs).unwrap_or_else(|_| Prior::flat())
    }

    /// The weight of a pair; they sum to about 1.
    pub fn weight(&self, offset: Offset, clocks: Clocks) -> f64 {
        self.0[offset.place()][clocks.place()]
    }
}

/// Millions of French speakers on the Internet, roughly. Speakers of the large countries are what the press quotes of the estimates of the
/// Organisation internationale de la Francophonie for 2022; of the small ones they are our own rounded guesses, and of France's overseas parts
/// and of the Pacific, inhabitants. The share on the Internet is the ITU's for 2023, of the region: Europe 0.905,
/// Americas 0.869, Arab states 0.689, Africa 0.371 (Haiti as Africa). It says where the language is, not who watches streams.
pub const FRENCH: [(i32, Clocks, f64); 14] = [
    // French Polynesia 0.3.
    (-10, Clocks::Fixed, 0.2),
    // Québec and Ontario 10.3, Haiti 4.9.
    (-5, Clocks::American, 10.8),
    // Guadeloupe and Martinique 0.7.
    (-4, Clocks::Fixed, 0.7),
    // New Brunswick 0.3.
    (-4, Clocks::American, 0.3),
    // French Guiana 0.3.
    (-3, Clocks::Fixed, 0.3),
    // Côte d'Ivoire 9, Burkina Faso 5, Senegal 5, Guinea 4, Mali 4, Togo 3.
    (0, Clocks::Fixed, 11.1),
    // Algeria 14.9, Morocco 13.5 (which leaves +1 in Ramadan), Tunisia 6; western Congo-Kinshasa 24, Cameroon 12, Benin 4, Congo 3,
    // Niger 3, Chad 2, Gabon 2, Central Africa 1.
    (1, Clocks::Fixed, 42.6),
    // France 66.4, Belgium 9, Switzerland 6, Luxembourg 1.
    (1, Clocks::European, 74.6),
    // Eastern Congo-Kinshasa 24, Burundi 1, Rwanda 1.
    (2, Clocks::Fixed, 9.6),
    // Lebanon 2.5.
    (2, Clocks::European, 1.7),
    // Madagascar 8, Djibouti, Comoros and Mayotte 1.
    (3, Clocks::Fixed, 3.3),
    // Réunion and Mauritius 1.8.
    (4, Clocks::Fixed, 1.5),
    // New Caledonia and Vanuatu 0.4.
    (11, Clocks::Fixed, 0.3),
    // Wallis and Futuna.
    (12, Clocks::Fixed, 0.01),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_that_show_the_same_clock_are_one() {
        for (hours, there) in [(-12, 12), (13, -11), (14, -10), (1, 1)] {
            assert_eq!(Offset::of_hours(hours).hours(), there);
        }
        let all: Vec<i8> = Offset::all().map(Offset::hours).collect();
        assert_eq!(all, (-11..=12).collect::<Vec<i8>>());
        assert!(Offset::all().enumerate().all(|(place, offset)| offset.place() == place));
        let texts = [-5, 0, 11].map(|hours| Offset::of_hours(hours).to_string());
        assert_eq!(texts, ["UTC−5", "UTC", "UTC+11"]);
    }

    #[test]
    fn in_summer_a_zone_keeps_its_standard_offset() {
        assert_eq!(Offset::standard(&crate::zone::tests::paris(), "2026-06-30".parse().unwrap()), Offset::of_hours(1));
        let kathmandu = ZoneTable::new("Asia/Kathmandu", 20_700, Vec::new());
        assert_eq!(Offset::standard(&kathmandu, "2026-06-30".parse().unwrap()), Offset::of_hours(6));
    }

    #[test]
    fn nobody_is_impossible() {
        let french = Prior::french();
        assert_ne!(french, Prior::flat());
        let paris = french.weight(Offset::of_hours(1), Clocks::European);
        assert!((0.4..0.6).contains(&paris), "{paris}");
        for prior in [french, Prior::flat()] {
            let all = || Offset::all().flat_map(|offset| Clocks::ALL.map(|clocks| prior.weight(offset, clocks)));
            assert!(all().all(|weight| weight >= LEAST_SHARE) && (1.0..1.04).contains(&(all().sum::<f64>() + 1e-9)));
        }
        let one = Offset::of_hours(1);
        for wrong in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
            assert_eq!(Prior::new([(one, Clocks::Fixed, wrong)]), Err(PriorError));
        }
        let huge = Prior::new([(one, Clocks::Fixed, f64::MAX), (one, Clocks::European, f64::MAX)]).unwrap();
        assert!((huge.weight(one, Clocks::Fixed) - 0.5).abs() < 1e-9);
        assert_eq!(Prior::new([]), Err(PriorError));
    }
}
