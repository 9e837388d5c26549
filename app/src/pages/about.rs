//! `/{lang}/about`: method, sources, limits, privacy, in plain words. Only what this program does now.

use crate::components::notice::{About, page as with_notice};
use crate::components::speech;
use crate::facts::Facts;
use crate::head::Head;
use crate::node::{Element, Node, el};
use crate::texts::td_string;

/// What there is to know about these pages.
pub(crate) fn page() -> (Head, Node) {
    let (_, locale) = speech();
    let facts = Facts::current();
    let hero = el("div")
        .class("wrap hero")
        .child(el("h1").text(td_string!(locale, about.h)))
        .child(el("p").class("lede").text(td_string!(locale, about.lede)))
        .child(el("p").class("mt4").child(super::validation_link()));
    let method = [
        td_string!(locale, about.method.a),
        td_string!(locale, about.method.b),
        td_string!(locale, about.method.c),
        td_string!(locale, about.method.d),
    ];
    let simulated = if facts.simulated { td_string!(locale, about.sources.simulated) } else { "" };
    let sources = [td_string!(locale, about.sources.a), td_string!(locale, about.sources.b), simulated];
    let limits = [
        td_string!(locale, about.limits.a),
        td_string!(locale, about.limits.b),
        td_string!(locale, about.limits.c),
        td_string!(locale, about.limits.d),
        td_string!(locale, about.limits.e),
        td_string!(locale, about.limits.f),
    ];
    let privacy =
        [td_string!(locale, about.privacy.a), td_string!(locale, about.privacy.b), td_string!(locale, about.privacy.c)];
    let (slots, hours) = (facts.kept.slots.to_string(), facts.kept.hours.to_string());
    let kept = if slots == hours {
        td_string!(locale, about.privacy.once, hours).to_string()
    } else {
        td_string!(locale, about.privacy.twice, slots, hours).to_string()
    };
    let (name, contact) = (facts.operator, facts.contact);
    let operator = (!name.is_empty()).then(|| td_string!(locale, about.privacy.operator, name).to_string());
    let contact = (!contact.is_empty()).then(|| td_string!(locale, about.privacy.contact, contact).to_string());
    let main = el("main")
        .child(hero)
        .child(part("method", td_string!(locale, about.method.h), owned(&method)))
        .child(part("sources", td_string!(locale, about.sources.h), owned(&sources)))
        .child(part("limits", td_string!(locale, about.limits.h), owned(&limits)))
        .child(part("bots", td_string!(locale, about.bots.h), owned(&[td_string!(locale, about.bots.text)])))
        .child(part(
            "privacy",
            td_string!(locale, about.privacy.h),
            owned(&privacy).into_iter().chain([kept]).chain(operator).chain(contact).collect(),
        ));
    let head = Head {
        title: td_string!(locale, about.title).to_owned(),
        description: td_string!(locale, about.description).to_owned(),
        robots: "",
    };
    (head, with_notice(About::Site, main).into())
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A part of the page that can be linked to.
fn part(id: &'static str, heading: &'static str, paragraphs: Vec<String>) -> Element {
    let label = format!("{id}-h");
    let paragraphs = paragraphs.into_iter().filter(|text| !text.is_empty()).map(|text| el("p").text(text));
    el("section")
        .class("wrap section split")
        .attr("id", id)
        .attr("aria-labelledby", label.clone())
        .child(el("header").child(el("h2").attr("id", label).text(heading)))
        .child(el("div").class("prose").children(paragraphs))
}
