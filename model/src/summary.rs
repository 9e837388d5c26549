//! A person in a few figures: the head of their page.

use serde::{Deserialize, Serialize};

use crate::channel_day::ChannelDay;
use crate::day::Day;
use crate::identity::ChannelKey;
use crate::presence::ViewerDay;
use crate::slot::{SlotTime, Span};
use crate::viewer_schedule::channel_sessions;
use crate::zone::ZoneTable;

/// What all held days of a person say at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewerSummary {
    /// The first slot they were seen in.
    pub first_seen: SlotTime,
    /// The last slot they were seen in.
    pub last_seen: SlotTime,
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

/// Sums a person's days; nothing where they were never seen.
///
/// `channel_day` is asked only where speech stands beside lists, to join it to sessions: give at least the days named by
/// [`days_to_join`].
pub fn viewer_summary<'a>(
    days: &[(Day, ViewerDay)],
    zone: &ZoneTable,
    channel_day: impl Fn(ChannelKey, Day) -> Option<&'a ChannelDay>,
) -> Option<ViewerSummary> {
    let span = |slots: Vec<Span>| Some((slots.first()?.from, slots.last()?.to + -1));
    let online = |(day, data): &(Day, ViewerDay)| data.online().runs().into_iter().map(|run| run.on(*day)).collect();
    let first_seen = days.iter().find_map(|day| span(online(day)))?.0;
    let last_seen = days.iter().rev().find_map(|day| span(online(day)))?.1;
    let mut active_days: Vec<Day> = days
        .iter()
        .flat_map(online)
        .flat_map(|span: Span| [zone.day_of(span.from.unix()), zone.day_of((span.to + -1).unix())])
        .collect();
    active_days.sort_unstable();
    active_days.dedup();
    let by_channel = channel_sessions(days, channel_day);
    let everything = Span { from: first_seen, to: last_seen + 1 };
    let sum = |of: fn(&crate::session::Session, Span) -> u32| -> Vec<u64> {
        by_channel.values().map(|visits| visits.iter().map(|visit| u64::from(of(visit, everything))).sum()).collect()
    };
    let watched = sum(crate::session::Session::watch_slots);
    let present = sum(crate::session::Session::present_slots);
    let watch_slots: u64 = watched.iter().sum();
    let base = if watch_slots > 0 { &watched } else { &present };
    let (first, total) = (base.iter().max().copied().unwrap_or_default(), base.iter().sum::<u64>().max(1));
    let (longest_streak_days, current_streak_days) = streaks(&active_days);
    Some(ViewerSummary {
        first_seen,
        last_seen,
        longest_streak_days,
        current_streak_days,
        watch_slots,
        channels: by_channel.len() as u32,
        first_channel_percent: ((first * 200 + total) / (2 * total)) as u32,
        bot_days: days.iter().filter(|(_, data)| data.bot).count() as u32,
        active_days,
    })
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
    use crate::presence::ChannelPresence;
    use crate::run::Run;
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
        let summary = viewer_summary(&days, &paris(), |_, _| None).unwrap();
        assert_eq!(summary.active_days, [day("2026-11-19"), day("2026-11-20"), day("2026-11-21")]);
        assert_eq!((summary.longest_streak_days, summary.current_streak_days), (3, 3));
        assert_eq!((summary.watch_slots, summary.channels, summary.first_channel_percent), (66, 2, 73));
        assert_eq!(summary.first_seen, SlotTime::at(day("2026-11-19"), 240));
        assert_eq!(summary.last_seen, SlotTime::at(day("2026-11-20"), 287));
    }

    #[test]
    fn nobody_has_no_summary() {
        assert_eq!(viewer_summary(&[], &paris(), |_, _| None), None);
        assert_eq!(viewer_summary(&[(Day::MIN, ViewerDay::default())], &paris(), |_, _| None), None);
    }

    #[test]
    fn streaks_break_at_a_missing_day() {
        assert_eq!(streaks(&[day("2026-11-01"), day("2026-11-02"), day("2026-11-03"), day("2026-11-05")]), (3, 1));
        assert_eq!(streaks(&[]), (0, 0));
    }
}
