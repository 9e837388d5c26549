//! Counting everybody, person by person.

use std::collections::BTreeMap;

use model::aggregate::FEW;
use model::analysis::bootstrap::Chance;
use model::analysis::offline::ExposedDay;
use model::analysis::population::{
    Base, POPULATION_VERSION, Part, Population, TASTE_CHANNELS, TASTE_GAMES, TASTE_PEOPLE,
};
use model::analysis::record::exposed_day;
use model::analysis::reference::{ReferenceError, ReferencePeople};
use model::coverage::{Proof, proof, usual_channels};
use model::crowd::build::{BuildError, Builder};
use model::crowd::calendar::Calendar;
use model::day::Day;
use model::identity::{ChannelKey, GameKey, PersonKey};
use model::presence::ViewerDay;
use model::run::Run;
use model::statistics::overlap::is_bot;
use model::words::Origin;
use model::zone::ZoneTable;

use super::facts::Facts;

/// People whose days are read for the population at most, about: each takes some 100 µs, and of so many a share of 1 % is known to
/// 0.03 %.
pub(super) const READ_PEOPLE: u32 = 100_000;

/// (slots, people) by key.
type Tally<K> = BTreeMap<K, (u64, u32)>;

/// What is counted of everybody.
#[derive(Debug)]
pub(super) struct Everybody {
    pub(super) builder: Builder,
    facts: Facts,
    draw: Draw,
    last: Day,
    people: u32,
    read: u32,
    /// People read whom a list ever named.
    listed: u32,
    reference: ReferencePeople,
    channels: Tally<ChannelKey>,
    games: Tally<GameKey>,
    /// Slots of the person in work, by channel and by game, a key as often as it comes.
    in_channels: Vec<(ChannelKey, u64)>,
    in_games: Vec<(GameKey, u64)>,
}

/// Who is read: a share of people by their keys and the day, the same each time and without regard to anything about them.
#[derive(Clone, Copy, Debug)]
struct Draw {
    day: Day,
    /// Of [`Draw::PARTS`].
    parts: usize,
}

impl Draw {
    const PARTS: usize = 1 << 20;

    fn new(day: Day, people: u32) -> Draw {
        let share = f64::from(READ_PEOPLE) / f64::from(people.max(READ_PEOPLE));
        Draw { day, parts: (share * Draw::PARTS as f64) as usize }
    }

    fn holds(self, person: PersonKey) -> bool {
        let seed = u64::from(person.0) << 32 | u64::from(self.day.days().unsigned_abs());
        self.parts >= Draw::PARTS || Chance::new(seed).below(Draw::PARTS) < self.parts
    }
}

impl Everybody {
    /// Nobody yet, of about so many `people`.
    pub(super) fn new(calendar: Calendar, origin: Origin, zone: ZoneTable, facts: Facts, people: u32) -> Everybody {
        let last = calendar.last();
        Everybody {
            builder: Builder::new(calendar, origin),
            facts,
            draw: Draw::new(last, people),
            last,
            people: 0,
            read: 0,
            listed: 0,
            reference: ReferencePeople::new(zone, last),
            channels: Tally::new(),
            games: Tally::new(),
            in_channels: Vec::new(),
            in_games: Vec::new(),
        }
    }

    /// Adds a person, whose key is above that of the one before, with their days, ascending. Errors: the index gets too large.
    pub(super) fn add(&mut self, person: PersonKey, days: &[(Day, ViewerDay)]) -> Result<(), BuildError> {
        self.builder.push(person, days)?;
        if is_bot(days.iter().map(|(_, data)| data.bot)) {
            return Ok(());
        }
        self.people += 1;
        if self.draw.holds(person) {
            self.read += 1;
            self.add_time(days);
            self.add_clock(days);
        }
        Ok(())
    }

    /// Where their time goes.
    fn add_time(&mut self, days: &[(Day, ViewerDay)]) {
        let (channels, games) = (&mut self.in_channels, &mut self.in_games);
        channels.clear();
        games.clear();
        for (day, data) in days.iter().filter(|(_, data)| !data.bot) {
            for presence in data.channels.iter().filter(|presence| !presence.listed.is_empty()) {
                let slots: u64 = presence.listed.iter().map(|run| u64::from(run.slots())).sum();
                channels.push((presence.channel, slots));
                let Some(facts) = self.facts.get(presence.channel, *day) else { continue };
                for (broadcast, game) in &facts.games {
                    let slots: u64 = presence.listed.iter().map(|run| shared(*run, *broadcast)).sum();
                    games.push((*game, slots));
                }
            }
        }
        self.listed += u32::from(!channels.is_empty());
        count(channels, &mut self.channels);
        count(games, &mut self.games);
    }

    /// When they are there, of whom lists tell it.
    fn add_clock(&mut self, days: &[(Day, ViewerDay)]) {
        let present = || days.iter().map(|(_, data)| data);
        let (Some((first, _)), Proof::Lists) = (days.first(), proof(present())) else { return };
        let usual = usual_channels(present());
        let nobody = ViewerDay::default();
        let mut seen = days.iter().peekable();
        let exposed: Vec<ExposedDay> = first
            .until(self.last.plus(1))
            .map(|day| {
                let seen = seen.next_if(|(held, _)| *held == day).map_or(&nobody, |(_, seen)| seen);
                exposed_day(seen, &usual, Proof::Lists, |channel| self.facts.get(channel, day))
            })
            .collect();
        // Whoever is refused tells nothing, and is not counted.
        let _ = self.reference.add(*first, &exposed);
    }

    /// The index's builder, the population of `days` days held, and the games that its keys stand for.
    pub(super) fn finish(self, days: u16, zone: String) -> (Builder, Population, Facts) {
        let tastes = (self.listed >= TASTE_PEOPLE).then(|| Base {
            people: self.listed,
            channels: Part::of(&self.channels, TASTE_CHANNELS),
            games: Part::of(&self.games, TASTE_GAMES),
        });
        let (time_zone, time_zone_people) = match self.reference.reference() {
            Ok(reference) => (Some(reference), self.reference.people()),
            Err(ReferenceError::FewPeople { have, .. }) => (None, have),
            Err(_) => (None, self.reference.people()),
        };
        let population = Population {
            version: POPULATION_VERSION,
            day: self.last,
            days,
            people: or_none(self.people.into()),
            read: or_none(self.read.into()),
            zone,
            time_zone,
            time_zone_people: or_none(time_zone_people),
            listed: or_none(self.listed.into()),
            tastes,
        };
        (self.builder, population, self.facts)
    }
}

/// A count as it may be kept.
fn or_none(people: u64) -> u32 {
    if people >= FEW { u32::try_from(people).unwrap_or(u32::MAX) } else { 0 }
}

/// Slots that two runs of a day have in common.
fn shared(a: Run, b: Run) -> u64 {
    u64::from(a.to().min(b.to()).saturating_sub(a.from().max(b.from())))
}

/// Adds a person's slots by key, and the person once a key.
fn count<K: Ord + Copy>(visits: &mut [(K, u64)], tally: &mut Tally<K>) {
    visits.sort_unstable_by_key(|(key, _)| *key);
    for of_key in visits.chunk_by(|a, b| a.0 == b.0) {
        let slots: u64 = of_key.iter().map(|(_, slots)| slots).sum();
        if slots > 0 {
            let sum = tally.entry(of_key[0].0).or_default();
            *sum = (sum.0 + slots, sum.1 + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_drawn_that_is_the_same_each_time_and_another_one_the_next_day() {
        let day: Day = "2026-11-29".parse().unwrap();
        let drawn = |day: Day, people: u32| -> Vec<u32> {
            let draw = Draw::new(day, people);
            (0..200_000).filter(|key| draw.holds(PersonKey(*key))).collect()
        };
        assert_eq!(drawn(day, 0).len(), 200_000);
        assert_eq!(drawn(day, READ_PEOPLE).len(), 200_000);
        let some = drawn(day, 20 * READ_PEOPLE);
        // A twentieth: within six standard deviations of 10,000.
        assert!(some.len().abs_diff(10_000) < 600, "{}", some.len());
        assert_eq!(drawn(day, 20 * READ_PEOPLE), some);
        let other = drawn(day.plus(1), 20 * READ_PEOPLE);
        let both = some.iter().filter(|key| other.binary_search(key).is_ok()).count();
        assert!(both.abs_diff(500) < 140, "{both}");
    }
}
