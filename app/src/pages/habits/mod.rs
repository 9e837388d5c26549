//! `/{lang}/viewer/{login}/habits?from&to&tz&holidays`: usual days, favourites, and what all of it says of somebody.
//!
//! Of the server alone: the browser's program does not know it.

mod says;
mod usual;

use model::analysis::favourites::{Counted, Favourite, RECENT_SPAN, by_recent};
use model::analysis::portrait::Portrait;
use model::day::Day;
use model::format::Language;

use crate::components::data_table::{Cell, data_table, link, text};
use crate::components::day_bar::zone_select;
use crate::components::figure::how;
use crate::components::notice::{About, page as with_notice};
use crate::components::speech;
use crate::data::habits::{Habits, MAX_DAYS, RangeRefused};
use crate::draw::words::count;
use crate::head::Head;
use crate::node::{Element, Node, el};
use crate::pages::findings::{made_of, refusal, section};
use crate::query::{Asked, HabitsQuery};
use crate::texts::td_string;

/// Rows of a table of favourites.
const FAVOURITES: usize = 12;

/// The page.
pub(crate) fn page(data: Habits, query: &HabitsQuery) -> (Head, Node) {
    let (language, locale) = speech();
    let login = data.login.to_string();
    let path = format!("/{}/viewer/{login}", language.code());
    let lede = lede(&data);
    let zone = super::in_zone(&query.zone);
    let back = el("a").attr("href", format!("{path}{zone}")).text(td_string!(locale, habits.day_link));
    let trace = el("a").attr("href", format!("{path}/trace{zone}")).text(td_string!(locale, trace.kicker));
    let hero = el("div")
        .class("wrap hero")
        .child(el("p").class("kicker").text(td_string!(locale, habits.kicker)))
        .child(el("h1").class("login").text(login.clone()))
        .child(el("p").class("lede").text(lede))
        .child(el("p").class("mt4").child(back).text(" · ").child(trace))
        .children(fallen(&data, query))
        .child(form(&data, &format!("{path}/habits")));
    let sections = data.portrait.as_ref().map(|portrait| {
        let usual = usual::usual(portrait);
        let year = usual::year(portrait);
        [says::says(portrait), usual, favourites(language, &data, portrait), year]
    });
    let main = el("main").child(hero).children(sections.into_iter().flatten()).child(super::viewer::rights());
    let title = td_string!(locale, habits.title, login).to_string();
    (Head { title, robots: "noindex, noarchive", ..Head::default() }, with_notice(About::Viewer, main).into())
}

/// Which days were read, and on how many of them somebody was there; or that nobody was.
fn lede(data: &Habits) -> String {
    let (language, locale) = speech();
    if data.from == data.until && data.portrait.is_none() {
        return td_string!(locale, habits.not_yet).to_owned();
    }
    let (from, to) = (language.date(first_day(data)), language.date(data.until.plus(-1).max(data.from)));
    let zone = data.zone.name.clone();
    let Some(portrait) = &data.portrait else {
        return td_string!(locale, habits.nothing, from, to, zone).to_string();
    };
    let days = count!(language, viewer.days, portrait.calendar.len() as u32);
    let there = count!(language, viewer.days, portrait.active_days);
    td_string!(locale, habits.lede, days, from, to, zone, there).to_string()
}

/// The first local day that was read of.
fn first_day(data: &Habits) -> Day {
    data.portrait.as_ref().and_then(|portrait| portrait.calendar.first()).map_or(data.from, |(day, _)| *day)
}

/// What was asked for and could not be had.
fn fallen(data: &Habits, query: &HabitsQuery) -> Option<Element> {
    let (language, locale) = speech();
    let mut said: Vec<String> = Vec::new();
    let (first, last) = (language.date(data.held.0), language.date(data.held.1.plus(-1)));
    let most = || count!(language, viewer.days, MAX_DAYS as u32);
    said.extend(data.refused.iter().map(|refused| {
        match *refused {
            RangeRefused::Reversed => td_string!(locale, habits.fallen.reversed, most = most()).to_string(),
            RangeRefused::TooLong { days } => {
                let days = count!(language, viewer.days, days);
                td_string!(locale, habits.fallen.long, days, most = most()).to_string()
            }
            RangeRefused::NotHeld => {
                td_string!(locale, habits.fallen.not_held, first = first.clone(), last = last.clone(), most = most())
                    .to_string()
            }
            RangeRefused::BeginsBefore => td_string!(locale, habits.fallen.before, first = first.clone()).to_string(),
            RangeRefused::NotOver => td_string!(locale, habits.fallen.not_over, last = last.clone()).to_string(),
        }
    }));
    if query.from == Asked::Malformed {
        said.push(td_string!(locale, habits.fallen.from).to_owned());
    }
    if query.to == Asked::Malformed {
        said.push(td_string!(locale, habits.fallen.to).to_owned());
    }
    if query.zone == Asked::Malformed || data.unknown_zone {
        said.push(td_string!(locale, habits.fallen.zone, zone = data.zone.name.clone()).to_string());
    }
    if query.holidays == Asked::Malformed {
        said.push(td_string!(locale, habits.fallen.choice).to_owned());
    }
    if data.holidays && !data.has_holidays {
        said.push(td_string!(locale, habits.fallen.holidays).to_owned());
    }
    (!said.is_empty()).then(|| el("p").class("fallen mt4").attr("role", "status").text(said.join(" ")))
}

/// Which days are read, in which zone.
fn form(data: &Habits, path: &str) -> Element {
    let (_, locale) = speech();
    let day = |name: &'static str, label: &'static str, value: String| {
        let id = format!("habits-{name}");
        let input = el("input")
            .class("input")
            .attr("type", "date")
            .attr("id", id.clone())
            .attr("name", name)
            .attr("min", data.held.0.to_string())
            .attr("max", data.held.1.plus(-1).max(data.held.0).to_string())
            .attr("value", value);
        el("div").class("toolbar").child(el("label").attr("for", id).text(label)).child(input)
    };
    let holidays = el("select")
        .class("input")
        .attr("name", "holidays")
        .attr("aria-label", td_string!(locale, habits.form.holidays))
        .children([("1", true), ("0", false)].map(|(value, on)| {
            let label =
                if on { td_string!(locale, habits.form.weekends) } else { td_string!(locale, habits.form.as_others) };
            el("option").attr("value", value).maybe_attr("selected", (on == data.holidays).then_some("")).text(label)
        }));
    el("form")
        .class("toolbar mt5")
        .attr("method", "get")
        .attr("action", path.to_owned())
        .child(day("from", td_string!(locale, habits.form.from), data.from.to_string()))
        .child(day("to", td_string!(locale, habits.form.to), data.until.plus(-1).max(data.from).to_string()))
        .child(zone_select(&data.zone, data.until.start_unix(), &crate::zones::offsets(data.until.start_unix())))
        .child(holidays)
        .child(el("button").class("btn").attr("type", "submit").text(td_string!(locale, habits.form.show)))
}

/// Channels and games.
fn favourites(language: Language, data: &Habits, portrait: &Portrait) -> Element {
    let (_, locale) = speech();
    let sub = td_string!(
        locale,
        habits.favourites.sub,
        n = language.number(RECENT_SPAN.into()),
        date = language.date(first_day(data))
    );
    let section = section("favourites", td_string!(locale, habits.favourites.h), sub);
    let result = match &portrait.favourites {
        Ok(result) => result,
        Err(refused) => return section.child(refusal(refused)),
    };
    let found = &result.value;
    let spoke = (found.counted == Counted::Spoken)
        .then(|| el("p").class("measure").text(td_string!(locale, habits.favourites.spoke)));
    let loyal = data.channels.first().map(|first| {
        let percent = language.percent(found.loyalty, 0);
        let text = td_string!(locale, habits.favourites.loyalty, percent, name = first.display_name.clone());
        el("p").class("measure").text(text)
    });
    let channel = |favourite: &Favourite<model::identity::ChannelKey>| {
        let name = data.channels.get(favourite.key.0 as usize)?;
        let address = format!("/{}/channel/{}", language.code(), name.login);
        Some(row(language, link(name.display_name.clone(), address), favourite))
    };
    let game = |favourite: &Favourite<model::identity::GameKey>| {
        let name = data.games.get(favourite.key.0 as usize)?;
        Some(row(language, text(name.clone()), favourite))
    };
    let headings = |first: &'static str| {
        [
            (first, false),
            (td_string!(locale, habits.favourites.recent), true),
            (td_string!(locale, habits.favourites.all), true),
            (td_string!(locale, habits.favourites.days), true),
        ]
    };
    let channels: Vec<Vec<Cell>> = by_recent(&found.channels).iter().filter_map(channel).take(FAVOURITES).collect();
    let games: Vec<Vec<Cell>> = by_recent(&found.games).iter().filter_map(game).take(FAVOURITES).collect();
    let table = |caption: &'static str, first: &'static str, rows: Vec<Vec<Cell>>| {
        (!rows.is_empty())
            .then(|| el("div").class("mt5").child(data_table(caption.to_owned(), false, &headings(first), rows)))
    };
    section
        .maybe(spoke)
        .maybe(loyal)
        .maybe(table(
            td_string!(locale, habits.favourites.channels),
            td_string!(locale, habits.favourites.channel),
            channels,
        ))
        .maybe(table(td_string!(locale, habits.favourites.games), td_string!(locale, habits.favourites.game), games))
        .child(made_of(result))
        .child(how([td_string!(locale, habits.favourites.how)]))
}

fn row<K>(language: Language, name: Cell, favourite: &Favourite<K>) -> Vec<Cell> {
    let number = |n: u64| text(language.number(n));
    let recent = language.duration_short(favourite.recent.round() as u64);
    vec![name, text(recent), text(language.duration_short(favourite.minutes)), number(favourite.days.into())]
}
