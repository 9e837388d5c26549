//! Whole days of everybody, without gaps: what complete knowledge of presence would be.

use std::collections::HashMap;

use model::analysis::record::Record;
use model::day::Day;
use model::hours::ChannelFacts;
use model::identity::ChannelKey;
use model::login::Login;
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;
use model::slot::{Slot, SlotTime, Span};
use model::slot_set::SlotSet;
use rayon::prelude::*;

use crate::day_table::DayTable;
use crate::world::World;

/// One UTC day: who was in which chat when, and which channel was on air when.
#[derive(Clone, Debug)]
pub struct WholeDay {
    day: Day,
    /// By account; channels are named by their places.
    people: Vec<ViewerDay>,
    /// By channel.
    live: Vec<SlotSet>,
}

impl WholeDay {
    /// The day.
    pub fn day(&self) -> Day {
        self.day
    }
}

impl World {
    /// The days from `from` up to and without `until`, on all cores; a day of 5,000 people takes about half a megabyte.
    pub fn whole_days(&self, from: Day, until: Day) -> Vec<WholeDay> {
        from.until(until).collect::<Vec<_>>().into_par_iter().map(|day| self.whole_day(day)).collect()
    }

    /// The record of an account that an archive without a gap would give, of consecutive days from [`World::whole_days`]. Its keys of channels
    /// mean nothing elsewhere, and it knows no games. Nothing of no days, and where there is no such account.
    pub fn whole_record(&self, days: &[WholeDay], login: &Login) -> Option<Record> {
        let account = self.accounts.find(login.as_str())? as usize;
        let (first, last) = (days.first()?.day, days.last()?.day);
        let seen: Vec<(Day, ViewerDay)> = days
            .iter()
            .filter(|day| !day.people[account].channels.is_empty())
            .map(|day| (day.day, day.people[account].clone()))
            .collect();
        let mut places: Vec<ChannelKey> =
            seen.iter().flat_map(|(_, day)| &day.channels).map(|channel| channel.channel).collect();
        places.sort_unstable();
        places.dedup();
        let all: SlotSet = Slot::all().collect();
        let facts = |day: &WholeDay, key: ChannelKey| ChannelFacts {
            listed_observed: all,
            speech_observed: SlotSet::EMPTY,
            live: day.live[key.0 as usize],
            games: Vec::new(),
        };
        let channels: HashMap<_, _> =
            days.iter().flat_map(|day| places.iter().map(move |key| ((*key, day.day), facts(day, *key)))).collect();
        Some(Record { days: seen, channels, ..Record::empty(first, first, last.plus(1)) })
    }

    fn whole_day(&self, day: Day) -> WholeDay {
        // Not by way of the tables at hand: a year of days would push out those that others are asking for.
        let (table, today) = (DayTable::new(self, day), Span::of_day(day));
        let mut people = vec![ViewerDay::default(); self.accounts.all.len()];
        let mut live = vec![SlotSet::EMPTY; self.channels.len()];
        for (place, live) in live.iter_mut().enumerate() {
            for visits in table.visits(place).chunk_by(|a, b| a.account == b.account) {
                let runs = visits
                    .iter()
                    .filter_map(|visit| Run::new((visit.from - today.from) as u16, (visit.to - today.from) as u16));
                let presence =
                    ChannelPresence { channel: ChannelKey(place as u32), listed: runs.collect(), spoke: Vec::new() };
                people[visits[0].account as usize].channels.push(presence);
            }
            *live = today.slots().filter(|at| table.broadcast(place, *at).is_some()).map(SlotTime::slot).collect();
        }
        WholeDay { day, people, live }
    }
}
