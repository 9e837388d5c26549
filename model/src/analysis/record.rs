//! What is held of somebody over a stretch of UTC days, and what every result is made of.

use std::collections::{HashMap, HashSet};

use super::grid::{Grid, HOURS};
use super::offline::ExposedDay;
use crate::coverage::{PersonCoverage, Proof, proof, usual_channels};
use crate::day::Day;
use crate::hours::{ChannelFacts, SLOTS_PER_HOUR, ViewerHours, days_in_hours, person_coverage};
use crate::identity::ChannelKey;
use crate::presence::ViewerDay;
use crate::slot::Slot;
use crate::slot_set::SlotSet;
use crate::statistics::overlap;
use crate::zone::ZoneTable;

/// Known slots by which an hour has a state: half of them.
const STATE_KNOWN: u8 = super::grid::HOUR_KNOWN;

/// What is held of a person in the UTC days from `first` to before `until`. Days before `fine` are kept by hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The first day.
    pub first: Day,
    /// The first day that is kept by slot, from `first` to `until`.
    pub fine: Day,
    /// The day after the last.
    pub until: Day,
    /// Days before `fine` with presence, ascending.
    pub hours: Vec<(Day, ViewerHours)>,
    /// Days from `fine` on with presence, ascending.
    pub days: Vec<(Day, ViewerDay)>,
    /// Days with presence before and after a short stretch: they tell which channels are usual, and nothing else.
    pub around: Vec<(Day, ViewerDay)>,
    /// What is known of channels on days from `fine` on: of [`Record::usual`] on all of them, of others on days with presence
    /// in them.
    pub channels: HashMap<(ChannelKey, Day), ChannelFacts>,
}

/// The channel that somebody watched most in an hour, or none where they were in no chat; nothing where the hour is unknown.
pub type HourState = Option<Option<ChannelKey>>;

/// A record, read: what is known of a person in each hour and in each slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    first: Day,
    hours: Vec<Option<ViewerHours>>,
    slots: Vec<ExposedDay>,
    states: Vec<HourState>,
    proof: Proof,
    active_hour_days: u32,
    active_slot_days: u32,
    is_bot: bool,
}

impl Record {
    /// One in which nobody was seen.
    pub fn empty(first: Day, fine: Day, until: Day) -> Record {
        let (hours, days, around) = (Vec::new(), Vec::new(), Vec::new());
        Record { first, fine, until, hours, days, around, channels: HashMap::new() }
    }

    /// The channels by which absence is proved in days kept by slot: those that cover 95 % of the present slots of these days and of
    /// those around them.
    pub fn usual(&self) -> Vec<ChannelKey> {
        usual_channels(self.days.iter().chain(&self.around).map(|(_, day)| day))
    }

    /// Whether a channel was on air when an hour after the start of `fine` began; nothing where that is not known, as of hours to come, and of
    /// channels that are not usual: what is held of those is of the days on which they were visited, which says that they were.
    pub fn live(&self) -> impl Fn(usize, ChannelKey) -> Option<bool> {
        let usual: HashSet<ChannelKey> = self.usual().into_iter().collect();
        move |hour, channel| {
            let day = self.fine.plus(i32::try_from(hour / HOURS).ok()?);
            let slot = Slot::new((hour % HOURS) as u16 * u16::from(SLOTS_PER_HOUR)).ok()?;
            let facts = self.channels.get(&(channel, day)).filter(|_| usual.contains(&channel))?;
            let live = facts.live.contains(slot);
            // Off air is observed without a list.
            (live || facts.listed_observed.contains(slot)).then_some(live)
        }
    }

    /// Reads it.
    pub fn trace(&self) -> Trace {
        self.trace_with(|channel, day| self.channels.get(&(channel, day)))
    }

    /// Reads it by what somebody else knows of channels in the place of [`Record::channels`]: of many people, once for all of them.
    pub fn trace_with<'a>(&self, facts: impl Fn(ChannelKey, Day) -> Option<&'a ChannelFacts>) -> Trace {
        let usual = self.usual();
        let proof = self.proof();
        let mut coarse = self.hours.iter().peekable();
        let mut hours: Vec<Option<ViewerHours>> = Vec::new();
        for day in self.first.until(self.fine) {
            while coarse.next_if(|(held, _)| *held < day).is_some() {}
            hours.push(coarse.next_if(|(held, _)| *held == day).map(|(_, hours)| hours.clone()));
        }
        let nobody = ViewerDay::default();
        let mut present = self.days.iter().peekable();
        let seen = self.fine.until(self.until).map(|day| {
            while present.next_if(|(held, _)| *held < day).is_some() {}
            (day, present.next_if(|(held, _)| *held == day).map_or(&nobody, |(_, seen)| seen))
        });
        let seen: Vec<(Day, &ViewerDay)> = seen.collect();
        let exposed = seen.iter().map(|(day, seen)| exposed_day(seen, &usual, proof, |channel| facts(channel, *day)));
        let slots: Vec<ExposedDay> = exposed.collect();
        let place = |day: Day| usize::try_from(day.days() - self.fine.days()).unwrap_or(usize::MAX);
        let coverage = |day, _: &ViewerDay| slots.get(place(day)).map(|exposed| exposed.coverage).unwrap_or_default();
        let mut fine = days_in_hours(&self.days, coverage, &facts).into_iter().peekable();
        let mut states = Vec::with_capacity(HOURS * slots.len());
        for ((day, seen), exposed) in seen.into_iter().zip(&slots) {
            while fine.next_if(|(held, _)| *held < day).is_some() {}
            let by_hour = fine.next_if(|(held, _)| *held == day).map(|(_, hours)| hours);
            let by_hour = by_hour.unwrap_or_else(|| ViewerHours::of_coverage(&exposed.coverage));
            states.extend(hour_states(seen, &by_hour));
            hours.push(Some(by_hour));
        }
        let by_slot = self.days.iter().map(|(_, day)| day).filter(|day| !day.channels.is_empty());
        let (active_hour_days, active_slot_days) = (self.hours.len() as u32, by_slot.clone().count() as u32);
        let is_bot = overlap::is_bot(self.hours.iter().map(|(_, day)| day.bot).chain(by_slot.map(|day| day.bot)));
        Trace { first: self.first, hours, slots, states, proof, active_hour_days, active_slot_days, is_bot }
    }

    /// By what they were seen: of days kept by slot, and where there is none of those kept by hour.
    fn proof(&self) -> Proof {
        let listed = |(_, hours): &(Day, ViewerHours)| hours.channels.iter().any(|(_, slots)| slots.listed > 0);
        if self.days.is_empty() && self.hours.iter().any(listed) {
            return Proof::Lists;
        }
        proof(self.days.iter().map(|(_, day)| day))
    }
}

/// What is known of a person's UTC day kept by slot: `seen` is their presence, `usual` the channels by which absence is proved, `facts`
/// what is known of those on that day.
pub fn exposed_day<'a>(
    seen: &ViewerDay,
    usual: &[ChannelKey],
    proof: Proof,
    facts: impl Fn(ChannelKey) -> Option<&'a ChannelFacts>,
) -> ExposedDay {
    let coverage = person_coverage(seen, usual, proof, &facts);
    let live = usual.iter().filter_map(|channel| facts(*channel)).map(|facts| facts.live);
    ExposedDay { coverage, exposed: live.fold(SlotSet::EMPTY, |all, one| all.union(&one)) }
}

/// The states of the hours of a UTC day.
fn hour_states(seen: &ViewerDay, hours: &ViewerHours) -> [HourState; HOURS] {
    let state = |hour: usize, most: Option<ChannelKey>| (hours.known[hour] >= STATE_KNOWN).then_some(most);
    // Of one channel, as on most days, or none, it is told already.
    if let [] | [_] = &seen.channels[..] {
        let only = seen.channels.first().map(|there| there.channel);
        return std::array::from_fn(|hour| state(hour, only.filter(|_| hours.present[hour] > 0)));
    }
    // By hour the most slots so far, and where; channels come by ascending key.
    let mut most: [(u8, Option<ChannelKey>); HOURS] = [(0, None); HOURS];
    for there in &seen.channels {
        for (most, slots) in most.iter_mut().zip(there.present().by_hour()) {
            if slots > most.0 {
                *most = (slots, Some(there.channel));
            }
        }
    }
    std::array::from_fn(|hour| state(hour, most[hour].1))
}

impl Trace {
    /// The first UTC day.
    pub fn first(&self) -> Day {
        self.first
    }

    /// The first UTC day that is kept by slot.
    pub fn fine(&self) -> Day {
        self.first.plus((self.hours.len() - self.slots.len()) as i32)
    }

    /// By UTC day from [`Trace::first`] on, what is known of its hours; nothing of days kept by hour without presence, or
    /// not kept.
    pub fn hours(&self) -> &[Option<ViewerHours>] {
        &self.hours
    }

    /// By UTC day from [`Trace::fine`] on, what is known of its slots.
    pub fn slots(&self) -> &[ExposedDay] {
        &self.slots
    }

    /// By UTC hour from the start of [`Trace::fine`] on: the channel most present in it, the first key of equals.
    pub fn states(&self) -> &[HourState] {
        &self.states
    }

    /// Days with presence, of both tiers.
    pub fn active_days(&self) -> u32 {
        self.active_hour_days + self.active_slot_days
    }

    /// Days with presence that are kept by slot.
    pub fn active_slot_days(&self) -> u32 {
        self.active_slot_days
    }

    /// Whether they are a program: flagged on two or more of the last seven days on which they were seen.
    pub fn is_bot(&self) -> bool {
        self.is_bot
    }

    /// By what they were seen: in a list, or by their words alone.
    pub fn proof(&self) -> Proof {
        self.proof
    }

    /// Local days of both tiers.
    pub fn grid(&self, zone: &ZoneTable) -> Grid {
        let slots = |place: usize| {
            let place = (place + self.slots.len()).checked_sub(self.hours.len())?;
            self.slots.get(place).map(|day| &day.coverage)
        };
        Grid::of_tiers(self.first, &self.hours, slots, zone)
    }

    /// The same, without what is known only because they were there ([`PersonCoverage::fair`]). Days kept by hour do not tell that apart.
    pub fn fair_grid(&self, zone: &ZoneTable) -> Grid {
        let coarse = &self.hours[..self.hours.len() - self.slots.len()];
        let fair: Vec<PersonCoverage> = self.slots.iter().map(|day| day.coverage.fair()).collect();
        Grid::of_hours_then_slots(self.first, coarse, &fair, zone)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::channel_day::ChannelDay;
    use crate::channel_day::tests::channel_day;
    use crate::coverage::PersonSlot;
    use crate::presence::tests::viewer_day;
    use crate::slot::Slot;

    const CHANNELS: u32 = 6;

    pub(crate) fn first() -> Day {
        "2026-11-02".parse().unwrap()
    }

    fn record_of(people: &[ViewerDay], channels: &[Vec<ChannelDay>]) -> Record {
        let days: Vec<(Day, ViewerDay)> = people
            .iter()
            .enumerate()
            .filter(|(_, day)| !day.channels.is_empty())
            .map(|(n, day)| (first().plus(n as i32), day.clone()))
            .collect();
        let mut facts = HashMap::new();
        for (n, of_day) in channels.iter().enumerate() {
            for (key, day) in of_day.iter().enumerate() {
                facts.insert((ChannelKey(key as u32), first().plus(n as i32)), ChannelFacts::of(day, |_| None));
            }
        }
        let until = first().plus(people.len() as i32);
        Record { days, channels: facts, ..Record::empty(first(), first(), until) }
    }

    /// Any person, of whom some days are held, and any channels.
    pub(crate) fn record(days: usize) -> impl Strategy<Value = Record> {
        let people = proptest::collection::vec(viewer_day(), days);
        let channels = proptest::collection::vec(proptest::collection::vec(channel_day(), CHANNELS as usize), days);
        (people, channels).prop_map(|(mut people, channels)| {
            // In channels of which something is known, and that come again from day to day.
            for day in &mut people {
                (0..).zip(&mut day.channels).for_each(|(at, there)| there.channel = ChannelKey(at));
            }
            record_of(&people, &channels)
        })
    }

    /// Anybody of whom something may be inferred: no program, and away for eight hours of the day. Of half of them all hours are known.
    pub(crate) fn person(days: usize) -> impl Strategy<Value = Record> {
        (record(days), 0u16..288, any::<bool>()).prop_map(|(mut record, from, is_known)| {
            let away: SlotSet = Slot::all().filter(|slot| (slot.index() + 288 - from) % 288 < 96).collect();
            for (_, day) in &mut record.days {
                day.bot = false;
                for runs in day.channels.iter_mut().flat_map(|there| [&mut there.listed, &mut there.spoke]) {
                    *runs = SlotSet::from_runs(runs.iter().copied()).minus(&away).runs();
                }
                day.channels.retain(|there| !there.listed.is_empty() || !there.spoke.is_empty());
            }
            record.days.retain(|(_, day)| !day.channels.is_empty());
            if is_known {
                let all: SlotSet = Slot::all().collect();
                record.channels.values_mut().for_each(|facts| (facts.listed_observed, facts.live) = (all, all));
            }
            record
        })
    }

    /// The same person in other channels' names.
    pub(crate) fn relabelled(record: &Record) -> Record {
        renamed(record, |key| ChannelKey(key.0 + 100))
    }

    /// The same in names that may be in another order.
    pub(crate) fn renamed(record: &Record, other: impl Fn(ChannelKey) -> ChannelKey) -> Record {
        let mut found = record.clone();
        for (_, day) in found.days.iter_mut().chain(&mut found.around) {
            day.channels.iter_mut().for_each(|there| there.channel = other(there.channel));
            day.channels.sort_by_key(|there| there.channel);
        }
        found.channels =
            record.channels.iter().map(|((key, day), facts)| ((other(*key), *day), facts.clone())).collect();
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// What is known of a slot is what its channels prove, in each form.
        #[test]
        fn every_form_says_the_same(record in record(4)) {
            let trace = record.trace();
            prop_assert_eq!((trace.first(), trace.fine(), trace.hours().len()), (first(), first(), 4));
            for (n, day) in trace.slots().iter().enumerate() {
                let hours = trace.hours()[n].as_ref().unwrap();
                let slots = |what| Slot::all().filter(|slot| day.coverage.slot(*slot) == what).count() as u16;
                prop_assert_eq!(hours.online_slots(), slots(PersonSlot::Present));
                let known: u16 = hours.known.iter().map(|known| u16::from(*known)).sum();
                prop_assert_eq!(known, slots(PersonSlot::Present) + slots(PersonSlot::Absent));
                for (hour, state) in trace.states()[24 * n..24 * n + 24].iter().enumerate() {
                    prop_assert_eq!(state.is_some(), hours.known[hour] >= 6);
                    prop_assert_eq!(state.flatten().is_some(), hours.known[hour] >= 6 && hours.present[hour] > 0);
                }
            }
            let utc = ZoneTable::utc();
            let coverage: Vec<PersonCoverage> = trace.slots().iter().map(|day| day.coverage).collect();
            prop_assert_eq!(trace.grid(&utc), Grid::of_slots(trace.fine(), &coverage, &utc));
            // Who is there is fair only where they would have been missed as well.
            for (fair, day) in trace.fair_grid(&utc).days().iter().zip(trace.slots()) {
                prop_assert_eq!(fair.known(), day.coverage.observed.len());
                prop_assert_eq!(fair.known() - fair.present(), day.coverage.absent().len());
            }
        }

        #[test]
        fn names_of_channels_mean_nothing(record in record(3)) {
            let (trace, other) = (record.trace(), relabelled(&record).trace());
            prop_assert_eq!(trace.slots(), other.slots());
            let renamed: Vec<HourState> =
                trace.states().iter().map(|state| state.map(|key| key.map(|key| ChannelKey(key.0 + 100)))).collect();
            prop_assert_eq!(&renamed, other.states());
        }

        /// A slot of which nothing is known any more is not absent in any form.
        #[test]
        fn hiding_never_adds_absence(mut record in record(2), hidden in 0u16..288) {
            let before = record.trace();
            let slot = Slot::new(hidden).unwrap();
            for facts in record.channels.values_mut() {
                facts.listed_observed.remove(slot);
                facts.speech_observed.remove(slot);
            }
            for (now, before) in record.trace().slots().iter().zip(before.slots()) {
                prop_assert!(now.coverage.absent().minus(&before.coverage.absent()).is_empty());
                prop_assert!(!now.coverage.absent().contains(slot));
                prop_assert_eq!(now.coverage.present, before.coverage.present);
            }
        }
    }

    #[test]
    fn days_of_hours_stand_before_days_of_slots() {
        let mut record = record_of(&[ViewerDay::default()], &[]);
        let hours = ViewerHours { present: [3; 24], known: [12; 24], ..ViewerHours::default() };
        record.hours = vec![(first().plus(-3), hours.clone()), (first().plus(-1), hours)];
        record.first = first().plus(-3);
        let trace = record.trace();
        let held: Vec<bool> = trace.hours().iter().map(Option::is_some).collect();
        assert_eq!((held, trace.fine(), trace.slots().len()), (vec![true, false, true, true], first(), 1));
        let grid = trace.grid(&ZoneTable::utc());
        let minutes: Vec<Option<f64>> = grid.days().iter().map(crate::analysis::grid::LocalDay::minutes).collect();
        assert_eq!(minutes, [Some(360.0), None, Some(360.0), None]);
        assert_eq!(trace.fair_grid(&ZoneTable::utc()), grid);
    }
}
