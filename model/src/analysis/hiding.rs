//! What would hide somebody? Their days as they would be held had they done otherwise; all else is then worked out of those.
//!
//! Three alterations, which go with each other in any order and come to the same: each keeps or takes whole channels, or goes by
//! whole hours of the local clock. A second time, none changes anything more. The days stay those that were given, also
//! where nothing is left of one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::day::{DAY_SECONDS, Day};
use crate::identity::ChannelKey;
use crate::presence::{ChannelPresence, ViewerDay};
use crate::slot::{SLOT_SECONDS, Slot, SlotTime};
use crate::slot_set::SlotSet;
use crate::zone::ZoneTable;

/// Hours of the night, from midnight of the local clock on.
pub const NIGHT_HOURS: i64 = 6;

const HOUR_SECONDS: i64 = 3_600;

/// Which of two accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Account {
    /// The one with the channel that takes most.
    First,
    /// The other.
    Second,
}

/// Somebody's channels, shared out between two accounts.
///
/// By channel and not by day: accounts that take turns have the same habits, and each gives the other away; two that have no channel in
/// common share nothing that is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    second: BTreeSet<ChannelKey>,
}

impl Split {
    /// The channels by present slots, most first, ties by key, each to the account that has fewer slots yet.
    pub fn by_channel(days: &[(Day, ViewerDay)]) -> Split {
        let mut slots: BTreeMap<ChannelKey, u64> = BTreeMap::new();
        for there in days.iter().flat_map(|(_, day)| &day.channels) {
            *slots.entry(there.channel).or_default() += u64::from(there.present().len());
        }
        let mut ranked: Vec<(ChannelKey, u64)> = slots.into_iter().collect();
        ranked.sort_by_key(|(channel, slots)| (Reverse(*slots), *channel));
        let (mut first, mut other) = (0, 0);
        let mut second = BTreeSet::new();
        for (channel, slots) in ranked {
            if first <= other {
                first += slots;
            } else {
                other += slots;
                second.insert(channel);
            }
        }
        Split { second }
    }

    /// What one of the accounts has of some days. A channel that was in none of those that it was made of is the first's.
    pub fn of(&self, days: &[(Day, ViewerDay)], account: Account) -> Vec<(Day, ViewerDay)> {
        let is_of = |channel: &ChannelKey| self.second.contains(channel) == (account == Account::Second);
        let mut trace = Trace::of(days);
        for (_, channels) in trace.0.values_mut() {
            channels.retain(|channel, _| is_of(channel));
        }
        trace.days()
    }
}

/// Somebody who is never there from 00:00 to 06:00 of the local clock.
pub fn without_nights(days: &[(Day, ViewerDay)], zone: &ZoneTable) -> Vec<(Day, ViewerDay)> {
    let mut trace = Trace::of(days);
    for (day, (_, channels)) in &mut trace.0 {
        let is_night = |slot: &Slot| {
            let at = SlotTime::new(*day, *slot).unix();
            (at + i64::from(zone.offset_at(at))).rem_euclid(DAY_SECONDS) < NIGHT_HOURS * HOUR_SECONDS
        };
        let night: SlotSet = Slot::all().filter(is_night).collect();
        for kinds in channels.values_mut() {
            *kinds = kinds.map(|kind| kind.minus(&night));
        }
    }
    trace.days()
}

/// Somebody of whom only hours are told: of each hour of the local clock with presence in a channel, all slots, as far as they lie in the
/// days given. Where clocks go back, the hour that comes twice is two.
pub fn blurred(days: &[(Day, ViewerDay)], zone: &ZoneTable) -> Vec<(Day, ViewerDay)> {
    let trace = Trace::of(days);
    let mut blurred = trace.clone();
    for (day, (_, channels)) in &trace.0 {
        for (channel, kinds) in channels {
            for (kind, slots) in kinds.iter().enumerate() {
                let mut last = None;
                for slot in slots.iter() {
                    let at = SlotTime::new(*day, slot).unix();
                    let offset = zone.offset_at(at);
                    let start = at - (at + i64::from(offset)).rem_euclid(HOUR_SECONDS);
                    // Clocks that jump an hour within one begin both at the same moment.
                    if last.replace((start, offset)) == Some((start, offset)) {
                        continue;
                    }
                    let same = |other: &i64| zone.offset_at(*other) == offset;
                    let hour = (0..HOUR_SECONDS / SLOT_SECONDS).map(|slot| start + slot * SLOT_SECONDS).filter(same);
                    for time in hour.filter_map(|unix| SlotTime::from_unix(unix).ok()) {
                        blurred.add(time, *channel, kind);
                    }
                }
            }
        }
    }
    blurred.days()
}

/// Days by channel and kind of evidence: listed and spoke.
#[derive(Clone)]
struct Trace(BTreeMap<Day, (bool, BTreeMap<ChannelKey, [SlotSet; 2]>)>);

impl Trace {
    fn of(days: &[(Day, ViewerDay)]) -> Trace {
        let mut trace = Trace(BTreeMap::new());
        for (day, there) in days {
            let (bot, channels) = trace.0.entry(*day).or_default();
            *bot |= there.bot;
            for there in &there.channels {
                let kinds = channels.entry(there.channel).or_default();
                for (kind, runs) in kinds.iter_mut().zip([&there.listed, &there.spoke]) {
                    *kind = kind.union(&SlotSet::from_runs(runs.iter().copied()));
                }
            }
        }
        trace
    }

    /// Adds a slot of one of its days; others are left out.
    fn add(&mut self, at: SlotTime, channel: ChannelKey, kind: usize) {
        if let Some((_, channels)) = self.0.get_mut(&at.day()) {
            channels.entry(channel).or_default()[kind].insert(at.slot());
        }
    }

    fn days(self) -> Vec<(Day, ViewerDay)> {
        let presence = |(channel, [listed, spoke]): (ChannelKey, [SlotSet; 2])| ChannelPresence {
            channel,
            listed: listed.runs(),
            spoke: spoke.runs(),
        };
        let day = |(day, (bot, channels)): (Day, (bool, BTreeMap<ChannelKey, [SlotSet; 2]>))| {
            let channels: Vec<ChannelPresence> = channels
                .into_iter()
                .filter(|(_, kinds)| kinds.iter().any(|kind| !kind.is_empty()))
                .map(presence)
                .collect();
            (day, ViewerDay { bot, channels })
        };
        self.0.into_iter().map(day).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::presence::tests::viewer_day;
    use crate::run::Run;
    use crate::zone::tests::paris;

    type Days = Vec<(Day, ViewerDay)>;

    /// Consecutive days, through the change of clocks on 2026-10-25 or far from it.
    fn days() -> impl Strategy<Value = Days> {
        let first = prop_oneof![Just("2026-10-24"), Just("2026-03-28"), Just("2026-11-20")];
        (first, proptest::collection::vec(viewer_day(), 1..4)).prop_map(|(first, days)| {
            let first: Day = first.parse().unwrap();
            let few = |mut day: ViewerDay| {
                // Channels that come again from day to day.
                day.channels.iter_mut().enumerate().for_each(|(at, there)| there.channel = ChannelKey(at as u32));
                day
            };
            days.into_iter().enumerate().map(|(at, day)| (first.plus(at as i32), few(day))).collect()
        })
    }

    fn zone() -> impl Strategy<Value = ZoneTable> {
        prop_oneof![
            Just(paris()),
            Just(ZoneTable::utc()),
            Just(ZoneTable::new("Asia/Kathmandu", 20_700, Vec::new())),
            Just(ZoneTable::new("America/St_Johns", -12_600, Vec::new())),
            // An hour ahead from 2026-10-25T00:20Z on, within one of the local clock.
            Just(ZoneTable::new("there", 18_900, vec![(1_792_887_600, 22_500)])),
        ]
    }

    fn slots(days: &Days) -> BTreeSet<(u32, usize, SlotTime)> {
        let mut all = BTreeSet::new();
        for (day, there) in days {
            for there in &there.channels {
                for (kind, runs) in [&there.listed, &there.spoke].into_iter().enumerate() {
                    let times = runs.iter().flat_map(|run| run.on(*day).slots());
                    all.extend(times.map(|at| (there.channel.0, kind, at)));
                }
            }
        }
        all
    }

    /// The hour of the local clock that a slot lies in, and which of two.
    fn hour(at: SlotTime, zone: &ZoneTable) -> (i64, i32) {
        let offset = zone.offset_at(at.unix());
        ((at.unix() + i64::from(offset)).div_euclid(HOUR_SECONDS), offset)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn nights_go_and_nothing_else(days in days(), zone in zone()) {
            let is_day = |at: &SlotTime| hour(*at, &zone).0.rem_euclid(24) >= NIGHT_HOURS;
            let expected: BTreeSet<_> = slots(&days).into_iter().filter(|(.., at)| is_day(at)).collect();
            let altered = without_nights(&days, &zone);
            prop_assert_eq!(slots(&altered), expected);
            prop_assert_eq!(without_nights(&altered, &zone), altered);
        }

        #[test]
        fn hours_become_whole_and_no_other_comes(days in days(), zone in zone()) {
            let altered = blurred(&days, &zone);
            let (before, after) = (slots(&days), slots(&altered));
            let hours = |slots: &BTreeSet<(u32, usize, SlotTime)>| -> BTreeSet<_> {
                slots.iter().map(|(channel, kind, at)| (*channel, *kind, hour(*at, &zone))).collect()
            };
            prop_assert!(before.is_subset(&after));
            prop_assert_eq!(hours(&before), hours(&after));
            // All slots of the days that lie in an hour that there is.
            let mut whole = BTreeSet::new();
            for (channel, kind, there) in hours(&before) {
                let held = days.iter().flat_map(|(day, _)| Slot::all().map(|slot| SlotTime::new(*day, slot)));
                whole.extend(held.filter(|at| hour(*at, &zone) == there).map(|at| (channel, kind, at)));
            }
            prop_assert_eq!(after, whole);
            prop_assert_eq!(blurred(&altered, &zone), altered);
        }

        #[test]
        fn accounts_share_no_channel_and_are_all_of_them(days in days()) {
            let split = Split::by_channel(&days);
            let [first, second] = [Account::First, Account::Second].map(|account| split.of(&days, account));
            let channels = |days: &Days| -> BTreeSet<u32> { slots(days).iter().map(|(channel, ..)| *channel).collect() };
            prop_assert!(channels(&first).is_disjoint(&channels(&second)));
            let all: BTreeSet<_> = slots(&first).union(&slots(&second)).copied().collect();
            prop_assert_eq!(all, slots(&days));
            prop_assert_eq!(split.of(&first, Account::First), first);
        }

        #[test]
        fn the_order_does_not_matter(days in days(), zone in zone(), second in any::<bool>()) {
            let split = Split::by_channel(&days);
            let account = if second { Account::Second } else { Account::First };
            let nights = |days: &Days| without_nights(days, &zone);
            let blur = |days: &Days| blurred(days, &zone);
            let part = |days: &Days| split.of(days, account);
            prop_assert_eq!(nights(&part(&days)), part(&nights(&days)));
            prop_assert_eq!(blur(&part(&days)), part(&blur(&days)));
            prop_assert_eq!(nights(&blur(&days)), blur(&nights(&days)));
        }
    }

    #[test]
    fn channels_are_shared_out_by_what_they_take() {
        let there = |channel, to| ChannelPresence {
            channel: ChannelKey(channel),
            listed: vec![Run::new(0, to).unwrap()],
            spoke: vec![],
        };
        let day = ViewerDay { bot: false, channels: vec![there(1, 10), there(2, 60), there(3, 40), there(4, 30)] };
        let days = vec![("2026-11-22".parse().unwrap(), day)];
        let split = Split::by_channel(&days);
        // 60 to the first, 40 and 30 to the second, 10 to the first.
        assert_eq!(split.second, BTreeSet::from([ChannelKey(3), ChannelKey(4)]));
        assert!(Split::by_channel(&[]).of(&[], Account::Second).is_empty());
    }
}
