//! The people of whom everything is kept while a day is read: the sample, and those of whom a sum needs it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use model::identity::TwitchId;
use model::login::Login;
use model::slot::Slot;
use model::slot_set::SlotSet;
use store::suppression::Suppression;

use super::channels::login;
use super::learnt::Learnt;
use super::sample::{Smallest, mix};

/// Logins known not to be on the opt-out list, each in one place: 8 MB, so that a person costs a hash once and not in
/// every sweep.
const RULED_OUT: usize = 1 << 20;

/// Everything that a day says of a login.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) login: Login,
    /// By the place of the channel's login, and whether they spoke.
    pub(super) stays: BTreeMap<(u32, bool), Stay>,
    /// Whose the login was, where its rows do not tell.
    learnt: Option<TwitchId>,
}

/// When somebody was seen in a chat by one kind of evidence.
#[derive(Debug, Default)]
pub(super) struct Stay {
    pub(super) slots: SlotSet,
    /// The first id told, and when.
    id: Option<(Slot, TwitchId)>,
}

/// One observation.
#[derive(Clone, Copy)]
pub(super) struct Observation<'a> {
    pub(super) login: &'a [u8],
    /// The login's number.
    pub(super) number: u64,
    pub(super) id: Option<TwitchId>,
    /// The place of the channel's login.
    pub(super) channel: u32,
    pub(super) spoke: bool,
    pub(super) slot: Slot,
}

/// The people of a reading.
#[derive(Debug)]
pub(super) struct People {
    pub(super) sample: Smallest<Person>,
    /// Those who opted out and those who bore two logins: their observations do not count one by one.
    pub(super) special: HashMap<u64, Person>,
    /// Numbers of those known from an earlier reading to be special.
    known: HashSet<u64>,
    /// Numbers of those found to be special after observations of theirs may have passed.
    concerned: HashSet<u64>,
    /// Whose each id is, as the number of a login.
    ids: HashMap<TwitchId, u64, foldhash::fast::RandomState>,
    suppression: Suppression,
    learnt: Arc<Learnt>,
    ruled_out: Box<[u64]>,
}

impl Person {
    /// The id of the stretch of presence that began first and has one, which holds for the day; the least of two.
    pub(super) fn id(&self) -> Option<TwitchId> {
        let began = |stay: &Stay| {
            let (at, id) = stay.id?;
            let runs = stay.slots.runs();
            let run = runs.into_iter().find(|run| (run.from()..run.to()).contains(&at.index()))?;
            Some((run.from(), id))
        };
        self.stays.values().filter_map(began).min().map(|(_, id)| id).or(self.learnt)
    }

    /// When the last stretch of presence ended and began: of two that end at once, the one that began later.
    pub(super) fn last_seen(&self) -> Option<(u16, u16)> {
        self.stays.values().filter_map(|stay| stay.slots.runs().last().map(|run| (run.to(), run.from()))).max()
    }

    fn new(seen: &Observation<'_>, learnt: &Learnt) -> Result<Person, &'static str> {
        let learnt = learnt.get(seen.login).copied();
        Ok(Person { login: login(seen.login)?, stays: BTreeMap::new(), learnt })
    }

    fn see(&mut self, seen: &Observation<'_>) {
        let stay = self.stays.entry((seen.channel, seen.spoke)).or_default();
        stay.slots.insert(seen.slot);
        stay.id = stay.id.or(seen.id.map(|id| (seen.slot, id)));
    }
}

impl People {
    /// For a reading that keeps `sample` people, beside those whose numbers are `known`.
    pub(super) fn new(
        sample: usize,
        known: HashSet<u64>,
        suppression: &Suppression,
        learnt: Arc<Learnt>,
        learnt_ids: &[(TwitchId, u64)],
    ) -> People {
        People {
            learnt,
            sample: Smallest::new(sample),
            special: HashMap::new(),
            known,
            concerned: HashSet::new(),
            ids: learnt_ids.iter().copied().collect(),
            suppression: suppression.clone(),
            ruled_out: vec![0; if suppression.is_empty() { 0 } else { RULED_OUT }].into(),
        }
    }

    /// Takes an observation, which may be a repetition; whether it is of somebody special.
    pub(super) fn see(&mut self, seen: &Observation<'_>) -> Result<bool, &'static str> {
        if let Some(id) = seen.id {
            let first = *self.ids.entry(id).or_insert(seen.number);
            if first != seen.number {
                self.concerned.extend([first, seen.number]);
            }
        }
        let special =
            self.known.contains(&seen.number) || self.special.contains_key(&seen.number) || self.opted_out(seen);
        let person = if special {
            Some(match self.special.entry(seen.number) {
                Entry::Occupied(person) => person.into_mut(),
                Entry::Vacant(place) => place.insert(Person::new(seen, &self.learnt)?),
            })
        } else {
            self.sample.keep(seen.number, || Person::new(seen, &self.learnt))?
        };
        if let Some(person) = person {
            person.see(seen);
        }
        Ok(special)
    }

    fn opted_out(&mut self, seen: &Observation<'_>) -> bool {
        if self.suppression.is_empty() {
            return false;
        }
        let tag = mix(seen.number ^ seen.id.map_or(0, |id| mix(id.get())));
        let place = &mut self.ruled_out[tag as usize % RULED_OUT];
        if *place == tag {
            return false;
        }
        let login = std::str::from_utf8(seen.login).unwrap_or_default();
        if !self.suppression.holds(login, seen.id) {
            *place = tag;
            return false;
        }
        if !self.suppression.holds(login, None) {
            // Known by the id alone: rows of theirs without it may have passed.
            self.concerned.insert(seen.number);
        }
        true
    }

    /// The numbers that have to be known from the beginning of another reading; nothing when this one is enough.
    pub(super) fn passed_over(&self) -> Option<HashSet<u64>> {
        let lacking = !self.concerned.is_subset(&self.known);
        lacking.then(|| self.known.union(&self.concerned).copied().collect())
    }
}
