//! The head of a day: its title, what is known of its observation, and the way to other days and zones.

use model::day::Day;
use model::format::{Language, utc_offset};
use model::zone::ZoneTable;

use super::icons::{BACKWARD, FORWARD, icon};
use super::speech;
use crate::data::local_day::{LocalDay, ZONES};
use crate::draw::words::{capital, count, month};
use crate::node::{Element, el};
use crate::query::{Asked, DayQuery};
use crate::texts::{Locale, td_string};

/// Head and tools of a day: the day shown, what it says in one line, what is held of it in sentences, the page's own path,
/// what was asked for.
pub(crate) fn day_bar(local: &LocalDay, heading: String, held: Vec<String>, path: &str, query: &DayQuery) -> Element {
    let (language, locale) = speech();
    let fallen = fallbacks(language, locale, local, query);
    // A zone that is none is not asked for again.
    let query = if local.unknown_zone { &DayQuery::of(local) } else { query };
    let days = Days { path, query };
    let choice = &local.choice;
    let previous = match choice.previous {
        Some(day) => td_string!(locale, day.previous, date = language.weekday_date(day)).to_string(),
        None => td_string!(locale, day.no_previous).to_owned(),
    };
    let next = match choice.next {
        Some(day) => td_string!(locale, day.next, date = language.weekday_date(day)).to_string(),
        None => td_string!(locale, day.no_next).to_owned(),
    };
    let date = el("input")
        .class("input")
        .attr("type", "date")
        .attr("name", "day")
        // No bounds: any day can be asked for, and the page says what there is of it. A browser only refuses.
        .attr("value", local.day.to_string())
        .attr("aria-label", td_string!(locale, day.date));
    let day = el("div")
        .class("day")
        .attr("role", "group")
        .attr("aria-label", td_string!(locale, day.group))
        .child(step(&days, choice.previous, previous, BACKWARD))
        .child(date)
        .child(step(&days, choice.next, next, FORWARD));
    let tools = el("form")
        .class("toolbar")
        .attr("method", "get")
        .attr("action", path.to_owned())
        .attr("data-noscroll", "")
        .child(day)
        .child(zone_select(&local.zone, local.window.from.unix(), &local.offsets))
        .child(el("button").class("btn").attr("type", "submit").text(td_string!(locale, day.show)));
    let fallen = (!fallen.is_empty()).then(|| el("p").class("fallen").attr("role", "status").text(fallen.join(" ")));
    let header = el("header")
        .child(el("h2").attr("id", "day-h").text(heading))
        .maybe(fallen)
        .child(el("p").text([place(language, locale, local), held].concat().join(" ")));
    el("div").child(el("div").class("dayhead").child(header).child(tools)).child(calendar(local, &days))
}

/// The addresses of a page's days.
struct Days<'a> {
    path: &'a str,
    query: &'a DayQuery,
}

impl Days<'_> {
    fn address(&self, day: Day) -> String {
        format!("{}{}", self.path, self.query.on(day))
    }
}

/// The way to a neighbouring day with data; without one, a link that leads nowhere: whoever came here by keyboard keeps
/// their place.
fn step(days: &Days<'_>, day: Option<Day>, label: String, picture: &'static str) -> Element {
    let link = el("a").attr("aria-label", label);
    let link = match day {
        Some(day) => link.class("btn icon").attr("href", days.address(day)).attr("data-noscroll", ""),
        None => link.class("btn icon off").attr("role", "link").attr("aria-disabled", "true").attr("tabindex", "0"),
    };
    link.child(icon(picture))
}

/// What was asked for and could not be had, in sentences.
fn fallbacks(language: Language, locale: Locale, local: &LocalDay, query: &DayQuery) -> Vec<String> {
    let date = || language.weekday_date(local.day);
    let mut said = Vec::new();
    if query.day == Asked::Malformed {
        said.push(td_string!(locale, day.fallback.day, date = date()).to_string());
    } else if local.future_asked {
        said.push(td_string!(locale, day.fallback.future, date = date()).to_string());
    } else if let Some(first) = local.past_asked {
        said.push(td_string!(locale, day.fallback.past, first = language.date(first), date = date()).to_string());
    }
    if query.zone == Asked::Malformed || local.unknown_zone {
        said.push(td_string!(locale, day.fallback.zone, zone = local.zone.name.clone()).to_string());
    }
    said
}

/// Which day it is, in sentences.
fn place(language: Language, locale: Locale, local: &LocalDay) -> Vec<String> {
    let (date, zone) = (language.weekday_date(local.day), local.zone.name.clone());
    let mut said = vec![capital(td_string!(locale, day.place, date, zone).as_ref())];
    if local.slots() != 288 {
        said.push(td_string!(locale, day.hours, n = language.decimal(f64::from(local.slots()) / 12.0, 0)).to_string());
    }
    said
}

/// What is known of the observation of a day, in sentences.
pub(crate) fn observed(local: &LocalDay) -> Vec<String> {
    let (language, locale) = speech();
    let mut said = Vec::new();
    match (local.today, local.until) {
        (true, 0) => said.push(td_string!(locale, day.today_none).to_owned()),
        (true, until) if local.grows() => {
            said.push(td_string!(locale, day.today, time = local.clock(until)).to_string());
        }
        (false, 0) => said.push(td_string!(locale, day.not_held).to_owned()),
        (false, until) if local.grows() => {
            said.push(td_string!(locale, day.grows, time = local.clock(until)).to_string());
        }
        _ if local.provisional => said.push(td_string!(locale, day.provisional).to_owned()),
        _ => {}
    }
    let lost = local.expected() - local.swept();
    if lost > 0 && lost == local.expected() {
        said.push(td_string!(locale, day.not_held).to_owned());
    } else if lost > 0 {
        let samples = count!(language, viewer.samples, lost);
        said.push(td_string!(locale, day.partly, samples).to_string());
    }
    said
}

/// The zones on offer with their offset on the day; the one asked for is always among them.
pub(crate) fn zone_select(zone: &ZoneTable, at: i64, offsets: &[i32]) -> Element {
    let (_, locale) = speech();
    let shown = zone.name.as_str();
    let option = |name: &str, offset: i32| {
        let offset = if name == "UTC" { String::new() } else { format!(" ({})", utc_offset(offset)) };
        el("option")
            .attr("value", name.to_owned())
            .maybe_attr("selected", (name == shown).then_some(""))
            .text(format!("{}{offset}", name.replace('_', " ")))
    };
    let own = (!ZONES.contains(&shown)).then(|| option(shown, zone.offset_at(at)));
    let label = el("label").class("vh").attr("for", "tz").text(td_string!(locale, day.zone));
    let select = el("select")
        .class("input")
        .attr("id", "tz")
        .attr("name", "tz")
        .maybe(own)
        .children(ZONES.iter().zip(offsets).map(|(name, offset)| option(name, *offset)));
    el("div").class("field").child(label).child(select)
}

/// The month of the day shown: days with data are links.
fn calendar(local: &LocalDay, days: &Days<'_>) -> Element {
    let (language, locale) = speech();
    let first = local.day.month().first_day();
    let end = local.day.month().next().first_day();
    let monday = first.plus(-(first.weekday() as i32));
    let weekdays = (0..7).map(|n| {
        let weekday = language.weekday(monday.plus(n));
        let short: String = weekday.chars().take(2).collect();
        el("th").attr("scope", "col").attr("abbr", weekday).text(capital(&short))
    });
    let cell = |day: Day| {
        let date = day.ymd().2.to_string();
        let inside = match day {
            day if day < first || day >= end => return el("td"),
            day if !local.choice.has(day) => el("span").text(date),
            day => el("a")
                .attr("href", days.address(day))
                .attr("aria-label", language.weekday_date(day))
                .maybe_attr("aria-current", (day == local.day).then_some("date"))
                .attr("data-noscroll", "")
                .text(date),
        };
        el("td").child(inside)
    };
    let weeks = (0..6)
        .map(|week| monday.plus(week * 7))
        .filter(|start| *start < end)
        .map(|start| el("tr").children((0..7).map(|n| cell(start.plus(n)))));
    let jump = |day: Day, text: String| el("a").attr("href", days.address(day)).attr("data-noscroll", "").text(text);
    let earlier = local
        .choice
        .earlier
        .map(|day| jump(day, td_string!(locale, day.earlier, date = language.date(day)).to_string()));
    let later =
        local.choice.later.map(|day| jump(day, td_string!(locale, day.later, date = language.date(day)).to_string()));
    let table = el("table")
        .class("month")
        .child(el("caption").text(capital(&month(language, local.day))))
        .child(el("thead").child(el("tr").children(weekdays)))
        .child(el("tbody").children(weeks));
    el("details")
        .class("why cal mb5")
        .child(el("summary").text(td_string!(locale, day.calendar)))
        .child(el("div").class("toolbar").maybe(earlier).maybe(later))
        .child(table)
}
