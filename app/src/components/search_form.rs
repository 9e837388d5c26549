//! The search box: a form that works without JavaScript.

use super::icons::{LENS, icon};
use super::speech;
use crate::node::{Element, el};
use crate::texts::td_string;

/// Longer texts are no address of Twitch; the login within may have 25 characters.
const TYPED_MAX: &str = "200";

/// One field, one button; what was typed is kept, and what is wrong with it is said beside it.
pub(crate) fn search_form(typed: &str, wrong: Option<&'static str>) -> Element {
    let (language, locale) = speech();
    let field = el("input")
        .class("input")
        .attr("id", "q")
        .attr("name", "q")
        .attr("type", "text")
        .attr("value", typed.to_owned())
        .attr("placeholder", td_string!(locale, frame.find.placeholder))
        .attr("autocomplete", "off")
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .attr("maxlength", TYPED_MAX)
        .maybe_attr("aria-invalid", wrong.map(|_| "true"))
        .attr("aria-describedby", if wrong.is_some() { "q-wrong q-hint" } else { "q-hint" });
    let button = el("button")
        .class("btn primary")
        .attr("type", "submit")
        .child(icon(LENS))
        .text(td_string!(locale, frame.find.button));
    let form = el("form")
        .class("search mt6")
        .attr("method", "get")
        .attr("action", format!("/{}/search", language.code()))
        .child(el("label").class("vh").attr("for", "q").text(td_string!(locale, frame.find.label)))
        .child(field)
        .child(button);
    let wrong = wrong.map(|wrong| el("p").class("wrong mt4").attr("id", "q-wrong").attr("role", "alert").text(wrong));
    let hint = el("p").class("hint mt4").attr("id", "q-hint").text(td_string!(locale, frame.find.hint));
    el("div").child(el("search").child(form)).maybe(wrong).child(hint)
}
