//! A UTC calendar day.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Seconds in a UTC day (leap seconds do not exist in Unix time).
pub const DAY_SECONDS: i64 = 86_400;

/// A civil day of the proleptic Gregorian calendar, 2000-01-01 to 2099-12-31, as days since 1970-01-01.
///
/// Used for UTC days in data and for local days on pages; the context says which. Written `2026-11-22`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Day(i32);

/// A text or number that names no day between 2000-01-01 and 2099-12-31.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is not a day between 2000-01-01 and 2099-12-31, written YYYY-MM-DD")]
pub struct DayError(String);

impl Day {
    /// 2000-01-01.
    pub const MIN: Day = Day(10_957);
    /// 2099-12-31.
    pub const MAX: Day = Day(47_481);

    /// The day `days` after 1970-01-01. Errors: outside [`Day::MIN`]..=[`Day::MAX`].
    pub fn from_days(days: i32) -> Result<Day, DayError> {
        let day = Day(days);
        if (Self::MIN..=Self::MAX).contains(&day) { Ok(day) } else { Err(DayError(days.to_string())) }
    }

    /// The UTC day of a Unix time in seconds. Errors: outside the range of days.
    pub fn from_unix(seconds: i64) -> Result<Day, DayError> {
        i32::try_from(seconds.div_euclid(DAY_SECONDS))
            .map_err(|_| DayError(seconds.to_string()))
            .and_then(Self::from_days)
    }

    /// The day of a year, a month (1–12) and a day of the month (1–31). Errors: no such day, or out of range.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Result<Day, DayError> {
        let wrong = || DayError(format!("{year:04}-{month:02}-{day:02}"));
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(1970..=9999).contains(&year) {
            return Err(wrong());
        }
        let found = Day(days_from_civil(year, month, day));
        if found.ymd() == (year, month, day) && (Self::MIN..=Self::MAX).contains(&found) {
            Ok(found)
        } else {
            Err(wrong())
        }
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// Unix time of its first UTC instant, in seconds.
    pub fn start_unix(self) -> i64 {
        i64::from(self.0) * DAY_SECONDS
    }

    /// Year, month (1–12), day of the month (1–31).
    ///
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    pub fn ymd(self) -> (i32, u32, u32) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
        let month = (if mp < 10 { mp + 3 } else { mp - 9 }) as u32;
        (yoe + era * 400 + i32::from(month <= 2), month, day)
    }

    /// 0 Monday to 6 Sunday.
    pub fn weekday(self) -> u32 {
        (self.0 + 3).rem_euclid(7) as u32
    }

    /// The day `n` days later (earlier when negative), kept within the range of days.
    #[must_use]
    pub fn plus(self, n: i32) -> Day {
        Day(self.0.saturating_add(n)).clamp(Self::MIN, Self::MAX)
    }

    /// The days from this one up to and without `end`.
    pub fn until(self, end: Day) -> impl DoubleEndedIterator<Item = Day> + Clone {
        (self.0..end.0).map(Day)
    }

    /// `2026-11`: the month it lies in, as the store names its monthly parts.
    pub fn month(self) -> Month {
        let (year, month, _) = self.ymd();
        Month { year, month }
    }
}

/// A calendar month, written `2026-11`; the store is partitioned by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// Its first day.
    pub fn first_day(self) -> Day {
        Day(days_from_civil(self.year, self.month, 1)).clamp(Day::MIN, Day::MAX)
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Month {
        if self.month == 12 { Month { year: self.year + 1, month: 1 } } else { Month { month: self.month + 1, ..self } }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = DayError;
    fn from_str(text: &str) -> Result<Month, DayError> {
        format!("{text}-01").parse::<Day>().map(Day::month).map_err(|_| DayError(text.to_owned()))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = DayError;
    fn from_str(text: &str) -> Result<Day, DayError> {
        let wrong = || DayError(text.chars().take(40).collect());
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(wrong());
        }
        let number = |range: std::ops::Range<usize>| {
            bytes[range]
                .iter()
                .try_fold(0u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
                .ok_or_else(wrong)
        };
        Day::from_ymd(number(0..4)? as i32, number(5..7)?, number(8..10)?).map_err(|_| wrong())
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

impl TryFrom<String> for Day {
    type Error = DayError;
    fn try_from(text: String) -> Result<Day, DayError> {
        text.parse()
    }
}

/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let mp = (month as i32 + 9) % 12;
    let doy = (153 * mp + 2) / 5 + day as i32 - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    era * 146_097 + doe - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_days() {
        let day: Day = "2026-11-22".parse().unwrap();
        assert_eq!((day.ymd(), day.weekday(), day.days()), ((2026, 11, 22), 6, 20_779));
        assert_eq!((Day::MIN.to_string(), Day::MAX.to_string()), ("2000-01-01".into(), "2099-12-31".into()));
        assert_eq!(day.month().to_string(), "2026-11");
        assert_eq!("2026-12".parse::<Month>().unwrap().next().first_day().to_string(), "2027-01-01");
    }

    #[test]
    fn impossible_days_are_refused() {
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "1999-12-31",
            "2100-01-01",
            "26-11-22",
            "2026-11-2x",
            "",
            "٢٠٢٦-١١-٢٢",
        ] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_round_trips(days in Day::MIN.0..=Day::MAX.0) {
            let day = Day::from_days(days).unwrap();
            prop_assert_eq!(day.to_string().parse::<Day>().unwrap(), day);
            prop_assert_eq!(day.plus(1).weekday(), if day == Day::MAX { day.weekday() } else { (day.weekday() + 1) % 7 });
        }

        #[test]
        fn any_text_is_a_day_or_an_error(text in ".{0,12}") {
            if let Ok(day) = text.parse::<Day>() { prop_assert_eq!(day.to_string(), text) }
        }
    }
}
