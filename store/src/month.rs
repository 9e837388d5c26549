//! A closed month: its state, and the codec of its rows.
//!
//! A row is one person's month: 31 bits of the days that follow (bit 0 is the first, four bytes, least first), then each
//! day's length (LEB128) and bytes. Both databases hold the same bytes. What reads them is public, as of
//! [`crate::block`].

use model::codec::{CodecError, Reader, Writer};
use model::day::{Day, Month};
use model::hours::ViewerHours;
use model::identity::GameKey;
use model::presence::ViewerDay;
use model::words::Tier;

/// Rows of months that a job reads at once: some megabytes.
pub(crate) const PAGE_MONTHS: i64 = 10_000;

/// What is held of a month, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthRecord {
    /// The month.
    pub month: Month,
    /// Whether its days can be replaced: they lie in blocks by day.
    pub open: bool,
    /// How fine its rows by person are; nothing before it was closed.
    pub closed: Option<Tier>,
}

/// What closing a month made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MonthOutcome {
    /// People with a row.
    pub people: u64,
    /// Their days.
    pub viewer_days: u64,
    /// Bytes of the rows.
    pub bytes: u64,
}

/// A game or category, as streams name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Game {
    /// Twitch's id; empty when no source gave one.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Game {
    /// Whether both are the same game: by id where both have one, else by name.
    fn is(&self, other: &Game) -> bool {
        if self.id.is_empty() || other.id.is_empty() { self.name == other.name } else { self.id == other.id }
    }
}

/// The keys of games among those `held`; new ones get the next, and come back apart.
pub(crate) fn keys_of_games(held: &[(GameKey, Game)], games: &[Game]) -> (Vec<GameKey>, Vec<(GameKey, Game)>) {
    let mut next = held.iter().map(|(key, _)| key.0 + 1).max().unwrap_or(0);
    let mut new: Vec<(GameKey, Game)> = Vec::new();
    let mut keys = Vec::with_capacity(games.len());
    for game in games {
        let known = held.iter().chain(&new).find(|(_, known)| known.is(game)).map(|(key, _)| *key);
        keys.push(known.unwrap_or_else(|| {
            let key = GameKey(next);
            next += 1;
            new.push((key, game.clone()));
            key
        }));
    }
    (keys, new)
}

/// Makes the hour tier of a row of slots. Errors: it does not decode.
pub(crate) fn row_in_hours(
    month: Month,
    row: &[u8],
    hours: &impl Fn(&[(Day, ViewerDay)]) -> Vec<(Day, ViewerHours)>,
) -> Result<Vec<u8>, CodecError> {
    let first = month.first_day();
    let slots = days(row)?.into_iter().map(|(at, bytes)| Ok((first.plus(i32::from(at)), ViewerDay::decode(bytes)?)));
    let mut made: Vec<(u8, Vec<u8>)> = Vec::new();
    for (day, hours) in hours(&slots.collect::<Result<Vec<_>, CodecError>>()?) {
        let mut bytes = Vec::new();
        hours.encode(&mut bytes);
        made.push((place(day), bytes));
    }
    let mut out = Vec::new();
    encode(made.iter().map(|(place, bytes)| (*place, bytes.as_slice())), &mut out);
    Ok(out)
}

/// Adds a person's month to `out`: days by their place in the month (0–30), ascending.
pub(crate) fn encode<'a>(days: impl Iterator<Item = (u8, &'a [u8])> + Clone, out: &mut Vec<u8>) {
    let mask = days.clone().fold(0u32, |mask, (place, _)| mask | 1 << place);
    out.extend_from_slice(&mask.to_le_bytes());
    for (_, day) in days {
        Writer(out).number(day.len() as u64);
        out.extend_from_slice(day);
    }
}

/// The days of a row by their place in the month (0 is the first), ascending.
///
/// Errors: bytes that no closed month has; each has one spelling.
pub fn days(bytes: &[u8]) -> Result<Vec<(u8, &[u8])>, CodecError> {
    let (mask, mut rest) = bytes.split_first_chunk::<4>().ok_or(CodecError::Truncated)?;
    let mask = u32::from_le_bytes(*mask);
    if mask == 0 || mask >> 31 != 0 {
        return Err(CodecError::Range);
    }
    let mut days = Vec::with_capacity(mask.count_ones() as usize);
    for place in (0..31u8).filter(|place| mask >> place & 1 == 1) {
        let end = rest.iter().position(|byte| *byte < 0x80).ok_or(CodecError::Truncated)? + 1;
        let len = usize::try_from(Reader::new(&rest[..end]).number()?).map_err(|_| CodecError::Range)?;
        let (day, after) = rest[end..].split_at_checked(len).ok_or(CodecError::Truncated)?;
        days.push((place, day));
        rest = after;
    }
    if rest.is_empty() { Ok(days) } else { Err(CodecError::Range) }
}

/// Whether a day is a bot's, and the observations that it was made of: of slots, those in its runs; of hours, those
/// listed and spoken. Nothing of a day that does not decode: whoever reads it is told.
pub(crate) fn counts_of(day: &[u8]) -> (bool, u64) {
    if let Ok(day) = ViewerDay::decode(day) {
        let runs = day.channels.iter().flat_map(|presence| presence.listed.iter().chain(&presence.spoke));
        return (day.bot, runs.map(|run| u64::from(run.slots())).sum());
    }
    let Ok(day) = ViewerHours::decode(day) else { return (false, 0) };
    (day.bot, day.channels.iter().map(|(_, counts)| u64::from(counts.listed) + u64::from(counts.spoke)).sum())
}

/// The place of a day in its month, 0–30.
pub(crate) fn place(day: Day) -> u8 {
    (day.days() - day.month().first_day().days()) as u8
}

/// The entries of a stretch of people, of any days, put together by person.
#[derive(Debug, Default)]
pub(crate) struct Stretch {
    bytes: Vec<u8>,
    entries: Vec<(u32, u8, u32, u32)>,
}

impl Stretch {
    /// Adds somebody's day.
    pub(crate) fn push(&mut self, person: u32, place: u8, day: &[u8]) {
        self.entries.push((person, place, self.bytes.len() as u32, day.len() as u32));
        self.bytes.extend_from_slice(day);
    }

    /// The people by ascending key, each with their row; what is in it goes.
    pub(crate) fn rows(&mut self, outcome: &mut MonthOutcome) -> Vec<(u32, Vec<u8>)> {
        self.entries.sort_unstable();
        let day = |&(_, place, from, len): &(u32, u8, u32, u32)| {
            (place, &self.bytes[from as usize..from as usize + len as usize])
        };
        let mut rows = Vec::new();
        for person in self.entries.chunk_by(|a, b| a.0 == b.0) {
            let mut row = Vec::new();
            encode(person.iter().map(day), &mut row);
            outcome.people += 1;
            outcome.viewer_days += person.len() as u64;
            outcome.bytes += row.len() as u64;
            rows.push((person[0].0, row));
        }
        self.entries.clear();
        self.bytes.clear();
        rows
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_round_trip(month in proptest::collection::btree_map(0u8..31, proptest::collection::vec(any::<u8>(), 0..200), 1..31)) {
            let mut bytes = Vec::new();
            encode(month.iter().map(|(place, day)| (*place, day.as_slice())), &mut bytes);
            let back: BTreeMap<u8, Vec<u8>> = days(&bytes).unwrap().into_iter().map(|(place, day)| (place, day.to_vec())).collect();
            prop_assert_eq!(back, month);
        }

        #[test]
        fn any_bytes_are_a_row_in_its_one_spelling_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(days) = days(&bytes) {
                let mut again = Vec::new();
                encode(days.into_iter(), &mut again);
                prop_assert_eq!(again, bytes);
            }
        }
    }

    #[test]
    fn the_bytes_of_a_row_never_change() {
        let mut bytes = Vec::new();
        encode([(0u8, &[1u8, 12][..]), (30, &[17])].into_iter(), &mut bytes);
        assert_eq!(bytes, [1, 0, 0, 0x40, 2, 1, 12, 1, 17]);
        assert_eq!(place("2026-11-30".parse().unwrap()), 29);
    }
}
