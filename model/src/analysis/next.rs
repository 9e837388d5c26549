//! What somebody will watch next, and when: a forecast, and how such forecasts did so far beside two that anybody could make.
//!
//! The method mixes simple habits: the hour of the week and of the day, favourites, what follows what, and what is live. How far each
//! is believed is learned of the hours before. `docs/analysis.md` has the formulae.

use std::cell::Cell;

use serde::{Deserialize, Serialize};

use super::bootstrap::Drawings;
use super::habits::{Belief, CHANNEL, Habits, Moment, ONLINE, WEEK_HOURS, mixed};
use super::history::{History, is_online};
use super::record::HourState;
use super::trial::{Told, ToldChannels, Trial, trial};
use super::{Found, Method, Refused};
use crate::identity::ChannelKey;
use crate::words::Tier;

/// Known days that the result needs.
pub const DAYS_NEEDED: u32 = 28;
/// Known hours by which a day counts as known: half of them.
const DAY_KNOWN: usize = 12;
/// Channels and hours that are told.
pub const TOP: usize = 3;
/// Hours ahead that are looked at: a week.
pub const AHEAD: usize = WEEK_HOURS;
/// Days of the trial: the last ones.
pub const TRIAL_DAYS: usize = 28;
/// Days before the trial of which habits are learned: twenty weeks, of which habits of the first would hardly be left.
const LEARN_DAYS: usize = 140;
/// Days before the trial of which it is learned how far each habit is believed.
const BELIEVE_DAYS: usize = 56;
/// Weeks, the last of which are known, in which it is looked up whether a channel is usually live at an hour.
const USUAL_WEEKS: usize = 4;

const METHOD: Method = Method::new("next", 6, Tier::Slots);

/// When somebody will be online next, and where.
///
/// Chances are weights and say themselves how sure they are, so that they have no intervals: days drawn anew have no order, and habits are made of
/// that. What such chances were worth is in [`Next::trial`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Next {
    /// The chance that the hour so far ahead is the first in which they are online, from the next hour that is not over on, for a week; what
    /// is missing to 1 is later.
    pub first_online: Vec<f64>,
    /// The likeliest of these hours, up to three, the likeliest first: 0 is the next hour.
    pub hours: Vec<u32>,
    /// What they will watch in the likeliest, if they are online in it: up to three channels, the likeliest first, and their chances.
    pub channels: Vec<(ChannelKey, f64)>,
    /// The chance that it is a channel in which they have never been seen.
    pub new_channel: f64,
    /// How such forecasts did in the last 28 days.
    pub trial: Trial,
}

/// Forecasts the hours after a history.
///
/// `live` says whether a channel is live at the beginning of an hour of the history, or of the one after its last, which is as
/// much as is known then; nothing where that is unknown. It is never asked of an hour later than the one that is forecast.
///
/// Refused: fewer than [`DAYS_NEEDED`] days with half of their hours known, of the last 168; always online in them, or never.
pub fn next(
    history: &History<'_>,
    live: impl Fn(usize, ChannelKey) -> Option<bool>,
    drawings: Drawings,
) -> Result<Found<Next>, Refused> {
    let is_known = |day: &&[HourState]| day.iter().filter(|hour| hour.is_some()).count() >= DAY_KNOWN;
    let learned = &history.states[history.states.len().saturating_sub((LEARN_DAYS + TRIAL_DAYS) * 24)..];
    let days = learned.chunks(24).filter(is_known).count() as u32;
    if days < DAYS_NEEDED {
        return Err(Refused::FewDays { have: days, need: DAYS_NEEDED });
    }
    let is_ever = |wanted: bool| learned.iter().any(|hour| is_online(*hour) == Some(wanted));
    if !is_ever(true) || !is_ever(false) {
        return Err(Refused::Constant);
    }
    let seen = Seen::in_(history.states);
    let states = seen.numbered(history.states);
    let history = History { states: &states, ..*history };
    let live = |hour: usize, number: ChannelKey| live(hour, seen.key(number));
    let (walk, told) = Walk::over(&history, seen.channels.len(), &live);
    let trial = trial(&history, &told, drawings);
    let first_online = walk.first_online(&live);
    let mut hours: Vec<u32> = (0..AHEAD as u32).collect();
    hours.sort_by(|a, b| first_online[*b as usize].total_cmp(&first_online[*a as usize]));
    hours.truncate(TOP);
    let at = walk.next() + hours.first().map_or(0, |hour| *hour as usize);
    let said = walk.at(at, &live, |moment| walk.habits.channels(moment));
    let new_channel = seen.never_before();
    let channels = mixed(&walk.channels, &said, seen.channels.len());
    let channels =
        channels.into_iter().take(TOP).map(|(key, share)| (seen.key(key), share * (1.0 - new_channel))).collect();
    Ok(Found { value: Next { first_online, hours, channels, new_channel, trial }, days, method: METHOD })
}

/// The channels of a history. What they are called by while it is walked through is their places here, so that what is known of them is in
/// tables and not searched for.
struct Seen {
    /// In order of their keys.
    channels: Vec<ChannelKey>,
    hours_online: usize,
}

impl Seen {
    fn in_(states: &[HourState]) -> Seen {
        let mut channels: Vec<ChannelKey> = states.iter().filter_map(|state| (*state)?).collect();
        let hours_online = channels.len();
        channels.sort_unstable();
        channels.dedup();
        Seen { channels, hours_online }
    }

    fn numbered(&self, states: &[HourState]) -> Vec<HourState> {
        let number = |key| ChannelKey(self.channels.partition_point(|other| *other < key) as u32);
        states.iter().map(|state| state.map(|channel| channel.map(number))).collect()
    }

    fn key(&self, number: ChannelKey) -> ChannelKey {
        self.channels[number.0 as usize]
    }

    /// The chance that a channel never seen before is watched in an hour online: how often that was so.
    fn never_before(&self) -> f64 {
        (self.channels.len() as f64 + 0.5) / (self.hours_online as f64 + 1.0)
    }
}

/// A walk through a history, which knows what lies behind it and nothing else.
struct Walk<'a> {
    history: &'a History<'a>,
    /// Hours behind it.
    learned: usize,
    habits: Habits,
    online: Belief<ONLINE>,
    channels: Belief<CHANNEL>,
    /// By channel, the hour for which it was asked last whether it is live, and the answer.
    asked: Vec<Cell<(usize, Option<f64>)>>,
}

impl<'a> Walk<'a> {
    /// At the beginning of what is learned of a history, whose channels are numbers below `channels`.
    fn new(history: &'a History<'a>, channels: usize) -> Walk<'a> {
        Walk {
            history,
            learned: history.states.len().saturating_sub((LEARN_DAYS + TRIAL_DAYS) * 24),
            habits: Habits::new(),
            online: Belief::even(),
            channels: Belief::even(),
            asked: vec![Cell::new((usize::MAX, None)); channels],
        }
    }

    /// Through all of it, with what was foretold of the hours of the trial.
    fn over(
        history: &'a History<'a>,
        channels: usize,
        live: &impl Fn(usize, ChannelKey) -> Option<bool>,
    ) -> (Walk<'a>, Vec<Told>) {
        let mut walk = Walk::new(history, channels);
        let mut told = Vec::new();
        while walk.learned < history.states.len() {
            told.extend(walk.step(live));
        }
        (walk, told)
    }

    /// Foretells an hour if it is one of the trial, and learns it.
    fn step(&mut self, live: &impl Fn(usize, ChannelKey) -> Option<bool>) -> Option<Told> {
        let (hour, end) = (self.learned, self.history.states.len());
        let state = self.history.states[hour];
        // A week at least goes before.
        let is_tried = hour >= end.saturating_sub(TRIAL_DAYS * 24).max(WEEK_HOURS);
        let is_believed = hour + (BELIEVE_DAYS + TRIAL_DAYS) * 24 >= end;
        // Habits have the same channels: each is looked up once.
        let known = |key: ChannelKey| {
            let asked = &self.asked[key.0 as usize];
            if asked.get().0 != hour {
                asked.set((hour, live(hour, key).map(|live| f64::from(u8::from(live)))));
            }
            asked.get().1
        };
        let moment = Moment { of_week: self.history.of_week(hour), was_online: self.was_online(hour), live: &known };
        let is_favourite_live = self.habits.is_favourite_live(&moment);
        let mut told = None;
        if let Some(online) = is_online(state).filter(|_| is_believed) {
            let said = self.habits.online(&moment, is_favourite_live);
            told = is_tried.then(|| Told {
                hour,
                online: self.online.mix(&said),
                is_favourite_live,
                // What was told of channels is asked of hours online alone.
                channels: online.then(|| self.channels_told(&moment)),
            });
            self.online.learn(&said.map(|chance| if online { chance } else { 1.0 - chance }));
            if let Some(Some(channel)) = state {
                self.channels.learn(&self.habits.given(&moment, channel));
            }
        }
        self.habits.learn(&moment, is_favourite_live, state);
        self.learned += 1;
        told
    }

    /// What is told of the channel of an hour.
    fn channels_told(&self, moment: &Moment<'_>) -> ToldChannels {
        let favourites: Vec<ChannelKey> = self.habits.favourites().ranked().collect();
        let (mut live, rest): (Vec<_>, Vec<_>) =
            favourites.iter().partition(|key| (moment.live)(**key).is_some_and(|live| live > 0.0));
        live.extend(rest);
        let said = self.habits.channels(moment);
        let method = mixed(&self.channels, &said, self.asked.len()).into_iter().map(|(key, _)| key).collect();
        ToldChannels { method, favourites, favourites_live: live }
    }

    /// The next hour that is not over.
    fn next(&self) -> usize {
        self.learned + self.history.over
    }

    fn was_online(&self, hour: usize) -> Option<bool> {
        hour.checked_sub(1).and_then(|before| self.history.states.get(before)).and_then(|state| is_online(*state))
    }

    /// Looks at an hour that is not over: at what is live where it has begun and that is known, else at how often channels were live at
    /// that hour of the last weeks.
    fn at<T>(
        &self,
        hour: usize,
        live: &impl Fn(usize, ChannelKey) -> Option<bool>,
        look: impl FnOnce(&Moment<'_>) -> T,
    ) -> T {
        let weeks_ago = |weeks| self.history.hour_weeks_ago(hour, weeks);
        let weeks: Vec<usize> =
            (1..).map_while(weeks_ago).filter(|hour| *hour < self.learned).take(USUAL_WEEKS).collect();
        let usually = |key: ChannelKey| {
            // As far as it has begun, if that is known.
            if let Some(is_live) = (hour <= self.learned).then(|| live(hour, key)).flatten() {
                return Some(f64::from(u8::from(is_live)));
            }
            let known = weeks.iter().filter_map(|hour| live(*hour, key));
            let (sum, count) = known.fold((0u32, 0u32), |(sum, count), live| (sum + u32::from(live), count + 1));
            (count > 0).then(|| f64::from(sum) / f64::from(count))
        };
        // Somebody whose first hour online is a later one is offline in the hour before it; of one that is over nothing is known.
        let was_online = if hour == self.next() { self.was_online(hour) } else { Some(false) };
        look(&Moment { of_week: self.history.of_week(hour), was_online, live: &usually })
    }

    /// By hours ahead, the chance that it is the first one online.
    fn first_online(&self, live: &impl Fn(usize, ChannelKey) -> Option<bool>) -> Vec<f64> {
        let mut not_yet = 1.0;
        let mut chance = |ahead: usize| {
            let said = self.at(self.next() + ahead, live, |moment| {
                self.habits.online(moment, self.habits.is_favourite_live(moment))
            });
            let online = self.online.mix(&said).clamp(0.0, 1.0);
            let here = not_yet * online;
            not_yet *= 1.0 - online;
            here
        };
        (0..AHEAD).map(&mut chance).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use proptest::prelude::*;

    use super::*;
    use crate::day::Day;
    use crate::zone::tests::paris;

    fn state() -> impl Strategy<Value = HourState> {
        prop_oneof![
            1 => Just(None),
            5 => Just(Some(None)),
            4 => (0u32..6).prop_map(|key| Some(Some(ChannelKey(key)))),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn nothing_of_later_hours_is_in_a_forecast(
            hours in proptest::collection::vec(state(), 900..1_200), later in proptest::collection::vec(state(), 1_200),
            from in 200usize..900, first in 0i32..30_000,
        ) {
            let (first, zone) = (Day::MIN.plus(first), paris());
            let changed: Vec<HourState> =
                hours.iter().zip(&later).enumerate().map(|(at, (old, new))| if at < from { *old } else { *new }).collect();
            // What is live changes too.
            let live = |until: usize| move |hour: usize, key: ChannelKey| {
                (hour < until || hour.is_multiple_of(2)).then_some((hour / 3 + key.0 as usize).is_multiple_of(4))
            };
            let one = History { first, states: &hours, zone: &zone, over: 0 };
            let other = History { states: &changed, ..one };
            let told = |told: Vec<Told>| -> Vec<Told> { told.into_iter().filter(|told| told.hour < from).collect() };
            prop_assert_eq!(told(Walk::over(&one, 6, &live(from)).1), told(Walk::over(&other, 6, &live(usize::MAX)).1));
            // What is foretold of the hour itself is told before it is over.
            let same: Vec<Told> = Walk::over(&other, 6, &live(from)).1.into_iter().filter(|told| told.hour == from).collect();
            let hour: Vec<Told> = Walk::over(&one, 6, &live(from)).1.into_iter().filter(|told| told.hour == from).collect();
            if let (Some(same), Some(hour)) = (same.first(), hour.first()) {
                prop_assert_eq!((same.online, same.is_favourite_live), (hour.online, hour.is_favourite_live));
                // Of the channel it is told where somebody turns out to be online.
                if let (Some(same), Some(hour)) = (&same.channels, &hour.channels) {
                    prop_assert_eq!(same, hour);
                }
            }
        }

        #[test]
        fn later_hours_are_never_asked_for(hours in proptest::collection::vec(state(), 672..900)) {
            let (latest, zone) = (Cell::new(0), paris());
            let history = History { first: Day::MIN, states: &hours, zone: &zone, over: 0 };
            let live = |hour: usize, _: ChannelKey| {
                latest.set(latest.get().max(hour));
                None
            };
            let mut walk = Walk::new(&history, 6);
            while walk.learned < hours.len() {
                let hour = walk.learned;
                walk.step(&live);
                prop_assert!(latest.get() <= hour);
            }
            walk.first_online(&live);
            prop_assert!(latest.get() <= hours.len());
        }
    }

    #[test]
    fn what_is_usually_live_is_looked_up_by_the_local_clock() {
        // Eight weeks from 2026-02-23, a Monday; clocks go forward on March 29th, five weeks later.
        let (states, zone) = (vec![Some(None); 24 * 56], paris());
        let history = History { first: "2026-02-23".parse().unwrap(), states: &states, zone: &zone, over: 30 };
        let mut walk = Walk::new(&history, 1);
        walk.learned = states.len();
        let asked = |hour: usize| {
            let hours = RefCell::new(Vec::new());
            let live = |hour: usize, _: ChannelKey| {
                hours.borrow_mut().push(hour);
                Some(hour < 24 * 35)
            };
            let share = walk.at(hour, &live, |moment| (moment.live)(ChannelKey(0)));
            (hours.into_inner(), share)
        };
        let monday = states.len();
        // As far as it has begun, and where that is not known as in the weeks before it.
        assert_eq!(asked(monday), (vec![monday], Some(0.0)));
        let unknown = |hour: usize, _: ChannelKey| (hour < monday).then_some(hour >= 24 * 42);
        let share = walk.at(monday, &unknown, |moment| (moment.live)(ChannelKey(0)));
        assert_eq!(share, Some(0.5));
        // Tuesday at 10:00 UTC, noon in Paris: of the four Tuesdays before, one was before the change, when noon was at 11:00.
        let (tuesday, next) = (monday + 34, monday + 34 + 168);
        let noons = vec![tuesday - 168, tuesday - 2 * 168, tuesday - 3 * 168, tuesday - 4 * 168 + 1];
        assert_eq!(asked(tuesday), (noons.clone(), Some(0.25)));
        // A week later the same four: the Tuesday between is not over yet.
        assert_eq!(asked(next), (noons, Some(0.25)));
        // Of the first hour that is not over nothing is known but by luck: it is none of the four.
        assert_eq!(asked(monday + 168).0.first(), Some(&(monday - 168)));
    }
}
