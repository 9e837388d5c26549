//! Small days to import, and a person's days as plain values.

use std::collections::{BTreeMap, BTreeSet};

use model::channel_day::{ChannelDay, ChannelSlot, LiveSlot};
use model::day::Day;
use model::identity::{ChannelKey, TwitchId};
use model::login::Login;
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::slot::{Slot, SlotTime};
use model::slot_set::SlotSet;
use model::sweep::SweepSummary;
use model::words::{ListStatus, SpeechStatus};
use store::access::{Job, JobKey, ViewerKey, ViewerPages};
use store::channel::ChannelIdentity;
use store::day::{DayImport, DayStats, ImportOutcome, SkippedSweep};
use store::rows::{RowBatch, ViewerRows};
use store::{AnyStore, Store, access};

/// The day `n` days after 2026-11-20; 11 is in December.
pub(crate) fn day(n: i32) -> Day {
    "2026-11-20".parse::<Day>().unwrap().plus(n)
}

pub(crate) fn login(text: &str) -> Login {
    text.parse().unwrap()
}

pub(crate) fn job() -> JobKey {
    JobKey::grant(Job::Import)
}

/// Somebody's day: where and when, as (channel, from, to).
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) login: &'static str,
    pub(crate) id: Option<u64>,
    pub(crate) stays: Vec<(&'static str, u16, u16)>,
}

/// Somebody known by login alone.
pub(crate) fn by_login(login: &'static str, stays: &[(&'static str, u16, u16)]) -> Person {
    Person { login, id: None, stays: stays.to_vec() }
}

/// Somebody whose id the source gave.
pub(crate) fn by_id(login: &'static str, id: u64, stays: &[(&'static str, u16, u16)]) -> Person {
    Person { id: Some(id), ..by_login(login, stays) }
}

/// A day of these people, ready to import; every channel live with `viewers` in its first slot.
pub(crate) async fn prepared(store: &AnyStore, day: Day, people: &[Person], viewers: u32) -> DayImport {
    let names: BTreeSet<&str> = people.iter().flat_map(|person| &person.stays).map(|stay| stay.0).collect();
    let identities: Vec<ChannelIdentity> = names.iter().map(|name| ChannelIdentity::of_login(login(name))).collect();
    let withdrawals = store.suppressed().await.unwrap().withdrawals;
    let keys = store.channel_keys(&job(), day, &identities, withdrawals).await.unwrap();
    let keys: BTreeMap<&str, ChannelKey> = names.into_iter().zip(keys).collect();
    let mut rows: Vec<&Person> = people.iter().collect();
    rows.sort_by_key(|person| person.login);
    let mut encoded = RowBatch::default();
    for person in rows {
        let mut bytes = Vec::new();
        presence(person, &keys).encode(&mut bytes);
        encoded.push(person.login.as_bytes(), person.id.and_then(TwitchId::new), &bytes).unwrap();
    }
    let stats =
        DayStats { viewers: people.len() as u64, bots: 1, observations: 1_000, kept: 1_000, ..DayStats::default() };
    let channels = keys.values().map(|key| (*key, channel_day(viewers))).collect();
    DayImport {
        sweeps: vec![sweep(day, 0, viewers), sweep(day, 1, viewers)],
        skipped: vec![SkippedSweep { slot: Slot::new(2).unwrap(), reason: "damaged".into() }],
        stats,
        imported_at: 1_795_000_000,
        import_ms: 12,
        withdrawals,
        ..DayImport::of(day, channels, ViewerRows::of(&encoded).unwrap())
    }
}

/// Imports a day of these people.
pub(crate) async fn import(store: &AnyStore, day: Day, people: &[Person]) -> ImportOutcome {
    let prepared = prepared(store, day, people, 1).await;
    store.import_day(&job(), prepared).await.unwrap()
}

fn presence(person: &Person, keys: &BTreeMap<&str, ChannelKey>) -> ViewerDay {
    let mut channels: BTreeMap<ChannelKey, Vec<Run>> = BTreeMap::new();
    for (channel, from, to) in &person.stays {
        channels.entry(keys[channel]).or_default().push(Run::new(*from, *to).unwrap());
    }
    let presence = |(channel, runs)| {
        let listed = SlotSet::from_runs(runs).runs();
        // Whoever came first spoke at once.
        let spoke = listed[..1].iter().filter_map(|run: &Run| Run::new(run.from(), run.from() + 1)).collect();
        ChannelPresence { channel, listed, spoke }
    };
    ViewerDay { bot: person.login.ends_with("bot"), channels: channels.into_iter().map(presence).collect() }
}

/// Live in the first slot, off air after.
pub(crate) fn channel_day(viewers: u32) -> ChannelDay {
    let mut day = ChannelDay::default();
    for slot in Slot::all() {
        day.set(slot, ChannelSlot::OffAir);
    }
    let (list, speech) = (ListStatus::Complete, SpeechStatus::Missing);
    let live = LiveSlot { viewers: Some(viewers), chatters: Some(viewers), list, speech, source: None };
    day.set(Slot::new(0).unwrap(), ChannelSlot::Live(live));
    day
}

pub(crate) fn sweep(day: Day, slot: u16, viewers: u32) -> SweepSummary {
    SweepSummary {
        at: SlotTime::at(day, slot),
        live: 3,
        viewers: u64::from(viewers),
        chatters: 7,
        complete: 1,
        partial: 1,
        missing: 1,
        unknown: 2,
        sweep_ms: 900,
    }
}

/// The key of whoever holds a login, on a store where everybody may see everybody.
pub(crate) async fn key(store: &AnyStore, name: &str) -> Option<ViewerKey> {
    access::viewer(store, &login(name), ViewerPages::Public, None).await.unwrap()
}

/// Where somebody was, day by day, as (channel, from, to).
pub(crate) async fn stays(store: &AnyStore, name: &str) -> Vec<(Day, Vec<(String, u16, u16)>)> {
    let Some(key) = key(store, name).await else { return Vec::new() };
    let mut all = Vec::new();
    for (day, presence) in store.viewer_days(&key, day(-400), day(400)).await.unwrap() {
        let mut stays = Vec::new();
        for channel in presence.channels {
            let name = store.channels(&[channel.channel]).await.unwrap().remove(0).login.to_string();
            stays.extend(channel.listed.iter().map(|run| (name.clone(), run.from(), run.to())));
        }
        stays.sort_unstable();
        all.push((day, stays));
    }
    all
}

/// The days on which somebody was anywhere.
pub(crate) async fn days(store: &AnyStore, name: &str) -> Vec<Day> {
    stays(store, name).await.into_iter().map(|(day, _)| day).collect()
}

/// The days of which a page about somebody tells anything, however fine they are kept.
pub(crate) async fn known_days(store: &AnyStore, who: &ViewerKey) -> Vec<Day> {
    let mut known: Vec<Day> =
        store.viewer_days(who, day(-2_000), day(2_000)).await.unwrap().into_iter().map(|(day, _)| day).collect();
    known.extend(store.viewer_hours(who, day(-2_000), day(2_000)).await.unwrap().into_iter().map(|(day, _)| day));
    known.sort_unstable();
    known
}
