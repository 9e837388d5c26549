//! Older days of a person: what is kept of them, from the store.

use std::collections::{BTreeMap, BTreeSet};

use model::day::Day;
use model::hours::ViewerHours;
use model::identity::{ChannelKey, GameKey};
use model::slot::Span;
use model::words::Tier;
use store::Store as _;
use store::day::DayRecord;
use store::month::MonthRecord;

use crate::context::Site;
use crate::data::Stretch;
use crate::data::by_hour::{ByHour, Kept};
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
    let from = days.partition_point(|(day, _)| *day < window.from.day());
    let to = days.partition_point(|(day, _)| *day <= (window.to + -1).day());
    let days = &days[from..to.max(from)];
    let keys: BTreeSet<ChannelKey> = days.iter().flat_map(|(_, hours)| &hours.channels).map(|(key, _)| *key).collect();
    let channels = super::names(site, &keys).await?;
    let games: BTreeMap<GameKey, String> = if days.is_empty() {
        BTreeMap::new()
    } else {
        site.store.games().await?.into_iter().map(|(key, game)| (key, game.name)).collect()
    };
    Ok(ByHour::new(window, days, &channels, &games))
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
