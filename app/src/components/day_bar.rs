//! The head of a day: its title, what is known of its observation, and the way to other days and zones.

use leptos::prelude::*;
use leptos_router::components::Form;
use model::day::Day;
use model::format::{Language, utc_offset};

use super::icons::{BACKWARD, FORWARD, Icon};
use super::speech;
use crate::data::local_day::{LocalDay, ZONES};
use crate::draw::words::{capital, count, month};
use crate::query::{Asked, DayQuery};
use crate::texts::{Locale, td_string};

/// Head and tools of a day.
#[component]
pub(crate) fn DayBar(
    /// The day shown.
    local: LocalDay,
    /// What it says, in one line.
    heading: String,
    /// The page's own path, `/fr/viewer/_noctule`.
    path: String,
    /// What was asked for.
    query: DayQuery,
) -> impl IntoView {
    let (language, locale) = speech();
    let sentences = standing(language, locale, &local, &query);
    let days = Days { path: path.clone(), query };
    let choice = local.choice.clone();
    let named = |day: Option<Day>| day.map_or_else(String::new, |day| language.weekday_date(day));
    let previous = td_string!(locale, day.previous, date = named(choice.previous)).to_string();
    let next = td_string!(locale, day.next, date = named(choice.next)).to_string();
    let previous = step(&days, choice.previous, previous, BACKWARD);
    let next = step(&days, choice.next, next, FORWARD);
    let shown = local.day.to_string();
    let calendar = view! { <Calendar local=local.clone() days/> };
    view! {
        <div class="dayhead">
            <header>
                <h2 id="day-h">{heading}</h2>
                <p>{sentences.join(" ")}</p>
            </header>
            <Form method="get" action=path noscroll=true attr:class="toolbar">
                <div class="day" role="group" aria-label=td_string!(locale, day.group)>
                    {previous}
                    <input
                        class="input"
                        type="date"
                        name="day"
                        value=shown
                        min=choice.first.to_string()
                        max=choice.last.to_string()
                        aria-label=td_string!(locale, day.date)
                    />
                    {next}
                </div>
                <ZoneSelect local/>
                <button class="btn" type="submit">{td_string!(locale, day.show)}</button>
            </Form>
        </div>
        {calendar}
    }
}

/// The addresses of a page's days.
#[derive(Clone)]
struct Days {
    path: String,
    query: DayQuery,
}

impl Days {
    fn address(&self, day: Day) -> String {
        format!("{}{}", self.path, self.query.on(day))
    }
}

/// The way to a neighbouring day with data; without one, its place.
fn step(days: &Days, day: Option<Day>, label: String, icon: &'static str) -> impl IntoView + use<> {
    match day.map(|day| days.address(day)) {
        Some(address) => {
            view! { <a class="btn icon" href=address aria-label=label data-noscroll=""><Icon path=icon/></a> }
                .into_any()
        }
        None => view! { <span class="btn icon off" aria-hidden="true"><Icon path=icon/></span> }.into_any(),
    }
}

/// What is known of the observation of a day, in sentences; what was asked for and could not be had goes first.
fn standing(language: Language, locale: Locale, local: &LocalDay, query: &DayQuery) -> Vec<String> {
    let date = language.weekday_date(local.day);
    let zone = local.zone.name.clone();
    let mut said = Vec::new();
    if query.day == Asked::Malformed {
        said.push(td_string!(locale, day.fallback.day, date = date.clone()).to_string());
    } else if local.future_asked {
        said.push(td_string!(locale, day.fallback.future, date = date.clone()).to_string());
    }
    if query.zone == Asked::Malformed || local.unknown_zone {
        said.push(td_string!(locale, day.fallback.zone, zone = zone.clone()).to_string());
    }
    said.push(capital(td_string!(locale, day.place, date, zone).as_ref()));
    if local.slots() != 288 {
        said.push(td_string!(locale, day.hours, n = language.decimal(f64::from(local.slots()) / 12.0, 0)).to_string());
    }
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
#[component]
fn ZoneSelect(local: LocalDay) -> impl IntoView {
    let (_, locale) = speech();
    let shown = local.zone.name.clone();
    let option = |name: &str, offset: i32| {
        let label = if name == "UTC" {
            name.to_owned()
        } else {
            format!("{} ({})", name.replace('_', " "), utc_offset(offset))
        };
        view! { <option value=name.to_owned() selected=name == shown>{label}</option> }
    };
    let own =
        (!ZONES.contains(&shown.as_str())).then(|| option(&shown, local.zone.offset_at(local.window.from.unix())));
    let rest = ZONES.iter().zip(&local.offsets).map(|(name, offset)| option(name, *offset)).collect_view();
    view! {
        <div class="field">
            <label for="tz" class="vh">{td_string!(locale, day.zone)}</label>
            <select class="input" id="tz" name="tz">{own}{rest}</select>
        </div>
    }
}

/// The month of the day shown: days with data are links.
#[component]
fn Calendar(local: LocalDay, days: Days) -> impl IntoView {
    let (language, locale) = speech();
    let first = local.day.month().first_day();
    let end = local.day.month().next().first_day();
    let monday = first.plus(-(first.weekday() as i32));
    let name = capital(&month(language, local.day));
    let weekdays = (0..7)
        .map(|n| {
            let weekday = language.weekday(monday.plus(n));
            let short: String = weekday.chars().take(2).collect();
            view! { <th scope="col" abbr=weekday>{capital(&short)}</th> }
        })
        .collect_view();
    let cell = |day: Day| {
        let date = day.ymd().2;
        if day < first || day >= end {
            return view! { <td></td> }.into_any();
        }
        if !local.choice.has(day) {
            return view! { <td><span>{date}</span></td> }.into_any();
        }
        let current = (day == local.day).then_some("date");
        view! {
            <td>
                <a href=days.address(day) aria-label=language.weekday_date(day) aria-current=current data-noscroll="">{date}</a>
            </td>
        }
        .into_any()
    };
    let weeks = (0..6)
        .map(|week| monday.plus(week * 7))
        .filter(|start| *start < end)
        .map(|start| view! { <tr>{(0..7).map(|n| cell(start.plus(n))).collect_view()}</tr> })
        .collect_view();
    let jump = |day: Option<Day>, label: fn(Locale, String) -> String| {
        day.map(|day| view! { <a href=days.address(day) data-noscroll="">{label(locale, language.date(day))}</a> })
    };
    view! {
        <details class="why cal mb5">
            <summary>{td_string!(locale, day.calendar)}</summary>
            <div class="toolbar">
                {jump(local.choice.earlier, |locale, date| td_string!(locale, day.earlier, date).to_string())}
                {jump(local.choice.later, |locale, date| td_string!(locale, day.later, date).to_string())}
            </div>
            <table class="month">
                <caption>{name}</caption>
                <thead><tr>{weekdays}</tr></thead>
                <tbody>{weeks}</tbody>
            </table>
        </details>
    }
}
