//! Charts as files, for whoever takes them elsewhere: SVG as drawn, CSV as data. A file has the words, the day and the zone
//! of its page.

use charts::picture::Caption;
use charts::table::{Cell, Column};
use jiff::Timestamp;
use jiff::tz::Offset;
use model::format::Language;
use model::login::Login;
use model::slot::SlotTime;
use model::words::{Origin, Tier};
use model::zone::ZoneTable;
use store::Store as _;

use crate::context::Site;
use crate::data::local_day::LocalDay;
use crate::draw;
use crate::draw::chart::{Axis, Chart};
use crate::error::PageError;
use crate::language::locale;
use crate::load;
use crate::query::{Asked, DayQuery};
use crate::texts::td_string;

/// A chart as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What it is called when it is kept, `vigie-_noctule-2026-11-22-day.svg`.
    pub name: String,
    /// Its media type.
    pub media: &'static str,
    /// What it holds.
    pub body: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Svg,
    Csv,
}

/// What a file is asked by: `day.svg`.
struct Asking<'a> {
    chart: &'a str,
    kind: Kind,
}

impl Asking<'_> {
    fn parse(file: &str) -> Result<Asking<'_>, PageError> {
        let (chart, ending) = file.rsplit_once('.').ok_or(PageError::NotFound)?;
        let kind = match ending {
            "svg" => Kind::Svg,
            "csv" => Kind::Csv,
            _ => return Err(PageError::NotFound),
        };
        Ok(Asking { chart, kind })
    }
}

/// A chart of the home page, `viewers.svg`. Errors: no such file, nothing collected yet, the store's.
pub async fn of_home(site: &Site, language: Language, file: &str) -> Result<File, PageError> {
    let asking = Asking::parse(file)?;
    let home = load::home::home(site).await?;
    let chart = match (asking.chart, &home.now) {
        ("viewers", Some(now)) => draw::home::over_day(language, &home, now),
        ("people", _) => draw::home::people(language, &home),
        ("samples", _) => draw::home::held(language, &home.calendar, home.calendar_from),
        ("times", _) => draw::home::took(language, &home),
        _ => return Err(PageError::NotFound),
    };
    Ok(written(site, language, &home.zone.name, "", &chart, asking.kind))
}

/// A chart of a channel's day, `audience.csv`. Errors: no such channel or file; a day or zone that is none, since a file
/// has no place to say that it shows another; the store's.
pub async fn of_channel(
    site: &Site,
    language: Language,
    login: &str,
    query: &DayQuery,
    file: &str,
) -> Result<File, PageError> {
    let (asking, login) = (Asking::parse(file)?, login.parse().map_err(PageError::Login)?);
    well_formed(query)?;
    let records = load::held(site).await?;
    let zone = query.zone.get();
    let day = load::channel::channel_day(site, &records, login, query.day.get(), zone.as_ref()).await?;
    as_asked(&day.local)?;
    let chart = match asking.chart {
        "on-air" => draw::channel::on_air(language, &day),
        "audience" => draw::channel::audience(language, &day),
        _ => return Err(PageError::NotFound),
    };
    let about = format!("{}-{}-", day.login, day.local.day);
    Ok(written(site, language, &day.local.zone.name, &about, &chart, asking.kind))
}

/// A chart of a viewer's day, `day.svg`, or `hours.svg` where only hours are kept. Errors: as for the page, never seen, opted out and not the visitor's to see are
/// all the same; no such file; a day or zone that is none; the store's.
pub async fn of_viewer(
    site: &Site,
    language: Language,
    login: &str,
    query: &DayQuery,
    file: &str,
) -> Result<File, PageError> {
    let asking = Asking::parse(file)?;
    let login: Login = login.parse().map_err(PageError::Login)?;
    well_formed(query)?;
    let records = load::held(site).await?;
    let key = store::access::viewer(&site.store, &login, site.viewer_pages, None).await?.ok_or(PageError::NotFound)?;
    let zone = query.zone.get();
    let day = load::viewer::viewer_day(site, &records, &key, login, query.day.get(), zone.as_ref()).await?;
    as_asked(&day.local)?;
    let chart = match asking.chart {
        // Without a word that it is kept otherwise, an empty file would say that nobody was there.
        "day" if day.kept.is_empty() || day.keeps(Tier::Slots) => draw::viewer::day(language, &day),
        "hours" if day.keeps(Tier::Hours) => draw::by_hour::hours(language, &day),
        _ => return Err(PageError::NotFound),
    };
    let about = format!("{}-{}-", day.login, day.local.day);
    Ok(written(site, language, &day.local.zone.name, &about, &chart, asking.kind))
}

fn well_formed(query: &DayQuery) -> Result<(), PageError> {
    let is_none = query.day == Asked::Malformed || query.zone == Asked::Malformed;
    if is_none { Err(PageError::Malformed) } else { Ok(()) }
}

fn as_asked(local: &LocalDay) -> Result<(), PageError> {
    let is_another = local.future_asked || local.past_asked.is_some() || local.unknown_zone;
    if is_another { Err(PageError::Malformed) } else { Ok(()) }
}

/// Whether the last part of a path is named as a file is; else it asks for a page that there is not.
pub fn is_named(path: &str) -> bool {
    matches!(path.rsplit_once('.'), Some((_, "svg" | "csv")))
}

/// Why there is no such file, for whoever opened its address: a browser shows it as it is.
pub fn refusal(language: Language, error: &PageError) -> String {
    let locale = locale(language);
    let (heading, text) = match error {
        PageError::Malformed => (td_string!(locale, errors.malformed.h), td_string!(locale, errors.malformed.file)),
        error => crate::pages::error::words(locale, error),
    };
    if text.is_empty() { format!("{heading}\n") } else { format!("{heading}\n{text}\n") }
}

fn written(site: &Site, language: Language, zone: &str, about: &str, chart: &Chart, kind: Kind) -> File {
    let simulated = site.store.origin() == Origin::Simulated;
    let (media, ending, body) = match kind {
        Kind::Svg => ("image/svg+xml", "svg", picture(language, zone, chart, simulated)),
        Kind::Csv => ("text/csv; charset=utf-8", "csv", csv(chart)),
    };
    File { name: format!("vigie-{about}{}.{ending}", chart.name), media, body }
}

fn picture(language: Language, zone: &str, chart: &Chart, simulated: bool) -> String {
    let locale = locale(language);
    let mut source = td_string!(locale, frame.figure.source, zone = zone.to_owned()).to_string();
    if simulated {
        source = format!("{} {source}", td_string!(locale, frame.notice.bold));
    }
    chart.scene.to_picture(&Caption {
        finding: &chart.finding,
        sub: &chart.sub,
        legend: &chart.legend,
        source: &source,
    })
}

/// The data of a chart in no language: times with their offset, durations in minutes, nothing where nothing is known.
fn csv(chart: &Chart) -> String {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let header = chart.rows.header.iter().flat_map(|column| names(*column));
    // Writing to memory does not fail, and rows are as long as the header.
    let _ = out.write_record(header);
    for row in &chart.rows.rows {
        let _ = out.write_record(row.iter().flat_map(|cell| values(&chart.axis, cell)));
    }
    String::from_utf8(out.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// What a column is called, with its unit; a share takes two.
fn names(column: Column) -> &'static [&'static str] {
    match column {
        Column::Channel => &["channel"],
        Column::From => &["from"],
        Column::To => &["to"],
        Column::Watched => &["watched_minutes"],
        Column::Listed => &["listed"],
        Column::Game => &["game"],
        Column::Title => &["title"],
        Column::Time => &["time"],
        Column::Viewers => &["viewers"],
        Column::Chatters => &["chatters"],
        Column::ViewersBefore => &["viewers_a_week_before"],
        Column::Day => &["day"],
        Column::DifferentViewers => &["different_viewers"],
        Column::Samples => &["samples_held", "samples_possible"],
        Column::Import => &["import_ms"],
        Column::Sweep => &["median_sweep_ms"],
        Column::Hour => &["hour"],
        Column::Presence => &["presence"],
        Column::Present => &["present_minutes"],
        Column::Unobserved => &["unobserved_minutes"],
    }
}

fn values(axis: &Axis, cell: &Cell) -> Vec<String> {
    let value = match cell {
        Cell::Text(text) => harmless(text),
        Cell::Day(day) => day.to_string(),
        Cell::At(slot) => match axis {
            Axis::Clock(zone, window) => moment(zone, window.from + *slot as i32),
            Axis::None => slot.to_string(),
        },
        Cell::Slots(slots) => (slots * 5).to_string(),
        Cell::Count(n) | Cell::Millis(n) => n.to_string(),
        Cell::Of(held, all) => return vec![held.to_string(), all.to_string()],
        Cell::Nth(n) => n.to_string(),
        Cell::Is(is) => is.to_string(),
        Cell::Unknown | Cell::Nothing => String::new(),
    };
    vec![value]
}

/// A title is a stranger's text: one that a spreadsheet would compute is kept from it by an apostrophe.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// `2026-11-22T22:15:00+01:00`.
fn moment(zone: &ZoneTable, at: SlotTime) -> String {
    let offset = Offset::from_seconds(zone.offset_at(at.unix())).unwrap_or(Offset::UTC);
    // A slot lies within the years that jiff knows.
    Timestamp::from_second(at.unix()).unwrap_or_default().display_with_offset(offset).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_a_text() {
        assert_eq!(harmless("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
        assert_eq!(harmless("Any% until dawn"), "Any% until dawn");
    }

    #[test]
    fn moments_have_their_offset() {
        let at = |text: &str| SlotTime::at(text.parse().unwrap(), 0);
        let paris = crate::zones::table("Europe/Paris", at("2026-01-01"), at("2027-01-01")).unwrap();
        assert_eq!(moment(&paris, at("2026-07-01")), "2026-07-01T02:00:00+02:00");
        assert_eq!(moment(&ZoneTable::utc(), at("2026-07-01")), "2026-07-01T00:00:00+00:00");
    }
}
