//! What surrounds every page: the way in, the bar on top, the foot.

use leptos::prelude::*;
use leptos_meta::Link;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use model::format::Language;

use super::icons::Brand;
use super::theme_switch::ThemeSwitch;
use crate::facts::Facts;
use crate::language::{exchanged, locale, of_path};
use crate::texts::td_string;

/// The frame; it provides the [`Language`] of its children. A page is of one language for as long as it is open: the
/// links to the other one load it anew.
#[component]
pub(crate) fn Frame(
    /// The page.
    children: Children,
) -> impl IntoView {
    let language = of_path(&use_location().pathname.get_untracked()).unwrap_or(Facts::current().language);
    provide_context(language);
    view! {
        <a class="skip" href="#main" rel="external">{td_string!(locale(language), frame.skip)}</a>
        <Patterns/>
        <TopBar language/>
        {children()}
        <Foot language/>
    }
}

/// Hatched and grained fills that charts refer to.
#[component]
fn Patterns() -> impl IntoView {
    view! {
        <svg class="defs" aria-hidden="true" focusable="false">
            <defs>
                <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <path d="M0 0v5"></path>
                </pattern>
                <pattern id="grain" width="2.6" height="2.6" patternUnits="userSpaceOnUse" patternTransform="rotate(30)">
                    <circle cx="1.3" cy="1.3" r=".95"></circle>
                </pattern>
            </defs>
        </svg>
    }
}

#[component]
fn TopBar(language: Language) -> impl IntoView {
    let locale = locale(language);
    let code = language.code();
    view! {
        <header class="topbar">
            <div class="wrap">
                <a class="brand" href=format!("/{code}") aria-label=td_string!(locale, frame.home)>
                    <Brand/>
                    "Vigie"
                </a>
                <nav aria-label=td_string!(locale, frame.main)>
                    <A href=format!("/{code}/search")>{td_string!(locale, frame.search)}</A>
                    <A href=format!("/{code}/about")>{td_string!(locale, frame.about)}</A>
                </nav>
                <div class="tools">
                    <LanguageLink of=Language::French current=language/>
                    <LanguageLink of=Language::English current=language/>
                    <ThemeSwitch/>
                </div>
            </div>
        </header>
    }
}

/// The same page in one of the languages.
#[component]
fn LanguageLink(of: Language, current: Language) -> impl IntoView {
    let location = use_location();
    let (name, short) = match of {
        Language::French => ("Français", "FR"),
        Language::English => ("English", "EN"),
    };
    let address = move || exchanged(&location.pathname.get(), &location.search.get(), of);
    view! {
        <Link rel="alternate" hreflang=of.code() href=address()/>
        <a
            href=address
            rel="external"
            hreflang=of.code()
            lang=of.code()
            aria-label=name
            aria-current=(of == current).then_some("true")
        >
            {short}
        </a>
    }
}

#[component]
fn Foot(language: Language) -> impl IntoView {
    let locale = locale(language);
    let about = |part: &str| format!("/{}/about#{part}", language.code());
    view! {
        <footer class="foot">
            <div class="wrap">
                <p class="measure">{td_string!(locale, frame.foot.text)}</p>
                <ul role="list">
                    <li><a href=about("method")>{td_string!(locale, frame.foot.method)}</a></li>
                    <li><a href=about("limits")>{td_string!(locale, frame.foot.limits)}</a></li>
                    <li><a href=about("privacy")>{td_string!(locale, frame.foot.privacy)}</a></li>
                </ul>
            </div>
        </footer>
    }
}
