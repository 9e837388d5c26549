//! `/{lang}`: the idea, a search, what is on now, and whether we get it right.

use std::sync::Arc;

use model::format::Language;

use super::{now, trust};
use crate::components::chart_table::{Rows, chart_table};
use crate::components::data_table::{Cell, data_table, link, text};
use crate::components::figure::Figure;
use crate::components::icons::{CHECK, CROSS, LOCK, icon};
use crate::components::notice::{About, page as with_notice};
use crate::components::search_form::search_form;
use crate::components::speech;
use crate::data::home::{Home, Persona, TopChannel};
use crate::draw::home as draw;
use crate::head::Head;
use crate::node::{Element, Node, chart, el};
use crate::texts::td_string;

/// The home page.
pub(crate) fn page(home: Home) -> (Head, Node) {
    let (_, locale) = speech();
    let home = Arc::new(home);
    let main = el("main")
        .child(hero(&home))
        .maybe(people(&home))
        .maybe(home.now.as_ref().map(|now| now::section(&home, now)))
        .child(top(&home))
        .child(trust::section(&home))
        .child(deal());
    let head = Head {
        title: td_string!(locale, home.title).to_owned(),
        description: td_string!(locale, home.description).to_owned(),
        robots: "",
    };
    (head, with_notice(About::Site, main).into())
}

/// The idea and the search, beside the days of somebody invented.
fn hero(home: &Home) -> Element {
    let (language, locale) = speech();
    let picture = home.raster.as_ref().map(|raster| {
        let svg = charts::raster::raster("weeks", &draw::raster(language, raster)).to_svg();
        let (login, zone, n) = (raster.login.to_string(), home.zone.name.clone(), raster.rows.len().to_string());
        let sub = el("span").class("sub").text(td_string!(locale, home.raster.sub, n, login, zone).to_string());
        el("figure").class("fig").child(chart(svg)).child(el("figcaption").child(sub))
    });
    let idea = el("div")
        .child(el("h1").text(td_string!(locale, home.h1)))
        .child(el("p").class("lede").text(td_string!(locale, home.lede)))
        .child(search_form("", None));
    el("div").class(if picture.is_some() { "wrap hero home" } else { "wrap hero" }).child(idea).maybe(picture)
}

/// Invented people to try.
fn people(home: &Home) -> Option<Element> {
    let (language, locale) = speech();
    if home.personas.is_empty() {
        return None;
    }
    let address = |persona: &Persona| format!("/{}/viewer/{}", language.code(), persona.login);
    let (cards, others): (Vec<&Persona>, Vec<&Persona>) = home.personas.iter().partition(|one| !one.hours.is_empty());
    let cards = cards.into_iter().map(|persona| {
        let svg = charts::hour_bars::hour_bars("", &draw::hours(language, persona)).to_svg();
        let who = match language {
            Language::French => persona.fr.clone(),
            Language::English => persona.en.clone(),
        };
        el("a")
            .class("persona")
            .attr("href", address(persona))
            .child(el("b").text(persona.login.to_string()))
            .child(el("span").text(who))
            .child(chart(svg))
    });
    let some = !others.is_empty();
    let others = others
        .into_iter()
        .map(|persona| el("li").child(el("a").attr("href", address(persona)).text(persona.login.to_string())));
    let also = el("p").class("hint mt4").attr("id", "others").text(td_string!(locale, home.people.others));
    let names = el("ul").class("names").attr("role", "list").attr("aria-labelledby", "others").children(others);
    let hint = td_string!(locale, home.people.hint, zone = home.zone.name.clone()).to_string();
    let section = el("section")
        .class("wrap section bare")
        .attr("aria-labelledby", "try-h")
        .child(el("h2").class("kicker mb4").attr("id", "try-h").text(td_string!(locale, home.people.h)))
        .child(el("div").class("cols-3 tight").children(cards))
        .child(el("p").class("hint mt4").text(hint));
    Some(if some { section.child(also).child(names) } else { section })
}

/// The most watched channels, and different people per day.
fn top(home: &Home) -> Element {
    let (language, locale) = speech();
    let row = |(n, channel): (usize, &TopChannel)| -> Vec<Cell> {
        let svg = charts::sparkline::sparkline(&format!("spark-{n}"), &draw::spark(language, channel)).to_svg();
        let mut name = link(channel.name.clone(), format!("/{}/channel/{}", language.code(), channel.login));
        name.push(el("small").text(channel.game.clone()).into());
        let spark = vec![chart(svg).class("spark").into()];
        vec![name, spark, text(language.number(channel.viewers.into()))]
    };
    let rows: Vec<Vec<Cell>> = home.top.iter().enumerate().map(row).collect();
    let headings = [
        (td_string!(locale, home.top.channel), false),
        (td_string!(locale, home.top.trail), false),
        (td_string!(locale, home.top.viewers), true),
    ];
    let title = td_string!(locale, home.top.h);
    let none = rows.is_empty().then(|| el("p").class("muted").text(td_string!(locale, home.top.none)));
    let channels = el("div")
        .child(el("h2").class("h3 mb5").attr("id", "top-h").text(title))
        .child(data_table(title.to_owned(), true, &headings, rows))
        .maybe(none);
    let people = draw::people(language, home);
    let figure = Figure {
        chart: &people,
        boxed: false,
        table: chart_table(td_string!(locale, home.days.title).to_owned(), &people, Rows::All),
        note: String::new(),
        files: (&super::charts(language), ""),
    };
    let figure = figure.around(chart(people.scene.to_svg()));
    let columns = el("div").class("cols-2 cols-32").child(channels).child(figure);
    el("section").class("wrap section").attr("aria-labelledby", "top-h").child(columns)
}

/// What we do, what we don't, and what is not there yet.
fn deal() -> Element {
    let (_, locale) = speech();
    let items = [
        (CHECK, td_string!(locale, home.deal.show_bold), td_string!(locale, home.deal.show_rest)),
        (CROSS, td_string!(locale, home.deal.never_bold), td_string!(locale, home.deal.never_rest)),
        (LOCK, td_string!(locale, home.deal.yet_bold), td_string!(locale, home.deal.yet_rest)),
    ];
    let items = items
        .into_iter()
        .map(|(picture, bold, rest)| el("li").child(icon(picture)).child(el("p").child(el("b").text(bold)).text(rest)));
    el("section")
        .class("wrap section split")
        .attr("aria-labelledby", "do-h")
        .child(el("header").child(el("h2").attr("id", "do-h").text(td_string!(locale, home.deal.h))))
        .child(el("ul").class("plain").attr("role", "list").children(items))
}
