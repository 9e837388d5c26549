//! What a person's slots prove: present, absent, or unknown.

use std::collections::BTreeMap;

use crate::channel_day::ChannelDay;
use crate::day::Day;
use crate::identity::ChannelKey;
use crate::presence::ViewerDay;
use crate::slot::Slot;
use crate::slot_set::SlotSet;

/// Usual channels cover this share of the present slots, in percent.
pub const USUAL_PERCENT: u64 = 95;
/// The least range over which usual channels are chosen, in days; where fewer days are held, all of them.
pub const USUAL_DAYS: u32 = 28;

/// What one slot proves of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonSlot {
    /// Seen in a chat.
    Present,
    /// Each usual channel was off air, or observed without them.
    Absent,
    /// Neither: it enters no denominator.
    Unknown,
}

/// Which proof of absence a person needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Complete lists.
    Lists,
    /// Complete speech, for people of whom only speech was ever seen.
    Speech,
}

/// Lists, unless every presence in the range is speech alone.
pub fn proof<'a>(days: impl IntoIterator<Item = &'a ViewerDay>) -> Proof {
    let listed = days.into_iter().any(|day| day.channels.iter().any(|channel| !channel.listed.is_empty()));
    if listed { Proof::Lists } else { Proof::Speech }
}

/// The channels taken by present slots, most first, ties by key, until they cover ≥ [`USUAL_PERCENT`] of the present
/// slots in the range.
pub fn usual_channels<'a>(days: impl IntoIterator<Item = &'a ViewerDay>) -> Vec<ChannelKey> {
    let mut slots: BTreeMap<ChannelKey, u64> = BTreeMap::new();
    for channel in days.into_iter().flat_map(|day| &day.channels) {
        *slots.entry(channel.channel).or_default() += u64::from(channel.present().len());
    }
    let total: u64 = slots.values().sum();
    let mut ranked: Vec<(ChannelKey, u64)> = slots.into_iter().collect();
    ranked.sort_by_key(|(key, slots)| (std::cmp::Reverse(*slots), *key));
    let mut covered = 0;
    let mut usual = Vec::new();
    for (key, slots) in ranked {
        if covered * 100 >= total * USUAL_PERCENT {
            break;
        }
        covered += slots;
        usual.push(key);
    }
    usual
}

/// Present, absent and unknown slots of one person on one UTC day; by default all unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonCoverage {
    /// Seen in any followed chat.
    pub present: SlotSet,
    /// Each usual channel was off air, or observed: who was in none of them is absent. Presence is known without it.
    pub observed: SlotSet,
}

impl PersonCoverage {
    /// What the usual channels prove on `day`. `channel_day` gives a channel's day, nothing where it is not held.
    pub fn of<'a>(
        presence: &ViewerDay,
        day: Day,
        usual: &[ChannelKey],
        proof: Proof,
        channel_day: impl Fn(ChannelKey, Day) -> Option<&'a ChannelDay>,
    ) -> PersonCoverage {
        let observed = usual.iter().map(|key| match (channel_day(*key, day), proof) {
            (None, _) => SlotSet::EMPTY,
            (Some(channel), Proof::Lists) => channel.listed_observed(),
            (Some(channel), Proof::Speech) => channel.speech_observed(),
        });
        PersonCoverage::from_observed(presence, observed)
    }

    /// What the usual channels prove, given for each the slots in which the person could not have been there unseen.
    pub fn from_observed(presence: &ViewerDay, observed: impl Iterator<Item = SlotSet>) -> PersonCoverage {
        let observed = observed.reduce(|all, one| all.intersection(&one)).unwrap_or_default();
        PersonCoverage { present: presence.online(), observed }
    }

    /// Proved absent; all slots neither present nor absent are unknown.
    pub fn absent(&self) -> SlotSet {
        self.observed.minus(&self.present)
    }

    /// Present or proved absent.
    pub fn known(&self) -> SlotSet {
        self.observed.union(&self.present)
    }

    /// Without what is known only because they were there. Presence shows in one list, absence takes all of them: of slots that
    /// are known, more have presence than of all, and of these here not.
    #[must_use]
    pub fn fair(&self) -> PersonCoverage {
        PersonCoverage { present: self.present.intersection(&self.observed), ..*self }
    }

    /// What the slot proves.
    pub fn slot(&self, slot: Slot) -> PersonSlot {
        match (self.present.contains(slot), self.observed.contains(slot)) {
            (true, _) => PersonSlot::Present,
            (false, true) => PersonSlot::Absent,
            (false, false) => PersonSlot::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel_day::ChannelSlot;
    use crate::channel_day::tests::channel_day;
    use crate::presence::ChannelPresence;
    use crate::presence::tests::viewer_day;
    use crate::run::Run;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hiding_a_slot_never_adds_absence(
            person in viewer_day(), mut a in channel_day(), b in channel_day(), hidden in 0u16..288,
        ) {
            let usual = [ChannelKey(0), ChannelKey(1)];
            let cover = |a: &ChannelDay, proof| PersonCoverage::of(&person, Day::MIN, &usual, proof, |key, _| {
                Some(if key == ChannelKey(0) { a } else { &b })
            }).absent();
            let before = [cover(&a, Proof::Lists), cover(&a, Proof::Speech)];
            a.set(Slot::new(hidden).unwrap(), ChannelSlot::Unknown);
            let after = [cover(&a, Proof::Lists), cover(&a, Proof::Speech)];
            for (before, after) in before.iter().zip(after) {
                prop_assert!(after.minus(before).is_empty());
                prop_assert!(before.minus(&after).len() <= 1);
            }
        }

        #[test]
        fn present_and_absent_never_meet(person in viewer_day(), channel in channel_day()) {
            let cover = PersonCoverage::of(&person, Day::MIN, &[ChannelKey(7)], Proof::Lists, |_, _| Some(&channel));
            prop_assert!(cover.present.intersection(&cover.absent()).is_empty());
            prop_assert_eq!(cover.present.union(&cover.absent()), cover.known());
            let fair = cover.fair();
            prop_assert_eq!((fair.known(), fair.absent()), (cover.observed, cover.absent()));
        }
    }

    #[test]
    fn a_person_without_presence_has_no_usual_channel_and_is_never_absent() {
        assert!(usual_channels([&ViewerDay::default()]).is_empty());
        let cover = PersonCoverage::of(&ViewerDay::default(), Day::MIN, &[], Proof::Lists, |_, _| None);
        assert_eq!(cover.slot(Slot::new(3).unwrap()), PersonSlot::Unknown);
    }

    #[test]
    fn usual_channels_cover_95_percent_ties_by_key() {
        let channel = |key, from, to| ChannelPresence {
            channel: ChannelKey(key),
            listed: vec![Run::new(from, to).unwrap()],
            spoke: vec![],
        };
        let day = ViewerDay { bot: false, channels: vec![channel(1, 0, 10), channel(2, 20, 30), channel(3, 40, 41)] };
        assert_eq!(usual_channels([&day]), [ChannelKey(1), ChannelKey(2)]);
    }
}
