//! What somebody's hours so far say of the next one: several simple habits, each of which foretells by itself, and how far each is to be
//! believed. All of it is learned hour by hour, so that nothing of what comes later can be in a forecast.

use std::collections::BTreeMap;

use super::next::TOP;
use super::pattern::{Ema, WEEKEND_SPAN, WORKDAY_SPAN};
use super::record::HourState;
use crate::identity::ChannelKey;

/// Hours of a week.
pub(super) const WEEK_HOURS: usize = 168;
/// Weeks that the habit of an hour of the week looks back over.
const WEEK_SPAN: u32 = 4;
/// Days that habits of an hour of the day look back over.
const DAY_SPAN: u32 = 14;
/// Hours online that favourites look back over.
const FAVOURITE_SPAN: u32 = 100;
/// Times that the habit of what follows a channel looks back over.
const FOLLOWS_SPAN: u32 = 20;
/// Favourites of which it matters whether one is live.
const FAVOURITES: usize = 5;
/// No habit is surer than this: the one hour that is otherwise would count without end.
const SUREST: f64 = 0.99;
/// What is left of a channel when it is forgotten, as a share.
const FORGOTTEN: f64 = 1e-4;

/// Habits that foretell whether somebody will be online.
pub(super) const ONLINE: usize = 5;
/// Habits that foretell a channel: four, each of all channels and of those that are live.
pub(super) const CHANNEL: usize = 8;

/// What is known at the beginning of an hour: its number, and which channels are live.
pub(super) struct Moment<'a> {
    /// Hours of the local clock since Monday's first.
    pub(super) of_week: usize,
    /// Whether somebody was online in the hour before; nothing where it is unknown.
    pub(super) was_online: Option<bool>,
    /// 0–1 of a channel; nothing where it is not known.
    pub(super) live: &'a dyn Fn(ChannelKey) -> Option<f64>,
}

/// Channels with shares that sum to 1, of which the last ones seen count most; the largest share first, of equals the one that had it first.
#[derive(Clone, Debug, Default)]
pub(super) struct Shares(Vec<(ChannelKey, f64)>);

impl Shares {
    fn push(&mut self, channel: ChannelKey, span: u32) {
        let alpha = if self.0.is_empty() { 1.0 } else { 2.0 / (f64::from(span) + 1.0) };
        self.0.iter_mut().for_each(|(_, share)| *share *= 1.0 - alpha);
        let held = self.0.iter().position(|(key, _)| *key == channel);
        let (_, share) = held.map_or((channel, 0.0), |place| self.0.remove(place));
        // Of the others none passes another.
        let place = self.0.partition_point(|(_, other)| *other >= share + alpha);
        self.0.insert(place, (channel, share + alpha));
        // Else somebody who sees a new channel each hour would have a list without end.
        let kept = self.0.partition_point(|(_, share)| *share > FORGOTTEN);
        self.0.truncate(kept);
    }

    /// Channels, the largest share first.
    pub(super) fn ranked(&self) -> impl Iterator<Item = ChannelKey> {
        self.0.iter().map(|(key, _)| *key)
    }
}

/// All habits of somebody, as of the hours learned.
#[derive(Clone, Debug)]
pub(super) struct Habits {
    week: Vec<Ema>,
    day: [[Ema; 24]; 2],
    after: [[Ema; 24]; 2],
    around: [[Ema; 2]; 2],
    all: Ema,
    channels_of_week: Vec<Shares>,
    channels_of_day: Vec<Shares>,
    favourites: Shares,
    follows: BTreeMap<(ChannelKey, bool), Shares>,
    last: Option<ChannelKey>,
}

impl Habits {
    pub(super) fn new() -> Habits {
        Habits {
            week: vec![Ema::of_span(WEEK_SPAN); WEEK_HOURS],
            day: [[Ema::of_span(WORKDAY_SPAN); 24], [Ema::of_span(WEEKEND_SPAN); 24]],
            after: [[Ema::of_span(DAY_SPAN); 24]; 2],
            around: [[Ema::of_span(2 * WEEK_HOURS as u32); 2]; 2],
            all: Ema::of_span(2 * WEEK_HOURS as u32),
            channels_of_week: vec![Shares::default(); WEEK_HOURS],
            channels_of_day: vec![Shares::default(); 24],
            favourites: Shares::default(),
            follows: BTreeMap::new(),
            last: None,
        }
    }

    /// Channels by how much they were watched of late.
    pub(super) fn favourites(&self) -> &Shares {
        &self.favourites
    }

    /// Whether a favourite is live, as far as it is known.
    pub(super) fn is_favourite_live(&self, moment: &Moment<'_>) -> bool {
        let live = |key| (moment.live)(key).is_some_and(|live| live >= 0.5);
        self.favourites.ranked().take(FAVOURITES).any(live)
    }

    /// The chance of being online in the hour, by each habit.
    pub(super) fn online(&self, moment: &Moment<'_>, is_favourite_live: bool) -> [f64; ONLINE] {
        let (week, day, hour) = place(moment);
        let all = self.all.value().unwrap_or(0.5);
        let of_day = self.day[day][hour].value();
        let before = moment.was_online.map(usize::from);
        let values = [
            self.week[week].value().or(of_day),
            of_day,
            before.and_then(|before| self.after[before][hour].value()).or(of_day),
            before.and_then(|before| self.around[before][usize::from(is_favourite_live)].value()),
            None,
        ];
        values.map(|value| value.unwrap_or(all).clamp(1.0 - SUREST, SUREST))
    }

    /// The shares of channels by each habit, were they online in the hour: of all of them, then of those that are live.
    pub(super) fn channels(&self, moment: &Moment<'_>) -> [Vec<(ChannelKey, f64)>; CHANNEL] {
        let mut all = [const { Vec::new() }; CHANNEL];
        for (both, shares) in all.as_chunks_mut::<2>().0.iter_mut().zip(self.of_channels(moment)) {
            let live = live_shares(shares, moment);
            let sum: f64 = live.clone().map(|(_, share)| share).sum();
            both[0].clone_from(shares);
            // Where none of them is live, that says nothing.
            both[1] =
                if sum > FORGOTTEN { live.map(|(key, share)| (key, share / sum)).collect() } else { shares.clone() };
        }
        all
    }

    /// What [`Habits::channels`] gives to one of them.
    pub(super) fn given(&self, moment: &Moment<'_>, channel: ChannelKey) -> [f64; CHANNEL] {
        let mut all = [0.0; CHANNEL];
        for (both, shares) in all.as_chunks_mut::<2>().0.iter_mut().zip(self.of_channels(moment)) {
            let Some((_, share)) = shares.iter().find(|(key, _)| *key == channel) else { continue };
            let (mut sum, mut here) = (0.0, 0.0);
            for (key, share) in live_shares(shares, moment) {
                sum += share;
                here = if key == channel { share } else { here };
            }
            *both = [*share, if sum > FORGOTTEN { here / sum } else { *share }];
        }
        all
    }

    /// The shares of each habit that tells of channels. What says nothing of its own says what favourites do.
    fn of_channels(&self, moment: &Moment<'_>) -> [&Vec<(ChannelKey, f64)>; CHANNEL / 2] {
        let (week, _, hour) = place(moment);
        let follows = self.last.and_then(|last| self.follows.get(&(last, moment.was_online == Some(true))));
        let habits =
            [Some(&self.channels_of_week[week]), Some(&self.channels_of_day[hour]), Some(&self.favourites), follows];
        habits.map(|habit| &habit.filter(|habit| !habit.0.is_empty()).unwrap_or(&self.favourites).0)
    }

    /// Learns what the hour was.
    pub(super) fn learn(&mut self, moment: &Moment<'_>, is_favourite_live: bool, state: HourState) {
        let (week, day, hour) = place(moment);
        let Some(channel) = state else { return };
        let online = if channel.is_some() { 1.0 } else { 0.0 };
        for ema in [&mut self.week[week], &mut self.day[day][hour], &mut self.all] {
            ema.push(Some(online));
        }
        if let Some(before) = moment.was_online.map(usize::from) {
            self.after[before][hour].push(Some(online));
            self.around[before][usize::from(is_favourite_live)].push(Some(online));
        }
        let Some(channel) = channel else { return };
        self.channels_of_week[week].push(channel, WEEK_SPAN);
        self.channels_of_day[hour].push(channel, DAY_SPAN);
        self.favourites.push(channel, FAVOURITE_SPAN);
        if let Some(last) = self.last {
            let key = (last, moment.was_online == Some(true));
            self.follows.entry(key).or_default().push(channel, FOLLOWS_SPAN);
        }
        self.last = Some(channel);
    }
}

/// Shares times how live their channels are.
fn live_shares(shares: &[(ChannelKey, f64)], moment: &Moment<'_>) -> impl Iterator<Item = (ChannelKey, f64)> + Clone {
    shares.iter().map(|(key, share)| (*key, share * (moment.live)(*key).unwrap_or(1.0).clamp(0.0, 1.0)))
}

/// Hour of the week, workday or weekend, hour of the day.
fn place(moment: &Moment<'_>) -> (usize, usize, usize) {
    let week = moment.of_week % WEEK_HOURS;
    (week, usize::from(week >= 5 * 24), week % 24)
}

/// How far each of some habits is believed; the beliefs sum to 1.
#[derive(Clone, Debug)]
pub(super) struct Belief<const N: usize> {
    shares: [f64; N],
    learned: u32,
}

impl<const N: usize> Belief<N> {
    /// All alike.
    pub(super) fn even() -> Belief<N> {
        Belief { shares: [1.0 / N as f64; N], learned: 0 }
    }

    /// What the mixture says of what the habits say.
    pub(super) fn mix(&self, said: &[f64; N]) -> f64 {
        self.shares.iter().zip(said).map(|(share, said)| share * said).sum()
    }

    /// Learns what happened, given the chance that each habit gave it: a step of expectation and maximisation, as they come (Cappé and Moulines
    /// 2009), towards the weights that make the hours so far likeliest, the last ones most.
    pub(super) fn learn(&mut self, given: &[f64; N]) {
        let all = self.mix(given);
        if all <= 0.0 {
            return;
        }
        self.learned = self.learned.saturating_add(1);
        // Steps grow smaller with the power −3/4 of the hours: with one between −1 and −1/2 they come to an end, and the last hours count most.
        let root = (1.0 + f64::from(self.learned) / N as f64).sqrt();
        let step = 1.0 / (root * root.sqrt());
        for (share, given) in self.shares.iter_mut().zip(given) {
            let answers = *share * given / all;
            // None is forgotten, so that each may be believed again.
            *share += step * (answers + LEAST_BELIEF * (1.0 / N as f64 - answers) - *share);
        }
    }
}

/// What is shared out evenly of what an hour says of beliefs.
const LEAST_BELIEF: f64 = 0.001;

/// What habits say together of channels, which are numbers below `channels`: the first three, the most likely first.
pub(super) fn mixed(
    belief: &Belief<CHANNEL>,
    said: &[Vec<(ChannelKey, f64)>; CHANNEL],
    channels: usize,
) -> Vec<(ChannelKey, f64)> {
    let mut all = vec![0.0; channels];
    for (belief, said) in belief.shares.iter().zip(said) {
        for (key, share) in said {
            all[key.0 as usize] += belief * share;
        }
    }
    let mut ranked: Vec<(ChannelKey, f64)> = Vec::with_capacity(TOP + 1);
    for (key, share) in (0..).map(ChannelKey).zip(all).filter(|(_, share)| *share > 0.0) {
        let place = ranked.partition_point(|(_, other)| *other >= share);
        if place < TOP {
            ranked.insert(place, (key, share));
            ranked.truncate(TOP);
        }
    }
    ranked
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_habit_that_foretold_is_believed() {
        let mut belief = Belief::<2>::even();
        (0..200).for_each(|_| belief.learn(&[0.9, 0.1]));
        assert!(belief.shares[0] > 0.95 && (belief.shares.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{belief:?}");
        // What neither could foretell says nothing.
        let before = belief.shares;
        belief.learn(&[0.0, 0.0]);
        assert_eq!(belief.shares, before);
        // Half of the time the one, half the other: both.
        (0..1_000).for_each(|hour| belief.learn(if hour % 2 == 0 { &[0.9, 0.1] } else { &[0.1, 0.9] }));
        assert!((belief.shares[0] - 0.5).abs() < 0.05, "{belief:?}");
        // And the other, though it was not believed for long.
        (0..2_000).for_each(|_| belief.learn(&[0.1, 0.9]));
        assert!(belief.shares[1] > 0.95, "{belief:?}");
    }

    proptest! {
        /// Of one channel it says what it says of all of them.
        #[test]
        fn what_a_channel_is_given_is_its_share(
            seen in proptest::collection::vec((0u32..6, 0usize..168), 0..200), at in 0usize..168, live in 0u8..64, channel in 0u32..7,
        ) {
            let mut habits = Habits::new();
            let is_live = |key: ChannelKey| Some(f64::from(live >> key.0 & 1));
            for (key, of_week) in seen {
                let moment = Moment { of_week, was_online: Some(key.is_multiple_of(2)), live: &is_live };
                habits.learn(&moment, false, Some(Some(ChannelKey(key))));
            }
            let moment = Moment { of_week: at, was_online: Some(true), live: &is_live };
            let all = habits.channels(&moment);
            let share = |shares: &Vec<(ChannelKey, f64)>| {
                shares.iter().find(|(key, _)| key.0 == channel).map_or(0.0, |(_, share)| *share)
            };
            let given = habits.given(&moment, ChannelKey(channel));
            prop_assert!(given.iter().zip(all.each_ref().map(share)).all(|(one, other)| (one - other).abs() < 1e-12));
        }
    }

    #[test]
    fn the_last_channels_count_most_and_old_ones_are_forgotten() {
        let mut shares = Shares::default();
        (0..50).for_each(|_| shares.push(ChannelKey(1), 4));
        shares.push(ChannelKey(2), 4);
        let ranked = |shares: &Shares| shares.ranked().map(|key| key.0).collect::<Vec<_>>();
        assert_eq!(ranked(&shares), [1, 2]);
        shares.push(ChannelKey(2), 4);
        assert_eq!(ranked(&shares), [2, 1]);
        (0..1_000).for_each(|key| shares.push(ChannelKey(key), 4));
        assert!(shares.0.len() < 30 && (shares.0.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 0.01);
    }
}
