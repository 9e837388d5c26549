//! A channel in figures, on a page of the server's own.

use app::data::channel_figures::ChannelFigures;
use axum::http::{StatusCode, header};
use model::statistics::Refused;
use model::statistics::channel::Figures;
use store::Store as _;
use store::access::{Job, JobKey};
use store::suppression::{Secret, suppress};

use crate::fixture::{World, day};
use crate::{PAGE_MAX_BYTES, between, holds};

#[tokio::test]
async fn figures_are_a_page_of_the_server_alone() {
    let world = World::with_night().await;
    let page = world.page("/en/channel/_radio_minuit/figures?range=7").await;
    assert_eq!(page.status, StatusCode::OK);
    holds(
        &page,
        &[
            "<h1 class=\"login\">Radio Minuit</h1>",
            // Three of seven days are held: sums are lower bounds and no change is told.
            "At least 15\u{a0}h on air in 7 days",
            "No change is told: under 90% of these 7 days was observed.",
            "Of these 7 days 3 are held: averages are of those, and sums could only be larger.",
            "The day that is still growing is not among them.",
            "an hour of the week is told once it is known of three weeks",
            "Mostly Celeste: 100% of the time on air",
            "25% of the viewers",
            // Of the night: 234 people of whom 58 were new, rounded to ten; few are not told of the others' days.
            "230 different people a day, over one day with ten or more; 25% new, on one day known",
            "230 different people over one day, counted one by one and rounded to ten.",
            "Method channel-figures 1.",
            "Method retention 2.",
            "Fewer than 28 days were held before some of these days",
            "2\u{a0}h into a broadcast, 43% of the first hour’s chatters are there",
            "35% ± 2%",
            "Échec et Café",
            "Cabane Rétro",
            "It takes 20 broadcasts whose start was seen and whose viewers are known for half an hour",
            "<a href=\"/en/channel/_radio_minuit\" rel=\"external\">One day</a>",
        ],
    );
    // Nobody who watches is named, and nothing of the page is taken over.
    // What is guessed for the most part is not told.
    for never in ["_noctule", "_spoke", "_bot", "vigie.1.js", "NaN", "inf%", "5% ± 5%"] {
        assert!(!page.text.contains(never), "{never}");
    }
    let french = world.page("/fr/channel/_radio_minuit/figures").await;
    holds(&french, &["La semaine type", "moins de 28 jours étaient enregistrés", "Un public en commun"]);
    let day_page = world.page("/en/channel/_radio_minuit").await;
    holds(&day_page, &["href=\"/en/channel/_radio_minuit/figures\" rel=\"external\"", "vigie.1.js"]);
    insta::assert_snapshot!("channel_figures", between(&page.text, "<main", "</main>"));
}

#[tokio::test]
async fn what_is_not_worked_out_yet_is_said() {
    let world = World::new().await;
    let page = world.page("/en/channel/_echec/figures").await;
    assert_eq!(page.status, StatusCode::OK);
    let coming = "What needs everybody in the chats is worked out at night: it will be here after the coming one.";
    // In the head, of people, of who stays, and of shared audiences.
    assert_eq!(page.text.matches(coming).count(), 4);
    holds(&page, &["Mostly Chess"]);
    // A channel with a night and few people: its visitors are not told.
    let world = World::with_night().await;
    let page = world.page("/en/channel/_echec/figures").await;
    holds(&page, &["Fewer than ten visitors in the last 28 days", "known so far: 0 broadcasts"]);
    assert_eq!(World::empty().await.page("/en/channel/_echec/figures").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn what_cannot_be_had_falls_back_and_who_is_not_there_is_not_found() {
    let world = World::with_night().await;
    for (query, said) in [
        ("range=8", "There are figures of 7, 30 and 90 days: these are of 30."),
        ("range=x", "There are figures of 7, 30 and 90 days: these are of 30."),
        ("range=-7", "There are figures of 7, 30 and 90 days: these are of 30."),
        ("range=90&tz=Mars/Olympus", "There is no such time zone: hours are those of Europe/Paris."),
        ("range=90", "<option value=\"90\" selected"),
        ("tz=Asia/Tokyo", "<option value=\"Asia/Tokyo\" selected"),
    ] {
        let page = world.page(&format!("/en/channel/_radio_minuit/figures?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert!(page.text.len() <= PAGE_MAX_BYTES, "{query}: {} bytes", page.text.len());
        holds(&page, &[said]);
        assert_eq!(page.text.contains("role=\"status\""), !said.starts_with('<'), "{query}");
    }
    for (path, status) in [
        ("/en/channel/_never_seen/figures", StatusCode::NOT_FOUND),
        ("/en/channel/no%20login/figures", StatusCode::BAD_REQUEST),
        ("/de/channel/_radio_minuit/figures", StatusCode::NOT_FOUND),
        ("/en/channel/_radio_minuit/figures/more", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(world.page(path).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn whoever_opted_out_is_neither_shown_nor_named_beside_others() {
    let world = World::with_night().await;
    let (store, secret) = (&world.site().store, Secret::new(b"0123456789abcdef").unwrap());
    suppress(store, &JobKey::grant(Job::Suppression), &secret, &["_echec"], &[], 7).await.unwrap();
    let gone = world.page("/en/channel/_echec/figures").await;
    let never = world.page("/en/channel/_never_seen/figures").await;
    assert_eq!((gone.status, never.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    let same = |page: &crate::Answer| between(&page.text, "<main", "</main>").replace("_never_seen", "_echec");
    assert_eq!(same(&gone), same(&never));
    let beside = world.page("/en/channel/_radio_minuit/figures").await;
    holds(&beside, &["Cabane Rétro"]);
    assert!(!beside.text.contains("chec et Caf"));
    let explore = world.page("/en/explore?range=7").await;
    holds(&explore, &["Cabane Rétro", "No two larger channels share ten visitors."]);
    assert!(!explore.text.contains("chec et Caf"));
}

#[tokio::test]
async fn the_server_function_answers_typed_and_refuses_in_codes() {
    let world = World::with_night().await;
    let answer = world.call("/api/channel_figures?login=_radio_minuit&range=7&tz=UTC").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.headers[header::CONTENT_TYPE].to_str().unwrap().contains("postcard"));
    let figures: ChannelFigures = answer.read();
    let period = &figures.period;
    assert_eq!((figures.login.as_str(), period.zone.name.as_str(), period.range), ("_radio_minuit", "UTC", 7));
    // The open day is in nothing.
    assert_eq!((period.until, period.growing, period.night), (day("2026-11-22"), true, Some(day("2026-11-21"))));
    let trend = figures.trends[0];
    // Twelve and 48 slots a day, three days of seven; the 14th is of the window before.
    assert_eq!((trend.now.live_slots, trend.before.live_slots, trend.now.slots), (180, 60, 2_016));
    assert_eq!(trend.change(Figures::mean_viewers), None);
    assert_eq!((figures.games.len(), figures.game_count, figures.games[0].live_slots), (1, 1, 180));
    // One list of each day is missing.
    assert_eq!((figures.listed.live_slots, figures.listed.slots), (180, 177));
    let known: Vec<_> = figures.days.iter().filter(|day| day.known).collect();
    assert_eq!((figures.days.len(), known.len(), known[0].people), (7, 1, Some(230)));
    assert_eq!(known[0].new_and_returning, Some((60, 180)));
    assert_eq!((figures.different.people, figures.different.counted, figures.visitors), (Some(230), true, Some(420)));
    let shared: Vec<_> = figures.shared.iter().map(|tie| (tie.login.as_str(), tie.shared, tie.visitors)).collect();
    assert_eq!(shared, [("_echec", 30, 120), ("_cabane", 10, 60)]);
    // Shares are those of the rounded counts, which say no more than they do.
    assert!((figures.shared[0].overlap - 0.25).abs() < 1e-12);
    assert!((figures.shared[0].jaccard - 30.0 / 510.0).abs() < 1e-12);
    assert_eq!((figures.curve.broadcasts, figures.curve.steps[0].people), (3, 240));
    assert!(matches!(figures.words, Err(Refused::FewBroadcasts { need: 20, .. })));

    let fallen: ChannelFigures = world.call("/api/channel_figures?login=_radio_minuit&range=8&tz=Mars").await.read();
    assert!(fallen.period.unknown_range && fallen.period.unknown_zone && fallen.period.range == 30);
    for (address, status, code) in [
        ("/api/channel_figures?login=_never_seen", StatusCode::NOT_FOUND, "not_found"),
        ("/api/channel_figures", StatusCode::BAD_REQUEST, "malformed"),
        ("/api/channel_figures?login=_radio_minuit&range=x", StatusCode::BAD_REQUEST, "malformed"),
    ] {
        let answer = world.call(address).await;
        assert_eq!((answer.status, answer.text.as_str()), (status, code), "{address}");
    }
    assert_eq!(world.site().store.nights(day("2026-11-01"), day("2026-11-30")).await.unwrap().len(), 2);
}
