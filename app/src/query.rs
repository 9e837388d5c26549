//! The state of a page in its address: `?day=2026-11-22&tz=Europe/Paris`.

use std::fmt;
use std::str::FromStr;

use model::day::Day;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::data::local_day::LocalDay;

/// The longest IANA names have 32 characters; twice that is no name.
const ZONE_MAX: usize = 64;

/// The name of a time zone as it may be asked for; whether it exists, the server knows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ZoneName(String);

/// A text that is no name of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not the name of a time zone")]
pub struct ZoneNameError;

impl ZoneName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ZoneName {
    type Err = ZoneNameError;
    fn from_str(text: &str) -> Result<ZoneName, ZoneNameError> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'+' | b'-'));
        if (1..=ZONE_MAX).contains(&text.len()) && plain { Ok(ZoneName(text.to_owned())) } else { Err(ZoneNameError) }
    }
}

impl From<ZoneName> for String {
    fn from(zone: ZoneName) -> String {
        zone.0
    }
}

impl TryFrom<String> for ZoneName {
    type Error = ZoneNameError;
    fn try_from(text: String) -> Result<ZoneName, ZoneNameError> {
        text.parse()
    }
}

impl fmt::Display for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A part of the state as the address gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Asked<T> {
    /// Not given: the default holds.
    #[default]
    Nothing,
    /// Given.
    This(T),
    /// Given, and no such thing: the default holds, and the page says so.
    Malformed,
}

impl<T: FromStr> Asked<T> {
    fn parse(text: Option<&str>) -> Asked<T> {
        match text.map(str::trim) {
            None | Some("") => Asked::Nothing,
            Some(text) => text.parse().map_or(Asked::Malformed, Asked::This),
        }
    }
}

impl<T: Clone> Asked<T> {
    /// What is asked for, if it can be.
    pub fn get(&self) -> Option<T> {
        match self {
            Asked::This(value) => Some(value.clone()),
            Asked::Nothing | Asked::Malformed => None,
        }
    }
}

/// Which day of a viewer or a channel, in which zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayQuery {
    /// The local day.
    pub day: Asked<Day>,
    /// The zone.
    pub zone: Asked<ZoneName>,
}

impl DayQuery {
    /// From the values of `day` and `tz`.
    pub fn parse(day: Option<&str>, zone: Option<&str>) -> DayQuery {
        DayQuery { day: Asked::parse(day), zone: Asked::parse(zone) }
    }

    /// The day that is shown, in its zone.
    pub(crate) fn of(local: &LocalDay) -> DayQuery {
        // The name of a table is one that zones are asked by.
        DayQuery { day: Asked::This(local.day), zone: Asked::parse(Some(&local.zone.name)) }
    }

    /// The same zone on another day.
    #[must_use]
    pub fn on(&self, day: Day) -> DayQuery {
        DayQuery { day: Asked::This(day), zone: self.zone.clone() }
    }
}

/// A choice that is made or not: `1` or `0`.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch(pub bool);

#[cfg(feature = "ssr")]
impl FromStr for Switch {
    /// It says all: neither of the two.
    type Err = ();
    fn from_str(text: &str) -> Result<Switch, ()> {
        match text {
            "0" => Ok(Switch(false)),
            "1" => Ok(Switch(true)),
            _ => Err(()),
        }
    }
}

/// Which days of a viewer's habits, and how they are read.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HabitsQuery {
    /// The first local day.
    pub from: Asked<Day>,
    /// The last one.
    pub to: Asked<Day>,
    /// The zone.
    pub zone: Asked<ZoneName>,
    /// Whether public holidays count as weekends: they do where nothing is asked.
    pub holidays: Asked<Switch>,
}

#[cfg(feature = "ssr")]
impl HabitsQuery {
    /// From the values of `from`, `to`, `tz` and `holidays`.
    pub fn parse(value: impl Fn(&str) -> Option<String>) -> HabitsQuery {
        HabitsQuery {
            from: Asked::parse(value("from").as_deref()),
            to: Asked::parse(value("to").as_deref()),
            zone: Asked::parse(value("tz").as_deref()),
            holidays: Asked::parse(value("holidays").as_deref()),
        }
    }
}

/// What somebody's trace gives away, and with what of it hidden.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceQuery {
    /// The zone.
    pub zone: Asked<ZoneName>,
    /// What is hidden.
    pub hiding: crate::data::trace::Hiding,
    /// Whether something else than 1 or 0 was asked of it: that hides nothing.
    pub is_malformed: bool,
}

#[cfg(feature = "ssr")]
impl TraceQuery {
    /// From the values of `tz`, `nights`, `split` and `hours`: each of the last three hides if it is 1.
    pub fn parse(value: impl Fn(&str) -> Option<String>) -> TraceQuery {
        let choices = ["nights", "split", "hours"].map(|name| Asked::parse(value(name).as_deref()));
        let [nights, split, hours] = choices.each_ref().map(|choice| *choice == Asked::This(Switch(true)));
        TraceQuery {
            zone: Asked::parse(value("tz").as_deref()),
            hiding: crate::data::trace::Hiding { nights, split, hours },
            is_malformed: choices.contains(&Asked::Malformed),
        }
    }
}

/// Which days of figures, and in which zone.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeQuery {
    /// How many days.
    pub range: Asked<u16>,
    /// The zone.
    pub zone: Asked<ZoneName>,
}

#[cfg(feature = "ssr")]
impl RangeQuery {
    /// From the values of `range` and `tz`.
    pub fn parse(value: impl Fn(&str) -> Option<String>) -> RangeQuery {
        RangeQuery { range: Asked::parse(value("range").as_deref()), zone: Asked::parse(value("tz").as_deref()) }
    }
}

impl fmt::Display for DayQuery {
    /// `?day=2026-11-22&tz=Europe/Paris`; empty when nothing is asked for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut mark = '?';
        if let Asked::This(day) = &self.day {
            write!(f, "{mark}day={day}")?;
            mark = '&';
        }
        if let Asked::This(zone) = &self.zone {
            // `+` would be read as a space; all other characters of a name stand for themselves in a query.
            write!(f, "{mark}tz={}", zone.as_str().replace('+', "%2B"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str) -> DayQuery {
        let value = |name: &str| {
            let pairs = address.trim_start_matches('?').split('&');
            pairs
                .filter_map(|pair| pair.split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, v)| v.replace("%2B", "+"))
        };
        DayQuery::parse(value("day").as_deref(), value("tz").as_deref())
    }

    #[test]
    fn the_address_round_trips() {
        for day in [None, Some("2026-11-22")] {
            for zone in [None, Some("Europe/Paris"), Some("Etc/GMT+5"), Some("America/Port-au-Prince")] {
                let query = DayQuery::parse(day, zone);
                assert_eq!(read(&query.to_string()), query);
            }
        }
        assert_eq!(DayQuery::default().to_string(), "");
    }

    #[test]
    fn what_is_malformed_is_known_as_such() {
        for day in ["2026-02-30", "yesterday", "22/11/2026", "9999-99-99", "<script>"] {
            assert_eq!(DayQuery::parse(Some(day), None).day, Asked::Malformed, "{day}");
        }
        for zone in ["Europe Paris", "<b>", "é", &"a".repeat(65), "../../etc/passwd"] {
            assert_eq!(DayQuery::parse(None, Some(zone)).zone, Asked::Malformed, "{zone}");
        }
        // An empty field of a form is nothing asked.
        assert_eq!(DayQuery::parse(Some(""), Some(" ")), DayQuery::default());
    }
}
