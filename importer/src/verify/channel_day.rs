//! What a sampled channel's day has to be.

use std::collections::HashMap;
use std::sync::Arc;

use archive::Archive;
use archive::path::Kind;
use futures::TryStreamExt;
use jiff::Timestamp;
use model::channel_day::{ChannelDay, ChannelSlot, LiveSlot, Segment};
use model::day::Day;
use model::run::Run;
use model::sample::StreamFacts;
use model::slot::Slot;
use model::slot_set::SlotSet;
use model::words::{ListStatus, SpeechStatus, StreamStatus};
use tokio::task::spawn_blocking;

use super::channels::Channels;
use super::error::VerifyError;
use super::rows::{Object, Row, objects};

/// From this many viewers on, an empty list is no answer (`docs/words.md`).
const WATCHED: u32 = 5;

/// What is read of a row of streams.
const COLUMNS: [&str; 12] = [
    "channel",
    "status",
    "stream_id",
    "title",
    "game_id",
    "game",
    "viewer_count",
    "started_at",
    "chatters_source",
    "list_status",
    "speech_status",
    "chatter_count",
];

/// What one row says.
#[derive(Clone, Debug)]
struct Seen {
    state: ChannelSlot,
    facts: StreamFacts,
}

/// What a login's rows say, by slot.
type Rows = HashMap<Slot, Seen>;

/// The days of the accounts at these places, beside their places.
pub(super) async fn expected_days(
    archive: &Archive,
    day: Day,
    sweeps: &[Slot],
    channels: &Arc<Channels>,
    sampled: &[u32],
) -> Result<Vec<(u32, ChannelDay)>, VerifyError> {
    let of_account = |place: &u32| channels.accounts[*place as usize].logins.iter();
    let mut rows: HashMap<u32, Rows> = sampled.iter().flat_map(of_account).map(|login| (*login, Rows::new())).collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut streams = std::pin::pin!(objects(archive, Kind::Streams, day, sweeps));
    while let Some(object) = streams.try_next().await? {
        let channels = Arc::clone(channels);
        rows = spawn_blocking(move || add(&object, &channels, &mut rows).map(|()| rows)).await??;
    }
    rows.values_mut().for_each(began_once);
    let swept: SlotSet = sweeps.iter().copied().collect();
    let day = |place: &u32| {
        let logins: Vec<&Rows> = of_account(place).filter_map(|login| rows.get(login)).collect();
        (*place, day_of(&logins, &swept))
    };
    Ok(sampled.iter().map(day).collect())
}

/// Adds what a sweep says of the logins that `rows` has.
fn add(object: &Object, channels: &Channels, rows: &mut HashMap<u32, Rows>) -> Result<(), VerifyError> {
    object.each(COLUMNS, |row| {
        let place = channels.place(row.bytes(0));
        if let Some(rows) = place.and_then(|place| rows.get_mut(&place))
            && !rows.contains_key(&object.slot)
        {
            rows.insert(object.slot, seen(row)?);
        }
        Ok(())
    })
}

fn seen(row: &Row<'_, 12>) -> Result<Seen, &'static str> {
    let viewers = row.parsed(6)?;
    let mut chatters: Option<u32> = row.parsed(11)?;
    let mut list = row.parsed(9)?.unwrap_or(ListStatus::Missing);
    if chatters == Some(0) && viewers.is_some_and(|viewers: u32| viewers >= WATCHED) {
        list = ListStatus::Missing;
    }
    if list == ListStatus::Missing {
        chatters = None;
    }
    let speech = row.parsed(10)?.unwrap_or(SpeechStatus::Missing);
    let status: Option<StreamStatus> = row.parsed(1)?;
    let state = match status.ok_or("a row has no status")? {
        StreamStatus::Unknown => ChannelSlot::Unknown,
        StreamStatus::OffAir => ChannelSlot::OffAir,
        StreamStatus::Live => ChannelSlot::Live(LiveSlot { viewers, chatters, list, speech, source: row.parsed(8)? }),
    };
    let text = |column| row.text(column).map(str::to_owned);
    let facts = StreamFacts {
        stream_id: text(2)?,
        title: text(3)?,
        game_id: text(4)?,
        game: text(5)?,
        started_at: row.parsed::<Timestamp>(7)?.map(|time| time.as_millisecond().div_euclid(1_000)),
        ..StreamFacts::default()
    };
    Ok(Seen { state, facts })
}

/// Gives all slots of a stretch the beginning that its first slot told.
fn began_once(rows: &mut Rows) {
    let mut before: Option<StreamFacts> = None;
    for slot in Slot::all() {
        let live = rows.get_mut(&slot).filter(|seen| matches!(seen.state, ChannelSlot::Live(_)));
        before = live.map(|seen| {
            if let Some(before) = before.take().filter(|before| one_broadcast(before, &seen.facts)) {
                seen.facts.started_at = before.started_at;
            }
            seen.facts.clone()
        });
    }
}

fn one_broadcast(a: &StreamFacts, b: &StreamFacts) -> bool {
    a.stream_id == b.stream_id && a.title == b.title && a.game_id == b.game_id && a.game == b.game
}

/// The day of a channel from the rows of its logins, in order of first sight: in each slot the first of them holds that
/// says whether the channel was on air.
fn day_of(logins: &[&Rows], swept: &SlotSet) -> ChannelDay {
    let mut day = ChannelDay::default();
    let mut stretch: Option<(Slot, &StreamFacts)> = None;
    let mut segments = Vec::new();
    let end = |stretch: Option<(Slot, &StreamFacts)>, until: u16, segments: &mut Vec<Segment>| {
        let ended = stretch.and_then(|(from, facts)| Some(Segment::new(Run::new(from.index(), until)?, facts)));
        segments.extend(ended);
    };
    for slot in Slot::all() {
        let told: Vec<&Seen> = logins.iter().filter_map(|rows| rows.get(&slot)).collect();
        let taken = told.iter().find(|seen| seen.state != ChannelSlot::Unknown);
        let state = match taken {
            Some(seen) => seen.state,
            None if told.is_empty() && swept.contains(slot) => ChannelSlot::NotFollowed,
            None => ChannelSlot::Unknown,
        };
        day.set(slot, state);
        let facts = taken.filter(|seen| matches!(seen.state, ChannelSlot::Live(_))).map(|seen| &seen.facts);
        if !stretch.zip(facts).is_some_and(|((_, open), facts)| one_broadcast(open, facts)) {
            end(stretch.take(), slot.index(), &mut segments);
            stretch = facts.map(|facts| (slot, facts));
        }
    }
    end(stretch, model::slot::SLOTS_PER_DAY, &mut segments);
    day.segments = segments;
    day
}
