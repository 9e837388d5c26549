//! What all days of a viewer say, on a page of the server's own.

use app::data::habits::{Habits, MAX_DAYS};
use axum::http::StatusCode;
use model::words::Tier;

use crate::fixture::World;
use crate::{PAGE_MAX_BYTES, holds};

#[tokio::test]
async fn habits_are_a_page_of_the_server_alone() {
    let world = World::new().await;
    let page = world.page("/en/viewer/_noctule/habits").await;
    assert_eq!(page.status, StatusCode::OK);
    holds(
        &page,
        &[
            "<h1 class=\"login\">_noctule</h1>",
            // The day that still grows is not read.
            " to 21\u{a0}November 2026, in the time of Europe/Paris: there on ",
            "What this says about you",
            "Not enough data: ",
            "Radio Minuit",
            "Usual days",
            "noindex, noarchive",
            "<option value=\"Europe/Paris\" selected",
            "Public holidays count as weekends</option>",
        ],
    );
    // Nothing of it is taken over, so nothing is loaded to do so.
    assert!(!page.text.contains("vigie.1.js") && !page.text.contains("NaN"));
    assert!(world.page("/en/viewer/_noctule").await.text.contains("vigie.1.js"));
    let page = world.page("/fr/viewer/_noctule/habits").await;
    holds(&page, &["Ce que cela dit de vous", "Pas assez de données"]);
}

#[tokio::test]
async fn what_cannot_be_had_is_said_and_falls_back() {
    let world = World::new().await;
    let said = [
        ("from=2026-11-22&to=2026-11-20", "end before they begin"),
        ("from=2020-01-01&to=2026-11-20", "at most 400 days are read at once"),
        ("from=2026-02-30", "no such first day"),
        ("to=yesterday", "no such last day"),
        (
            "from=2026-10-01&to=2026-10-02",
            "whole days are kept from 20\u{a0}November 2026 to 21\u{a0}November 2026, which are shown",
        ),
        // The day that still grows, and days to come.
        ("from=2026-11-22&to=2026-11-22", "Nothing is held of the days asked for"),
        ("from=2026-11-20&to=2026-11-29", "21\u{a0}November 2026 is the last day that is over"),
        ("from=2026-11-01&to=2026-11-20", "Nothing is kept from before 20\u{a0}November 2026"),
        ("holidays=banana", "A choice is 1 or 0"),
        ("tz=Factory", "There is no such time zone: hours are those of Europe/Paris."),
        ("tz=Mars/Olympus", "There is no such time zone: hours are those of Europe/Paris."),
        ("tz=America/Los_Angeles", "are not known: no day counts as one"),
    ];
    for (query, text) in said {
        let page = world.page(&format!("/en/viewer/_noctule/habits?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        holds(&page, &[text]);
    }
    // A stretch without a sample is no error; somebody without any is as if there were no such page.
    let far = World::older(&["2026-10-01", "2026-10-29"], &[]).await;
    let page = far.page("/en/viewer/_noctule/habits?from=2026-10-10&to=2026-10-12").await;
    assert_eq!(page.status, StatusCode::OK);
    holds(&page, &["No sample names this account from 10\u{a0}October 2026 to 12\u{a0}October 2026, in the time of"]);
    for (path, status) in [
        ("/en/viewer/_nobody/habits", StatusCode::NOT_FOUND),
        ("/en/viewer/no%20login/habits", StatusCode::BAD_REQUEST),
        ("/de/viewer/_noctule/habits", StatusCode::NOT_FOUND),
        ("/en/viewer/_noctule/habits/more", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(world.page(path).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn the_server_function_answers_typed_and_refuses_in_codes() {
    let world = World::new().await;
    let answer = world.call("/api/viewer_habits?login=_noctule&tz=UTC&holidays=false").await;
    assert_eq!(answer.status, StatusCode::OK);
    let habits: Habits = answer.read();
    let portrait = habits.portrait.unwrap();
    assert_eq!((habits.login.as_str(), habits.zone.name.as_str(), habits.holidays), ("_noctule", "UTC", false));
    // The open day is not in it, and the store's keys are not either.
    assert_eq!(portrait.until, "2026-11-22".parse().unwrap());
    let favourites = portrait.favourites.unwrap().value;
    assert_eq!(favourites.channels.iter().map(|channel| channel.key.0).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(habits.channels.len(), 3);
    assert!(portrait.offline.is_err());
    for (address, status, code) in [
        ("/api/viewer_habits?login=_nobody&holidays=true", StatusCode::NOT_FOUND, "not_found"),
        ("/api/viewer_habits?login=_noctule", StatusCode::BAD_REQUEST, "malformed"),
        ("/api/viewer_habits?login=_noctule&holidays=true&from=2026-02-30", StatusCode::BAD_REQUEST, "malformed"),
    ] {
        let answer = world.call(address).await;
        assert_eq!((answer.status, answer.text.as_str()), (status, code), "{address}");
    }
    assert_eq!(MAX_DAYS, 400);
}

async fn two_weeks_of_hours() -> World {
    let days: Vec<String> = (10..24).map(|day| format!("2026-10-{day}")).collect();
    World::older(&days.iter().map(String::as_str).collect::<Vec<_>>(), &[("2026-10", Tier::Hours)]).await
}

#[tokio::test]
async fn of_two_days_nothing_is_told_but_what_was_watched() {
    let world = World::older(&["2026-10-01", "2026-10-29"], &[("2026-10", Tier::Hours)]).await;
    let page = world.page("/en/viewer/_noctule/habits").await;
    holds(
        &page,
        &["they were there on 2 days of those that are read, by universal time, and it takes 14 days", "Celeste"],
    );
}

#[tokio::test]
async fn days_of_hours_are_enough_for_patterns_and_not_for_nights() {
    let world = two_weeks_of_hours().await;
    let page = world.page("/en/viewer/_noctule/habits").await;
    assert_eq!(page.status, StatusCode::OK);
    holds(&page, &["This needs samples of five minutes", "Celeste", "Usual days"]);
}

#[tokio::test]
async fn every_result_says_what_it_is_made_of() {
    let world = World::weeks(1_200).await;
    let page = world.page("/en/viewer/_noctule/habits").await;
    holds(
        &page,
        &[
            "From 19 days, method pattern 1.",
            "From 27 days, method week 1.",
            "From 28 days, method favourites 2.",
            "From 27 days, method sri 2.",
            "bits, among 4 states (a channel, or none).",
            // What they were read from, where they are explained.
            "There, of the known samples, by hour",
            "Minutes online of each hour of the mean day",
        ],
    );
    // Marks that charts are named by are not there twice.
    assert_eq!(page.text.matches(" id=\"-t\"").count(), 0);
    assert!(page.text.len() <= PAGE_MAX_BYTES, "{} bytes", page.text.len());
    let hours = two_weeks_of_hours().await;
    let page = hours.page("/en/viewer/_noctule/habits").await;
    // A refusal of its own, beside those of nights.
    assert_eq!(page.text.matches("This needs samples of five minutes").count(), 4);
}
