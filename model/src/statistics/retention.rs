//! Who of a broadcast's first hour is still there later.

use serde::{Deserialize, Serialize};

use super::channel::{is_begun, on_air, slot_of};
use crate::aggregate::FEW;
use crate::channel_day::{ChannelDay, ChannelSlot};
use crate::day::Day;
use crate::session::BRIDGE_SLOTS;
use crate::slot::{SlotTime, Span};
use crate::words::ListStatus;

/// The first hour, in slots.
pub const FIRST_SLOTS: u32 = 12;
/// So many of them need a complete list: of fewer, too many of the hour's chatters were never seen.
pub const FIRST_KNOWN: u32 = 9;
/// Slots of a step, a quarter of an hour.
pub const STEP_SLOTS: u32 = 3;
/// Steps that are followed after the first hour: twelve hours.
pub const STEPS_MAX: u32 = 48;
/// A broadcast is followed if it went on for two hours.
pub const BROADCAST_SLOTS: u32 = 24;

/// Slots that are looked at, 192 at least 156.
type Bits = [u64; 3];

/// How many of a broadcast's first hour were there later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// When it began.
    pub start: SlotTime,
    /// How long it was, in slots.
    pub slots: u32,
    /// Chatters of its first hour, ten or more.
    pub cohort: u32,
    /// Of them those who were there in each quarter of an hour after it, at any moment of it.
    pub still: Vec<Still>,
}

/// How many were there in a quarter of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Still {
    /// Lists were not complete.
    Unknown,
    /// Under ten: not told.
    Few,
    /// So many.
    People(u32),
}

impl Retention {
    /// The share of the first hour's chatters, 0–1, that was there in a step; nothing where it is not known or they were few.
    pub fn share(&self, step: usize) -> Option<f64> {
        match self.still.get(step) {
            Some(Still::People(people)) if self.cohort > 0 => Some(f64::from(*people) / f64::from(self.cohort)),
            _ => None,
        }
    }
}

/// A broadcast whose chatters are being counted.
#[derive(Clone, Debug)]
pub struct Cohort {
    span: Span,
    first: Bits,
    /// Of each step its slots; nothing where one of their lists is not complete.
    steps: Vec<Option<Bits>>,
    people: u32,
    still: Vec<u32>,
}

impl Cohort {
    /// Of a broadcast; nothing of one that was short, or of whose first hour too little is known.
    pub fn of(broadcast: Span, slot: impl Fn(SlotTime) -> ChannelSlot) -> Option<Cohort> {
        if broadcast.len() < BROADCAST_SLOTS {
            return None;
        }
        let listed = |at: u32| match slot(broadcast.from + at as i32) {
            ChannelSlot::Live(live) => live.list == ListStatus::Complete,
            _ => false,
        };
        let first = bits((0..FIRST_SLOTS).filter(|at| listed(*at)));
        if (0..FIRST_SLOTS).filter(|at| listed(*at)).count() < FIRST_KNOWN as usize {
            return None;
        }
        let whole = (broadcast.len() - FIRST_SLOTS) / STEP_SLOTS;
        let step = |step: u32| {
            let from = FIRST_SLOTS + step * STEP_SLOTS;
            (from..from + STEP_SLOTS).all(listed).then(|| bits(from..from + STEP_SLOTS))
        };
        let steps: Vec<Option<Bits>> = (0..whole.min(STEPS_MAX)).map(step).collect();
        Some(Cohort { span: broadcast, first, still: vec![0; steps.len()], steps, people: 0 })
    }

    /// The broadcast.
    pub fn broadcast(&self) -> Span {
        self.span
    }

    /// Adds somebody who was in the channel's list in these stretches, in any order, others than the broadcast's ignored.
    pub fn add(&mut self, listed: impl IntoIterator<Item = Span>) {
        let mut there = Bits::default();
        for part in listed.into_iter().filter_map(|span| span.intersect(self.span)) {
            let (from, to) = ((part.from - self.span.from) as u32, (part.to - self.span.from) as u32);
            (from..to.min(192)).for_each(|at| set(&mut there, at));
        }
        if !meets(&there, &self.first) {
            return;
        }
        self.people = self.people.saturating_add(1);
        for (still, step) in self.still.iter_mut().zip(&self.steps) {
            *still += u32::from(step.as_ref().is_some_and(|step| meets(&there, step)));
        }
    }

    /// What came out; nothing of fewer than ten people.
    pub fn retention(&self) -> Option<Retention> {
        let still = |(still, step): (&u32, &Option<Bits>)| match step {
            None => Still::Unknown,
            Some(_) if u64::from(*still) < FEW => Still::Few,
            Some(_) => Still::People(*still),
        };
        (u64::from(self.people) >= FEW).then(|| Retention {
            start: self.span.from,
            slots: self.span.len(),
            cohort: self.people,
            still: self.still.iter().zip(&self.steps).map(still).collect(),
        })
    }
}

/// The broadcasts that ended on a day, ready to be counted, of a channel's days in ascending order. Those of two days are looked at: of
/// one that went on for longer it is not known who came first, nor of one whose start was not seen.
///
/// What ended in the last three slots of a day counts to the next: it may go on after slots of which nothing is known.
pub fn ended_on(days: &[(Day, ChannelDay)], day: Day) -> Vec<Cohort> {
    let (from, until) = (day.plus(-1), day.plus(1));
    let held = &days[days.partition_point(|(held, _)| *held < from)..];
    let held = &held[..held.partition_point(|(held, _)| *held < until)];
    let ends = Span::of_day(day);
    let ended = |span: &Span| ends.contains(span.to + BRIDGE_SLOTS as i32) && is_begun(held, *span);
    let cohort = |span: Span| Cohort::of(span, |at| slot_of(held, at));
    on_air(held).into_iter().filter(ended).filter_map(cohort).collect()
}

fn bits(slots: impl Iterator<Item = u32>) -> Bits {
    let mut all = Bits::default();
    slots.for_each(|at| set(&mut all, at));
    all
}

fn set(bits: &mut Bits, at: u32) {
    bits[(at / 64) as usize] |= 1 << (at % 64);
}

fn meets(a: &Bits, b: &Bits) -> bool {
    a.iter().zip(b).any(|(a, b)| a & b != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slot::Slot;
    use crate::statistics::channel::tests::{aired, day, live};

    fn span(from: u16, len: i32) -> Span {
        let from = SlotTime::at(day("2026-11-22"), from);
        Span { from, to: from + len }
    }

    #[test]
    fn who_came_first_is_followed_to_the_end() {
        // From 22:00 to 02:00 of the next day; one list is missing at 01:00.
        let broadcast = span(264, 48);
        let missing = SlotTime::at(day("2026-11-23"), 12);
        let slot = |at| if at == missing { ChannelSlot::Unknown } else { live(Some(1)) };
        let mut cohort = Cohort::of(broadcast, slot).unwrap();
        // Ten stay to the end, ten for the first hour, nine come late, one has another channel's slots.
        for _ in 0..10 {
            cohort.add([span(260, 100)]);
            cohort.add([span(264, 12)]);
        }
        (0..9).for_each(|_| cohort.add([span(290, 20)]));
        cohort.add([span(0, 264)]);
        let found = cohort.retention().unwrap();
        assert_eq!((found.cohort, found.slots, found.still.len()), (20, 48, 12));
        assert_eq!(
            (found.still[0], found.still[8], found.still[11]),
            (Still::People(10), Still::Unknown, Still::People(10))
        );
        assert_eq!((found.share(0), found.share(8), found.share(12)), (Some(0.5), None, None));
    }

    #[test]
    fn a_broadcast_counts_to_the_day_it_ended_on() {
        let first = day("2026-11-20");
        let days = [
            (first, aired(&[(0, 40, 9, "", ""), (250, 288, 9, "", "")])),
            (first.plus(1), aired(&[(0, 12, 9, "", ""), (100, 130, 9, "", ""), (200, 285, 9, "", "")])),
            (first.plus(2), aired(&[(10, 60, 9, "", "")])),
        ];
        let ended = |n| -> Vec<(i32, u32)> {
            let found = ended_on(&days, first.plus(n));
            found.iter().map(|one| (one.broadcast().from - SlotTime::at(first, 0), one.broadcast().len())).collect()
        };
        // Where the days before are not held, it is not known when what is on air at midnight of the first began.
        assert_eq!((ended(0), ended(1)), (vec![], vec![(250, 50), (388, 30)]));
        assert_eq!((ended(2), ended(3)), (vec![(488, 85), (586, 50)], vec![]));
    }

    #[test]
    fn who_comes_on_air_unseen_has_no_first_hour() {
        let first = day("2026-11-20");
        // On air at 50 and after; before it so many slots are unknown.
        let ended = |unknown: u16| {
            let mut slots = aired(&[(50, 100, 9, "", "")]);
            (50 - unknown..50).for_each(|slot| slots.set(Slot::new(slot).unwrap(), ChannelSlot::NotFollowed));
            ended_on(&[(first, slots)], first).len()
        };
        assert_eq!([0, 3, 4, 40].map(ended), [1, 1, 0, 0]);
    }

    #[test]
    fn too_short_too_blind_and_too_few() {
        assert!(Cohort::of(span(0, 23), |_| live(None)).is_none());
        assert!(
            Cohort::of(span(0, 40), |at| if at.slot().index() < 4 { ChannelSlot::Unknown } else { live(None) })
                .is_none()
        );
        let mut cohort = Cohort::of(span(0, 250), |_| live(None)).unwrap();
        (0..9).for_each(|_| cohort.add([span(0, 250)]));
        assert_eq!(cohort.retention(), None);
        cohort.add([span(11, 1)]);
        let found = cohort.retention().unwrap();
        assert_eq!((found.cohort, found.still.len(), found.still[47]), (10, 48, Still::Few));
    }
}
