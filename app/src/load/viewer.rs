//! A viewer's page, from the store.

use std::collections::BTreeSet;

use model::channel_day::list_observed;
use model::channel_schedule::scenes;
use model::day::Day;
use model::hours::ViewerHours;
use model::identity::ChannelKey;
use model::login::Login;
use model::presence::ViewerDay as Presence;
use model::slot::{SlotTime, Span};
use model::summary::{ViewerSummary, days_to_join, viewer_summary};
use model::viewer_schedule::{ViewerSchedule, viewer_schedule};
use model::words::Tier;
use store::Store as _;
use store::access::ViewerKey;
use store::day::DayRecord;
use store::month::MonthRecord;

use super::local_day::{self, Zone};
use super::{ChannelDays, by_hour, imported_until};
use crate::context::Site;
use crate::data::seen::{self, Ribbons};
use crate::data::viewer::{ViewerDay, ViewerHead};
use crate::error::PageError;
use crate::query::ZoneName;

/// Answers for the person that `who` opens; `records` are the days imported. Errors: nothing is held of them (not found).
pub(crate) async fn viewer_day(
    site: &Site,
    records: &[DayRecord],
    who: &ViewerKey,
    login: Login,
    day: Option<Day>,
    zone: Option<&ZoneName>,
) -> Result<ViewerDay, PageError> {
    let last = records.last().ok_or(PageError::SettingUp)?;
    let zone = Zone::resolve(site, zone, records);
    let held = held(site, who).await?;
    let Held { days, hours, months } = &held;
    let summary = summary(site, days, hours, &zone).await?.ok_or(PageError::NotFound)?;
    let last_held = zone.table.day_of((imported_until(last) + -1).unix());
    let head = head(&summary, &zone, last_held);
    let default = *summary.active_days.last().ok_or(PageError::NotFound)?;
    let local = local_day::open(site, records, zone, day, &summary.active_days, default).await?;

    let until = local.window.from + local.until as i32;
    let around = around(local.window, days);
    let (schedule, ribbons) = schedule(site, local.window, until, around, months).await?;
    let by_hour = by_hour::by_hour(site, local.window, hours).await?;
    let kept = by_hour::kept(local.window, records, months);
    let shown = |day: &Day| Span::of_day(*day).intersect(local.window).is_some();
    let bot = around.iter().any(|(day, data)| data.bot && shown(day))
        || hours.iter().any(|(day, data)| data.bot && shown(day));
    Ok(ViewerDay {
        kept,
        by_hour,
        has_channel: site.store.channel(&login).await?.is_some(),
        login,
        head,
        online_slots: schedule.online_slots,
        watch_slots: schedule.watch_slots,
        channels: schedule.ribbons.len() as u32,
        ribbons,
        bot,
        local,
    })
}

/// Everything held of a person.
struct Held {
    days: Vec<(Day, Presence)>,
    hours: Vec<(Day, ViewerHours)>,
    months: Vec<MonthRecord>,
}

async fn held(site: &Site, who: &ViewerKey) -> Result<Held, PageError> {
    let mut days = site.store.viewer_days(who, Day::MIN, Day::MAX).await?;
    let hours = site.store.viewer_hours(who, Day::MIN, Day::MAX).await?;
    // A month may have got coarser meanwhile.
    days.retain(|(day, _)| hours.binary_search_by_key(day, |(day, _)| *day).is_err());
    Ok(Held { days, hours, months: site.store.months().await? })
}

/// All days in a few figures; channel days are read only where speech stands beside lists.
async fn summary(
    site: &Site,
    days: &[(Day, Presence)],
    hours: &[(Day, ViewerHours)],
    zone: &Zone,
) -> Result<Option<ViewerSummary>, PageError> {
    let joins = days_to_join(days);
    let keys: Vec<ChannelKey> = joins.iter().map(|(key, _)| *key).collect::<BTreeSet<_>>().into_iter().collect();
    let bounds = joins.iter().map(|(_, day)| *day).min().zip(joins.iter().map(|(_, day)| *day).max());
    let held = match bounds {
        Some((from, to)) => site.store.channel_days(&keys, from, to.plus(1)).await?,
        None => Vec::new(),
    };
    let held = ChannelDays::new(held);
    Ok(viewer_summary(days, hours, &zone.table, |key, day| held.get(key, day)))
}

fn head(summary: &ViewerSummary, zone: &Zone, last_held: Day) -> ViewerHead {
    let first = zone.table.day_of(summary.first_seen.from.unix());
    ViewerHead {
        first_seen: summary.first_seen,
        last_seen: summary.last_seen,
        days_active: summary.active_days.len() as u32,
        days_held: (last_held.days() - first.days() + 1).max(1) as u32,
        longest_streak_days: summary.longest_streak_days,
        current_streak_days: if goes_on(&summary.active_days, last_held) { summary.current_streak_days } else { 0 },
        watch_slots: summary.watch_slots,
        channels: summary.channels,
        first_channel_percent: summary.first_channel_percent,
        bot_days: summary.bot_days,
    }
}

/// Whether the last run of days with presence may go on: the last day held may still grow.
fn goes_on(active_days: &[Day], last_held: Day) -> bool {
    active_days.last().is_some_and(|last| *last >= last_held.plus(-1))
}

/// What is held of [`seen::around`].
fn around(window: Span, days: &[(Day, Presence)]) -> &[(Day, Presence)] {
    let around = seen::around(window);
    let before = |day: Day| days.partition_point(|(held, _)| *held < day);
    &days[before(around.from.day())..before(around.to.day())]
}

/// The person's day as a schedule, and what of it travels to be read again: of the channels first in it.
async fn schedule(
    site: &Site,
    window: Span,
    until: SlotTime,
    days: &[(Day, Presence)],
    months: &[MonthRecord],
) -> Result<(ViewerSchedule, Ribbons), PageError> {
    let present = days.iter().flat_map(|(_, data)| &data.channels);
    let keys: BTreeSet<ChannelKey> = present.map(|presence| presence.channel).collect();
    let names = super::names(site, &keys).await?;
    let keys: Vec<ChannelKey> = keys.into_iter().collect();
    let around = seen::around(window);
    let (from, to) = (around.from.day(), around.to.day());
    let held = ChannelDays::new(site.store.channel_days(&keys, from, to).await?);
    // A list proves nobody's absence once only hours are kept of who was in it.
    let by_slot: BTreeSet<Day> = from.until(to).filter(|day| by_hour::tier(months, *day) == Tier::Slots).collect();
    let channel_day = |key, day| held.get(key, day).filter(|_| by_slot.contains(&day));
    let observed = |key, at: SlotTime| list_observed(channel_day(key, at.day()), at);
    let scenes = |key, span| scenes(span, |day| channel_day(key, day));
    // Each key has a name: it was asked for.
    let schedule = viewer_schedule(window, until, days, observed, scenes, |key| names[&key].clone());
    let ribbons = Ribbons::new(&schedule, days, observed);
    Ok((schedule, ribbons))
}

#[cfg(test)]
mod tests {
    use super::goes_on;

    #[test]
    fn a_streak_goes_on_for_a_day_without_presence() {
        let day = |text: &str| text.parse().unwrap();
        let active = [day("2026-11-20"), day("2026-11-21")];
        assert!(goes_on(&active, day("2026-11-21")) && goes_on(&active, day("2026-11-22")));
        assert!(!goes_on(&active, day("2026-11-23")) && !goes_on(&[], day("2026-11-23")));
    }
}
