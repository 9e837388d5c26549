//! Looking at the rows of a month, of either form, one after the other.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use model::channel_day::ChannelDay;
use model::day::{Day, Month};
use model::hours::ViewerHours;
use model::identity::ChannelKey;
use model::identity::PersonKey;
use model::presence::ViewerDay;

use super::findings::CheckReport;
use crate::block::entries;
use crate::month;

/// Which keys there are: a bit a key, 32 MB for as many people as a store can hold.
#[derive(Debug, Default)]
pub(crate) struct KeySet(Vec<u64>);

impl KeySet {
    /// Adds a key; whether it is one that a store gives.
    pub(crate) fn insert(&mut self, key: i64) -> bool {
        let Some(key) = usize::try_from(key).ok().filter(|key| *key < 1 << PersonKey::BITS) else { return false };
        if self.0.len() <= key / 64 {
            self.0.resize(key / 64 + 1, 0);
        }
        self.0[key / 64] |= 1 << (key % 64);
        true
    }

    pub(crate) fn contains(&self, key: u32) -> bool {
        self.0.get(key as usize / 64).is_some_and(|word| word >> (key % 64) & 1 == 1)
    }

    pub(crate) fn len(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}

/// What rows are held against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) people: &'a KeySet,
    pub(crate) channels: &'a KeySet,
    /// The days that the month's form holds, with their generations.
    pub(crate) held: &'a BTreeMap<Day, u32>,
}

/// Everybody of a day, whatever the form and the order: two forms of one day have the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Imprint {
    people: u64,
    sum: u64,
}

/// Looks at the rows of one form of a month, in the order of their keys.
#[derive(Debug)]
pub(crate) struct Examiner<'a> {
    place: &'a str,
    month: Month,
    known: Known<'a>,
    report: &'a mut CheckReport,
    /// The day of the last block, and the last key in it.
    last: Option<(i64, u32)>,
    /// What was seen of each day.
    imprints: BTreeMap<Day, Imprint>,
}

impl<'a> Examiner<'a> {
    pub(crate) fn new(place: &'a str, month: Month, known: Known<'a>, report: &'a mut CheckReport) -> Examiner<'a> {
        Examiner { place, month, known, report, last: None, imprints: BTreeMap::new() }
    }

    /// A block of an open month.
    pub(crate) fn block(&mut self, day: i64, first: i64, bytes: &[u8]) {
        self.report.blocks += 1;
        let at = || format!("day {day}, key {first}");
        let held = i32::try_from(day).ok().and_then(|day| Day::from_days(day).ok());
        let Some(held) = held.filter(|day| self.known.held.contains_key(day) && day.month() == self.month) else {
            return self.report.add(self.place, "blocks of days that are not held", at);
        };
        let Ok(first_key) = u32::try_from(first) else {
            return self.report.add(self.place, "blocks that do not decode", at);
        };
        if self.last.is_some_and(|(last_day, last)| last_day == day && first_key <= last) {
            self.report.add(self.place, "blocks that begin before the one before them ends", at);
        }
        if bytes.is_empty() {
            self.report.add(self.place, "blocks with nobody in them", at);
        }
        let mut expected = Some(first_key);
        for entry in entries(first_key, bytes) {
            let Ok((key, bytes)) = entry else {
                return self.report.add(self.place, "blocks that do not decode", at);
            };
            if expected.take().is_some_and(|expected| expected != key) {
                self.report.add(self.place, "blocks whose key is not that of their first person", at);
            }
            self.last = Some((day, key));
            self.person(held, key, bytes);
        }
    }

    /// A row of a closed month.
    pub(crate) fn row(&mut self, person: i64, bytes: &[u8]) {
        self.report.closed_rows += 1;
        let at = || format!("key {person}");
        let (Ok(key), Ok(days)) = (u32::try_from(person), month::days(bytes)) else {
            return self.report.add(self.place, "rows that do not decode", at);
        };
        for (place, bytes) in days {
            let day = self.month.first_day().plus(i32::from(place));
            if day.month() == self.month && self.known.held.contains_key(&day) {
                self.person(day, key, bytes);
            } else {
                self.report.add(self.place, "rows with days that are not held", at);
            }
        }
    }

    /// What was seen of each day.
    pub(crate) fn finish(self) -> BTreeMap<Day, Imprint> {
        self.imprints
    }

    fn person(&mut self, day: Day, key: u32, bytes: &[u8]) {
        self.report.viewer_days += 1;
        let mut hasher = DefaultHasher::new();
        (key, bytes).hash(&mut hasher);
        let imprint = self.imprints.entry(day).or_default();
        imprint.people += 1;
        imprint.sum = imprint.sum.wrapping_add(hasher.finish());
        let at = || format!("day {day}, key {key}");
        if !self.known.people.contains(key) {
            self.report.add(self.place, "days of people who have no name", at);
        }
        match channels_of(bytes) {
            Some(channels) if channels.iter().all(|channel| self.known.channels.contains(channel.0)) => {}
            Some(_) => self.report.add(self.place, "people's days in channels that are unknown", at),
            None => self.report.add(self.place, "people's days that do not decode", at),
        }
    }
}

/// The channels of a person's day, whatever its tier; nothing where it does not decode.
fn channels_of(bytes: &[u8]) -> Option<Vec<ChannelKey>> {
    if let Ok(day) = ViewerDay::decode(bytes) {
        return Some(day.channels.iter().map(|presence| presence.channel).collect());
    }
    let hours = ViewerHours::decode(bytes).ok()?;
    Some(hours.channels.iter().map(|(channel, _)| *channel).collect())
}

/// Looks at a channel's day.
pub(crate) fn channel_day(
    place: &str,
    known: &KeySet,
    (day, channel, data): (i64, i64, &[u8]),
    report: &mut CheckReport,
) {
    report.channel_days += 1;
    let at = || format!("day {day}, channel {channel}");
    if !u32::try_from(channel).is_ok_and(|channel| known.contains(channel)) {
        report.add(place, "days of channels that are unknown", at);
    }
    if ChannelDay::decode(data).is_err() {
        report.add(place, "channels' days that do not decode", at);
    }
}

/// Says where the two forms of a month differ.
pub(crate) fn compare(
    place: &str,
    (open, closed): (&BTreeMap<Day, Imprint>, &BTreeMap<Day, Imprint>),
    report: &mut CheckReport,
) {
    let mut days: Vec<Day> = open.keys().chain(closed.keys()).copied().collect();
    days.sort_unstable();
    days.dedup();
    for day in days.into_iter().filter(|day| open.get(day) != closed.get(day)) {
        report.add(place, "days whose two forms differ", || format!("day {day}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_are_in_the_set_once_inserted(keys in proptest::collection::btree_set(0u32..5_000, 0..200), asked in 0u32..6_000) {
            let mut set = KeySet::default();
            for key in &keys {
                prop_assert!(set.insert(i64::from(*key)) && set.insert(i64::from(*key)));
            }
            prop_assert_eq!((set.len(), set.contains(asked)), (keys.len() as u64, keys.contains(&asked)));
        }
    }

    #[test]
    fn keys_that_no_store_gives_are_refused() {
        let mut set = KeySet::default();
        assert!(!set.insert(-1) && !set.insert(1 << PersonKey::BITS) && set.insert((1 << PersonKey::BITS) - 1));
    }
}
