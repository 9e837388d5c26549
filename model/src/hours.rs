//! The hour tier: what is kept of a person's day once its slots are too old to keep.
//!
//! Made from a month of somebody's slots by [`month_in_hours`]. Days, favourites, hours online and their coverage stay
//! what they were; when exactly within an hour, and in which order, is gone.

use serde::{Deserialize, Serialize};

use crate::channel_day::{ChannelDay, Segment};
use crate::codec::{CodecError, Reader, Writer};
use crate::coverage::{PersonCoverage, Proof, proof, usual_channels};
use crate::day::Day;
use crate::identity::{ChannelKey, GameKey};
use crate::presence::ViewerDay;
use crate::run::Run;
use crate::session::Session;
use crate::slot::{SlotTime, Span};
use crate::slot_set::SlotSet;
use crate::viewer_schedule::channel_sessions;

/// Hours of a UTC day.
const HOURS: usize = 24;
/// Slots of an hour.
pub const SLOTS_PER_HOUR: u8 = 12;

/// One person on one UTC day, by hour. Encoded by [`ViewerHours::encode`], for serde too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<u8>", try_from = "Vec<u8>")]
pub struct ViewerHours {
    /// Flagged as a bot that day.
    pub bot: bool,
    /// By UTC hour, slots in any chat, counted once: 0–12.
    pub present: [u8; HOURS],
    /// By UTC hour, slots present or proved absent: from `present` to 12.
    pub known: [u8; HOURS],
    /// By ascending channel key, each once.
    pub channels: Vec<(ChannelKey, SlotCounts)>,
    /// By ascending game key, each once: what was broadcast meanwhile, where known.
    pub games: Vec<(GameKey, SlotCounts)>,
}

/// Slots of a day, by evidence and by what they count as; at most 65,535, which only a bot in hundreds of chats reaches. At least one of `listed` and `spoke` is not 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlotCounts {
    /// Slots in which the list named them.
    pub listed: u16,
    /// Slots in which they wrote.
    pub spoke: u16,
    /// Slots that count as watch time.
    pub watched: u16,
    /// Slots of sessions of speech alone.
    pub active: u16,
}

/// What is needed of a channel's day to tell a person's hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelFacts {
    /// Slots in which who is not named was not there.
    pub listed_observed: SlotSet,
    /// Slots in which who was not heard did not write.
    pub speech_observed: SlotSet,
    /// Slots in which it was on air.
    pub live: SlotSet,
    /// What was broadcast, where known; never overlapping.
    pub games: Vec<(Run, GameKey)>,
}

/// The hour tier of one person's month, from all of its days that hold presence.
///
/// `facts` gives what is known of a channel on a day, nothing where it is not held. Sessions are cut where the month is.
pub fn month_in_hours<'a>(
    days: &[(Day, ViewerDay)],
    facts: impl Fn(ChannelKey, Day) -> Option<&'a ChannelFacts>,
) -> Vec<(Day, ViewerHours)> {
    let usual = usual_channels(days.iter().map(|(_, day)| day));
    let proof = proof(days.iter().map(|(_, day)| day));
    let coverage = |day, seen: &ViewerDay| person_coverage(seen, &usual, proof, |channel| facts(channel, day));
    days_in_hours(days, coverage, &facts)
}

/// The same, by what is known of their slots.
pub(crate) fn days_in_hours<'a>(
    days: &[(Day, ViewerDay)],
    coverage: impl Fn(Day, &ViewerDay) -> PersonCoverage,
    facts: impl Fn(ChannelKey, Day) -> Option<&'a ChannelFacts>,
) -> Vec<(Day, ViewerHours)> {
    let by_hour =
        |day, seen: &ViewerDay| ViewerHours { bot: seen.bot, ..ViewerHours::of_coverage(&coverage(day, seen)) };
    let mut hours: Vec<(Day, ViewerHours)> = days.iter().map(|(day, seen)| (*day, by_hour(*day, seen))).collect();
    hours.sort_by_key(|(day, _)| *day);
    let observed =
        |channel, at: SlotTime| facts(channel, at.day()).is_some_and(|facts| facts.listed_observed.contains(at.slot()));
    for (channel, sessions) in channel_sessions(days, observed) {
        for session in sessions {
            count_session(&session, channel, &facts, &mut hours);
        }
    }
    for (day, presence) in days {
        let Some(hours) = of_day(&mut hours, *day) else { continue };
        count_evidence(*day, presence, &facts, hours);
    }
    hours
}

/// The hours of a day, in a list by ascending day.
fn of_day(hours: &mut [(Day, ViewerHours)], day: Day) -> Option<&mut ViewerHours> {
    let place = hours.binary_search_by_key(&day, |(day, _)| *day).ok()?;
    Some(&mut hours[place].1)
}

/// What is known of somebody's day by what is known of the channels that prove absence, and by what they prove it.
pub(crate) fn person_coverage<'a>(
    seen: &ViewerDay,
    usual: &[ChannelKey],
    proof: Proof,
    facts: impl Fn(ChannelKey) -> Option<&'a ChannelFacts>,
) -> PersonCoverage {
    let observed = usual.iter().map(|channel| match (facts(*channel), proof) {
        (None, _) => SlotSet::EMPTY,
        (Some(facts), Proof::Lists) => facts.listed_observed,
        (Some(facts), Proof::Speech) => facts.speech_observed,
    });
    PersonCoverage::from_observed(seen, observed)
}

/// Watch time, or activity, of one session: to each day its own slots.
fn count_session<'a>(
    session: &Session,
    channel: ChannelKey,
    facts: &impl Fn(ChannelKey, Day) -> Option<&'a ChannelFacts>,
    hours: &mut [(Day, ViewerHours)],
) {
    let count = |counts: &mut SlotCounts, slots: u16| {
        let sum = if session.listed { &mut counts.watched } else { &mut counts.active };
        *sum = sum.saturating_add(slots);
    };
    for span in &session.present {
        for day in span.days() {
            let (Some(hours), Some(part)) = (of_day(hours, day), span.intersect(Span::of_day(day))) else { continue };
            let first = SlotTime::at(day, 0);
            let (from, to) = ((part.from - first) as u16, (part.to - first) as u16);
            count_slots(hours, channel, facts(channel, day), (from, to), count);
        }
    }
}

/// Listed and spoken slots of one day.
fn count_evidence<'a>(
    day: Day,
    presence: &ViewerDay,
    facts: &impl Fn(ChannelKey, Day) -> Option<&'a ChannelFacts>,
    hours: &mut ViewerHours,
) {
    for there in &presence.channels {
        let facts = facts(there.channel, day);
        for run in &there.listed {
            count_slots(hours, there.channel, facts, (run.from(), run.to()), |counts, slots| {
                counts.listed = counts.listed.saturating_add(slots);
            });
        }
        for run in &there.spoke {
            count_slots(hours, there.channel, facts, (run.from(), run.to()), |counts, slots| {
                counts.spoke = counts.spoke.saturating_add(slots);
            });
        }
    }
}

/// Counts the slots [from, to) of a day for a channel, and for what it broadcast in them.
fn count_slots(
    hours: &mut ViewerHours,
    channel: ChannelKey,
    facts: Option<&ChannelFacts>,
    (from, to): (u16, u16),
    count: impl Fn(&mut SlotCounts, u16),
) {
    count(counts_of(&mut hours.channels, channel), to - from);
    for (run, game) in facts.map_or(&[][..], |facts| &facts.games) {
        let (from, to) = (from.max(run.from()), to.min(run.to()));
        if from < to {
            count(counts_of(&mut hours.games, *game), to - from);
        }
    }
}

/// The counts of a key, in a list by ascending key.
fn counts_of<K: Ord + Copy>(counts: &mut Vec<(K, SlotCounts)>, key: K) -> &mut SlotCounts {
    let place = match counts.binary_search_by_key(&key, |(key, _)| *key) {
        Ok(place) => place,
        Err(place) => {
            counts.insert(place, (key, SlotCounts::default()));
            place
        }
    };
    &mut counts[place].1
}

impl ChannelFacts {
    /// Of a channel's day; `game` gives the key of what was broadcast, nothing where it is not known.
    pub fn of(day: &ChannelDay, mut game: impl FnMut(&Segment) -> Option<GameKey>) -> ChannelFacts {
        ChannelFacts {
            listed_observed: day.listed_observed(),
            speech_observed: day.speech_observed(),
            live: day.live(),
            games: day.segments.iter().filter_map(|segment| Some((segment.run, game(segment)?))).collect(),
        }
    }
}

/// Format 2 of a person's day. The low four bits of the first byte are the format, bit 4 the bot flag.
const FORMAT: u8 = 2;
const BOT: u8 = 0x10;

impl ViewerHours {
    /// When they were there, as far as it is known; in which channels is not said.
    pub fn of_coverage(coverage: &PersonCoverage) -> ViewerHours {
        let (present, known) = (coverage.present.by_hour(), coverage.known().by_hour());
        ViewerHours { present, known, ..ViewerHours::default() }
    }

    /// Slots in any chat, counted once, 0–288.
    pub fn online_slots(&self) -> u16 {
        self.present.iter().map(|slots| u16::from(*slots)).sum()
    }

    /// Σ watch time over channels, in slots.
    pub fn watch_slots(&self) -> u32 {
        self.channels.iter().map(|(_, counts)| u32::from(counts.watched)).sum()
    }

    /// The compact form, documented in `docs/store-format.md`: a byte of format and flags, the 24 hours as runs of
    /// (present × 16 + known, length), then channels and games.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut writer = Writer(out);
        writer.byte(FORMAT | if self.bot { BOT } else { 0 });
        let hours: Vec<u8> = self.present.iter().zip(self.known).map(|(present, known)| present << 4 | known).collect();
        for run in hours.chunk_by(|a, b| a == b) {
            writer.byte(run[0]);
            writer.byte(run.len() as u8);
        }
        writer.number(self.channels.len() as u64);
        write_counts(&mut writer, self.channels.iter().map(|(channel, counts)| (channel.0, *counts)));
        write_counts(&mut writer, self.games.iter().map(|(game, counts)| (game.0, *counts)));
    }

    /// The inverse of [`ViewerHours::encode`] over the whole of `bytes`. Errors: anything that `encode` does not write.
    pub fn decode(bytes: &[u8]) -> Result<ViewerHours, CodecError> {
        let mut reader = Reader::new(bytes);
        let head = reader.byte()?;
        if head & 0x0f != FORMAT || head & !(0x0f | BOT) != 0 {
            return Err(CodecError::Format(head));
        }
        let mut hours = ViewerHours { bot: head & BOT != 0, ..ViewerHours::default() };
        let (mut hour, mut last) = (0, None);
        while hour < HOURS {
            let (both, len) = (reader.byte()?, usize::from(reader.byte()?));
            let (present, known) = (both >> 4, both & 0x0f);
            if present > known || known > SLOTS_PER_HOUR || len == 0 || len > HOURS - hour || last == Some(both) {
                return Err(CodecError::Range);
            }
            hours.present[hour..hour + len].fill(present);
            hours.known[hour..hour + len].fill(known);
            hour += len;
            last = Some(both);
        }
        let channels = reader.number_below(1 << 20)?;
        hours.channels =
            read_counts(&mut reader, Some(channels))?.into_iter().map(|(k, c)| (ChannelKey(k), c)).collect();
        hours.games = read_counts(&mut reader, None)?.into_iter().map(|(key, counts)| (GameKey(key), counts)).collect();
        Ok(hours)
    }
}

impl From<ViewerHours> for Vec<u8> {
    fn from(hours: ViewerHours) -> Vec<u8> {
        let mut bytes = Vec::new();
        hours.encode(&mut bytes);
        bytes
    }
}

impl TryFrom<Vec<u8>> for ViewerHours {
    type Error = CodecError;
    fn try_from(bytes: Vec<u8>) -> Result<ViewerHours, CodecError> {
        ViewerHours::decode(&bytes)
    }
}

/// Each as the step of its key, then `listed × 2` where it was all watched in the list, else `listed × 2 + 1` and the
/// other three.
fn write_counts(writer: &mut Writer<'_>, counts: impl Iterator<Item = (u32, SlotCounts)>) {
    let mut next_key = 0;
    for (key, SlotCounts { listed, spoke, watched, active }) in counts {
        writer.number(u64::from(key - next_key));
        next_key = key + 1;
        let plain = spoke == 0 && active == 0 && watched == listed;
        writer.number(u64::from(listed) << 1 | u64::from(!plain));
        if !plain {
            writer.number(u64::from(spoke));
            writer.number(u64::from(watched));
            writer.number(u64::from(active));
        }
    }
}

fn read_counts(reader: &mut Reader<'_>, count: Option<u64>) -> Result<Vec<(u32, SlotCounts)>, CodecError> {
    // A game may be broadcast by many channels that a bot is in at once.
    const MANY: u64 = u16::MAX as u64 + 1;
    let mut counts = Vec::new();
    let mut next_key = 0u32;
    while count.map_or(!reader.is_empty(), |count| (counts.len() as u64) < count) {
        let step = reader.number_below(u64::from(u32::MAX))? as u32;
        let key = next_key.checked_add(step).filter(|key| *key < u32::MAX).ok_or(CodecError::Range)?;
        next_key = key + 1;
        let head = reader.number_below(MANY * 2)?;
        let listed = (head >> 1) as u16;
        let found = if head & 1 == 0 {
            SlotCounts { listed, watched: listed, ..SlotCounts::default() }
        } else {
            let spoke = reader.number_below(MANY)? as u16;
            let watched = reader.number_below(MANY)? as u16;
            SlotCounts { listed, spoke, watched, active: reader.number_below(MANY)? as u16 }
        };
        let plain = found.spoke == 0 && found.active == 0 && found.watched == found.listed;
        if (head & 1 == 1) == plain || (found.listed == 0 && found.spoke == 0) {
            return Err(CodecError::Range);
        }
        counts.push((key, found));
    }
    Ok(counts)
}

#[cfg(test)]
mod tests;
