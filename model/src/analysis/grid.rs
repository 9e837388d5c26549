//! Local days of 24 hours, and what is known of somebody in each.

use crate::coverage::PersonCoverage;
use crate::day::{DAY_SECONDS, Day};
use crate::hours::ViewerHours;
use crate::zone::ZoneTable;

/// Hours of a day.
pub const HOURS: usize = 24;
/// Known slots by which an hour counts as known: half of them.
pub const HOUR_KNOWN: u8 = 6;
/// Known slots by which a day counts as known: half of them.
pub const DAY_KNOWN: u16 = 144;

/// Offsets of zones are whole quarters of an hour since 2000.
const QUARTER_SECONDS: i64 = 900;
/// Quarters of an hour of a day.
const QUARTERS: usize = 96;

/// What is known of an hour of the local clock: up to 12 slots, 24 where clocks show it twice, none where they skip it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Slots in any chat.
    pub present: u8,
    /// Slots present or proved absent; at least `present`.
    pub known: u8,
}

impl Cell {
    /// Minutes of an hour online, 0–60; nothing with fewer than [`HOUR_KNOWN`] known slots.
    #[inline]
    pub fn minutes(self) -> Option<f64> {
        (self.known >= HOUR_KNOWN).then(|| 60.0 * f64::from(self.present) / f64::from(self.known))
    }

    fn add(&mut self, (present, known): (u8, u8)) {
        self.present += present;
        self.known += known;
    }
}

/// A local day, cut into `N` parts of the clock's 24 hours: 24, or up to 96.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalDay<const N: usize = HOURS> {
    /// Its date.
    pub day: Day,
    /// By time of the local clock.
    pub cells: [Cell; N],
}

impl<const N: usize> LocalDay<N> {
    /// Slots in any chat, 0–300.
    pub fn present(&self) -> u16 {
        self.cells.iter().map(|cell| u16::from(cell.present)).sum()
    }

    /// Slots present or proved absent, 0–300.
    pub fn known(&self) -> u16 {
        self.cells.iter().map(|cell| u16::from(cell.known)).sum()
    }

    /// Minutes online of 1,440, as the known slots tell; nothing with fewer than [`DAY_KNOWN`] of them.
    pub fn minutes(&self) -> Option<f64> {
        let (present, known) = (self.present(), self.known());
        (known >= DAY_KNOWN).then(|| 1_440.0 * f64::from(present) / f64::from(known))
    }
}

/// Consecutive local days, all of each of which lies in the UTC days that it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid<const N: usize = HOURS>(Vec<LocalDay<N>>);

impl Grid {
    /// From consecutive UTC days of the hour tier, the first of which is `first`; of days without presence nothing is kept,
    /// and nothing known. Where the zone's offset is no whole hour, a UTC hour goes to the local hour that has most of it.
    pub fn of_hours(first: Day, days: &[Option<ViewerHours>], zone: &ZoneTable) -> Grid {
        Grid::of_tiers(first, days, |_| None, zone)
    }

    /// The same, where `slots` gives what is known of the slots of days, by place, that are kept by slot too.
    pub fn of_tiers<'a>(
        first: Day,
        hours: &'a [Option<ViewerHours>],
        slots: impl Fn(usize) -> Option<&'a PersonCoverage>,
        zone: &ZoneTable,
    ) -> Grid {
        let day =
            |(place, hours): (usize, &'a Option<ViewerHours>)| Counts { hours: hours.as_ref(), slots: slots(place) };
        Grid::of(first, hours.len(), hours.iter().enumerate().map(day), zone)
    }

    /// From days of the hour tier, and those kept by slot that follow them.
    pub fn of_hours_then_slots(
        first: Day,
        hours: &[Option<ViewerHours>],
        slots: &[PersonCoverage],
        zone: &ZoneTable,
    ) -> Grid {
        let coarse = hours.iter().map(|day| Counts { hours: day.as_ref(), slots: None });
        let fine = slots.iter().map(|day| Counts { hours: None, slots: Some(day) });
        Grid::of(first, hours.len() + slots.len(), coarse.chain(fine), zone)
    }
}

impl<const N: usize> Grid<N> {
    /// From consecutive UTC days, the first of which is `first`.
    pub fn of_slots(first: Day, days: &[PersonCoverage], zone: &ZoneTable) -> Grid<N> {
        let day = |slots| Counts { hours: None, slots: Some(slots) };
        Grid::of(first, days.len(), days.iter().map(day), zone)
    }

    fn of<'a>(first: Day, days: usize, counts: impl Iterator<Item = Counts<'a>>, zone: &ZoneTable) -> Grid<N> {
        let end = first.plus(days as i32);
        let whole =
            |day: Day| zone.start_of(day) >= first.start_unix() && zone.start_of(day.plus(1)) <= end.start_unix();
        let from = zone.day_of(first.start_unix());
        let days: Vec<Day> = from.until(zone.day_of(end.start_unix()).plus(1)).collect();
        // By cells of a clock since the first local day's beginning.
        let mut cells = vec![Cell::default(); days.len() * N];
        let mut add = |begin: i64, counts: &[(u8, u8)]| {
            for (cell, counts) in (begin..).zip(counts) {
                if let Some(there) = usize::try_from(cell).ok().and_then(|cell| cells.get_mut(cell)) {
                    there.add(*counts);
                }
            }
        };
        let cell_seconds = DAY_SECONDS / N as i64;
        for (place, counts) in counts.enumerate() {
            let start = first.plus(place as i32).start_unix();
            let clock = start - from.start_unix();
            match zone.steady_offset(start, start + DAY_SECONDS).map(i64::from) {
                // Most days have one offset of whole cells: all goes where it belongs in one piece.
                Some(offset) if N == HOURS && offset % cell_seconds == 0 => {
                    add((clock + offset) / cell_seconds, &counts.by_hour());
                }
                Some(offset) if N == QUARTERS && offset % cell_seconds == 0 => {
                    add((clock + offset) / cell_seconds, &counts.by_quarter());
                }
                steady => {
                    for (counts, quarter) in counts.by_quarter().into_iter().zip(0i64..) {
                        let after = quarter * QUARTER_SECONDS;
                        let offset = steady.unwrap_or_else(|| i64::from(zone.offset_at(start + after)));
                        add((clock + after + offset).div_euclid(cell_seconds), &[counts]);
                    }
                }
            }
        }
        let days = days.into_iter().zip(cells.as_chunks::<N>().0);
        Grid(days.filter(|(day, _)| whole(*day)).map(|(day, cells)| LocalDay { day, cells: *cells }).collect())
    }

    /// The days, ascending, without a gap.
    pub fn days(&self) -> &[LocalDay<N>] {
        &self.0
    }
}

/// What is kept of a UTC day, if anything is: slots present, and slots known.
struct Counts<'a> {
    hours: Option<&'a ViewerHours>,
    slots: Option<&'a PersonCoverage>,
}

impl Counts<'_> {
    fn by_hour(&self) -> [(u8, u8); HOURS] {
        let both = match (self.hours, self.slots) {
            (Some(day), _) => (day.present, day.known),
            (None, Some(day)) => (day.present.by_hour(), day.known().by_hour()),
            (None, None) => return [(0, 0); HOURS],
        };
        std::array::from_fn(|hour| (both.0[hour], both.1[hour]))
    }

    fn by_quarter(&self) -> [(u8, u8); QUARTERS] {
        let mut quarters = [(0, 0); QUARTERS];
        if let Some(day) = self.slots {
            let (present, known) = (day.present.by_quarter(), day.known().by_quarter());
            quarters = std::array::from_fn(|quarter| (present[quarter], known[quarter]));
        } else {
            // All of an hour's slots at its middle, which a half is nearest to.
            let hours = quarters.as_chunks_mut::<4>().0.iter_mut().zip(self.by_hour());
            hours.for_each(|(quarters, counts)| quarters[2] = counts);
        }
        quarters
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::slot::{Slot, SlotTime};
    use crate::slot_set::SlotSet;
    use crate::zone::tests::paris;

    /// Known in all slots, present in those of which `is_there` says so.
    pub(crate) fn days(first: Day, days: i32, is_there: impl Fn(SlotTime) -> bool) -> Vec<PersonCoverage> {
        let of = |day: Day| {
            let present: SlotSet = Slot::all().filter(|slot| is_there(SlotTime::new(day, *slot))).collect();
            PersonCoverage { present, observed: Slot::all().collect() }
        };
        first.until(first.plus(days)).map(of).collect()
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn days_of_23_and_25_hours_have_an_hour_less_and_one_twice() {
        for (date, hour, slots) in [("2026-03-29", 2, 0), ("2026-10-25", 2, 24), ("2026-11-22", 2, 12)] {
            let grid: Grid = Grid::of_slots(day(date).plus(-1), &days(day(date).plus(-1), 3, |_| true), &paris());
            // The first and the last UTC day hold a part of a local day each.
            let found: Vec<Day> = grid.days().iter().map(|local| local.day).collect();
            assert_eq!(found, [day(date), day(date).plus(1)][..found.len()]);
            let there = grid.days()[0];
            assert_eq!(there.cells[hour], Cell { present: slots, known: slots }, "{date}");
            assert_eq!(there.known(), paris().span_of(day(date)).len() as u16);
            assert_eq!(there.cells[3], Cell { present: 12, known: 12 });
        }
    }

    #[test]
    fn zones_of_half_and_quarter_hours_cut_hours() {
        // Kathmandu: 14:15 UTC is 20:00.
        let kathmandu = ZoneTable::new("Asia/Kathmandu", 20_700, Vec::new());
        let at = |time: SlotTime| (171..183).contains(&time.slot().index());
        let grid: Grid = Grid::of_slots(day("2026-11-21"), &days(day("2026-11-21"), 3, at), &kathmandu);
        assert_eq!(grid.days().len(), 2);
        for local in grid.days() {
            let online: Vec<usize> = (0..HOURS).filter(|hour| local.cells[*hour].present > 0).collect();
            assert_eq!((online, local.cells[20].present), (vec![20], 12));
        }
    }

    #[test]
    fn what_is_not_known_is_no_value() {
        assert_eq!(Cell { present: 3, known: 5 }.minutes(), None);
        assert_eq!(Cell { present: 3, known: 6 }.minutes(), Some(30.0));
        let mut some = days(day("2026-11-22"), 1, |time| time.slot().index() < 36);
        some[0].observed = some[0].observed.minus(&(144u16..288).map(|slot| Slot::new(slot).unwrap()).collect());
        let grid: Grid = Grid::of_slots(day("2026-11-22"), &some, &ZoneTable::utc());
        assert_eq!(grid.days()[0].minutes(), Some(360.0));
        some[0].observed.remove(Slot::new(143).unwrap());
        let grid: Grid = Grid::of_slots(day("2026-11-22"), &some, &ZoneTable::utc());
        assert_eq!(grid.days()[0].minutes(), None);
    }

    proptest! {
        /// Both tiers say the same of a zone of whole hours.
        #[test]
        fn hours_tell_what_slots_tell(slots in proptest::collection::vec(0u16..864, 0..200), hidden in 0u16..864, hour in -11i32..12) {
            let first = day("2026-11-21");
            let is_there = |time: SlotTime| slots.contains(&((time.index() - SlotTime::at(first, 0).index()) as u16));
            let mut covers = days(first, 3, is_there);
            let place = usize::from(hidden / 288);
            covers[place].observed.remove(Slot::new(hidden % 288).unwrap());
            let by_hour = |set: &SlotSet| std::array::from_fn(|hour| set.count(12 * hour as u16, 12 * hour as u16 + 12) as u8);
            let hours: Vec<Option<ViewerHours>> = covers
                .iter()
                .map(|cover| {
                    let known = cover.known();
                    Some(ViewerHours { present: by_hour(&cover.present), known: by_hour(&known), ..ViewerHours::default() })
                })
                .collect();
            let zone = ZoneTable::new("there", hour * 3_600, Vec::new());
            prop_assert_eq!(Grid::of_hours(first, &hours, &zone), Grid::of_slots(first, &covers, &zone));
        }
    }
}
