//! Older days of a person: what is kept of them, from the store.

use std::collections::BTreeMap;

use model::day::Day;
use model::hours::{SlotCounts, ViewerHours};
use model::hours_schedule::{hours_of, hours_within};
use model::identity::{ChannelKey, GameKey};
use model::slot::Span;
use model::words::Tier;
use store::Store as _;
use store::channel::Channel;
use store::day::DayRecord;
use store::month::MonthRecord;

use crate::context::Site;
use crate::data::Stretch;
use crate::data::by_hour::{ByHour, ChannelTotal, HourKept, Kept, MAX_TOTALS, WholeDay};
use crate::error::PageError;

/// How fine what was imported of a window is kept, in order.
pub(super) fn kept(window: Span, records: &[DayRecord], months: &[MonthRecord]) -> Vec<Kept> {
    let mut found: Vec<Kept> = Vec::new();
    for day in window.days().filter(|day| records.iter().any(|record| record.day == *day)) {
        let tier = tier(months, day);
        let at = Stretch::within(window, Span::of_day(day));
        match found.last_mut() {
            Some(last) if last.tier == tier && last.at.1 == at.0 => last.at.1 = at.1,
            _ => found.push(Kept { tier, at }),
        }
    }
    found
}

/// How fine a day is kept.
pub(super) fn tier(months: &[MonthRecord], day: Day) -> Tier {
    let month = months.iter().find(|record| record.month == day.month());
    month.and_then(|record| record.closed).unwrap_or(Tier::Slots)
}

/// What is kept by hour of a window; `days` are all of the person's.
pub(super) async fn by_hour(site: &Site, window: Span, days: &[(Day, ViewerHours)]) -> Result<ByHour, PageError> {
    let hours = hours_within(window, days);
    let seen = |day: &&(Day, ViewerHours)| hours_of(day).any(|hour| hour.present > 0 && window.contains(hour.from));
    let seen: Vec<&(Day, ViewerHours)> = days.iter().filter(seen).collect();
    let keys: Vec<ChannelKey> = {
        let mut keys: Vec<ChannelKey> = seen.iter().flat_map(|(_, day)| &day.channels).map(|(key, _)| *key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    };
    let channels: BTreeMap<ChannelKey, Channel> =
        site.store.channels(&keys).await?.into_iter().map(|channel| (channel.key, channel)).collect();
    if channels.len() != keys.len() {
        return Err(PageError::internal(&"a viewer's day names a channel that the store does not have"));
    }
    let games: BTreeMap<GameKey, String> = if seen.is_empty() {
        BTreeMap::new()
    } else {
        site.store.games().await?.into_iter().map(|(key, game)| (key, game.name)).collect()
    };
    let hour = |hour: &model::hours_schedule::Hour| {
        let from = (hour.from - window.from) as u32;
        HourKept { at: Stretch(from, from + hour.span().len()), present: hour.present, unknown: hour.unknown }
    };
    Ok(ByHour {
        hours: hours.iter().map(hour).collect(),
        days: seen.into_iter().map(|(day, hours)| whole_day(*day, hours, &channels, &games)).collect(),
    })
}

fn whole_day(
    day: Day,
    hours: &ViewerHours,
    channels: &BTreeMap<ChannelKey, Channel>,
    games: &BTreeMap<GameKey, String>,
) -> WholeDay {
    // Every slot of a session is watch time or activity.
    let slots = |counts: &SlotCounts| u32::from(counts.watched) + u32::from(counts.active);
    let mut held = hours.channels.clone();
    // Sorting keeps the order of keys among equals.
    held.sort_by_key(|(_, counts)| std::cmp::Reverse(slots(counts)));
    let total = |(key, counts): &(ChannelKey, SlotCounts)| {
        let channel = channels.get(key)?;
        Some(ChannelTotal {
            login: channel.login.clone(),
            name: channel.display_name.clone(),
            watch_slots: counts.watched.into(),
            spoke_slots: counts.spoke.into(),
        })
    };
    let name = |(key, counts): &(GameKey, SlotCounts)| {
        Some((games.get(key).filter(|name| !name.is_empty())?.clone(), slots(counts)))
    };
    let mut played: Vec<(String, u32)> = hours.games.iter().filter_map(name).collect();
    played.sort_by_key(|(_, slots)| std::cmp::Reverse(*slots));
    played.truncate(MAX_TOTALS);
    WholeDay {
        day,
        channels: held.iter().take(MAX_TOTALS).filter_map(total).collect(),
        left_out: held.len().saturating_sub(MAX_TOTALS) as u32,
        games: played,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::slot::SlotTime;
    use store::day::DayStats;

    #[test]
    fn a_day_may_be_kept_in_parts() {
        let day = |text: &str| -> Day { text.parse().unwrap() };
        let record = |text: &str| DayRecord {
            day: day(text),
            provisional: false,
            until: None,
            imported_at: 0,
            import_ms: 0,
            stats: DayStats::default(),
            sweeps: 288,
        };
        let month = |text: &str, closed| MonthRecord { month: day(text).month(), open: false, closed };
        let records = ["2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01", "2026-11-02"].map(record);
        let months = [
            month("2026-09-01", Some(Tier::Aggregates)),
            month("2026-10-01", Some(Tier::Hours)),
            month("2026-11-01", None),
        ];
        let kept = |from: &str, slot| {
            let from = SlotTime::at(day(from), slot);
            let kept = kept(Span { from, to: from + 288 }, &records, &months);
            kept.into_iter().map(|kept| (kept.tier, (kept.at.0, kept.at.1))).collect::<Vec<_>>()
        };
        assert_eq!(kept("2026-09-30", 276), [(Tier::Aggregates, (0, 12)), (Tier::Hours, (12, 288))]);
        assert_eq!(kept("2026-10-31", 276), [(Tier::Hours, (0, 12)), (Tier::Slots, (12, 288))]);
        assert_eq!(kept("2026-11-01", 276), [(Tier::Slots, (0, 288))]);
        // What was never imported is kept in no way.
        assert_eq!(kept("2026-10-01", 276), [(Tier::Hours, (0, 12))]);
        assert_eq!(kept("2026-10-10", 0), []);
    }
}
