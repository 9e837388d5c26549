//! What surrounds every page: the way in, the bar on top, the foot.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::format::Language;

use super::address;
use super::icons::{brand, halves};
use super::submit::take_forms;
use crate::facts::Facts;
use crate::language::{exchanged, locale, of_path};
use crate::node::{Element, Node, el};
use crate::texts::td_string;
use crate::theme::Theme;

/// The frame; it provides the [`Language`] of its children. A page is of one language for as long as it is open: the
/// links to the other one load it anew.
#[component]
pub(crate) fn Frame(
    /// The page.
    children: Children,
) -> impl IntoView {
    let facts = Facts::current();
    let location = use_location();
    let language = of_path(&location.pathname.get_untracked()).unwrap_or(facts.language);
    provide_context(language);
    let theme = RwSignal::new(facts.theme);
    take_forms(theme);
    let bar = move || top_bar(language, &location.pathname.get(), &location.search.get(), theme.get());
    let skip = el("a").class("skip").attr("href", "#main").attr("rel", "external");
    view! {
        {Node::from(skip.text(td_string!(locale(language), frame.skip)))}
        {Node::from(patterns())}
        {bar}
        {children()}
        {Node::from(foot(language))}
    }
}

/// Hatched and grained fills that charts refer to.
fn patterns() -> Element {
    let pattern = |id: &'static str, size: &'static str, turn: &'static str| {
        el("pattern")
            .attr("id", id)
            .attr("width", size)
            .attr("height", size)
            .attr("patternUnits", "userSpaceOnUse")
            .attr("patternTransform", turn)
    };
    let hatch = pattern("hatch", "5", "rotate(45)").child(el("path").attr("d", "M0 0v5"));
    let dot = el("circle").attr("cx", "1.3").attr("cy", "1.3").attr("r", ".95");
    let grain = pattern("grain", "2.6", "rotate(30)").child(dot);
    let defs = el("svg").class("defs").attr("aria-hidden", "true").attr("focusable", "false");
    defs.child(el("defs").child(hatch).child(grain))
}

fn top_bar(language: Language, path: &str, query: &str, theme: Theme) -> Node {
    let locale = locale(language);
    let home = format!("/{}", language.code());
    let link = |page: &str, name: &'static str| {
        let address = format!("{home}/{page}");
        let current = (path == address).then_some("page");
        el("a").attr("href", address).maybe_attr("aria-current", current).text(name)
    };
    let tongue = |of: Language, name: &'static str, short: &'static str| {
        el("a")
            .attr("href", exchanged(path, query, of))
            .attr("rel", "external")
            .attr("hreflang", of.code())
            .attr("lang", of.code())
            .attr("aria-label", name)
            .maybe_attr("aria-current", (of == language).then_some("true"))
            .text(short)
    };
    let nav = el("nav")
        .attr("aria-label", td_string!(locale, frame.main))
        .child(link("search", td_string!(locale, frame.search)))
        .child(link("explore", td_string!(locale, frame.explore)).attr("rel", "external"))
        .child(link("about", td_string!(locale, frame.about)));
    let tools = el("div")
        .class("tools")
        .child(tongue(Language::French, "Français", "FR"))
        .child(tongue(Language::English, "English", "EN"))
        .child(switch(language, path, query, theme));
    let brand = el("a")
        .class("brand")
        .attr("href", home.clone())
        .attr("aria-label", td_string!(locale, frame.home))
        .child(brand())
        .text("Vigie");
    let wrap = el("div").class("wrap").child(brand).child(nav).child(tools);
    el("header").class("topbar").child(wrap).into()
}

/// The switch between themes: a form that works without JavaScript.
fn switch(language: Language, path: &str, query: &str, theme: Theme) -> Element {
    let locale = locale(language);
    let label = match theme.next() {
        Theme::Light => td_string!(locale, frame.theme.light),
        Theme::Dark => td_string!(locale, frame.theme.dark),
        Theme::Auto => td_string!(locale, frame.theme.auto),
    };
    let back = el("input").attr("type", "hidden").attr("name", "back").attr("value", address(path, query));
    let button = el("button")
        .attr("type", "submit")
        .attr("name", "theme")
        .attr("value", theme.next().as_str())
        .attr("aria-label", label)
        .attr("title", label)
        .child(halves());
    el("form").attr("method", "post").attr("action", "/theme").child(back).child(button)
}

fn foot(language: Language) -> Element {
    let locale = locale(language);
    let link = |part: &str, name: &'static str| {
        el("li").child(el("a").attr("href", format!("/{}/about#{part}", language.code())).text(name))
    };
    let links = el("ul")
        .attr("role", "list")
        .child(link("method", td_string!(locale, frame.foot.method)))
        .child(link("limits", td_string!(locale, frame.foot.limits)))
        .child(link("privacy", td_string!(locale, frame.foot.privacy)));
    let text = el("p").class("measure").text(td_string!(locale, frame.foot.text));
    el("footer").class("foot").child(el("div").class("wrap").child(text).child(links))
}
