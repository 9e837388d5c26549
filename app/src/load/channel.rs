//! A channel's page, from the store.

use model::channel_schedule::{channel_figures, channel_schedule};
use model::day::Day;
use model::login::Login;
use model::slot::{SlotTime, Span};
use store::Store as _;
use store::access;
use store::channel::ChannelDayRow;
use store::day::DayRecord;

use super::ChannelDays;
use super::local_day::{self, Zone};
use crate::context::Site;
use crate::data::channel::{ChannelDay, FIGURE_DAYS, Live};
use crate::data::{Scene, Stretch};
use crate::error::PageError;
use crate::query::ZoneName;

/// Answers for a channel; `records` are the days imported. Errors: no such channel, or nothing is held of it (not found).
pub(crate) async fn channel_day(
    site: &Site,
    records: &[DayRecord],
    login: Login,
    day: Option<Day>,
    zone: Option<&ZoneName>,
) -> Result<ChannelDay, PageError> {
    let channel = site.store.channel(&login).await?.ok_or(PageError::NotFound)?;
    let last = records.last().ok_or(PageError::SettingUp)?.day;
    let (first_held, last_held) = channel.first_day.zip(channel.last_day).ok_or(PageError::NotFound)?;
    let available: Vec<Day> =
        records.iter().map(|record| record.day).filter(|day| (first_held..=last_held).contains(day)).collect();

    // Whole days, as the page of figures has them; what grows tells only when it was on air last.
    let until = records.iter().rev().find(|record| !record.provisional).map_or(last, |record| record.day.plus(1));
    let recent = site.store.channel_days(&[channel.key], until.plus(-FIGURE_DAYS), last.plus(1)).await?;
    let zone = Zone::resolve(site, zone, records);
    let default = last_on_air(&recent).map_or(last_held, |at| zone.table.day_of(at.unix()));
    let local = local_day::open(site, records, zone, day, &available, default).await?;

    let (from, to) = (local.window.from.day(), (local.window.to + -1).day().plus(1));
    let held = ChannelDays::new(site.store.channel_days(&[channel.key], from, to).await?);
    let swept_until = local.window.from + local.until as i32;
    let schedule = channel_schedule(local.window, swept_until, |day| held.get(channel.key, day));
    let live_at = site.store.live_at().await?;
    let live = site.store.live().await?.into_iter().find(|stream| stream.login == channel.login);
    let viewer = access::viewer(&site.store, &channel.login, site.viewer_pages, None).await?;
    let figures: Vec<(Day, model::channel_day::ChannelDay)> =
        recent.into_iter().filter(|row| row.day < until).map(|row| (row.day, row.data)).collect();
    Ok(ChannelDay {
        login: channel.login,
        name: channel.display_name,
        has_viewer: viewer.is_some(),
        live_at,
        live: live.map(|stream| Live {
            title: stream.title,
            game: stream.game,
            viewers: stream.viewers,
            started_at: stream.started_at,
        }),
        figures: channel_figures(&figures, FIGURE_DAYS.unsigned_abs()),
        broadcasts: schedule
            .broadcasts
            .iter()
            .map(|on_air| on_air.scenes.iter().map(|scene| Scene::within(local.window, scene)).collect())
            .collect(),
        unobserved: schedule.unobserved.iter().map(|span| Stretch::within(local.window, *span)).collect(),
        viewers: schedule.viewers,
        chatters: schedule.chatters,
        local,
    })
}

/// The last slot on air of some days.
fn last_on_air(days: &[ChannelDayRow]) -> Option<SlotTime> {
    days.iter().rev().find_map(|row| {
        let run = row.data.live().runs().last().copied()?;
        let span: Span = run.on(row.day);
        Some(span.to + -1)
    })
}
