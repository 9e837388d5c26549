//! Pages as they leave the server, over a real store.
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::disallowed_types, missing_docs)]

mod channel_figures;
mod explore;
mod fixture;
mod french;
mod habits;
mod older_days;
mod trace;
mod validation;

use app::data::KeptDays;
use app::error::PageError;
use app::files;
use app::language::Language;
use app::query::DayQuery;
use app::routes::{Kind, ROUTES};
use axum::http::{StatusCode, header};
use fixture::{Answer, World};
use model::login::LoginError;
use store::Store as _;

/// Of any page, with the data it carries for the browser.
const PAGE_MAX_BYTES: usize = 90 * 1024;

/// Whether a page holds all of these.
fn holds(page: &Answer, parts: &[&str]) {
    for part in parts {
        assert!(page.text.contains(part), "{part:?} is not in the page");
    }
}

#[tokio::test]
async fn a_viewers_day_is_whole_without_javascript() {
    let world = World::new().await;
    let page = world.page("/en/viewer/_noctule?day=2026-11-19").await;
    assert_eq!(page.status, StatusCode::OK);
    holds(
        &page,
        &[
            "<h1 class=\"login\">_noctule</h1>",
            "in 3 channels",
            "Radio Minuit",
            "Any% until &lt;dawn&gt;",
            "271 of 288 samples observed",
            "Partly observed: 17 samples missing.",
            "one sample",
            "Simulated data: this person does not exist.",
            "noindex, noarchive",
            "<html lang=\"en\"",
            "_noctule: one day",
        ],
    );
    insta::assert_snapshot!("viewer", between(&page.text, "<main", "</main>"));
}

#[tokio::test]
async fn every_page_is_small_and_keeps_its_policy() {
    let world = World::new().await;
    for path in
        ["/fr", "/en", "/fr/about", "/fr/search", "/fr/channel/_radio_minuit", "/en/viewer/_bot", "/fr/viewer/_noctule"]
    {
        let page = world.page(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.text.len() <= PAGE_MAX_BYTES, "{path} has {} bytes", page.text.len());
        assert!(!page.text.contains(" style="), "{path} has an inline style");
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        let nonce = format!("nonce=\"{}\"", policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap());
        for script in page.text.split("<script").skip(1) {
            assert!(script.split('>').next().unwrap().contains(&nonce), "{path}: {script}");
        }
        assert!(!page.text.contains("://") || !page.text.contains("src=\"http"), "{path} asks somebody else");
    }
}

#[tokio::test]
async fn another_day_is_another_page_and_wrong_ones_fall_back() {
    let world = World::new().await;
    let dates = |page: &Answer| between(&page.text, "<h2 id=\"day-h\">", "</header>").to_owned();
    let other = world.page("/en/viewer/_noctule?day=2026-11-22").await;
    assert!(dates(&other).contains("1\u{a0}h\u{a0}35\u{a0}min in one channel"), "{}", dates(&other));
    assert!(dates(&other).contains("Today, still growing: samples imported up to 09:00."), "{}", dates(&other));
    for (query, said) in [
        ("?day=2026-02-30", "There is no such day: this is Sunday"),
        ("?day=yesterday", "There is no such day"),
        ("?day=2027-01-01", "The day asked for is yet to come"),
        ("?tz=Europe/Lyon", "There is no such time zone: this is Europe/Paris"),
        ("?tz=%3Cscript%3E", "There is no such time zone"),
        ("?day=2026-11-01", "Nothing is held from before "),
        ("?day=1970-01-01", "There is no such day"),
        ("?day=2000-01-01", "Nothing is held from before "),
        ("?day=2026-11-20&tz=America/Montreal", "2026, America/Montreal time."),
    ] {
        let page = world.page(&format!("/en/viewer/_noctule{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert!(page.text.contains(said), "{query}: {}", dates(&page));
    }
    let page = world.page_with("/fr/viewer/_noctule", &[("cookie", "theme=%00;;=;")]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("data-theme"));
    let page = world.page_with("/fr", &[("cookie", "a=b; theme=dark")]).await;
    holds(&page, &["<html lang=\"fr\" data-theme=\"dark\""]);
}

#[tokio::test]
async fn speech_alone_and_bots_are_told() {
    let world = World::new().await;
    holds(&world.page("/en/viewer/_spoke").await, &["Messages in one channel, no watch time", "wrote only"]);
    holds(&world.page("/en/viewer/_bot").await, &["This account was taken for a bot on 4 days"]);
}

#[tokio::test]
async fn errors_have_their_status_and_never_a_cause() {
    let world = World::new().await;
    for (path, status, said) in [
        ("/en/viewer/no%20login", StatusCode::BAD_REQUEST, "A username has only the letters a to z"),
        ("/fr/viewer/_nobody", StatusCode::NOT_FOUND, "Rien à cette adresse"),
        ("/fr/channel/_nobody", StatusCode::NOT_FOUND, "Rien à cette adresse"),
        ("/de", StatusCode::NOT_FOUND, "Rien à cette adresse"),
        ("/de/viewer/_noctule", StatusCode::NOT_FOUND, "Rien à cette adresse"),
        ("/fr/nothing/here", StatusCode::NOT_FOUND, "Rien à cette adresse"),
        ("/en/search?q=no+login", StatusCode::BAD_REQUEST, "value=\"no login\""),
        ("/en/search?q=", StatusCode::BAD_REQUEST, "Write a username."),
        ("/en/search", StatusCode::OK, "Search for a username"),
    ] {
        let page = world.page(path).await;
        assert_eq!(page.status, status, "{path}");
        holds(&page, &[said, "<main id=\"main\">"]);
    }
    let english = world.page_with("/de", &[("accept-language", "en-GB")]).await;
    holds(&english, &["Nothing here", "lang=\"en\""]);
    // Never seen, and no channel: the same bytes but for the name, the nonce and the way to the other language.
    let main = |page: &Answer| between(&page.text, "<main", "</main>").to_owned();
    assert_eq!(main(&world.page("/fr/viewer/_nobody").await), main(&world.page("/fr/viewer/_no_one").await));

    let empty = World::empty().await;
    for path in ["/en", "/en/viewer/_noctule", "/en/channel/_radio_minuit"] {
        let page = empty.page(path).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        holds(&page, &["This site is being set up"]);
    }
}

#[tokio::test]
async fn a_search_leads_to_the_channel_or_to_the_viewer() {
    let world = World::new().await;
    for (typed, leads) in [
        ("_radio_minuit", "/fr/channel/_radio_minuit"),
        ("%20%40_Noctule", "/fr/viewer/_noctule"),
        ("https%3A%2F%2Fwww.twitch.tv%2F_nobody", "/fr/viewer/_nobody"),
    ] {
        let page = world.page(&format!("/fr/search?q={typed}")).await;
        assert_eq!((page.status, page.headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, leads));
    }
}

#[tokio::test]
async fn server_functions_answer_in_codes() {
    let world = World::new().await;
    let day = world.call("/api/viewer_day?login=_noctule&day=2026-11-19&tz=UTC").await;
    assert_eq!(day.status, StatusCode::OK);
    assert!(day.text.contains("_noctule") && day.text.contains("Radio Minuit"), "{}", day.text);
    for (path, status, code) in [
        ("/api/viewer_day", StatusCode::BAD_REQUEST, "malformed"),
        ("/api/viewer_day?login=no%20login", StatusCode::BAD_REQUEST, "malformed"),
        ("/api/viewer_day?login=_noctule&day=2026-02-30", StatusCode::BAD_REQUEST, "malformed"),
        ("/api/viewer_day?login=_noctule&tz=%3Cscript%3E", StatusCode::BAD_REQUEST, "malformed"),
        ("/api/channel_day?login=%00", StatusCode::BAD_REQUEST, "malformed"),
        ("/api/search?q=no%20login", StatusCode::BAD_REQUEST, "login_character"),
        ("/api/search", StatusCode::BAD_REQUEST, "malformed"),
        ("/api/viewer_day?login=_nobody", StatusCode::NOT_FOUND, "not_found"),
        ("/api/channel_day?login=_nobody", StatusCode::NOT_FOUND, "not_found"),
    ] {
        let answer = world.call(path).await;
        assert_eq!((answer.status, answer.text.as_str()), (status, code), "{path}");
    }
}

#[tokio::test]
async fn aggregates_are_rounded_and_pages_name_nobody() {
    let world = World::new().await;
    let home = world.page("/en").await;
    holds(&home, &["912,490 different people on Saturday", "1,234", "Radio Minuit", "_noctule", "10,960"]);
    for exact in ["912,484", "912,485", "912,486", "912484"] {
        assert!(!home.text.contains(exact), "{exact} people are not rounded");
    }
    assert!(!home.text.contains("_never_seen"), "somebody the store does not know");
    insta::assert_snapshot!("home", between(&home.text, "<main", "</main>"));
    let channel = world.page("/fr/channel/_radio_minuit?day=2026-11-19").await;
    holds(
        &channel,
        &["Radio Minuit", "En direct depuis 07:00", "Debrief &amp; &lt;tea&gt;", "h à l’antenne en 2 diffusions"],
    );
    for name in ["_noctule", "_spoke", "_bot"] {
        assert!(!channel.text.contains(name), "{name} is named on a channel's page");
    }
    insta::assert_snapshot!("channel", between(&channel.text, "<main", "</main>"));
}

#[tokio::test]
async fn quotes_within_a_title_are_inner_ones() {
    let world = World::new().await;
    let mut live = world.site().store.live().await.unwrap();
    live[0].title = "Le «\u{a0}grand\u{a0}» soir, \"enfin\"".into();
    world.site().store.replace_live(fixture::now(), &live, None).await.unwrap();
    for (path, said) in [
        ("/fr/channel/_radio_minuit", "«\u{a0}Le “grand” soir, “enfin”\u{a0}»"),
        ("/en/channel/_radio_minuit", "“Le ‘grand’ soir, ‘enfin’”"),
    ] {
        holds(&world.page(path).await, &[said]);
    }
}

#[tokio::test]
async fn the_method_tells_how_long_what_is_kept() {
    let mut world = World::empty().await;
    holds(&world.page("/en/about").await, &["every sample for 90 days, then only hours up to 400 days, then nothing."]);
    holds(
        &world.page("/fr/about").await,
        &["chaque relevé pendant 90 jours, puis des heures seulement jusqu’à 400 jours"],
    );
    world.keep(KeptDays { slots: 30, hours: 30 });
    holds(&world.page("/en/about").await, &["What is kept about a person is kept for 30 days, by whole months"]);
    let page = world.page("/fr/about").await;
    holds(&page, &["l’est pendant 30 jours", "data-slot-days=\"30\" data-hour-days=\"30\""]);
}

#[tokio::test]
async fn charts_are_files() {
    let world = World::new().await;
    let query = |day: &str, zone: &str| DayQuery::parse(Some(day), Some(zone));
    let (site, day) = (world.site(), query("2026-11-19", "Europe/Paris"));
    let csv = files::of_viewer(site, Language::English, "_noctule", &day, "day.csv").await.unwrap();
    assert_eq!((csv.name.as_str(), csv.media), ("vigie-_noctule-2026-11-19-day.csv", "text/csv; charset=utf-8"));
    insta::assert_snapshot!("day_csv", csv.body);
    let svg = files::of_viewer(site, Language::French, "_noctule", &day, "day.svg").await.unwrap();
    assert_eq!((svg.name.as_str(), svg.media), ("vigie-_noctule-2026-11-19-day.svg", "image/svg+xml"));
    for part in ["Données simulées.", "Heures du fuseau Europe/Paris", "Any% until &lt;dawn&gt;", "non observé"] {
        assert!(svg.body.contains(part), "{part} is not in {}", svg.body);
    }
    for file in ["on-air", "audience"] {
        for ending in ["svg", "csv"] {
            let file = format!("{file}.{ending}");
            assert!(files::of_channel(site, Language::English, "_radio_minuit", &day, &file).await.is_ok(), "{file}");
        }
    }
    let audience = files::of_channel(site, Language::English, "_radio_minuit", &day, "audience.csv").await.unwrap();
    assert!(audience.body.starts_with("time,viewers,chatters\r\n2026-11-19T00:00:00+01:00,"), "{}", audience.body);
    for file in ["viewers.csv", "people.svg", "samples.csv", "times.svg"] {
        let kept = files::of_home(site, Language::English, file).await.unwrap();
        assert!(!kept.body.contains("912,484") && !kept.body.contains("912484"), "{file} tells people exactly");
    }
    for (login, day, file, error) in [
        ("_nobody", query("2026-11-19", "UTC"), "day.csv", PageError::NotFound),
        ("_noctule", query("2026-11-19", "UTC"), "day.png", PageError::NotFound),
        ("_noctule", query("2026-11-19", "UTC"), "night.csv", PageError::NotFound),
        ("_noctule", query("2026-02-30", "UTC"), "day.csv", PageError::Malformed),
        ("_noctule", query("2027-01-01", "UTC"), "day.csv", PageError::Malformed),
        ("_noctule", query("2026-11-19", "Europe/Lyon"), "day.csv", PageError::Malformed),
        ("no login", query("2026-11-19", "UTC"), "day.csv", PageError::Login(LoginError::Character)),
    ] {
        let told = files::of_viewer(site, Language::English, login, &day, file).await.unwrap_err();
        assert_eq!(told, error, "{login} {file}");
    }
}

#[test]
fn the_table_of_routes_has_every_page() {
    let mut pages: Vec<&str> = ROUTES.iter().filter(|route| route.kind == Kind::Page).map(|route| route.path).collect();
    pages.sort_unstable();
    let mut listed = World::routes();
    listed.sort_unstable();
    assert_eq!(listed, pages);
    let mut functions: Vec<&str> =
        ROUTES.iter().filter(|route| route.kind == Kind::ServerFn).map(|route| route.path).collect();
    functions.sort_unstable();
    let mut registered: Vec<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    registered.sort_unstable();
    assert_eq!(registered, functions);
}

/// From one mark to the next, both included.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).unwrap();
    let end = start + from.len() + text[start + from.len()..].find(to).unwrap() + to.len();
    &text[start..end]
}
