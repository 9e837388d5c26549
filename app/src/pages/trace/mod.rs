//! `/{lang}/viewer/{login}/trace?tz&nights&split&hours`: what a trace gives away beside everybody's, and what would hide it.
//!
//! Of the server alone: the browser's program does not know it.

mod compare;
mod crowd;
mod hide;
mod next;
mod tastes;
mod untold;
mod zone;

use model::crowd::single_out::Needed;

use crate::components::notice::{About, page as with_notice};
use crate::components::speech;
use crate::data::trace::Trace;
use crate::draw::words::count;
use crate::head::Head;
use crate::node::{Element, Node, el};
use crate::pages::validation_link;
use crate::query::{Asked, TraceQuery};
use crate::texts::td_string;

/// The page.
pub(crate) fn page(data: &Trace, query: &TraceQuery) -> (Head, Node) {
    let (language, locale) = speech();
    let login = data.login.to_string();
    let path = format!("/{}/viewer/{login}", language.code());
    let way = |address: String, text: &'static str| el("a").attr("href", address).text(text);
    let zone = super::in_zone(&query.zone);
    let ways = el("p")
        .class("mt4")
        .child(way(format!("{path}{zone}"), td_string!(locale, habits.day_link)))
        .text(" · ")
        .child(way(format!("{path}/habits{zone}"), td_string!(locale, habits.kicker)));
    let hero = el("div")
        .class("wrap hero")
        .child(el("p").class("kicker").text(td_string!(locale, trace.kicker)))
        .child(el("h1").class("login").text(login.clone()))
        .child(el("p").class("lede").text(lede(data)))
        .child(ways.text(" · ").child(validation_link()))
        .maybe(fallen(data, query));
    let main = el("main").child(hero).children([
        crowd::alone(data),
        crowd::again(data),
        zone::zone(data),
        next::next(data),
        tastes::tastes(data),
        hide::hide(data, &format!("{path}/trace")),
        super::viewer::rights(),
    ]);
    let title = td_string!(locale, trace.title, login).to_string();
    (Head { title, robots: "noindex, noarchive", ..Head::default() }, with_notice(About::Viewer, main).into())
}

/// What it comes to, in a sentence.
fn lede(data: &Trace) -> String {
    let (language, locale) = speech();
    let alone = data.as_seen.singled_out.as_ref().and_then(|found| found.as_ref().ok());
    let finest = alone.and_then(|found| Some((found.value.people, found.value.widths.first()?.needed)));
    match finest {
        Some((people, Needed::Within { sightings, .. })) => {
            let sightings = count!(language, trace.sightings, sightings);
            td_string!(locale, trace.lede.alone, sightings, people = language.number(people.into())).to_string()
        }
        Some((people, Needed::NotWithin { sightings })) => {
            let sightings = count!(language, trace.sightings, sightings);
            td_string!(locale, trace.lede.among, sightings, people = language.number(people.into())).to_string()
        }
        None => {
            let days = count!(language, viewer.days, data.until.days().abs_diff(data.from.days()));
            td_string!(locale, trace.lede.none, days).to_string()
        }
    }
}

/// What was asked for and could not be had.
fn fallen(data: &Trace, query: &TraceQuery) -> Option<Element> {
    let (_, locale) = speech();
    let zone = (query.zone == Asked::Malformed || data.unknown_zone)
        .then(|| td_string!(locale, habits.fallen.zone, zone = data.zone.name.clone()).to_string());
    let choice = query.is_malformed.then(|| td_string!(locale, habits.fallen.choice).to_owned());
    let said: Vec<String> = zone.into_iter().chain(choice).collect();
    (!said.is_empty()).then(|| el("p").class("fallen mt4").attr("role", "status").text(said.join(" ")))
}

/// What is said where the nightly pass has not been through.
fn not_yet() -> Element {
    let (_, locale) = speech();
    el("p").class("measure muted").text(td_string!(locale, trace.not_yet))
}
