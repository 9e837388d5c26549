//! What the home page shows of invented people: never asked for on real data.

use model::day::Day;
use model::slot::Span;
use model::zone::ZoneTable;
use store::Store as _;
use store::access;

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
    for (index, card) in site.personas.iter().enumerate() {
        let Some((persona, spans)) = person(site, card, index < PERSONA_CARDS, last).await? else { continue };
        if raster.is_none() && !spans.is_empty() {
            raster = Some(rows(persona.login.clone(), &spans, zone, (first, last)));
        }
        people.push(Persona { hours: hours(&spans, zone), ..persona });
    }
    Ok((people, raster))
}

/// A person and when they were in any chat; nothing where the store does not know them.
async fn person(
    site: &Site,
    card: &PersonaCard,
    shown: bool,
    last: Day,
) -> Result<Option<(Persona, Vec<Span>)>, PageError> {
    let Ok(login) = card.login.parse() else { return Ok(None) };
    let Some(key) = access::viewer(&site.store, &login, site.viewer_pages, None).await? else { return Ok(None) };
    let from = last.plus(-RASTER_DAYS - 1);
    let days = if shown { site.store.viewer_days(&key, from, last.plus(1)).await? } else { Vec::new() };
    let spans = days.iter().flat_map(|(day, data)| data.online().runs().into_iter().map(|run| run.on(*day))).collect();
    Ok(Some((Persona { login, fr: card.fr.clone(), en: card.en.clone(), hours: Vec::new() }, spans)))
}

/// Slots with presence per local hour; nothing where there are none.
fn hours(spans: &[Span], zone: &ZoneTable) -> Vec<u32> {
    if spans.is_empty() {
        return Vec::new();
    }
    let mut hours = vec![0; 24];
    for at in spans.iter().flat_map(|span| span.slots()) {
        // A minute of a day is below 1,440.
        hours[zone.minute_of(at.unix()) as usize / 60] += 1;
    }
    hours
}

/// A row a day, from the first that is held.
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
