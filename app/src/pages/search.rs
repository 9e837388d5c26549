//! `/{lang}/search`: the form by itself, or with what is wrong with what was typed.

use model::login::LoginError;

use super::error::login_words;
use crate::components::notice::{About, page as with_notice};
use crate::components::search_form::search_form;
use crate::components::speech;
use crate::head::Head;
use crate::node::{Node, el};
use crate::place::Place;
use crate::texts::td_string;

/// The search.
pub(crate) fn page(place: &Place, wrong: Option<LoginError>) -> (Head, Node) {
    let (_, locale) = speech();
    let typed = match place {
        Place::Search(Some(typed)) => typed.as_str(),
        _ => "",
    };
    let hero = el("div")
        .class("wrap hero")
        .child(el("h1").text(td_string!(locale, errors.search.h)))
        .child(el("p").class("lede").text(td_string!(locale, errors.search.lede)))
        .child(search_form(typed, wrong.map(|error| login_words(locale, error))));
    let title = td_string!(locale, errors.search.title).to_owned();
    let head = Head { title, robots: "noindex", ..Head::default() };
    (head, with_notice(About::Site, el("main").child(hero)).into())
}
