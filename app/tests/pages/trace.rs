//! What a trace gives away beside everybody's, on a page of the server's own.

use app::data::trace::{Hiding, Trace};
use axum::http::StatusCode;
use model::crowd::single_out::Needed;

use crate::fixture::World;
use crate::{PAGE_MAX_BYTES, holds};

#[tokio::test]
async fn before_the_first_night_it_says_so() {
    let world = World::new().await;
    let page = world.page("/en/viewer/_noctule/trace").await;
    assert_eq!(page.status, StatusCode::OK);
    holds(
        &page,
        &[
            "<h1 class=\"login\">_noctule</h1>",
            "Not worked out yet",
            "What would hide you",
            "not worked out yet</td>",
            "noindex, noarchive",
            "href=\"/en/viewer/_noctule/habits\"",
        ],
    );
    // Nothing of it is taken over, so nothing is loaded to do so.
    assert!(!page.text.contains("vigie.1.js") && !page.text.contains("NaN"));
    let page = world.page("/fr/viewer/_noctule/trace").await;
    holds(&page, &["Pas encore calculé", "Ce qui vous cacherait"]);
}

#[tokio::test]
async fn beside_everybody_a_few_sightings_are_enough() {
    let world = World::weeks(1_200).await;
    let page = world.page("/en/viewer/_noctule/trace").await;
    holds(
        &page,
        &[
            "to single this account out of 1,200 people",
            "Yes: of 1,200 accounts, your own is the most like the unknown one",
            "Sightings that single out, by how finely times are known",
            "Compared with 1,200 people",
            "<a href=\"/en/channel/_radio_minuit\">Radio Minuit</a>",
            "weighed by where French is spoken",
            "UTC+1 fits best, with most of the weight; others are not ruled out.",
            "Presence by hour, as shares of the hours that are known, by the standard time of UTC+1",
            "Chance of each hour of the next week to be the first one back, in percent",
            "better than “the favourite that is live” (by ",
        ],
    );
    assert!(page.text.len() <= PAGE_MAX_BYTES, "{} bytes", page.text.len());
    // Whoever wrote and was in no list, and a program: words, fewer in the table, and no figure.
    let refused = [
        ("_spoke", "Only what was written is known", ">only what was written is known<"),
        ("_bot", "This account was taken for a bot", ">not told: taken for a bot<"),
    ];
    for (login, why, few) in refused {
        let page = world.page(&format!("/en/viewer/{login}/trace")).await;
        assert_eq!(page.status, StatusCode::OK, "{login}");
        holds(&page, &[why, few]);
        assert!(!page.text.contains("NaN"), "{login}");
    }
}

#[tokio::test]
async fn what_is_hidden_is_asked_in_the_address() {
    let world = World::weeks(1_200).await;
    let ask = |query: &'static str| {
        let world = &world;
        async move {
            let answer = world.call(&format!("/api/viewer_trace?login=_noctule&{query}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{query}");
            answer.read::<Trace>()
        }
    };
    let trace = ask("nights=false&split=false&hours=false").await;
    assert_eq!((trace.hiding, trace.hidden.is_none(), trace.channels.len()), (Hiding::default(), true, 3));
    let rank = trace.as_seen.found_again.unwrap().unwrap().value.rank;
    let alone = trace.as_seen.singled_out.unwrap().unwrap().value;
    assert!(rank == 1 && matches!(alone.widths[0].needed, Needed::Within { .. }));
    // Two accounts without a channel in common: the one does not give the other away.
    let split = ask("nights=false&split=true&hours=false&tz=UTC").await;
    assert_eq!(split.zone.name, "UTC");
    let hidden = split.hidden.unwrap();
    let apart = hidden.found_again.unwrap().unwrap().value;
    assert!(apart.rank > 1, "{apart:?}");
    assert!(hidden.sightings < split.as_seen.sightings);
    // There from midnight to six only in part: less is left, by night and by hour more.
    let all = ask("nights=true&split=true&hours=true").await;
    assert!(all.hiding.is_any() && all.hidden.is_some());
    let nights = ask("nights=true&split=false&hours=false").await;
    assert!(nights.hidden.unwrap().sightings < nights.as_seen.sightings);
    let hours = ask("nights=false&split=false&hours=true").await;
    assert!(hours.hidden.unwrap().sightings > hours.as_seen.sightings);
    let page = world.page("/en/viewer/_noctule/trace?nights=1&hours=yes").await;
    holds(&page, &["name=\"nights\" value=\"1\" checked", "With that hidden"]);
    assert!(!page.text.contains("name=\"hours\" value=\"1\" checked"));
    holds(
        &page,
        &["A choice is 1 or 0", "Most that any forecast could get right", "Channel of late", "With that hidden, "],
    );
}

#[tokio::test]
async fn what_cannot_be_had_is_said_or_not_found() {
    let world = World::new().await;
    let page = world.page("/en/viewer/_noctule/trace?tz=Mars/Olympus").await;
    assert_eq!(page.status, StatusCode::OK);
    holds(&page, &["There is no such time zone: hours are those of Europe/Paris."]);
    for (path, status) in [
        ("/en/viewer/_nobody/trace", StatusCode::NOT_FOUND),
        ("/en/viewer/no%20login/trace", StatusCode::BAD_REQUEST),
        ("/de/viewer/_noctule/trace", StatusCode::NOT_FOUND),
        ("/en/viewer/_noctule/trace/more", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(world.page(path).await.status, status, "{path}");
    }
    for (address, status, code) in [
        ("login=_nobody&nights=false&split=false&hours=false", StatusCode::NOT_FOUND, "not_found"),
        ("login=_noctule", StatusCode::BAD_REQUEST, "malformed"),
        ("login=_noctule&nights=perhaps&split=false&hours=false", StatusCode::BAD_REQUEST, "malformed"),
    ] {
        let answer = world.call(&format!("/api/viewer_trace?{address}")).await;
        assert_eq!((answer.status, answer.text.as_str()), (status, code), "{address}");
    }
    assert_eq!(World::empty().await.page("/en/viewer/_noctule/trace").await.status, StatusCode::SERVICE_UNAVAILABLE);
}
