//! People of the weeks up to some nights, counted one by one as they come.

use std::collections::{BTreeMap, HashMap};

use model::day::Day;
use model::identity::{ChannelKey, PersonKey};
use model::presence::{ChannelPresence, ViewerDay};
use model::slot::Span;
use model::statistics::distinct::Distinct;
use model::statistics::night::{Audience, NIGHT_DAYS};
use model::statistics::overlap::{OverlapCounter, VISIT_SLOTS, is_bot};
use model::statistics::retention::Cohort;

/// The counts of some nights, whose days lie within 64 days from `first`.
#[derive(Debug)]
pub(super) struct Counts {
    first: Day,
    pub(super) nights: Vec<NightCounts>,
    pub(super) people: u64,
    pub(super) viewer_days: u64,
    /// The person at hand: channel, bit of the day, slots.
    visits: Vec<(ChannelKey, u64, u32)>,
    /// Of each of their channels: the days as bits, and where its visits are in `visits`.
    channels: Vec<(ChannelKey, u64, std::ops::Range<usize>)>,
}

/// A night's counts.
#[derive(Debug)]
pub(super) struct NightCounts {
    pub(super) day: Day,
    /// The day as a bit, and those of the weeks before it.
    today: u64,
    before: u64,
    /// Everybody of the day.
    pub(super) everybody: Tally,
    /// Everybody of the weeks.
    pub(super) people_of_days: u32,
    pub(super) channels: HashMap<ChannelKey, Tally, foldhash::fast::RandomState>,
    pub(super) overlap: OverlapCounter,
    pub(super) cohorts: BTreeMap<ChannelKey, Vec<Cohort>>,
    /// Whoever was in too many channels for the overlap.
    pub(super) programs: u32,
}

/// Different people of a day.
#[derive(Debug, Default)]
pub(super) struct Tally {
    new: u32,
    returning: u32,
    pub(super) people: Distinct,
}

impl Tally {
    fn add(&mut self, person: PersonKey, is_new: bool) {
        if is_new {
            self.new += 1;
        } else {
            self.returning += 1;
        }
        self.people.add(person);
    }

    pub(super) fn audience(&self) -> Audience {
        Audience::of(self.new, self.returning)
    }
}

impl NightCounts {
    /// Of a day `at` days after the first, which is less than 64.
    pub(super) fn new(
        day: Day,
        at: u32,
        overlap: OverlapCounter,
        cohorts: BTreeMap<ChannelKey, Vec<Cohort>>,
    ) -> NightCounts {
        let today = 1u64 << at.min(63);
        let earliest = 1u64 << at.min(63).saturating_sub(u32::from(NIGHT_DAYS) - 1);
        NightCounts {
            day,
            today,
            before: (today - 1) & !(earliest - 1),
            everybody: Tally::default(),
            people_of_days: 0,
            channels: HashMap::default(),
            overlap,
            cohorts,
            programs: 0,
        }
    }
}

impl Counts {
    pub(super) fn new(first: Day, nights: Vec<NightCounts>) -> Counts {
        Counts { first, nights, people: 0, viewer_days: 0, visits: Vec::new(), channels: Vec::new() }
    }

    /// Counts somebody, of all their days, ascending. Days on which they were flagged as a bot count nowhere.
    pub(super) fn add(&mut self, person: PersonKey, days: &[(Day, ViewerDay)]) {
        self.people += 1;
        self.viewer_days += days.len() as u64;
        let bit = |day: Day| 1u64 << (day.days() - self.first.days()).clamp(0, 63);
        self.visits.clear();
        let mut seen = 0;
        for (day, data) in days.iter().filter(|(_, data)| !data.bot) {
            seen |= bit(*day);
            self.visits.extend(data.channels.iter().map(|one| (one.channel, bit(*day), slots_of(one))));
        }
        group(&mut self.visits, &mut self.channels);
        for night in &mut self.nights {
            let window = night.before | night.today;
            if seen & window == 0 {
                continue;
            }
            if seen & night.today != 0 {
                night.everybody.add(person, seen & night.before == 0);
                for (channel, of_days, _) in self.channels.iter().filter(|(_, of_days, _)| of_days & night.today != 0) {
                    night.channels.entry(*channel).or_default().add(person, of_days & night.before == 0);
                }
            }
            if !night.cohorts.is_empty() {
                follow(&mut night.cohorts, night.day, days);
            }
            if is_bot(days.iter().filter(|(day, _)| bit(*day) & window != 0).map(|(_, data)| data.bot)) {
                continue;
            }
            night.people_of_days += 1;
            let visits = &self.visits;
            let stayed = |range: &std::ops::Range<usize>| {
                let slots = visits[range.clone()].iter().filter(|(_, of_day, _)| of_day & window != 0);
                slots.map(|(.., slots)| slots).sum::<u32>() >= VISIT_SLOTS
            };
            let visited = self.channels.iter().filter(|(.., range)| stayed(range)).map(|(channel, ..)| *channel);
            night.programs += u32::from(!night.overlap.add(visited));
        }
    }
}

/// Slots with presence of either kind.
fn slots_of(presence: &ChannelPresence) -> u32 {
    if presence.spoke.is_empty() {
        presence.listed.iter().map(|run| u32::from(run.slots())).sum()
    } else {
        u32::from(presence.present().len())
    }
}

/// Puts a person's visits together by channel.
fn group(visits: &mut [(ChannelKey, u64, u32)], channels: &mut Vec<(ChannelKey, u64, std::ops::Range<usize>)>) {
    visits.sort_unstable_by_key(|(channel, ..)| *channel);
    channels.clear();
    let mut from = 0;
    for of_channel in visits.chunk_by(|a, b| a.0 == b.0) {
        let days = of_channel.iter().fold(0, |days, (_, bit, _)| days | bit);
        channels.push((of_channel[0].0, days, from..from + of_channel.len()));
        from += of_channel.len();
    }
}

/// Counts a person in the broadcasts that ended on a day, which may have begun the day before.
fn follow(cohorts: &mut BTreeMap<ChannelKey, Vec<Cohort>>, day: Day, days: &[(Day, ViewerDay)]) {
    let of = |wanted: Day| {
        let place = days.binary_search_by_key(&wanted, |(day, _)| *day).ok()?;
        Some(&days[place].1).filter(|data| !data.bot)
    };
    let (before, today) = (of(day.plus(-1)), of(day));
    let listed = |data: Option<&ViewerDay>, day: Day, channel: ChannelKey| -> Vec<Span> {
        let presence = data.and_then(|data| data.channel(channel));
        presence.into_iter().flat_map(|presence| &presence.listed).map(|run| run.on(day)).collect()
    };
    let mut follow = |channel: ChannelKey| {
        let Some(broadcasts) = cohorts.get_mut(&channel) else { return };
        let mut spans = listed(before, day.plus(-1), channel);
        spans.extend(listed(today, day, channel));
        for broadcast in broadcasts {
            broadcast.add(spans.iter().copied());
        }
    };
    let channels = |data: Option<&ViewerDay>| -> Vec<ChannelKey> {
        data.into_iter().flat_map(|data| &data.channels).map(|presence| presence.channel).collect()
    };
    let of_today = channels(today);
    for channel in &of_today {
        follow(*channel);
    }
    for channel in channels(before).into_iter().filter(|channel| of_today.binary_search(channel).is_err()) {
        follow(channel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::run::Run;

    fn day(n: i32) -> Day {
        "2026-11-01".parse::<Day>().unwrap().plus(n)
    }

    fn seen(n: i32, bot: bool, stays: &[(u32, u16, u16)]) -> (Day, ViewerDay) {
        let stay = |&(channel, from, to): &(u32, u16, u16)| ChannelPresence {
            channel: ChannelKey(channel),
            listed: vec![Run::new(from, to).unwrap()],
            spoke: vec![],
        };
        (day(n), ViewerDay { bot, channels: stays.iter().map(stay).collect() })
    }

    /// Day 30, looked back at from day 3 on.
    fn counts() -> Counts {
        let overlap = OverlapCounter::new([ChannelKey(1), ChannelKey(2)]);
        Counts::new(day(0), vec![NightCounts::new(day(30), 30, overlap, BTreeMap::new())])
    }

    #[test]
    fn new_is_who_was_not_there_for_four_weeks() {
        let mut counts = counts();
        // Long ago; at the edge of the weeks; in another channel only; a bot then; today alone.
        for (person, before) in [
            seen(2, false, &[(1, 0, 9)]),
            seen(3, false, &[(1, 0, 9)]),
            seen(20, false, &[(2, 0, 9)]),
            seen(20, true, &[(1, 0, 9)]),
        ]
        .into_iter()
        .enumerate()
        {
            counts.add(PersonKey(person as u32), &[before, seen(30, false, &[(1, 0, 1)])]);
        }
        counts.add(PersonKey(9), &[seen(30, false, &[(1, 0, 1)])]);
        counts.add(PersonKey(10), &[seen(30, true, &[(1, 0, 200)])]);
        counts.add(PersonKey(11), &[seen(29, false, &[(1, 0, 200)])]);
        let night = &counts.nights[0];
        let tally = |tally: &Tally| (tally.new, tally.returning, tally.people.count().people);
        assert_eq!(tally(&night.channels[&ChannelKey(1)]), (4, 1, 5));
        assert_eq!((tally(&night.everybody), night.channels.len()), ((3, 2, 5), 1));
        // Of the weeks: one flag is no bot; the one whose only day was flagged was not seen as a person.
        assert_eq!((night.people_of_days, counts.people, counts.viewer_days), (6, 7, 11));
    }

    #[test]
    fn a_quarter_of_an_hour_over_the_weeks_is_a_visit() {
        let mut counts = counts();
        for person in 0..10 {
            counts.add(PersonKey(person), &[seen(4, false, &[(1, 0, 9), (2, 9, 11)]), seen(9, false, &[(2, 0, 1)])]);
            // Too short in the weeks that count, and somebody who is a bot on two of the last days.
            counts.add(
                PersonKey(100 + person),
                &[seen(2, false, &[(2, 0, 99)]), seen(9, false, &[(1, 0, 9), (2, 20, 22)])],
            );
            let bot =
                [seen(8, true, &[(1, 0, 9)]), seen(9, true, &[(2, 0, 9)]), seen(10, false, &[(1, 0, 9), (2, 0, 9)])];
            counts.add(PersonKey(200 + person), &bot);
        }
        let overlap = &counts.nights[0].overlap;
        assert_eq!((overlap.audience(ChannelKey(1)), overlap.audience(ChannelKey(2))), (Some(20), Some(10)));
        assert_eq!(overlap.overlaps().map(|tie| tie.shared).collect::<Vec<_>>(), [10]);
    }
}
