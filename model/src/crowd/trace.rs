//! What a person's days come to: per channel their runs of the last week, and their slots by hour of the local week.

use super::calendar::{Calendar, HOUR_SLOTS, Half, LAST_WEEK, SLOTS, WEEK_DAYS, WEEK_HOURS};
use crate::day::Day;
use crate::identity::ChannelKey;
use crate::presence::ViewerDay;
use crate::slot::SLOTS_PER_DAY;
use crate::statistics::overlap;

/// The most slots that one hour of the week counts: six bits in the index. Two weeks have 24, or 36 where clocks go back.
pub(super) const MOST_COUNT: u8 = 63;

/// Slots of one half by hour of the local week, 0–63 each.
pub(super) type Cells = [u8; WEEK_HOURS];

/// Somebody in one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InChannel {
    pub(super) channel: ChannelKey,
    /// Maximal runs [from, to) of the last week's slots, in order.
    pub(super) week: Vec<(u16, u16)>,
    /// The half that is known, and the half that is asked about.
    pub(super) known: Cells,
    pub(super) asked: Cells,
}

/// Folds people's days, one after the other, in the same memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Folder {
    runs: Vec<(u32, u16, u16)>,
}

/// Folds one person's days.
pub(super) fn fold(calendar: &Calendar, days: &[(Day, ViewerDay)]) -> Vec<InChannel> {
    let mut all = Vec::new();
    Folder::default().fold(calendar, days, |channel| all.push(channel.clone()));
    all
}

/// Places of the days with presence, 0–27, each once, in order; a bot's day is none.
pub(super) fn active(calendar: &Calendar, days: &[(Day, ViewerDay)]) -> Vec<u16> {
    let is_active = |day: &ViewerDay| !day.bot && !day.online().is_empty();
    let mut places: Vec<u16> =
        days.iter().filter(|(_, day)| is_active(day)).filter_map(|(day, _)| calendar.place(*day)).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// Whether somebody is a program: flagged on two or more of their last seven active days.
pub(super) fn is_bot(calendar: &Calendar, days: &[(Day, ViewerDay)]) -> bool {
    let held = days.iter().filter(|(day, there)| calendar.place(*day).is_some() && !there.channels.is_empty());
    let mut flags: Vec<(Day, bool)> = held.map(|(day, there)| (*day, there.bot)).collect();
    // Most people never are.
    if !flags.iter().any(|(_, bot)| *bot) {
        return false;
    }
    flags.sort_unstable();
    overlap::is_bot(flags.into_iter().map(|(_, bot)| bot))
}

impl Folder {
    /// Calls `each` by ascending channel. Days outside of the calendar and a bot's are left out; days, channels and runs may be
    /// in any order, and overlap.
    pub(super) fn fold(&mut self, calendar: &Calendar, days: &[(Day, ViewerDay)], mut each: impl FnMut(&InChannel)) {
        self.runs.clear();
        for (day, there) in days {
            let Some(place) = calendar.place(*day).filter(|_| !there.bot) else { continue };
            let start = place * SLOTS_PER_DAY;
            // That key is none: steps to the one after it could not be told.
            for presence in there.channels.iter().filter(|presence| presence.channel.0 < u32::MAX) {
                let runs = presence.listed.iter().chain(&presence.spoke);
                self.runs.extend(runs.map(|run| (presence.channel.0, start + run.from(), start + run.to())));
            }
        }
        self.runs.sort_unstable();
        let mut there = InChannel { channel: ChannelKey(0), week: Vec::new(), known: [0; 168], asked: [0; 168] };
        for runs in self.runs.chunk_by(|a, b| a.0 == b.0) {
            there.channel = ChannelKey(runs[0].0);
            there.clear();
            let mut joined = (runs[0].1, runs[0].2);
            for (_, from, to) in &runs[1..] {
                if *from <= joined.1 {
                    joined.1 = joined.1.max(*to);
                } else {
                    there.add(calendar, joined);
                    joined = (*from, *to);
                }
            }
            there.add(calendar, joined);
            each(&there);
        }
    }
}

impl InChannel {
    fn clear(&mut self) {
        self.week.clear();
        self.known = [0; WEEK_HOURS];
        self.asked = [0; WEEK_HOURS];
    }

    /// Adds a maximal run of the slots of all days.
    fn add(&mut self, calendar: &Calendar, (from, to): (u16, u16)) {
        if to > LAST_WEEK {
            self.week.push((from.max(LAST_WEEK) - LAST_WEEK, to.min(SLOTS) - LAST_WEEK));
        }
        let mut slot = from;
        while slot < to {
            let hour = slot / HOUR_SLOTS;
            let end = to.min((hour + 1) * HOUR_SLOTS);
            let cells = match Calendar::half(slot / SLOTS_PER_DAY) {
                Half::Known => &mut self.known,
                Half::Asked => &mut self.asked,
            };
            let cell = &mut cells[usize::from(calendar.clock()[usize::from(hour)])];
            *cell = cell.saturating_add((end - slot) as u8).min(MOST_COUNT);
            slot = end;
        }
    }
}

/// Slots of a half, in one channel.
pub(super) fn total(cells: &Cells) -> u32 {
    cells.iter().map(|count| u32::from(*count)).sum()
}

/// Active days of the last week.
pub(super) fn active_in_last_week(active: &[u16]) -> u32 {
    active.iter().filter(|place| Calendar::is_in_last_week(**place)).count() as u32
}

const _: () = assert!(WEEK_HOURS == 24 * WEEK_DAYS as usize);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presence::ChannelPresence;
    use crate::run::Run;
    use crate::zone::ZoneTable;

    fn day(bot: bool, channels: &[(u32, u16, u16, bool)]) -> ViewerDay {
        let of = |&(key, from, to, spoke): &(u32, u16, u16, bool)| {
            let runs = vec![Run::new(from, to).unwrap()];
            let (listed, spoke) = if spoke { (vec![], runs) } else { (runs, vec![]) };
            ChannelPresence { channel: ChannelKey(key), listed, spoke }
        };
        ViewerDay { bot, channels: channels.iter().map(of).collect() }
    }

    #[test]
    fn days_are_folded_into_runs_and_hours() {
        let calendar = Calendar::ending("2026-11-29".parse().unwrap(), &ZoneTable::utc()).unwrap();
        let at = |place: i32| calendar.first().plus(place);
        let days = [
            (at(0), day(false, &[(7, 6, 18, false)])),
            (at(14), day(false, &[(7, 12, 18, true)])),
            (at(20), day(false, &[(7, 287, 288, false)])),
            (at(21), day(false, &[(3, 0, 2, false), (3, 1, 5, true), (7, 0, 1, true)])),
            (at(22), day(true, &[(3, 0, 200, false)])),
            (at(28), day(false, &[(3, 0, 200, false)])),
        ];
        let folded = fold(&calendar, &days);
        assert_eq!(folded.iter().map(|there| there.channel.0).collect::<Vec<_>>(), [3, 7]);
        // Both kinds of evidence are one run, and so are both sides of midnight; of the last week only its part.
        assert_eq!((&folded[0].week[..], &folded[1].week[..]), (&[(0, 5)][..], &[(0, 1)][..]));
        // 2026-11-02 is a Monday: half of its first hour, all but half of the second, twice.
        assert_eq!((folded[1].known[0], folded[1].known[1], folded[1].known[167]), (6, 12, 1));
        assert_eq!((total(&folded[1].known), total(&folded[1].asked), folded[0].asked[0]), (19, 1, 5));
        assert_eq!(active(&calendar, &days), [0, 14, 20, 21]);
        assert!(!is_bot(&calendar, &days));
        let mut flagged = days.to_vec();
        flagged[3].1.bot = true;
        assert!(is_bot(&calendar, &flagged));
    }
}
