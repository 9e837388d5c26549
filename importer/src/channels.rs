//! The channels of a day: who they are, and what was observed of each in every slot.

use std::collections::{HashMap, HashSet};

use model::channel_day::{ChannelDay, ChannelSlot, LiveSlot, Segment};
use model::identity::{ChannelKey, TwitchId};
use model::login::Login;
use model::run::Run;
use model::sample::{StreamFacts, StreamSample, trusted_list};
use model::slot::Slot;
use model::slot_set::SlotSet;
use model::words::{ListStatus, StreamStatus};
use store::channel::ChannelIdentity;
use store::suppression::Suppression;

/// Turns a list that says "nobody" of a watched channel into a missing one ([`trusted_list`]).
pub fn distrust_empty(row: &mut StreamSample) {
    let viewers = row.stream.as_ref().and_then(|facts| facts.viewer_count);
    row.list_status = trusted_list(row.list_status, row.chatter_count, viewers);
    if row.list_status == ListStatus::Missing {
        row.chatter_count = None;
    }
}

/// All channels seen in a day, in order of first sight.
#[derive(Debug, Default)]
pub(crate) struct Channels {
    places: HashMap<Login, u32, foldhash::fast::RandomState>,
    channels: Vec<ChannelBuilder>,
}

#[derive(Debug)]
struct ChannelBuilder {
    login: Login,
    id: Option<TwitchId>,
    display_name: Option<String>,
    day: ChannelDay,
    /// The sweeps that have a row of it.
    rows: SlotSet,
    last: Slot,
    /// The stretch of one broadcast that reaches to `last`: since when, and what.
    open: Option<(Slot, StreamFacts)>,
}

impl Channels {
    /// Adds what a sweep saw of a channel; sweeps come in order of slots.
    pub(crate) fn add(&mut self, slot: Slot, row: StreamSample) {
        let place = *self.places.entry(row.channel.clone()).or_insert_with(|| {
            self.channels.push(ChannelBuilder::new(row.channel.clone(), slot));
            self.channels.len() as u32 - 1
        });
        self.channels[place as usize].add(slot, row);
    }

    /// Ends the day. Slots without a sweep are unknown for every channel of the day.
    pub(crate) fn finish(mut self, swept: &SlotSet) -> ChannelDays {
        for channel in &mut self.channels {
            channel.end_segment();
            for slot in Slot::all().filter(|slot| !swept.contains(*slot)) {
                channel.day.set(slot, ChannelSlot::Unknown);
            }
        }
        // An account under two logins is one channel: it is named by the one it had last.
        let mut named: HashMap<TwitchId, usize> = HashMap::new();
        for (place, channel) in self.channels.iter().enumerate() {
            let Some(id) = channel.id else { continue };
            let last = named.entry(id).or_insert(place);
            if self.channels[*last].last <= channel.last {
                *last = place;
            }
        }
        let places = self.places;
        let mut days =
            ChannelDays { places, identities: Vec::new(), identity: Vec::new(), rows: Vec::new(), days: Vec::new() };
        let names: Vec<usize> = (self.channels.iter().enumerate())
            .map(|(place, channel)| channel.id.and_then(|id| named.get(&id)).copied().unwrap_or(place))
            .collect();
        let mut others: HashMap<usize, Vec<Login>> = HashMap::new();
        for (place, channel) in self.channels.iter().enumerate().filter(|(place, _)| names[*place] != *place) {
            others.entry(names[place]).or_default().push(channel.login.clone());
        }
        let mut identity_of = vec![0; names.len()];
        for (place, channel) in self.channels.into_iter().enumerate() {
            let ChannelBuilder { login, id, display_name, day, rows, .. } = channel;
            days.rows.push(rows);
            if names[place] == place {
                identity_of[place] = days.identities.len();
                let others = others.remove(&place).unwrap_or_default();
                days.identities.push(ChannelIdentity { login, id, display_name, others });
            }
            days.days.push(day);
        }
        days.identity = names.into_iter().map(|name| Some(identity_of[name])).collect();
        days
    }
}

impl ChannelBuilder {
    fn new(login: Login, first: Slot) -> ChannelBuilder {
        let day = ChannelDay::default();
        ChannelBuilder { login, id: None, display_name: None, day, rows: SlotSet::EMPTY, last: first, open: None }
    }

    fn add(&mut self, slot: Slot, row: StreamSample) {
        self.id = self.id.or(row.channel_id);
        self.display_name = row.display_name.or(self.display_name.take());
        let state = match row.status {
            StreamStatus::Unknown => ChannelSlot::Unknown,
            StreamStatus::OffAir => ChannelSlot::OffAir,
            StreamStatus::Live => ChannelSlot::Live(LiveSlot {
                viewers: row.stream.as_ref().and_then(|facts| facts.viewer_count),
                chatters: row.chatter_count,
                list: row.list_status,
                speech: row.speech_status,
                source: row.chatters_source,
            }),
        };
        self.day.set(slot, state);
        self.rows.insert(slot);
        let facts = (row.status == StreamStatus::Live).then(|| row.stream.unwrap_or_default());
        let goes_on = match (&self.open, &facts) {
            (Some((_, open)), Some(facts)) => slot.index() == self.last.index() + 1 && same_broadcast(open, facts),
            _ => false,
        };
        if !goes_on {
            self.end_segment();
            self.open = facts.map(|facts| (slot, facts));
        }
        self.last = slot;
    }

    fn end_segment(&mut self) {
        if let Some((from, facts)) = self.open.take() {
            let run = Run::new(from.index(), self.last.index() + 1);
            self.day.segments.extend(run.map(|run| Segment::new(run, &facts)));
        }
    }
}

fn same_broadcast(a: &StreamFacts, b: &StreamFacts) -> bool {
    (&a.stream_id, &a.title, &a.game_id, &a.game) == (&b.stream_id, &b.title, &b.game_id, &b.game)
}

/// A day's channels before they have keys.
#[derive(Debug)]
pub(crate) struct ChannelDays {
    places: HashMap<Login, u32, foldhash::fast::RandomState>,
    /// Each account once, in order of first sight: by slot, then login.
    pub(crate) identities: Vec<ChannelIdentity>,
    /// By place, whose it is; nothing of an account that opted out.
    identity: Vec<Option<usize>>,
    /// By place, the sweeps that have a row of it.
    rows: Vec<SlotSet>,
    /// By place.
    days: Vec<ChannelDay>,
}

impl ChannelDays {
    /// The place of a login, and the sweeps that have a row of it.
    pub(crate) fn place(&self, login: &Login) -> Option<(u32, &SlotSet)> {
        self.places.get(login).map(|place| (*place, &self.rows[*place as usize]))
    }

    /// Leaves out the accounts that opted out, by any login of the day; how many they are.
    pub(crate) fn suppress(&mut self, suppression: &Suppression) -> u64 {
        let before = self.identities.len();
        let mut opted_out: HashSet<usize> = HashSet::new();
        for (login, place) in &self.places {
            let Some(identity) = self.identity[*place as usize] else { continue };
            if suppression.holds(login.as_str(), self.identities[identity].id) {
                opted_out.insert(identity);
            }
        }
        let mut kept = Vec::with_capacity(before);
        let mut place = vec![None; before];
        for (identity, account) in std::mem::take(&mut self.identities).into_iter().enumerate() {
            if !opted_out.contains(&identity) {
                place[identity] = Some(kept.len());
                kept.push(account);
            }
        }
        self.identities = kept;
        self.identity = self.identity.iter().map(|identity| identity.and_then(|identity| place[identity])).collect();
        (before - self.identities.len()) as u64
    }

    /// The keys by place, from those of the identities; nothing for an account that opted out.
    pub(crate) fn keys_by_place(&self, keys: &[ChannelKey]) -> Vec<Option<ChannelKey>> {
        self.identity.iter().map(|identity| identity.map(|identity| keys[identity])).collect()
    }

    /// The days by key. A channel that changed its login that day has two, which become one.
    pub(crate) fn with_keys(self, keys_by_place: &[Option<ChannelKey>]) -> Vec<(ChannelKey, ChannelDay)> {
        let days = keys_by_place.iter().zip(self.days);
        let mut keyed: Vec<(ChannelKey, ChannelDay)> = days.filter_map(|(key, day)| Some(((*key)?, day))).collect();
        keyed.sort_by_key(|(key, _)| *key);
        keyed.dedup_by(|(key, later), (first, day)| {
            let same = key == first;
            if same {
                absorb(day, later);
            }
            same
        });
        keyed
    }
}

/// Adds what another login of the same channel showed, where the first shows nothing.
fn absorb(day: &mut ChannelDay, other: &ChannelDay) {
    let silent = |state| matches!(state, ChannelSlot::NotFollowed | ChannelSlot::Unknown);
    let mut taken = SlotSet::EMPTY;
    for slot in Slot::all() {
        if silent(day.slot(slot)) && !matches!(other.slot(slot), ChannelSlot::NotFollowed) {
            day.set(slot, other.slot(slot));
            taken.insert(slot);
        }
    }
    for segment in &other.segments {
        let run = SlotSet::from_runs([segment.run]).intersection(&taken);
        day.segments.extend(run.runs().into_iter().map(|run| Segment { run, ..segment.clone() }));
    }
    day.segments.sort_by_key(|segment| segment.run);
    day.segments.dedup_by(|later, first| {
        let same = first.run.to() == later.run.from()
            && (&first.stream_id, &first.title, &first.game_id, &first.game)
                == (&later.stream_id, &later.title, &later.game_id, &later.game);
        if let (true, Some(run)) = (same, Run::new(first.run.from(), later.run.to())) {
            first.run = run;
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::slot::SlotTime;
    use model::words::SpeechStatus;

    #[test]
    fn an_empty_list_is_no_answer_whatever_its_source_calls_it() {
        let row = |list_status, chatter_count, viewer_count| StreamSample {
            sampled_at: SlotTime::at("2026-11-22".parse().unwrap(), 0),
            channel_id: None,
            channel: "_a".parse().unwrap(),
            display_name: None,
            status: StreamStatus::Live,
            stream: Some(StreamFacts { viewer_count, ..StreamFacts::default() }),
            tracked: false,
            chatters_source: None,
            list_status,
            speech_status: SpeechStatus::Missing,
            chatter_count,
        };
        for (list, chatters, viewers, wanted) in [
            (ListStatus::Complete, Some(0), Some(5), (ListStatus::Missing, None)),
            (ListStatus::Partial, Some(0), Some(5), (ListStatus::Missing, None)),
            (ListStatus::Partial, Some(0), Some(4), (ListStatus::Partial, Some(0))),
            (ListStatus::Complete, Some(0), None, (ListStatus::Complete, Some(0))),
            (ListStatus::Complete, None, Some(5), (ListStatus::Complete, None)),
            (ListStatus::Missing, Some(3), Some(5), (ListStatus::Missing, None)),
        ] {
            let mut row = row(list, chatters, viewers);
            distrust_empty(&mut row);
            assert_eq!((row.list_status, row.chatter_count), wanted, "{list} {chatters:?} {viewers:?}");
        }
    }
}
