//! What the home page shows of invented people: never asked for on real data.

use model::day::Day;
use model::hours_schedule::{Hour, hours_of};
use model::presence::ViewerDay;
use model::slot::{SlotTime, Span};
use model::words::Tier;
use model::zone::ZoneTable;
use store::Store as _;
use store::access;

use super::by_hour;
use crate::context::{PersonaCard, Site};
use crate::data::Stretch;
use crate::data::home::{PERSONA_CARDS, Persona, RASTER_DAYS, Raster};
use crate::error::PageError;

/// Half a day, in seconds: rows begin at noon.
const NOON: i64 = 43_200;

/// The invented people, the first of them with the hours of their day, and the days of the very first.
///
/// `first` and `last` are the days held.
pub(crate) async fn personas(
    site: &Site,
    zone: &ZoneTable,
    (first, last): (Day, Day),
) -> Result<(Vec<Persona>, Option<Raster>), PageError> {
    let (mut people, mut raster) = (Vec::new(), None);
    // Rows of days of which only hours are kept would be blank, as if nobody had been there.
    let months = site.store.months().await?;
    let by_slot = first.until(last).find(|day| by_hour::tier(&months, *day) == Tier::Slots).unwrap_or(last);
    for (index, card) in site.personas.iter().enumerate() {
        let Some((persona, seen)) = person(site, card, index < PERSONA_CARDS, last).await? else { continue };
        if raster.is_none() && !seen.spans.is_empty() {
            raster = Some(rows(persona.login.clone(), &seen.spans, zone, (by_slot, last)));
        }
        people.push(Persona { hours: seen.hours(zone), ..persona });
    }
    Ok((people, raster))
}

/// When somebody was in any chat.
#[derive(Default)]
struct Seen {
    spans: Vec<Span>,
    /// Of the days of which only hours are kept.
    by_hour: Vec<Hour>,
}

impl Seen {
    /// Slots with presence per local hour; nothing where there are none.
    fn hours(&self, zone: &ZoneTable) -> Vec<u32> {
        let mut hours = vec![0; 24];
        let mut add = |at: SlotTime, slots: u32| {
            // A minute of a day is below 1,440.
            hours[zone.minute_of(at.unix()) as usize / 60] += slots;
        };
        self.spans.iter().flat_map(|span| span.slots()).for_each(|at| add(at, 1));
        self.by_hour.iter().for_each(|hour| add(hour.from, hour.present.into()));
        if hours.iter().all(|slots| *slots == 0) { Vec::new() } else { hours }
    }
}

/// A person and when they were in any chat; nothing where the store does not know them.
async fn person(site: &Site, card: &PersonaCard, shown: bool, last: Day) -> Result<Option<(Persona, Seen)>, PageError> {
    let Ok(login) = card.login.parse() else { return Ok(None) };
    let Some(key) = access::viewer(&site.store, &login, site.viewer_pages, None).await? else { return Ok(None) };
    let mut seen = Seen::default();
    if shown {
        let (from, until) = (last.plus(-RASTER_DAYS - 1), last.plus(1));
        let days = site.store.viewer_days(&key, from, until).await?;
        let spans = |(day, data): &(Day, ViewerDay)| data.online().runs().into_iter().map(|run| run.on(*day)).collect();
        seen.spans = days.iter().flat_map::<Vec<Span>, _>(spans).collect();
        let hours = site.store.viewer_hours(&key, from, until).await?;
        seen.by_hour = hours.iter().flat_map(|(day, hours)| hours_of(*day, hours)).collect();
    }
    Ok(Some((Persona { login, fr: card.fr.clone(), en: card.en.clone(), hours: Vec::new() }, seen)))
}

/// A row a day, from the first that is kept by slot.
fn rows(login: model::login::Login, spans: &[Span], zone: &ZoneTable, (first, last): (Day, Day)) -> Raster {
    let from = last.plus(-RASTER_DAYS).max(first);
    let noon = |day: Day| zone.first_instant(day, NOON) / model::slot::SLOT_SECONDS;
    let rows = from
        .until(last)
        .map(|day| {
            let (start, end) = (noon(day), noon(day.plus(1)));
            let inside = |span: &Span| {
                let at = |slot: i32| (i64::from(slot).clamp(start, end) - start) as u32;
                let stretch = Stretch(at(span.from.index()), at(span.to.index()));
                (stretch.slots() > 0).then_some(stretch)
            };
            spans.iter().filter_map(inside).collect()
        })
        .collect();
    Raster { login, from, rows }
}
