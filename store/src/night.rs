//! What the nightly pass keeps, on its way into the store and out of it.

use std::collections::HashSet;

use model::day::Day;
use model::identity::ChannelKey;
use model::statistics::distinct::{Count, Distinct};
use model::statistics::night::{Audience, ChannelNight, Night, NightLists};

use crate::error::{Damage, Result, StoreError};

/// A night's figures, to be put in the place of what is held of that day.
#[derive(Clone, Debug)]
pub struct NightWrite {
    /// The day.
    pub day: Day,
    /// The days that were read for it, with their generations, the day itself among them: another one by now, and nothing is kept.
    pub read: Vec<(Day, u32)>,
    /// [`crate::suppression::SuppressedRows::withdrawals`] before anything was read: whoever opted out or was erased since is in the
    /// figures, and they are not kept.
    pub withdrawals: u64,
    /// When it was made, Unix time in seconds.
    pub made_at: i64,
    /// How long that took, in milliseconds.
    pub made_ms: u32,
    /// Its figures.
    pub night: Night,
    /// Channels side by side.
    pub lists: NightLists,
    /// Everybody of the day, bots left out.
    pub people: Distinct,
    /// Each channel's, each once, in any order.
    pub channels: Vec<ChannelNightWrite>,
}

/// A channel's part of a night.
#[derive(Clone, Debug)]
pub struct ChannelNightWrite {
    /// The channel.
    pub channel: ChannelKey,
    /// Its figures.
    pub night: ChannelNight,
    /// Its people of the day, bots left out; nothing where they were under ten.
    pub people: Option<Distinct>,
}

/// A night as it is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NightRecord {
    /// The day.
    pub day: Day,
    /// The generation of the day that it was made of: of another one held, it is to be made again.
    pub generation: u32,
    /// When it was made, Unix time in seconds.
    pub made_at: i64,
    /// How long that took, in milliseconds; of several made at once, that of all of them.
    pub made_ms: u32,
    /// Its figures.
    pub night: Night,
}

/// A channel's night as it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelNightRow {
    /// The channel.
    pub channel: ChannelKey,
    /// The day.
    pub day: Day,
    /// What the nightly pass made of it.
    pub night: ChannelNight,
}

/// Different people over some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DifferentPeople {
    /// How many; nothing under ten.
    pub count: Option<Count>,
    /// Days of which they are known; of a channel, days on which it had ten people or more.
    pub days: u32,
}

/// Merges sketches of days.
pub(crate) fn merged(sketches: impl IntoIterator<Item = Distinct>) -> DifferentPeople {
    let (mut all, mut days) = (Distinct::default(), 0);
    for sketch in sketches {
        all.merge(&sketch);
        days += 1;
    }
    let count = Some(all.count()).filter(|count| count.people >= model::aggregate::FEW);
    DifferentPeople { count, days }
}

/// The bytes of a sketch.
pub(crate) fn encoded(people: &Distinct) -> Vec<u8> {
    let mut bytes = Vec::new();
    people.encode(&mut bytes);
    bytes
}

/// The bytes of a channel's night.
pub(crate) fn encoded_night(night: &ChannelNight) -> Vec<u8> {
    let mut bytes = Vec::new();
    night.encode(&mut bytes);
    bytes
}

/// The text of a night's lists. Errors: a number that JSON does not have, which they never hold.
pub(crate) fn lists_to_text(lists: &NightLists, place: &str) -> Result<String> {
    serde_json::to_string(lists).map_err(|_| damaged(place))
}

/// The lists of a text, without the channels that opted out. Errors: it is not one of ours.
pub(crate) fn lists_of_text(text: &str, hidden: &HashSet<ChannelKey>, place: &str) -> Result<NightLists> {
    let mut lists: NightLists = serde_json::from_str(text).map_err(|_| damaged(place))?;
    lists.leave_out(|channel| hidden.contains(&channel));
    Ok(lists)
}

fn damaged(place: &str) -> StoreError {
    StoreError::Damaged { place: place.to_owned(), source: Damage::Value("lists") }
}

/// The rows as pages show them: of channels that did not opt out, and without those beside them that did.
pub(crate) fn shown(mut rows: Vec<ChannelNightRow>, hidden: &HashSet<ChannelKey>) -> Vec<ChannelNightRow> {
    if !hidden.is_empty() {
        rows.retain(|row| !hidden.contains(&row.channel));
        for row in &mut rows {
            row.night.neighbours.retain(|other| !hidden.contains(&other.channel));
        }
    }
    rows
}

/// An audience of its columns.
pub(crate) fn audience(people: Option<u32>, newcomers: Option<u32>, returners: Option<u32>) -> Audience {
    Audience { people, new_and_returning: newcomers.zip(returners) }
}
