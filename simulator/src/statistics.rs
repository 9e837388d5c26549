//! The figures of an invented day, from the truth: what whoever reads its archive has to find.

use std::fmt;

use archive::manifest::Manifest;
use model::run::Run;
use model::session::sessions;
use model::slot::{Slot, SlotTime, Span};
use model::slot_set::SlotSet;
use model::words::StreamStatus;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::day_table::DayTable;
use crate::outage::Outages;
use crate::world::World;
use crate::write::Follow;

/// One UTC day of an archive, counted. Words as in `docs/words.md`; bots and owners of channels are people too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayStatistics {
    /// Rows of `chatters/`.
    pub observations: u64,
    /// Different people in them.
    pub viewers: u64,
    /// Followed channels, on air or not.
    pub channels: u64,
    /// Of them those with anybody in a list.
    pub visited: u64,
    /// Runs: stretches of consecutive slots with presence, over all people and channels.
    pub runs: u64,
    /// Sessions: those runs joined by the rules of bridging and the day's coverage, within this day alone.
    pub sessions: u64,
    /// The longest list of all.
    pub largest: u64,
    /// The median length of the lists of all channels and slots.
    pub median: u64,
    /// `chatters/`, compressed.
    pub bytes: u64,
    /// `chatters/`, once inflated.
    pub text_bytes: u64,
}

impl DayStatistics {
    /// The share of observations whose person was in the same list a slot before, 0–1: a run's first slot is news, all
    /// others are repetition.
    pub fn unchanged(&self) -> f64 {
        if self.observations == 0 { 0.0 } else { 1.0 - self.runs as f64 / self.observations as f64 }
    }

    /// The sum of the objects that a manifest lists.
    pub(crate) fn add_bytes(&mut self, manifest: &Manifest) {
        for sweep in &manifest.sweeps {
            self.bytes += sweep.chatters.bytes;
            self.text_bytes += sweep.chatters.text_bytes.unwrap_or(0);
        }
    }
}

/// Several lines for people, without a last newline.
impl fmt::Display for DayStatistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DayStatistics { observations, viewers, channels, visited, runs, sessions, largest, median, .. } = *self;
        writeln!(f, "{observations} observations of {viewers} viewers in {visited} of {channels} channels")?;
        writeln!(f, "{runs} runs, {sessions} sessions within the day")?;
        writeln!(f, "the longest list names {largest}, the median list {median}")?;
        writeln!(f, "{:.1} % of the observations unchanged from the slot before", 100.0 * self.unchanged())?;
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        write!(
            f,
            "{:.1} MB of chatters compressed, {:.1} MB of text",
            megabytes(self.bytes),
            megabytes(self.text_bytes)
        )
    }
}

/// One channel's part.
struct Part {
    observations: u64,
    people: Vec<u32>,
    runs: u64,
    sessions: u64,
    /// The length of each of its lists.
    lists: Vec<u32>,
}

impl World {
    /// Counts the slots of a span on one day, as a sweep of each would list them. Bytes are left 0.
    pub(crate) fn statistics(&self, table: &DayTable, outages: &Outages, follow: &Follow, span: Span) -> DayStatistics {
        let swept: Vec<SlotTime> = Slot::all()
            .filter(|slot| !outages.no_sweep.contains(*slot))
            .map(|slot| SlotTime::new(table.day, slot))
            .filter(|at| span.contains(*at))
            .collect();
        let followed: Vec<usize> =
            (0..self.channels.len()).filter(|place| follow.includes(&self.channels[*place])).collect();
        let parts = followed.par_iter().map(|place| self.part(table, outages, *place, &swept));
        let mut parts: Vec<Part> = parts.collect();
        let mut people: Vec<u32> = parts.iter_mut().flat_map(|part| std::mem::take(&mut part.people)).collect();
        people.par_sort_unstable();
        people.dedup();
        let mut lists: Vec<u32> = parts.iter_mut().flat_map(|part| std::mem::take(&mut part.lists)).collect();
        lists.sort_unstable();
        DayStatistics {
            observations: parts.iter().map(|part| part.observations).sum(),
            viewers: people.len() as u64,
            channels: followed.len() as u64,
            visited: parts.iter().filter(|part| part.observations > 0).count() as u64,
            runs: parts.iter().map(|part| part.runs).sum(),
            sessions: parts.iter().map(|part| part.sessions).sum(),
            largest: lists.last().copied().map_or(0, u64::from),
            median: lists.get(lists.len() / 2).copied().map_or(0, u64::from),
            ..DayStatistics::default()
        }
    }

    fn part(&self, table: &DayTable, outages: &Outages, place: usize, swept: &[SlotTime]) -> Part {
        let (mut listed, mut observed) = (SlotSet::EMPTY, SlotSet::EMPTY);
        let mut part = Part { observations: 0, people: Vec::new(), runs: 0, sessions: 0, lists: Vec::new() };
        for at in swept {
            let (status, complete) = self.status(table, outages, place, *at);
            if complete {
                listed.insert(at.slot());
                part.lists.push(table.chatter_count(place, at.slot()));
            }
            if complete || status == StreamStatus::OffAir {
                observed.insert(at.slot());
            }
        }
        let today = Span::of_day(table.day);
        for visits in table.visits(place).chunk_by(|a, b| a.account == b.account) {
            let stays = visits
                .iter()
                .filter_map(|visit| Run::new((visit.from - today.from) as u16, (visit.to - today.from) as u16));
            let seen = SlotSet::from_runs(stays).intersection(&listed);
            if seen.is_empty() {
                continue;
            }
            let runs: Vec<Span> = seen.runs().into_iter().map(|run| run.on(table.day)).collect();
            part.observations += u64::from(seen.len());
            part.people.push(visits[0].account);
            part.runs += runs.len() as u64;
            part.sessions += sessions(&runs, &[], |at| observed.contains(at.slot())).len() as u64;
        }
        part
    }
}
