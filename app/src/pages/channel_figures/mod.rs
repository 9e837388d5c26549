//! `/{lang}/channel/{login}/figures?range&tz`: what many days say of a channel. Never a viewer's name.
//!
//! Of the server alone: the browser's program does not know it.

mod audience;
mod people;
mod trends;
mod week;
mod words;

pub(super) use audience::{games_table, name as game_name};
pub(super) use week::{legend, table as week_table};

use super::channel::rights;
use crate::components::notice::{About, page as with_notice};
use crate::components::ranged::{fallen, form, standing};
use crate::components::speech;
use crate::data::channel_figures::ChannelFigures;
use crate::draw::words::capital;
use crate::head::Head;
use crate::node::{Node, el};
use crate::query::RangeQuery;
use crate::texts::td_string;

/// The page.
pub(crate) fn page(data: &ChannelFigures, query: &RangeQuery) -> (Head, Node) {
    let (language, locale) = speech();
    let path = format!("/{}/channel/{}", language.code(), data.login);
    let hero = el("div")
        .class("wrap hero")
        .child(el("p").class("kicker").text(td_string!(locale, figures.kicker)))
        .child(el("h1").class("login").text(data.name.clone()))
        .child(el("p").class("lede").text(capital(&trends::lede(data))))
        .child(el("p").class("hint measure mt4").text(standing(&data.period)))
        .child(super::way_on(path.clone(), td_string!(locale, figures.day_tab)))
        .maybe(fallen(&data.period, query))
        .child(form(&data.period, &format!("{path}/figures")));
    let main = el("main")
        .child(hero)
        .child(trends::trends(data))
        .child(week::week(data))
        .child(audience::games(data))
        .child(audience::listed(data))
        .child(people::people(data))
        .child(people::retention(data))
        .child(audience::shared(data))
        .child(words::words(data))
        .child(rights(None));
    let head = Head {
        title: td_string!(locale, figures.title, name = data.name.clone()).to_string(),
        description: td_string!(locale, figures.description, name = data.name.clone()).to_string(),
        robots: "",
    };
    (head, with_notice(About::Channel, main).into())
}
