//! A channel in figures: airtime, viewers, hours watched, and how they change.

use serde::{Deserialize, Serialize};

use super::TREND_DAYS;
use crate::analysis::Method;
use crate::channel_day::{ChannelDay, ChannelSlot};
use crate::channel_schedule::{ENOUGH_COVERAGE_PERCENT, broadcasts};
use crate::day::Day;
use crate::session::BRIDGE_SLOTS;
use crate::slot::{SLOT_MINUTES, SLOTS_PER_DAY, SlotTime, Span};
use crate::words::Tier;

/// What figures and trends are worked out by.
pub const METHOD: Method = Method::new("channel-figures", 1, Tier::Aggregates);

/// What was seen of a channel over a stretch of UTC days. Figures of two stretches that do not touch add up, broadcasts across midnight
/// apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Slots of the stretch, those of days that are not held among them.
    pub slots: u64,
    /// Of them those of which it is known whether it was on air.
    pub known_slots: u64,
    /// Of them those in which it was.
    pub live_slots: u64,
    /// Of them those whose viewers are known.
    pub counted_slots: u64,
    /// Σ viewers over them.
    pub viewer_slots: u64,
    /// Times on air: live slots, joined across at most 3 slots of which nothing is known.
    pub broadcasts: u32,
    /// Most viewers, and when first.
    pub peak: Option<(SlotTime, u32)>,
}

impl Figures {
    /// Hours on air.
    pub fn airtime_hours(&self) -> f64 {
        hours(self.live_slots)
    }

    /// Hours watched: Σ viewers × 5 / 60 over the live slots that were seen.
    pub fn hours_watched(&self) -> f64 {
        hours(self.viewer_slots)
    }

    /// Mean viewers over live slots; nothing where none is known.
    pub fn mean_viewers(&self) -> Option<f64> {
        (self.counted_slots > 0).then(|| self.viewer_slots as f64 / self.counted_slots as f64)
    }

    /// The share of the stretch that was seen, 0–1: off air, or live with its viewers. 0 of an empty stretch.
    pub fn coverage(&self) -> f64 {
        if self.slots == 0 { 0.0 } else { self.seen() as f64 / self.slots as f64 }
    }

    /// Whether so little was seen that airtime and hours watched read "at least".
    pub fn is_lower_bound(&self) -> bool {
        self.seen() * 100 < self.slots * ENOUGH_COVERAGE_PERCENT
    }

    fn seen(&self) -> u64 {
        self.known_slots - self.live_slots + self.counted_slots
    }

    fn add(&mut self, day: Day, data: &ChannelDay) {
        for at in Span::of_day(day).slots() {
            let slot = data.slot(at.slot());
            self.known_slots += u64::from(slot.stream_observed());
            let ChannelSlot::Live(live) = slot else { continue };
            self.live_slots += 1;
            let Some(viewers) = live.viewers else { continue };
            self.counted_slots += 1;
            self.viewer_slots += u64::from(viewers);
            if self.peak.is_none_or(|(_, most)| viewers > most) {
                self.peak = Some((at, viewers));
            }
        }
    }
}

/// Hours of so many slots.
fn hours(slots: u64) -> f64 {
    slots as f64 * f64::from(SLOT_MINUTES) / 60.0
}

/// A window, and the one of the same length before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trend {
    /// Days of each.
    pub days: u16,
    /// The window.
    pub now: Figures,
    /// The one before.
    pub before: Figures,
}

impl Trend {
    /// How a figure changed, as a ratio − 1: 0.1 is ten percent more. Nothing where one of both windows was seen for less than 90 %, or
    /// there was nothing before.
    pub fn change(&self, figure: impl Fn(&Figures) -> Option<f64>) -> Option<f64> {
        if self.now.is_lower_bound() || self.before.is_lower_bound() {
            return None;
        }
        let (now, before) = (figure(&self.now)?, figure(&self.before)?);
        Some(now / before - 1.0).filter(|change| change.is_finite())
    }
}

/// Figures of the days [from, until), of the channel's days that are held, ascending; others than those of the stretch are ignored.
pub fn figures(days: &[(Day, ChannelDay)], from: Day, until: Day) -> Figures {
    let held = &days[days.partition_point(|(day, _)| *day < from)..];
    let held = &held[..held.partition_point(|(day, _)| *day < until)];
    let slots = (until.days() - from.days()).max(0) as u64 * u64::from(SLOTS_PER_DAY);
    let mut figures = Figures { slots, ..Figures::default() };
    for (day, data) in held {
        figures.add(*day, data);
    }
    figures.broadcasts = on_air(held).len() as u32;
    figures
}

/// Times on air within these days, ascending.
pub(super) fn on_air(days: &[(Day, ChannelDay)]) -> Vec<Span> {
    let (Some((first, _)), Some((last, _))) = (days.first(), days.last()) else { return Vec::new() };
    let all = Span { from: SlotTime::at(*first, 0), to: SlotTime::at(*last, SLOTS_PER_DAY) };
    broadcasts(all, |at| slot_of(days, at))
}

/// Whether a time on air began when it is first seen on air: it was seen off air shortly before.
pub(super) fn is_begun(days: &[(Day, ChannelDay)], span: Span) -> bool {
    (1..=BRIDGE_SLOTS as i32 + 1).any(|before| slot_of(days, span.from + -before).stream_observed())
}

/// What is known of a slot; nothing of a day that is not held.
pub(super) fn slot_of(days: &[(Day, ChannelDay)], at: SlotTime) -> ChannelSlot {
    let place = days.binary_search_by_key(&at.day(), |(day, _)| *day);
    place.map_or(ChannelSlot::NotFollowed, |place| days[place].1.slot(at.slot()))
}

/// Trends over 7, 30 and 90 days up to `last`, itself included. `days` are the channel's of the 180 days up to then, ascending.
pub fn trends(days: &[(Day, ChannelDay)], last: Day) -> [Trend; TREND_DAYS.len()] {
    let end = last.plus(1);
    TREND_DAYS.map(|window| {
        let (from, before) = (end.plus(-i32::from(window)), end.plus(-2 * i32::from(window)));
        Trend { days: window, now: figures(days, from, end), before: figures(days, before, from) }
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::channel_day::tests::channel_day;
    use crate::channel_day::{LiveSlot, Segment};
    use crate::run::Run;
    use crate::sample::StreamFacts;
    use crate::slot::Slot;
    use crate::words::{ListStatus, SpeechStatus};
    use proptest::prelude::*;

    pub(in crate::statistics) fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    pub(in crate::statistics) fn live(viewers: Option<u32>) -> ChannelSlot {
        let (list, speech) = (ListStatus::Complete, SpeechStatus::Missing);
        ChannelSlot::Live(LiveSlot { viewers, chatters: viewers, list, speech, source: None })
    }

    /// Off air but for these stretches: from, to, viewers, title, game.
    pub(in crate::statistics) fn aired(stretches: &[(u16, u16, u32, &str, &str)]) -> ChannelDay {
        let mut data = ChannelDay::default();
        Slot::all().for_each(|slot| data.set(slot, ChannelSlot::OffAir));
        for (from, to, viewers, title, game) in stretches {
            (*from..*to).for_each(|slot| data.set(Slot::new(slot).unwrap(), live(Some(*viewers))));
            let facts = StreamFacts {
                title: (*title).into(),
                game: (*game).into(),
                game_id: if game.is_empty() { String::new() } else { format!("id of {game}") },
                ..StreamFacts::default()
            };
            data.segments.push(Segment::new(Run::new(*from, *to).unwrap(), &facts));
        }
        data
    }

    #[test]
    fn hours_and_viewers_of_a_week() {
        let (first, last) = (day("2026-11-16"), day("2026-11-22"));
        let evening = aired(&[(240, 288, 120, "", "")]);
        let mut days: Vec<(Day, ChannelDay)> = first.until(last.plus(1)).map(|day| (day, evening.clone())).collect();
        let found = figures(&days, first, last.plus(1));
        assert_eq!((found.airtime_hours(), found.hours_watched(), found.mean_viewers()), (28.0, 3_360.0, Some(120.0)));
        assert_eq!((found.broadcasts, found.coverage(), found.is_lower_bound()), (7, 1.0, false));
        assert_eq!(found.peak, Some((SlotTime::at(first, 240), 120)));
        // A day that is not held is not seen: 6 of 7 days.
        days.remove(3);
        let less = figures(&days, first, last.plus(1));
        assert!(less.is_lower_bound() && (less.coverage() - 6.0 / 7.0).abs() < 1e-12);
        // Nor is a live slot whose viewers nobody told.
        days.truncate(1);
        (240..288).for_each(|slot| days[0].1.set(Slot::new(slot).unwrap(), live(None)));
        let untold = figures(&days, first, first.plus(1));
        assert_eq!((untold.mean_viewers(), untold.coverage(), untold.airtime_hours()), (None, 240.0 / 288.0, 4.0));
        assert_eq!(figures(&days, last, first), Figures::default());
    }

    #[test]
    fn trends_compare_with_the_window_before() {
        let last = day("2026-11-22");
        let of = |n: i32| if n > -7 { aired(&[(0, 24, 150, "", "")]) } else { aired(&[(0, 12, 100, "", "")]) };
        let days: Vec<(Day, ChannelDay)> = (-59..=0).map(|n| (last.plus(n), of(n))).collect();
        let [week, month, quarter] = trends(&days, last);
        assert_eq!(week.change(Figures::mean_viewers), Some(0.5));
        assert_eq!(week.change(|figures| Some(figures.hours_watched())), Some(2.0));
        assert_eq!(month.before.live_slots, 30 * 12);
        // Held for 60 days: nothing to compare 90 with.
        assert_eq!((quarter.days, quarter.change(Figures::mean_viewers)), (90, None));
        assert_eq!(week.change(|_| Some(0.0)), None);
    }

    proptest! {
        #[test]
        fn stretches_add_up(a in channel_day(), b in channel_day(), c in channel_day()) {
            let first = day("2026-11-20");
            let days = [(first, a), (first.plus(1), b), (first.plus(2), c)];
            let (all, one, rest) = (
                figures(&days, first, first.plus(3)),
                figures(&days, first, first.plus(1)),
                figures(&days, first.plus(1), first.plus(3)),
            );
            prop_assert_eq!(all.viewer_slots, one.viewer_slots + rest.viewer_slots);
            prop_assert_eq!(all.live_slots, one.live_slots + rest.live_slots);
            prop_assert_eq!(all.known_slots, one.known_slots + rest.known_slots);
            prop_assert!(all.broadcasts <= one.broadcasts + rest.broadcasts);
            prop_assert!((0.0..=1.0).contains(&all.coverage()));
            prop_assert_eq!(all.peak.map(|(_, most)| most), one.peak.into_iter().chain(rest.peak).map(|(_, most)| most).max());
        }
    }
}
