//! `/{lang}/about`: method, sources, limits, privacy, in plain words. Only what this program does now.

use leptos::prelude::*;
use leptos_meta::{Meta, Title};

use crate::components::notice::{About, Notice};
use crate::components::speech;
use crate::facts::Facts;
use crate::texts::td_string;

/// What there is to know about these pages.
#[component]
pub(crate) fn AboutPage() -> impl IntoView {
    let (_, locale) = speech();
    let facts = Facts::current();
    let mut sources = vec![td_string!(locale, about.sources.a), td_string!(locale, about.sources.b)];
    if facts.simulated {
        sources.push(td_string!(locale, about.sources.simulated));
    }
    let operator = (!facts.operator.is_empty()).then(
        || view! { <p>{td_string!(locale, about.privacy.operator, name = facts.operator.clone()).to_string()}</p> },
    );
    let contact = (!facts.contact.is_empty()).then(
        || view! { <p>{td_string!(locale, about.privacy.contact, contact = facts.contact.clone()).to_string()}</p> },
    );
    view! {
        <Title text=td_string!(locale, about.title)/>
        <Meta name="description" content=td_string!(locale, about.description)/>
        <Notice about=About::Site/>
        <main id="main">
            <div class="wrap hero">
                <h1>{td_string!(locale, about.h)}</h1>
                <p class="lede">{td_string!(locale, about.lede)}</p>
            </div>
            <Part
                id="method"
                heading=td_string!(locale, about.method.h)
                paragraphs=vec![
                    td_string!(locale, about.method.a),
                    td_string!(locale, about.method.b),
                    td_string!(locale, about.method.c),
                    td_string!(locale, about.method.d),
                ]
            />
            <Part id="sources" heading=td_string!(locale, about.sources.h) paragraphs=sources/>
            <Part
                id="limits"
                heading=td_string!(locale, about.limits.h)
                paragraphs=vec![
                    td_string!(locale, about.limits.a),
                    td_string!(locale, about.limits.b),
                    td_string!(locale, about.limits.c),
                    td_string!(locale, about.limits.d),
                    td_string!(locale, about.limits.e),
                    td_string!(locale, about.limits.f),
                ]
            />
            <Part id="bots" heading=td_string!(locale, about.bots.h) paragraphs=vec![td_string!(locale, about.bots.text)]/>
            <Part
                id="privacy"
                heading=td_string!(locale, about.privacy.h)
                paragraphs=vec![
                    td_string!(locale, about.privacy.a),
                    td_string!(locale, about.privacy.b),
                    td_string!(locale, about.privacy.c),
                ]
            >
                {operator}
                {contact}
            </Part>
        </main>
    }
}

/// A part of the page that can be linked to.
#[component]
fn Part(
    /// Where links lead.
    id: &'static str,
    /// Its title.
    heading: &'static str,
    /// Its text.
    paragraphs: Vec<&'static str>,
    /// What follows.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="wrap section split" id=id aria-labelledby=format!("{id}-h")>
            <header><h2 id=format!("{id}-h")>{heading}</h2></header>
            <div class="prose">
                {paragraphs.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
                {children.map(|children| children())}
            </div>
        </section>
    }
}
