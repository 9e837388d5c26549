//! A UTC day of the truth, laid out so that any slot of it is quickly told.

use model::day::Day;
use model::slot::{SLOTS_PER_DAY, Slot, SlotTime, Span};
use rayon::prelude::*;

use crate::broadcast::Broadcast;
use crate::dice::{fraction, mix};
use crate::visit::{Air, Ground, Visit};
use crate::world::World;

/// Who was where on one UTC day.
#[derive(Debug)]
pub(crate) struct DayTable {
    pub(crate) day: Day,
    /// By channel, account, slot; never overlapping, clipped to the day.
    visits: Vec<Visit>,
    /// Where each channel's visits begin, and a last one where they end.
    first: Vec<u32>,
    /// By channel: the broadcasts that touch the day, and chatters in each slot where there are any.
    channels: Vec<ChannelTable>,
}

#[derive(Debug)]
struct ChannelTable {
    broadcasts: Vec<Broadcast>,
    chatters: Vec<u32>,
}

/// Accounts that one core works out before others may take some from it: a hundredth of a second.
const ACCOUNTS_AT_ONCE: usize = 4_096;

impl DayTable {
    /// Works out the day on all cores; 20,000 people take about a twentieth of a second.
    pub(crate) fn new(world: &World, day: Day) -> DayTable {
        let air = Air::new(world.seed, &world.zones, &world.channels, day);
        let ground = Ground {
            seed: world.seed,
            zones: &world.zones,
            accounts: &world.accounts,
            circles: &world.circles,
            air: &air,
        };
        // In no order yet: that is what tidying is for.
        let visits = (0..world.accounts.all.len() as u32).into_par_iter().with_min_len(ACCOUNTS_AT_ONCE);
        let visits = visits.fold(Vec::new, |mut visits, account| {
            ground.visits(account, day, &mut visits);
            visits
        });
        let visits = visits.reduce(Vec::new, |mut all, mut some| {
            all.append(&mut some);
            all
        });
        let visits = tidy(visits, Span::of_day(day));
        let mut first = vec![0; world.channels.len() + 1];
        for visit in &visits {
            first[usize::from(visit.channel) + 1] += 1;
        }
        for place in 1..first.len() {
            first[place] += first[place - 1];
        }
        let today = Span::of_day(day);
        let channels = air.0.into_iter().enumerate().map(|(place, broadcasts)| {
            let broadcasts: Vec<Broadcast> =
                broadcasts.into_iter().filter(|broadcast| broadcast.span.intersect(today).is_some()).collect();
            let own = &visits[first[place] as usize..first[place + 1] as usize];
            let chatters = if broadcasts.is_empty() { Vec::new() } else { count(own, today) };
            ChannelTable { broadcasts, chatters }
        });
        DayTable { day, channels: channels.collect(), visits, first }
    }

    /// What a channel broadcasts in a slot.
    pub(crate) fn broadcast(&self, channel: usize, at: SlotTime) -> Option<&Broadcast> {
        self.channels[channel].broadcasts.iter().find(|broadcast| broadcast.span.contains(at))
    }

    /// All visits of the day to a channel, by account and slot.
    pub(crate) fn visits(&self, channel: usize) -> &[Visit] {
        &self.visits[self.first[channel] as usize..self.first[channel + 1] as usize]
    }

    /// The accounts in a chat in a slot, by login.
    pub(crate) fn chatters(&self, channel: usize, at: SlotTime) -> impl Iterator<Item = u32> + '_ {
        self.visits(channel).iter().filter(move |visit| visit.from <= at && at < visit.to).map(|visit| visit.account)
    }

    /// How many accounts are in a chat in a slot.
    pub(crate) fn chatter_count(&self, channel: usize, slot: Slot) -> u32 {
        self.channels[channel].chatters.get(usize::from(slot.index())).copied().unwrap_or(0)
    }

    /// Viewers as Twitch counts them: those in the chat, and those whom no list names.
    pub(crate) fn viewer_count(&self, world: &World, channel: usize, slot: Slot) -> u32 {
        let chatters = self.chatter_count(channel, slot);
        let traits = &world.channels[channel];
        // The share drifts by the quarter of an hour, as counts do that are cached.
        let drift = fraction(mix(traits.key, self.day.days() as u64 * 96 + u64::from(slot.index() / 3)));
        let share = traits.anonymous * (0.85 + 0.3 * drift);
        chatters + (f64::from(chatters) * share / (1.0 - share)) as u32 + (drift * 3.0) as u32
    }
}

/// Sorts visits, clips them to the day, and makes one of those of an account in a channel that overlap or touch.
pub(crate) fn tidy(mut visits: Vec<Visit>, today: Span) -> Vec<Visit> {
    visits.par_sort_unstable();
    let mut tidy: Vec<Visit> = Vec::with_capacity(visits.len());
    for visit in visits {
        let Some(Span { from, to }) = (Span { from: visit.from, to: visit.to }).intersect(today) else { continue };
        match tidy.last_mut() {
            Some(last) if (last.channel, last.account) == (visit.channel, visit.account) && from <= last.to => {
                last.to = last.to.max(to);
            }
            _ => tidy.push(Visit { from, to, ..visit }),
        }
    }
    tidy
}

fn count(visits: &[Visit], today: Span) -> Vec<u32> {
    let mut steps = vec![0i32; usize::from(SLOTS_PER_DAY) + 1];
    for visit in visits {
        steps[(visit.from - today.from) as usize] += 1;
        steps[(visit.to - today.from) as usize] -= 1;
    }
    let mut here = 0;
    steps[..usize::from(SLOTS_PER_DAY)]
        .iter()
        .map(|step| {
            here += step;
            here as u32
        })
        .collect()
}
