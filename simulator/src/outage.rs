//! What goes wrong, at times that the seed fixes: so that gaps are drawn, and known.

use model::day::Day;
use model::slot::{SLOTS_PER_DAY, Slot};
use model::slot_set::SlotSet;

use crate::channel::Channel;
use crate::dice::{Dice, Purpose, fraction, mix};

/// The failures of one UTC day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outages {
    /// The collector did not run: past days have no sweep then. A live one sweeps, for nothing is wrong with Twitch.
    pub no_sweep: SlotSet,
    /// Helix answers nothing: every followed channel is unknown.
    pub helix_down: SlotSet,
    /// Helix lists who is live, and fails when asked by id: who is not live is unknown.
    pub ids_down: SlotSet,
}

/// How a list of chatters fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFailure {
    /// 404 with the body `Not Found`.
    NotFound,
    /// 502 with a page of HTML.
    BadGateway,
    /// 200, and the JSON breaks off.
    Truncated,
    /// 200, zero chatters in an empty list.
    FalseZero,
}

const FAILURES: [ListFailure; 4] =
    [ListFailure::NotFound, ListFailure::BadGateway, ListFailure::Truncated, ListFailure::FalseZero];

/// The failures of a day: a few a week of each kind.
pub(crate) fn outages(seed: u64, day: Day) -> Outages {
    let mut dice = Dice::new(seed, Purpose::Outages, 0, day.days());
    let mut outages = Outages::default();
    if dice.chance(0.35) {
        let slots = if dice.chance(0.1) { dice.range(12, 30) } else { dice.range(1, 5) };
        stretch(&mut outages.no_sweep, &mut dice, slots);
    }
    if dice.chance(0.12) {
        stretch(&mut outages.helix_down, &mut dice, 1);
    }
    if dice.chance(0.2) {
        let slots = dice.range(1, 3);
        stretch(&mut outages.ids_down, &mut dice, slots);
    }
    outages
}

fn stretch(set: &mut SlotSet, dice: &mut Dice, slots: i32) {
    let from = dice.range(0, i32::from(SLOTS_PER_DAY) - slots);
    (from..from + slots).filter_map(|slot| Slot::new(slot as u16).ok()).for_each(|slot| set.insert(slot));
}

/// Whether the list of a channel fails in a slot, and how: on one day in 25, for up to half an hour.
fn list_failure(seed: u64, channel_key: u64, day: Day, slot: Slot) -> Option<ListFailure> {
    let draw = mix(seed ^ channel_key, day.days() as u64 ^ 0x6f75_7461_6765);
    let (from, slots) = ((draw >> 8) % 282, 1 + (draw >> 24) % 6);
    let hit = draw.is_multiple_of(25) && (from..from + slots).contains(&u64::from(slot.index()));
    hit.then(|| FAILURES[(draw >> 40) as usize % FAILURES.len()])
}

/// Slots for which a list that is often unheard fails together: half an hour.
const UNHEARD_SLOTS: u64 = 6;

/// Whether and how the list of a channel fails in a slot: as [`list_failure`], or because it is one of those that are often
/// unheard.
pub(crate) fn failure_of(seed: u64, channel: &Channel, day: Day, slot: Slot) -> Option<ListFailure> {
    let unheard = || {
        let stretch = day.days() as u64 * 48 + u64::from(slot.index()) / UNHEARD_SLOTS;
        let draw = mix(seed ^ channel.key ^ 0x756e_6865_6172_6400, stretch);
        (fraction(draw) < channel.unheard).then_some(ListFailure::BadGateway)
    };
    list_failure(seed, channel.key, day, slot).or_else(|| if channel.unheard > 0.0 { unheard() } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_go_wrong_now_and_then() {
        let first: Day = "2026-01-01".parse().unwrap();
        let year: Vec<Outages> = first.until(first.plus(364)).map(|day| outages(9, day)).collect();
        let days_with = |of: fn(&Outages) -> &SlotSet| year.iter().filter(|outages| !of(outages).is_empty()).count();
        assert!((80..180).contains(&days_with(|outages| &outages.no_sweep)));
        assert!((20..70).contains(&days_with(|outages| &outages.helix_down)));
        assert!((40..110).contains(&days_with(|outages| &outages.ids_down)));
        let failures = (0..2_000u64)
            .map(|channel| Slot::all().filter(|slot| list_failure(9, channel, first, *slot).is_some()).count())
            .filter(|slots| *slots > 0)
            .count();
        assert!((40..130).contains(&failures), "{failures}");
    }
}
