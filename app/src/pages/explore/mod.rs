//! `/{lang}/explore?range&tz`: everything that is followed, together. Channels are named, viewers never.
//!
//! Of the server alone: the browser's program does not know it.

mod channels;
mod hours;
mod people;
mod work;

use crate::components::notice::{About, page as with_notice};
use crate::components::ranged::{fallen, form, standing};
use crate::components::speech;
use crate::data::explore::Explore;
use crate::head::Head;
use crate::node::{Node, el};
use crate::query::RangeQuery;
use crate::texts::td_string;

/// The page.
pub(crate) fn page(data: &Explore, query: &RangeQuery) -> (Head, Node) {
    let (language, locale) = speech();
    let hero = el("div")
        .class("wrap hero")
        .child(el("p").class("kicker").text(td_string!(locale, explore.kicker)))
        .child(el("h1").text(td_string!(locale, explore.h)))
        .child(el("p").class("lede").text(people::lede(data)))
        .child(el("p").class("hint measure mt4").text(standing(&data.period)))
        .maybe(fallen(&data.period, query))
        .child(form(&data.period, &format!("/{}/explore", language.code())));
    let main = el("main")
        .child(hero)
        .child(hours::hours(data))
        .child(people::people(data))
        .child(channels::spread(data))
        .child(channels::games(data))
        .child(channels::ranking(data))
        .child(channels::ties(data))
        .child(work::work(data));
    let head = Head {
        title: td_string!(locale, explore.title).to_owned(),
        description: td_string!(locale, explore.description).to_owned(),
        robots: "",
    };
    (head, with_notice(About::Site, main).into())
}
