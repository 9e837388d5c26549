//! Everything that is followed, on a page of the server's own.

use app::data::explore::Explore;
use axum::http::StatusCode;

use crate::fixture::{World, day};
use crate::{PAGE_MAX_BYTES, between, holds};

#[tokio::test]
async fn everything_is_a_page_of_the_server_alone() {
    let world = World::with_night().await;
    let page = world.page("/en/explore?range=7").await;
    assert_eq!(page.status, StatusCode::OK);
    holds(
        &page,
        &[
            "<h1>Everything followed</h1>",
            "5,0",
            "The day that is still growing is not among them.",
            "Most viewers at 00:00, 12,815; fewest at 01:00, 10,055",
            "About 912,490 different people on 21\u{a0}November 2026",
            "Of these 7 days ",
            "Method over-the-week 1.",
            "<li><i class=\"un\"></i>not observed</li>",
            "an estimate, good to 1.6",
            "The most watched tenth of channels has ",
            "Most watched: Celeste, at least 12,000 hours",
            "different people in one day of public chats",
            "places gained or lost since the same ranking of 14\u{a0}November 2026",
            ">+2<",
            ">−2<",
            ">=<",
            "Échec et Café",
            "of the imports take ",
            "half of the night’s computations 2.3\u{a0}s",
            "<option value=\"7\" selected",
        ],
    );
    for never in ["_noctule", "_spoke", "_bot", "vigie.1.js", "NaN"] {
        assert!(!page.text.contains(never), "{never}");
    }
    let french = world.page("/fr/explore").await;
    holds(&french, &["Tout ce qui est suivi", "Chaînes aux mêmes visiteurs", "Le classement d’autant de jours avant"]);
    // Every page leads here.
    for path in ["/en", "/en/about", "/en/channel/_radio_minuit/figures"] {
        holds(&world.page(path).await, &["<a href=\"/en/explore\" rel=\"external\">Explore</a>"]);
    }
    insta::assert_snapshot!("explore", between(&page.text, "<main", "</main>"));
}

/// Two are on air in all sweeps, and one in the last.
#[tokio::test]
async fn where_a_sweep_has_as_many_as_it_asks_for_there_may_be_more() {
    let world = World::with_night().await.asking_for(3);
    for path in ["/en/explore", "/en"] {
        assert!(!world.page(path).await.text.contains('≥'), "{path}");
    }
    let world = world.asking_for(2);
    holds(
        &world.page("/en/explore").await,
        &["as many channels on air as a sample follows, the 2 most watched", "Most viewers at 00:00, ≥\u{a0}12,815"],
    );
    let world = world.asking_for(1);
    holds(&world.page("/en").await, &["≥\u{a0}"]);
}

#[tokio::test]
async fn without_a_night_there_is_what_days_tell() {
    let world = World::new().await;
    let page = world.page("/en/explore").await;
    assert_eq!(page.status, StatusCode::OK);
    let coming = "What needs everybody in the chats is worked out at night: it will be here after the coming one.";
    // In the head, of the spread, of categories, of the ranking, and of ties.
    assert_eq!(page.text.matches(coming).count(), 5);
    holds(
        &page,
        &["Most viewers at ", "912,490 different people on 21\u{a0}November 2026", "Half of the imports take "],
    );
    assert_eq!(World::empty().await.page("/en/explore").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn ranges_and_zones_fall_back_visibly() {
    let world = World::with_night().await;
    for (query, said) in [
        ("range=365", "There are figures of 7, 30 and 90 days: these are of 30."),
        ("range=%3Cb%3E", "There are figures of 7, 30 and 90 days: these are of 30."),
        ("tz=Europe/Lyon", "There is no such time zone: hours are those of Europe/Paris."),
        ("range=90&tz=Pacific/Noumea", "<option value=\"Pacific/Noumea\" selected"),
    ] {
        let page = world.page(&format!("/en/explore?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert!(page.text.len() <= PAGE_MAX_BYTES, "{query}: {} bytes", page.text.len());
        holds(&page, &[said]);
    }
    for path in ["/en/explore/more", "/de/explore"] {
        assert_eq!(world.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_server_function_answers_typed() {
    let world = World::with_night().await;
    let explore: Explore = world.call("/api/explore?range=7&tz=UTC").await.read();
    assert_eq!((explore.period.range, explore.period.night), (7, Some(day("2026-11-21"))));
    assert_eq!((explore.days.len(), explore.days[6].people, explore.days[0].people), (7, Some(912_490), None));
    assert_eq!(explore.days[6].new_and_returning, Some((900, 4_100)));
    assert_eq!((explore.days[6].night_ms, explore.days[5].night_ms), (Some(2_345), None));
    // Estimated within five standard errors of 5,000.
    assert!(!explore.different.counted && explore.different.people.is_some_and(|n| n.abs_diff(5_000) < 400));
    // Sweeps of the days up to the last closed one, by the hour of UTC.
    assert_eq!(explore.week[5][0].sweeps, 24);
    assert_eq!(explore.week[6][0].sweeps, 0);
    let places: Vec<_> = explore.ranking.iter().map(|placed| (placed.login.as_str(), placed.before)).collect();
    assert_eq!(places, [("_radio_minuit", Some(3)), ("_echec", Some(2)), ("_cabane", Some(1))]);
    assert_eq!(explore.compared, Some(day("2026-11-14")));
    let [tie] = &explore.ties[..] else { panic!("one tie") };
    assert_eq!((tie.shared, tie.channels[1].0.as_str()), (30, "_radio_minuit"));
    assert_eq!(explore.spread.unwrap().lorenz.len(), 101);

    let month: Explore = world.call("/api/explore").await.read();
    assert_eq!((month.period.range, month.compared, month.days.len()), (30, None, 30));
    assert!(month.ranking.iter().all(|placed| placed.before.is_none()));
    let answer = world.call("/api/explore?range=x").await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::BAD_REQUEST, "malformed"));
    let answer = World::empty().await.call("/api/explore").await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "setting_up"));
}
