//! A person in a few figures: the head of their page.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::channel_day::{ChannelDay, list_observed};
use crate::day::Day;
use crate::hours::ViewerHours;
use crate::hours_schedule::{Hour, hours_of};
use crate::identity::ChannelKey;
use crate::presence::ViewerDay;
use crate::slot::{SlotTime, Span};
use crate::viewer_schedule::channel_sessions;
use crate::zone::ZoneTable;

/// What all held days of a person say at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewerSummary {
    /// The first slot they were seen in, or the hour, where only that is kept.
    pub first_seen: Span,
    /// The last slot they were seen in, or the hour.
    pub last_seen: Span,
    /// Local days with presence, ascending.
    pub active_days: Vec<Day>,
    /// The longest stretch of consecutive local days with presence.
    pub longest_streak_days: u32,
    /// The stretch that ends with the last active day.
    pub current_streak_days: u32,
    /// Σ watch time over channels, in slots.
    pub watch_slots: u64,
    /// Channels with presence.
    pub channels: u32,
    /// Share of the watch time (of the presence, where there is none) in the first channel, in whole percent.
    pub first_channel_percent: u32,
    /// Days on which they were flagged as a bot.
    pub bot_days: u32,
}

/// Sums a person's days, those kept by slot and those kept by hour, no day in both; nothing where they were never seen.
///
/// `channel_day` is asked only where speech stands beside lists, to join it to sessions: give at least the days named by
/// [`days_to_join`].
pub fn viewer_summary<'a>(
    days: &[(Day, ViewerDay)],
    hours: &[(Day, ViewerHours)],
    zone: &ZoneTable,
    channel_day: impl Fn(ChannelKey, Day) -> Option<&'a ChannelDay>,
) -> Option<ViewerSummary> {
    let seen = seen(days, hours);
    let (first_seen, last_seen) = (*seen.first()?, *seen.last()?);
    let mut active_days: Vec<Day> = seen.iter().map(|span| zone.day_of(span.from.unix())).collect();
    active_days.dedup();
    let channels = by_channel(days, hours, Span { from: first_seen.from, to: last_seen.to }, channel_day);
    let watch_slots = channels.values().map(|total| total.watched).sum();
    let base = |total: &Total| if watch_slots > 0 { total.watched } else { total.present };
    let (first, all) = (channels.values().map(base).max(), channels.values().map(base).sum::<u64>().max(1));
    let (longest_streak_days, current_streak_days) = streaks(&active_days);
    Some(ViewerSummary {
        first_seen,
        last_seen,
        longest_streak_days,
        current_streak_days,
        watch_slots,
        channels: channels.len() as u32,
        first_channel_percent: ((first.unwrap_or_default() * 200 + all) / (2 * all)) as u32,
        bot_days: (days.iter().filter(|(_, data)| data.bot).count() + hours.iter().filter(|(_, data)| data.bot).count())
            as u32,
        active_days,
    })
}

/// When they were seen, in order: slots one by one at the ends of runs, hours whole.
fn seen(days: &[(Day, ViewerDay)], hours: &[(Day, ViewerHours)]) -> Vec<Span> {
    let ends = |span: Span| [Span { from: span.from, to: span.from + 1 }, Span { from: span.to + -1, to: span.to }];
    let slots = days.iter().flat_map(|(day, data)| data.online().runs().into_iter().map(|run| run.on(*day)));
    // An hour belongs to the local day that its start lies in.
    let hours =
        hours.iter().flat_map(|(day, hours)| hours_of(*day, hours)).filter(|hour| hour.present > 0).map(Hour::span);
    let mut seen: Vec<Span> = slots.flat_map(ends).chain(hours).collect();
    seen.sort_unstable_by_key(|span| span.from);
    seen
}

/// Slots in a channel.
#[derive(Clone, Copy, Default)]
struct Total {
    watched: u64,
    present: u64,
}

fn by_channel<'a>(
    days: &[(Day, ViewerDay)],
    hours: &[(Day, ViewerHours)],
    everything: Span,
    channel_day: impl Fn(ChannelKey, Day) -> Option<&'a ChannelDay>,
) -> BTreeMap<ChannelKey, Total> {
    let mut totals: BTreeMap<ChannelKey, Total> = BTreeMap::new();
    let observed = |key, at: SlotTime| list_observed(channel_day(key, at.day()), at);
    for (channel, visits) in channel_sessions(days, observed) {
        let total = totals.entry(channel).or_default();
        for visit in visits {
            total.watched += u64::from(visit.watch_slots(everything));
            total.present += u64::from(visit.present_slots(everything));
        }
    }
    for (channel, counts) in hours.iter().flat_map(|(_, hours)| &hours.channels) {
        let total = totals.entry(*channel).or_default();
        total.watched += u64::from(counts.watched);
        // Every slot of a session is one or the other.
        total.present += u64::from(counts.watched) + u64::from(counts.active);
    }
    totals
}

/// The channel days that joining speech to sessions needs: those in which both kinds of evidence stand.
pub fn days_to_join(days: &[(Day, ViewerDay)]) -> Vec<(ChannelKey, Day)> {
    let both =
        |data: &ViewerDay| data.channels.iter().filter(|c| !c.spoke.is_empty()).map(|c| c.channel).collect::<Vec<_>>();
    days.iter().flat_map(|(day, data)| both(data).into_iter().map(|key| (key, *day))).collect()
}

/// The longest and the last stretch of consecutive days.
fn streaks(days: &[Day]) -> (u32, u32) {
    let (mut longest, mut current, mut last) = (0, 0, None);
    for day in days {
        current = if last == Some(day.plus(-1)) { current + 1 } else { 1 };
        longest = longest.max(current);
        last = Some(*day);
    }
    (longest, current)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::month_in_hours;
    use crate::presence::ChannelPresence;
    use crate::run::Run;
    use crate::slot::SlotTime;
    use crate::zone::tests::paris;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn seen(text: &str, channel: u32, from: u16, to: u16) -> (Day, ViewerDay) {
        let listed = vec![Run::new(from, to).unwrap()];
        (
            day(text),
            ViewerDay {
                bot: false,
                channels: vec![ChannelPresence { channel: ChannelKey(channel), listed, spoke: vec![] }],
            },
        )
    }

    #[test]
    fn days_are_counted_in_the_zone() {
        // 23:30 UTC on the 19th is the 20th in Paris: two UTC days, three local ones.
        let days = [seen("2026-11-19", 1, 240, 288), seen("2026-11-20", 2, 270, 288)];
        let summary = viewer_summary(&days, &[], &paris(), |_, _| None).unwrap();
        assert_eq!(summary.active_days, [day("2026-11-19"), day("2026-11-20"), day("2026-11-21")]);
        assert_eq!((summary.longest_streak_days, summary.current_streak_days), (3, 3));
        assert_eq!((summary.watch_slots, summary.channels, summary.first_channel_percent), (66, 2, 73));
        let slot = |text, slot| Span { from: SlotTime::at(day(text), slot), to: SlotTime::at(day(text), slot + 1) };
        assert_eq!(summary.first_seen, slot("2026-11-19", 240));
        assert_eq!(summary.last_seen, slot("2026-11-20", 287));
    }

    /// What a month in hours keeps is what its slots said.
    #[test]
    fn hours_say_the_same_of_whole_days() {
        let days = [seen("2026-11-19", 1, 240, 285), seen("2026-11-20", 2, 270, 276), seen("2026-11-22", 1, 0, 7)];
        let utc = ZoneTable::utc();
        let fine = viewer_summary(&days, &[], &utc, |_, _| None).unwrap();
        let hours = month_in_hours(&days, |_, _| None);
        let coarse = viewer_summary(&[], &hours, &utc, |_, _| None).unwrap();
        assert_eq!(coarse.first_seen, Span { from: fine.first_seen.from, to: fine.first_seen.from + 12 });
        assert_eq!(coarse.last_seen.len(), 12);
        let same = ViewerSummary { first_seen: fine.first_seen, last_seen: fine.last_seen, ..coarse.clone() };
        assert_eq!(same, fine);
        let mixed = viewer_summary(&days[2..], &hours[..2], &utc, |_, _| None).unwrap();
        assert_eq!((mixed.first_seen, mixed.last_seen), (coarse.first_seen, fine.last_seen));
        assert_eq!((mixed.active_days, mixed.watch_slots), (fine.active_days, fine.watch_slots));
    }

    #[test]
    fn nobody_has_no_summary() {
        assert_eq!(viewer_summary(&[], &[], &paris(), |_, _| None), None);
        assert_eq!(viewer_summary(&[(Day::MIN, ViewerDay::default())], &[], &paris(), |_, _| None), None);
    }

    #[test]
    fn streaks_break_at_a_missing_day() {
        assert_eq!(streaks(&[day("2026-11-01"), day("2026-11-02"), day("2026-11-03"), day("2026-11-05")]), (3, 1));
        assert_eq!(streaks(&[]), (0, 0));
    }
}
