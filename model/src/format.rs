//! Numbers, dates and durations in both languages, without a locale database.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::slot::SLOT_MINUTES;

/// Narrow no-break space: French groups digits with it and puts it before `%`.
const NNBSP: char = '\u{202f}';
/// No-break space, between a number and its unit.
const NBSP: char = '\u{a0}';

/// A language of the site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// French.
    #[default]
    #[serde(rename = "fr")]
    French,
    /// English.
    #[serde(rename = "en")]
    English,
}

const MONTHS: [[&str; 12]; 2] = [
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];
const SHORT_MONTHS: [[&str; 12]; 2] = [
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
];
const WEEKDAYS: [[&str; 7]; 2] = [
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
];

impl Language {
    /// `fr` or `en`, as in addresses and `lang`.
    pub fn code(self) -> &'static str {
        match self {
            Language::French => "fr",
            Language::English => "en",
        }
    }

    /// From its code.
    pub fn from_code(code: &str) -> Option<Language> {
        [Language::French, Language::English].into_iter().find(|language| language.code() == code)
    }

    /// `1 234` / `1,234`.
    pub fn number(self, n: u64) -> String {
        let digits = n.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3 * 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                text.push(if self == Language::French { NNBSP } else { ',' });
            }
            text.push(digit);
        }
        text
    }

    /// A number with a fixed count of decimals, 0–6: `1 234,5` / `1,234.5`. Not a number gives `–`.
    pub fn decimal(self, x: f64, decimals: usize) -> String {
        if !x.is_finite() {
            return "–".to_owned();
        }
        let decimals = decimals.min(6);
        let scale = 10u64.pow(decimals as u32);
        // Whole numbers from here on: what writes any float weighs as much as a chart in the browser. The cast stops at
        // 64 bits, beyond which is no figure of ours.
        let scaled = (x.abs() * scale as f64).round() as u64;
        let mut text = self.number(scaled / scale);
        if decimals > 0 {
            text.push(if self == Language::French { ',' } else { '.' });
            // Writing to a String cannot fail.
            let _ = write!(text, "{:0decimals$}", scaled % scale);
        }
        if x < 0.0 && scaled > 0 { format!("−{text}") } else { text }
    }

    /// A share 0–1 in percent: `41 %` / `41%`.
    pub fn percent(self, share: f64, decimals: usize) -> String {
        let number = self.decimal(share * 100.0, decimals);
        if self == Language::French { format!("{number}{NNBSP}%") } else { format!("{number}%") }
    }

    /// Minutes in words: `45 min`, `4 h 25 min`, `2 h`.
    pub fn duration(self, minutes: u64) -> String {
        match (minutes / 60, minutes % 60) {
            (0, rest) => format!("{rest}{NBSP}min"),
            (hours, 0) => format!("{}{NBSP}h", self.number(hours)),
            (hours, rest) => format!("{}{NBSP}h{NBSP}{rest}{NBSP}min", self.number(hours)),
        }
    }

    /// Minutes in few letters: `45 min`, `4 h 25`, `2 h`.
    pub fn duration_short(self, minutes: u64) -> String {
        match (minutes / 60, minutes % 60) {
            (hours, rest) if hours > 0 && rest > 0 => format!("{}{NBSP}h{NBSP}{rest:02}", self.number(hours)),
            _ => self.duration(minutes),
        }
    }

    /// Slots in words, five minutes each.
    pub fn slots(self, slots: u64) -> String {
        self.duration(slots * u64::from(SLOT_MINUTES))
    }

    /// `jeudi 19 novembre 2026` / `Thursday 19 November 2026`.
    pub fn weekday_date(self, day: Day) -> String {
        format!("{} {}", self.weekday(day), self.date(day))
    }

    /// `19 novembre 2026` / `19 November 2026`.
    pub fn date(self, day: Day) -> String {
        let (year, _, _) = day.ymd();
        // The year may go to the next line: on a phone the whole does not always fit.
        format!("{} {year}", self.day_month(day))
    }

    /// `19 novembre` / `19 November`.
    pub fn day_month(self, day: Day) -> String {
        let (_, month, date) = day.ymd();
        format!("{}{NBSP}{}", self.ordinal(date), MONTHS[self as usize][month as usize - 1])
    }

    /// `19 nov.` / `19 Nov`.
    pub fn short_day_month(self, day: Day) -> String {
        let (_, month, date) = day.ymd();
        format!("{}{NBSP}{}", self.ordinal(date), SHORT_MONTHS[self as usize][month as usize - 1])
    }

    /// `nov.` / `Nov`.
    pub fn short_month(self, day: Day) -> &'static str {
        SHORT_MONTHS[self as usize][day.ymd().1 as usize - 1]
    }

    /// `jeudi` / `Thursday`.
    pub fn weekday(self, day: Day) -> &'static str {
        WEEKDAYS[self as usize][day.weekday() as usize]
    }

    /// French says "1er" for the first day of a month.
    fn ordinal(self, date: u32) -> String {
        if self == Language::French && date == 1 { "1er".to_owned() } else { date.to_string() }
    }
}

/// Minutes since local midnight as `21:05`; 1,440 is `24:00`.
pub fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// An offset from UTC in seconds: `UTC+1`, `UTC−3:30`, `UTC`.
pub fn utc_offset(seconds: i32) -> String {
    let minutes = seconds.unsigned_abs() / 60;
    let sign = if seconds < 0 { '−' } else { '+' };
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, French};

    #[test]
    fn golden_values_in_both_languages() {
        let day: Day = "2026-11-19".parse().unwrap();
        for (french, english, golden_fr, golden_en) in [
            (French.number(1_234_567), English.number(1_234_567), "1\u{202f}234\u{202f}567", "1,234,567"),
            (French.number(999), English.number(0), "999", "0"),
            (French.decimal(1234.56, 1), English.decimal(-1234.56, 1), "1\u{202f}234,6", "−1,234.6"),
            (French.decimal(-0.04, 1), English.decimal(f64::NAN, 1), "0,0", "–"),
            (French.percent(0.413, 0), English.percent(0.413, 1), "41\u{202f}%", "41.3%"),
            (French.duration(265), English.duration(45), "4\u{a0}h\u{a0}25\u{a0}min", "45\u{a0}min"),
            (French.duration_short(140), English.duration_short(120), "2\u{a0}h\u{a0}20", "2\u{a0}h"),
            (French.duration_short(65), English.slots(4), "1\u{a0}h\u{a0}05", "20\u{a0}min"),
            (
                French.weekday_date(day),
                English.weekday_date(day),
                "jeudi 19\u{a0}novembre 2026",
                "Thursday 19\u{a0}November 2026",
            ),
            (French.short_day_month(day), English.short_day_month(day), "19\u{a0}nov.", "19\u{a0}Nov"),
        ] {
            assert_eq!((french.as_str(), english.as_str()), (golden_fr, golden_en));
        }
        assert_eq!(French.day_month("2026-03-01".parse().unwrap()), "1er\u{a0}mars");
    }

    #[test]
    fn clocks_and_offsets() {
        assert_eq!((clock(65), clock(1_440)), ("01:05".into(), "24:00".into()));
        assert_eq!(
            (utc_offset(3_600), utc_offset(-12_600), utc_offset(0)),
            ("UTC+1".into(), "UTC−3:30".into(), "UTC".into())
        );
    }
}
