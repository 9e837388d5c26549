//! What somebody of a family watches on a local day.
//!
//! They look for something to watch in free minutes, the likelier the further their day has gone, and stay for a while. No hour of
//! the clock is like another, nor are two nights: no inference assumes days like these.

use model::day::Day;
use model::slot::{SlotTime, Span};

use super::PersonKind;
use super::agenda::{Agenda, Status};
use super::individual::{Individual, draw};
use crate::dice::{Dice, Purpose};
use crate::visit::{Ground, TRY_AGAIN_SLOTS, Visit, leave_a_gap, slot_at};

/// How far apart somebody thinks of watching, in minutes.
const THOUGHT: i32 = 15;
/// A sitting that something else cuts shorter than this does not begin.
const SHORTEST_SITTING: i32 = 10;
/// How many places of a list of favourites weigh more than others: 1/2, 1/3, 1/4 …
const FIRST_WEIGHT: usize = 2;

/// Somebody in front of it, with one of their accounts.
struct Sitter<'a> {
    individual: &'a Individual,
    /// The account that is asked about.
    face: u8,
    out: &'a mut Vec<Visit>,
}

impl Ground<'_> {
    /// Adds the visits of one account of somebody that touch a UTC day, whole; some may overlap.
    pub(crate) fn folk(&self, number: u32, person: u32, face: u8, day: Day, out: &mut Vec<Visit>) {
        let individual = &self.accounts.folk[person as usize];
        let account = &self.accounts.all[number as usize];
        match individual.kind {
            PersonKind::AlwaysOn => {
                self.stays(number, account, &account.favourites().collect::<Vec<_>>(), individual.active, out);
            }
            PersonKind::Bot => self.patrols(number, account, out),
            _ => {
                let mut sitter = Sitter { individual, face, out };
                // A local day is up to 11 hours ahead of its UTC day or 8 behind it, and ends up to a day after its midnight.
                for local in day.plus(-2).until(day.plus(2)) {
                    self.folk_day(&mut sitter, local, Span::of_day(day));
                }
            }
        }
    }

    fn folk_day(&self, sitter: &mut Sitter<'_>, day: Day, asked: Span) {
        let (individual, habits) = (sitter.individual, sitter.individual.family.habits());
        let agenda = Agenda::of(individual, self.seed, day);
        let at = |minute: i32| slot_at(self.zones.instant(agenda.zone, day, minute));
        let life = Span { from: at(agenda.wake), to: at(agenda.bed + habits.dozing.1) };
        if life.intersect(asked).is_none() {
            return;
        }
        let mut dice = Dice::new(self.seed, Purpose::Watching, individual.key, day.days());
        let silent = match agenda.status {
            Status::Moving => true,
            Status::Away => dice.chance(habits.away_silent),
            Status::Works | Status::Free | Status::Ill => false,
        };
        if silent || !dice.chance(individual.active) {
            return;
        }
        let dozes = individual.dozes && dice.chance(habits.dozing_nights);
        let lead = (individual.lead + dice.bell(individual.lead_spread)).max(0.0) as i32;
        let last = if dozes { agenda.bed - dice.range(20, 90) } else { agenda.bed - lead };
        let mut minute = agenda.wake + draw(&mut dice, (5, 40));
        while minute + SHORTEST_SITTING < last {
            if let Some(until) = agenda.busy_until(minute) {
                minute = until + draw(&mut dice, (5, 30));
                continue;
            }
            let eager = individual.appetite * eagerness(&agenda, minute) * f64::from(THOUGHT) / 60.0;
            if dice.chance(eager) {
                let longer = if dice.chance(0.1) { 2.5 } else { 1.0 };
                let length = individual.sitting * (0.3 + 1.4 * dice.unit()) * longer;
                let until = (minute + length as i32).min(last).min(agenda.free_until(minute));
                if until - minute >= SHORTEST_SITTING {
                    self.sit(sitter, &mut dice, (at(minute), at(until)), None);
                }
                minute = until + draw(&mut dice, (10, 40));
            } else {
                minute += THOUGHT;
            }
        }
        // Whoever works until bed has no bed to fall asleep in front of.
        if dozes && agenda.busy_until(last).is_none() {
            let asleep = agenda.bed + draw(&mut dice, habits.dozing);
            self.sit(sitter, &mut dice, (at(last), at(agenda.bed)), Some(at(asleep)));
        }
    }

    /// A channel after the other; whoever falls asleep at its end leaves the last one on until `asleep`.
    fn sit(
        &self,
        sitter: &mut Sitter<'_>,
        dice: &mut Dice,
        (from, to): (SlotTime, SlotTime),
        asleep: Option<SlotTime>,
    ) {
        let individual = sitter.individual;
        let second = individual.faces.len() > 1 && dice.chance(individual.second_share);
        let face = &individual.faces[usize::from(second)];
        // The same draws whichever account is asked about, so that both go on alike and never meet.
        let mut unseen = Vec::new();
        let out = if second == (sitter.face == 1) { &mut *sitter.out } else { &mut unseen };
        let mut now = from;
        while now < to {
            let Some(channel) = self.pick(&face.favourites, individual.loyal, now, None, dice) else {
                now = now + TRY_AGAIN_SLOTS;
                continue;
            };
            let Some(broadcast) = self.air.live(usize::from(channel), now) else { break };
            let stint = (now + dice.range(4, 40)).min(to);
            let until = asleep.filter(|_| stint == to).unwrap_or(stint).min(broadcast.span.to);
            leave_a_gap(Visit { channel, account: face.account, from: now, to: until }, dice, out);
            if dice.chance(individual.second_screen)
                && let Some(beside) = self.pick(&face.favourites, 1.0, now, Some(channel), dice)
                && let Some(broadcast) = self.air.live(usize::from(beside), now)
            {
                let to = stint.min(broadcast.span.to);
                out.push(Visit { channel: beside, account: face.account, from: now, to });
            }
            now = until;
        }
    }

    /// A channel on air.
    fn pick(&self, favourites: &[u16], loyal: f64, at: SlotTime, not: Option<u16>, dice: &mut Dice) -> Option<u16> {
        let live = |channel: u16| Some(channel) != not && self.air.live(usize::from(channel), at).is_some();
        if dice.chance(loyal) {
            let weights = favourites.iter().enumerate();
            let weights =
                weights.map(|(n, channel)| if live(*channel) { 1.0 / (n + FIRST_WEIGHT) as f64 } else { 0.0 });
            let found = favourites.get(dice.weighted(weights)).copied().filter(|channel| live(*channel));
            if found.is_some() || loyal >= 1.0 {
                return found;
            }
        }
        (0..8).map(|_| self.circles.draw(0, dice)).find(|channel| live(*channel))
    }
}

/// How much somebody would watch, against their appetite: it grows as their own day goes on, whatever the clock says.
fn eagerness(agenda: &Agenda, minute: i32) -> f64 {
    let gone = f64::from(minute - agenda.wake) / f64::from(agenda.bed - agenda.wake);
    let of_day = if gone < 0.35 {
        0.35
    } else if gone < 0.7 {
        0.8
    } else {
        1.7
    };
    match agenda.status {
        Status::Works | Status::Away | Status::Moving => of_day,
        Status::Free => of_day * 1.25,
        Status::Ill => of_day * 1.8,
    }
}
