//! The home page, from the store.

use std::collections::BTreeMap;

use model::aggregate::told;
use model::day::Day;
use model::slot::{SLOTS_PER_DAY, SlotTime, Span};
use model::sweep::SweepSummary;
use model::words::Origin;
use model::zone::ZoneTable;
use store::Store as _;
use store::day::DayRecord;

use super::persona;
use crate::context::Site;
use crate::data::home::{CALENDAR_DAYS, DayFigures, Home, Now, RECENT_DAYS, TOP_CHANNELS, TopChannel};
use crate::error::PageError;
use crate::zones;

/// Answers for the whole site. Errors: nothing was collected yet (being set up).
pub(crate) async fn home(site: &Site) -> Result<Home, PageError> {
    let records = site.store.days().await?;
    let live_at = site.store.live_at().await?;
    let last = records.last().map(|record| record.day).or(live_at.map(SlotTime::day)).ok_or(PageError::SettingUp)?;
    let first = records.first().map_or(last, |record| record.day);
    let around = |days| SlotTime::at(last.plus(days), 0);
    let zone = zones::table(&site.default_zone, around(-400), around(30)).unwrap_or_else(ZoneTable::utc);
    let simulated = site.store.origin() == Origin::Simulated;
    let (personas, raster) =
        if simulated { persona::personas(site, &zone, (first, last)).await? } else { (Vec::new(), None) };
    let now = match live_at {
        Some(at) => now(site, at, &zone, &records).await?,
        None => None,
    };
    let top = site.store.live().await?;
    let calendar_from = last.plus(1 - CALENDAR_DAYS);
    Ok(Home {
        now,
        top: top.into_iter().take(TOP_CHANNELS).map(top_channel).collect(),
        days: days(site, &records, last).await?,
        calendar: calendar(&records, calendar_from, last),
        calendar_from,
        personas,
        raster,
        zone,
    })
}

fn top_channel(stream: model::sweep::LiveStream) -> TopChannel {
    TopChannel {
        login: stream.login,
        name: stream.display_name,
        game: stream.game,
        viewers: stream.viewers,
        trail: stream.trail,
    }
}

/// The last sweep and the local day around it; nothing where the sweep itself is not held.
async fn now(site: &Site, at: SlotTime, zone: &ZoneTable, records: &[DayRecord]) -> Result<Option<Now>, PageError> {
    let today = zone.day_of(at.unix());
    let (window, before) = (zone.span_of(today), zone.span_of(today.plus(-7)));
    let sweeps = site.store.sweeps(window).await?;
    let Some(sweep) = sweeps.iter().find(|sweep| sweep.at == at) else { return Ok(None) };
    let week_ago = site.store.sweeps(before).await?;
    Ok(Some(Now {
        at,
        window,
        channels: sweep.live,
        // Channels followed by name count too: it may be said of a sweep that left out none.
        reached: site.top.is_some_and(|top| sweep.live >= top),
        viewers: sweep.viewers,
        chatters: sweep.chatters,
        complete: sweep.complete,
        bots: records.iter().rev().find(|record| !record.provisional).and_then(|record| told(record.stats.bots)),
        today: viewers(window, &sweeps),
        before: viewers(before, &week_ago),
    }))
}

fn viewers(window: Span, sweeps: &[SweepSummary]) -> Vec<Option<u64>> {
    let mut slots = vec![None; window.len() as usize];
    for sweep in sweeps.iter().filter(|sweep| window.contains(sweep.at)) {
        slots[(sweep.at - window.from) as usize] = Some(sweep.viewers);
    }
    slots
}

/// The last closed days, with a hole for each that is not held.
async fn days(site: &Site, records: &[DayRecord], last: Day) -> Result<Vec<DayFigures>, PageError> {
    let last = records.iter().rev().find(|record| !record.provisional).map_or(last, |record| record.day);
    let from = last.plus(1 - RECENT_DAYS);
    let span = Span { from: SlotTime::at(from, 0), to: SlotTime::at(last.plus(1), 0) };
    let mut sweep_ms: BTreeMap<Day, Vec<u32>> = BTreeMap::new();
    for sweep in site.store.sweeps(span).await?.iter().filter(|sweep| sweep.sweep_ms > 0) {
        sweep_ms.entry(sweep.at.day()).or_default().push(sweep.sweep_ms);
    }
    let figures = |day: Day| {
        let record = records.iter().find(|record| record.day == day);
        DayFigures {
            day,
            viewers: record.and_then(|record| told(record.stats.viewers)),
            import_ms: record.map(|record| record.import_ms),
            sweep_ms: sweep_ms.get_mut(&day).and_then(|all| median(all)),
        }
    };
    Ok(from.until(last.plus(1)).map(figures).collect())
}

fn median(values: &mut [u32]) -> Option<u32> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

/// Samples held a day, of how many there could be: days before the first are blank, an open day is not over.
pub(super) fn calendar(records: &[DayRecord], from: Day, last: Day) -> Vec<(u16, u16)> {
    let Some(first) = records.first() else { return vec![(0, 0); CALENDAR_DAYS as usize] };
    from.until(last.plus(1))
        .map(|day| match records.iter().find(|record| record.day == day) {
            _ if day < first.day => (0, 0),
            None => (0, SLOTS_PER_DAY),
            Some(record) => {
                let of = record.until.filter(|_| record.provisional).map_or(SLOTS_PER_DAY, u16::from);
                (record.sweeps.min(u32::from(SLOTS_PER_DAY)) as u16, of.max(record.sweeps.min(288) as u16))
            }
        })
        .collect()
}
