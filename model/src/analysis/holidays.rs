//! Public holidays, which are free days like those of weekends.

use crate::day::Day;

/// Countries whose holidays are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Country {
    /// The eleven of all of metropolitan France (Code du travail, L3133-1).
    France,
    /// The ten legal ones of Belgium (arrêté royal of 18 April 1974).
    Belgium,
}

/// Of Easter Sunday: how many days later movable ones are.
const EASTER_MONDAY: i32 = 1;
const ASCENSION: i32 = 39;
const WHIT_MONDAY: i32 = 50;

impl Country {
    /// The country that an IANA zone is of; nothing where its holidays are not known here.
    pub fn of_zone(name: &str) -> Option<Country> {
        match name {
            "Europe/Paris" => Some(Country::France),
            "Europe/Brussels" => Some(Country::Belgium),
            _ => None,
        }
    }

    /// Whether a day is a public holiday there.
    pub fn is_holiday(self, day: Day) -> bool {
        let (year, month, date) = day.ymd();
        let fixed: &[(u32, u32)] = match self {
            Country::France => &[(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)],
            Country::Belgium => &[(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)],
        };
        let after = day.days() - easter(year);
        fixed.contains(&(month, date)) || [EASTER_MONDAY, ASCENSION, WHIT_MONDAY].contains(&after)
    }

    /// Whether nobody has to work: a holiday, or a Saturday or Sunday.
    pub fn is_free(self, day: Day) -> bool {
        is_weekend(day) || self.is_holiday(day)
    }
}

/// Saturday or Sunday.
pub fn is_weekend(day: Day) -> bool {
    day.weekday() >= 5
}

/// Easter Sunday of a Gregorian year, in days since 1970-01-01. Source: the anonymous algorithm of Nature, 20 April 1876, as Meeus,
/// Astronomical Algorithms, gives it.
fn easter(year: i32) -> i32 {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let l = (32 + 2 * e + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let month = (h + l - 7 * m + 114) / 31;
    let date = (h + l - 7 * m + 114) % 31 + 1;
    // A day of March or April, of a year that days have.
    Day::from_ymd(year, month as u32, date as u32).map_or(i32::MIN / 2, Day::days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn easter_is_where_almanacs_have_it() {
        let years = ["2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2026-04-05", "2038-04-25", "2099-04-12"];
        for text in years {
            assert_eq!(easter(day(text).ymd().0), day(text).days(), "{text}");
        }
    }

    #[test]
    fn each_year_has_its_holidays() {
        for (country, count) in [(Country::France, 11), (Country::Belgium, 10)] {
            for year in [2022, 2024, 2026] {
                let all = Day::from_ymd(year, 1, 1).unwrap().until(Day::from_ymd(year + 1, 1, 1).unwrap());
                assert_eq!(all.filter(|day| country.is_holiday(*day)).count(), count, "{country:?} {year}");
            }
        }
        let france = Country::of_zone("Europe/Paris").unwrap();
        let whether = ["2026-04-06", "2026-05-14", "2026-05-25", "2026-07-14", "2026-07-21"]
            .map(|text| france.is_holiday(day(text)));
        assert_eq!(whether, [true, true, true, true, false]);
        assert!(
            france.is_free(day("2026-11-28")) && !france.is_free(day("2026-11-27")) && is_weekend(day("2026-11-29"))
        );
        assert_eq!(Country::of_zone("Asia/Tokyo"), None);
    }
}
