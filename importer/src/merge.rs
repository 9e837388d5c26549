//! The merge: each sweep's list with the one before it.

use std::cmp::Ordering;

use archive::chatters::{ChatterList, Group};
use archive::path::Kind;
use archive::summary;
use model::day::Day;
use model::sample::StreamSample;
use model::slot::{Slot, SlotTime};
use model::slot_set::SlotSet;
use model::sweep::SweepSummary;
use model::words::Evidence;

use crate::channels::{ChannelDays, Channels, distrust_empty};
use crate::error::ImportError;
use crate::people::{FoundRun, People};

/// One sweep, read.
#[derive(Debug)]
pub struct Sweep {
    /// Its slot.
    pub slot: Slot,
    /// Its channels.
    pub streams: Vec<StreamSample>,
    /// Its people; sorted here if they are not.
    pub chatters: ChatterList,
    /// How long it took, in milliseconds; 0 when the archive does not tell.
    pub sweep_ms: u32,
}

/// A day in the making. Memory is the people seen so far, their ended runs, and one sweep.
#[derive(Debug)]
pub(crate) struct DayMerge {
    day: Day,
    channels: Channels,
    people: People,
    runs: Vec<FoundRun>,
    summaries: Vec<SweepSummary>,
    swept: SlotSet,
    observations: u64,
    open: OpenRuns,
}

/// The last sweep's list, and for each of its rows the run that reaches up to it.
#[derive(Debug, Default)]
struct OpenRuns {
    slot: u16,
    list: ChatterList,
    /// By group of the list, the channel's place.
    places: Vec<u32>,
    /// By row of the list.
    runs: Vec<OpenRun>,
}

#[derive(Clone, Copy, Debug)]
struct OpenRun {
    person: u32,
    from: u16,
}

/// A day, merged; channels have no keys yet.
#[derive(Debug)]
pub(crate) struct MergedDay {
    pub(crate) channels: ChannelDays,
    pub(crate) people: People,
    pub(crate) runs: Vec<FoundRun>,
    pub(crate) summaries: Vec<SweepSummary>,
    pub(crate) observations: u64,
}

impl DayMerge {
    pub(crate) fn new(day: Day) -> DayMerge {
        DayMerge {
            day,
            channels: Channels::default(),
            people: People::default(),
            runs: Vec::new(),
            summaries: Vec::new(),
            swept: SlotSet::EMPTY,
            observations: 0,
            open: OpenRuns::default(),
        }
    }

    /// Adds the next sweep; slots ascend. Errors: chatters of a channel without a row in the sweep.
    pub(crate) fn add(&mut self, sweep: Sweep) -> Result<(), ImportError> {
        let Sweep { slot, streams, mut chatters, sweep_ms } = sweep;
        let at = SlotTime::new(self.day, slot);
        let mut sum = SweepSummary { sweep_ms, ..summary::empty(at) };
        for mut row in streams {
            distrust_empty(&mut row);
            summary::add(&mut sum, &row);
            self.channels.add(slot, row);
        }
        self.summaries.push(sum);
        self.swept.insert(slot);
        chatters.sort();
        self.observations += chatters.rows().len() as u64;
        let place = |group: &Group| {
            self.channels.place(&group.channel, slot).ok_or_else(|| ImportError::Unfollowed {
                day: self.day,
                object: Kind::Chatters.object(at),
                channel: group.channel.clone(),
            })
        };
        let places = chatters.groups().iter().map(place).collect::<Result<Vec<u32>, _>>()?;
        if self.open.slot + 1 != slot.index() {
            self.end_all();
        }
        let runs = Vec::with_capacity(chatters.rows().len());
        let next = OpenRuns { slot: slot.index(), list: chatters, places, runs };
        self.open = Step { before: &self.open, people: &mut self.people, ended: &mut self.runs }.merge(next);
        Ok(())
    }

    /// Ends the runs of the last sweep.
    fn end_all(&mut self) {
        let end = OpenRuns { slot: self.open.slot + 1, ..OpenRuns::default() };
        self.open = Step { before: &self.open, people: &mut self.people, ended: &mut self.runs }.merge(end);
    }

    pub(crate) fn finish(mut self) -> MergedDay {
        self.end_all();
        MergedDay {
            channels: self.channels.finish(&self.swept),
            people: self.people,
            runs: self.runs,
            summaries: self.summaries,
            observations: self.observations,
        }
    }
}

/// From one sweep to the next.
struct Step<'a> {
    before: &'a OpenRuns,
    people: &'a mut People,
    ended: &'a mut Vec<FoundRun>,
}

impl Step<'_> {
    /// Two sorted lists of channels, side by side.
    fn merge(mut self, mut next: OpenRuns) -> OpenRuns {
        let mut before = self.before.list.groups().iter().zip(&self.before.places).peekable();
        let now = next.slot;
        for group in next.list.groups() {
            let gone = |channel: &Group| channel.channel < group.channel;
            while let Some((left, place)) = before.next_if(|(left, _)| gone(left)) {
                left.rows.clone().for_each(|row| self.depart(row, *place, now));
            }
            match before.next_if(|(left, _)| left.channel == group.channel) {
                Some((left, place)) => self.merge_channel(left, *place, group, &mut next.runs, &next.list, now),
                None => group.rows.clone().for_each(|row| self.arrive(row, &mut next.runs, &next.list, now)),
            }
        }
        for (left, place) in before {
            left.rows.clone().for_each(|row| self.depart(row, *place, now));
        }
        next
    }

    /// Two sorted lists of one channel, side by side. Most rows are in both.
    fn merge_channel(
        &mut self,
        left: &Group,
        place: u32,
        group: &Group,
        runs: &mut Vec<OpenRun>,
        list: &ChatterList,
        now: u16,
    ) {
        let before = &self.before.list;
        let mut old = left.rows.clone().peekable();
        for row in group.rows.clone() {
            let new = &list.rows()[row as usize];
            let name = list.name(new).as_bytes();
            loop {
                let Some(last) = old.peek().copied() else {
                    self.arrive(row, runs, list, now);
                    break;
                };
                let was = &before.rows()[last as usize];
                match before.name(was).as_bytes().cmp(name).then(was.evidence.cmp(&new.evidence)) {
                    Ordering::Less => self.depart(last, place, now),
                    Ordering::Greater => {
                        self.arrive(row, runs, list, now);
                        break;
                    }
                    Ordering::Equal => {
                        let run = self.before.runs[last as usize];
                        if was.id != new.id {
                            self.people.learn(run.person, new.id);
                        }
                        runs.push(run);
                        old.next();
                        break;
                    }
                }
                old.next();
            }
        }
        old.for_each(|row| self.depart(row, place, now));
    }

    fn arrive(&mut self, row: u32, runs: &mut Vec<OpenRun>, list: &ChatterList, now: u16) {
        let row = &list.rows()[row as usize];
        runs.push(OpenRun { person: self.people.number(list.name(row), row.id), from: now });
    }

    fn depart(&mut self, row: u32, place: u32, now: u16) {
        let OpenRun { person, from } = self.before.runs[row as usize];
        let evidence: Evidence = self.before.list.rows()[row as usize].evidence;
        self.ended.push(FoundRun::new(person, place, evidence, from, now));
    }
}
