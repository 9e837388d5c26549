//! Whole days of everybody, without gaps: what complete knowledge of presence would be.

use model::day::Day;
use model::login::Login;
use model::run::Run;
use model::slot::{SlotTime, Span};
use model::slot_set::SlotSet;
use rayon::prelude::*;

use crate::day_table::DayTable;
use crate::world::World;

/// One UTC day: who was in any chat when, and which channel was on air when.
#[derive(Clone, Debug)]
pub struct WholeDay {
    day: Day,
    /// By account.
    present: Vec<SlotSet>,
    /// By channel.
    live: Vec<SlotSet>,
}

impl WholeDay {
    /// The day.
    pub fn day(&self) -> Day {
        self.day
    }

    /// When an account was in any chat; never where there is no such account.
    pub fn present(&self, world: &World, login: &Login) -> SlotSet {
        let account = world.accounts.find(login.as_str());
        account.and_then(|account| self.present.get(account as usize)).copied().unwrap_or_default()
    }

    /// When a channel was on air; never where there is no such channel.
    pub fn live(&self, world: &World, login: &Login) -> SlotSet {
        let place = world.channel_place(login.as_str());
        place.and_then(|place| self.live.get(place)).copied().unwrap_or_default()
    }
}

impl World {
    /// The days from `from` up to and without `until`, on all cores; a day of 5,000 people takes 200 KB.
    pub fn whole_days(&self, from: Day, until: Day) -> Vec<WholeDay> {
        from.until(until).collect::<Vec<_>>().into_par_iter().map(|day| self.whole_day(day)).collect()
    }

    fn whole_day(&self, day: Day) -> WholeDay {
        // Not by way of the tables at hand: a year of days would push out those that others are asking for.
        let (table, today) = (DayTable::new(self, day), Span::of_day(day));
        let mut present = vec![SlotSet::EMPTY; self.accounts.all.len()];
        let mut live = vec![SlotSet::EMPTY; self.channels.len()];
        for (place, live) in live.iter_mut().enumerate() {
            for visit in table.visits(place) {
                let run = Run::new((visit.from - today.from) as u16, (visit.to - today.from) as u16);
                let account = &mut present[visit.account as usize];
                *account = account.union(&SlotSet::from_runs(run));
            }
            *live = today.slots().filter(|at| table.broadcast(place, *at).is_some()).map(SlotTime::slot).collect();
        }
        WholeDay { day, present, live }
    }
}
