//! Pages of errors: the same frame, both languages, one way on.

use model::login::LoginError;

use crate::components::notice::{About, page as with_notice};
use crate::components::search_form::search_form;
use crate::components::{external, here, speech};
use crate::error::PageError;
use crate::head::Head;
use crate::node::{Node, el};
use crate::texts::{Locale, td_string};

/// An error as people are told it. Whoever made it has set the status.
pub(crate) fn page(error: &PageError) -> (Head, Node) {
    let (language, locale) = speech();
    let (heading, text) = words(locale, error);
    let request = match error {
        PageError::Internal { request } if !request.is_empty() => {
            let id = request.clone();
            Some(el("p").class("hint mt4").text(td_string!(locale, errors.internal.request, id).to_string()))
        }
        _ => None,
    };
    let wrong = match error {
        PageError::Login(error) => Some(login_words(locale, *error)),
        _ => None,
    };
    let search = matches!(error, PageError::NotFound | PageError::Login(_)).then(|| search_form("", wrong));
    let again = matches!(error, PageError::Internal { .. } | PageError::Offline | PageError::SettingUp)
        .then(|| external(here(), td_string!(locale, errors.retry)).class("btn primary"));
    let home = el("a").class("btn").attr("href", format!("/{}", language.code())).text(td_string!(locale, errors.home));
    let lede = (!text.is_empty()).then(|| el("p").class("lede").text(text));
    let hero = el("div")
        .class("wrap hero")
        .child(el("p").class("kicker").text(error.status().to_string()))
        .child(el("h1").text(heading))
        .maybe(lede)
        .maybe(request)
        .maybe(search)
        .child(el("p").class("toolbar mt6").maybe(again).child(home));
    let title = td_string!(locale, errors.title, what = heading).to_string();
    let head = Head { title, robots: "noindex", ..Head::default() };
    (head, with_notice(About::Site, el("main").child(hero)).into())
}

/// What it is called, and what it means; the second may be empty.
pub(crate) fn words(locale: Locale, error: &PageError) -> (&'static str, &'static str) {
    match error {
        PageError::NotFound => (td_string!(locale, errors.found.h), td_string!(locale, errors.found.text)),
        PageError::Login(_) => (td_string!(locale, errors.login.h), ""),
        PageError::Malformed => (td_string!(locale, errors.malformed.h), td_string!(locale, errors.malformed.text)),
        PageError::SettingUp => (td_string!(locale, errors.setting.h), td_string!(locale, errors.setting.text)),
        PageError::Internal { .. } => (td_string!(locale, errors.internal.h), td_string!(locale, errors.internal.text)),
        PageError::Offline => (td_string!(locale, errors.offline.h), td_string!(locale, errors.offline.text)),
    }
}

/// What is wrong with a login.
pub(crate) fn login_words(locale: Locale, error: LoginError) -> &'static str {
    match error {
        LoginError::Empty => td_string!(locale, errors.login.empty),
        LoginError::TooLong => td_string!(locale, errors.login.long),
        LoginError::Character => td_string!(locale, errors.login.character),
    }
}
