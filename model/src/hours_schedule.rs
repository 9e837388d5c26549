//! A viewer's local day of which only hours are kept.
//!
//! Hours are UTC's: an hour belongs to the local day that its start lies in, as a slot does. In zones whose offset is no
//! whole number of hours, what is known of a local day is therefore known up to half an hour aside.

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::hours::{SLOTS_PER_HOUR, ViewerHours};
use crate::slot::{SlotTime, Span};

/// What is kept of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hour {
    /// Its first slot.
    pub from: SlotTime,
    /// Slots in any chat, counted once: 0–12.
    pub present: u8,
    /// Slots neither present nor proved absent: 0–12 − `present`.
    pub unknown: u8,
}

impl Hour {
    /// Its twelve slots.
    pub fn span(self) -> Span {
        Span { from: self.from, to: self.from + i32::from(SLOTS_PER_HOUR) }
    }
}

/// The hours of a UTC day.
pub fn hours_of(day: Day, hours: &ViewerHours) -> impl DoubleEndedIterator<Item = Hour> + use<> {
    let (present, known) = (hours.present, hours.known);
    (0..present.len()).map(move |n| Hour {
        from: SlotTime::at(day, n as u16 * u16::from(SLOTS_PER_HOUR)),
        present: present[n],
        unknown: SLOTS_PER_HOUR.saturating_sub(known[n].max(present[n])),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zone::ZoneTable;
    use crate::zone::tests::paris;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn hours_within(window: Span, days: &[(Day, ViewerHours)]) -> Vec<Hour> {
        let hours = days.iter().flat_map(|(day, hours)| hours_of(*day, hours));
        hours.filter(|hour| window.contains(hour.from)).collect()
    }

    /// As many slots as the hour's number, and as many again that are known.
    fn rising(text: &str) -> (Day, ViewerHours) {
        let present = std::array::from_fn(|n| (n as u8).min(6));
        (day(text), ViewerHours { present, known: present.map(|n| n * 2), ..ViewerHours::default() })
    }

    #[test]
    fn a_local_day_has_the_hours_that_begin_in_it() {
        let days = [rising("2026-11-18"), rising("2026-11-19")];
        let hours = hours_within(paris().span_of(day("2026-11-19")), &days);
        assert_eq!(hours.len(), 24);
        let first = Hour { from: SlotTime::at(day("2026-11-18"), 276), present: 6, unknown: 0 };
        assert_eq!((hours[0], hours[1].present, hours[2].present), (first, 0, 1));
        assert_eq!((hours[2].unknown, hours[0].span().len()), (10, 12));
        // The day of 25 hours, and one whose neighbour is not held.
        let days = [rising("2026-10-24"), rising("2026-10-25")];
        assert_eq!(hours_within(paris().span_of(day("2026-10-25")), &days).len(), 25);
        assert_eq!(hours_within(paris().span_of(day("2026-10-25")), &days[..1]).len(), 2);
    }

    #[test]
    fn every_hour_is_in_one_local_day_of_any_zone() {
        let days = [rising("2026-11-18"), rising("2026-11-19"), rising("2026-11-20")];
        let india = ZoneTable::new("Asia/Kolkata", 19_800, vec![]);
        let all = day("2026-11-17").until(day("2026-11-22")).flat_map(|day| hours_within(india.span_of(day), &days));
        assert_eq!(all.count(), 72);
        let hours = hours_within(india.span_of(day("2026-11-19")), &days);
        assert_eq!((hours.len(), hours[0].from), (24, SlotTime::at(day("2026-11-18"), 228)));
    }
}
