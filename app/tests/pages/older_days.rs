//! Days of which only hours are kept, and those of which nothing is.

use app::error::PageError;
use app::files;
use app::language::Language;
use app::query::DayQuery;
use axum::http::StatusCode;
use model::words::Tier;

use crate::fixture::World;
use crate::{between, holds};

/// September is forgotten, October in hours, November as it was.
async fn world() -> World {
    let days = ["2026-09-30", "2026-10-01", "2026-10-29", "2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02"];
    World::older(&days, &[("2026-09", Tier::Aggregates), ("2026-10", Tier::Hours)]).await
}

#[tokio::test]
async fn a_day_of_hours_says_so_and_shows_them() {
    let world = world().await;
    let page = world.page("/en/viewer/_noctule?day=2026-10-31").await;
    assert_eq!(page.status, StatusCode::OK);
    holds(
        &page,
        &[
            "6\u{a0}h\u{a0}20\u{a0}min in chats",
            "Of this day only hours are kept.",
            "Seen at night, around midday, in the afternoon",
            "Presence of Saturday 31\u{a0}October 2026 by hour, Europe/Paris time",
            "/en/viewer/_noctule/hours.svg?day=2026-10-31",
            "/en/viewer/_noctule/hours.csv?day=2026-10-31",
            // Whole days of universal time: the local one reaches into two.
            "Which chats",
            "<td>30\u{a0}October 2026</td>",
            "Radio Minuit",
            "Categories on 31\u{a0}October 2026, UTC: Celeste (4\u{a0}h\u{a0}15\u{a0}min).",
        ],
    );
    assert!(!page.text.contains("Not seen on that day") && !page.text.contains("/day.svg"));
    insta::assert_snapshot!("by_hour", between(&page.text, "<section class=\"wrap section\" id=\"day\"", "</section>"));
    holds(
        &world.page("/fr/viewer/_noctule?day=2026-10-31").await,
        &["6\u{a0}h\u{a0}20\u{a0}min dans des chats", "De ce jour, seules les heures sont conservées."],
    );
    // In another zone the same hours lie elsewhere; half an hour aside, an hour is where it begins.
    let utc = world.page("/en/viewer/_noctule?day=2026-10-31&tz=UTC").await;
    assert!(utc.text.contains("Of this day only hours are kept.") && !utc.text.contains(">30\u{a0}October 2026</td>"));
    holds(&utc, &["After 90 days, by whole months, the samples of a day are replaced by hours"]);
    let india = world.page("/en/viewer/_noctule?day=2026-10-31&tz=Asia/Kolkata").await;
    holds(&india, &["<th scope=\"row\">00:30</th>", "Of this day only hours are kept."]);
}

#[tokio::test]
async fn a_day_on_the_edge_shows_both() {
    let world = world().await;
    let page = world.page("/en/viewer/_noctule?day=2026-11-01").await;
    holds(
        &page,
        &[
            "6\u{a0}h\u{a0}20\u{a0}min in chats",
            "From 00:00 to 01:00 only hours are kept.",
            "/hours.svg?",
            "/day.svg?",
            "Any% until &lt;dawn&gt;",
        ],
    );
    // What was before the edge is hatched in the ribbons: no list proves an absence there any more.
    let ribbons = page.text.rsplit("class=\"chart tl\"").next().unwrap();
    assert!(ribbons.contains("<rect x=\"0\" y=\"52\" width=\"4.17%\" height=\"22\" class=\"un\"/>"), "{ribbons}");
    let day = world.page("/en/viewer/_noctule?day=2026-11-02").await;
    assert!(!day.text.contains("only hours are kept") && !day.text.contains("/hours.svg"));
}

#[tokio::test]
async fn days_too_old_are_not_called_empty() {
    let world = world().await;
    for (path, title, text) in [
        ("/en/viewer/_noctule?day=2026-09-30", "Too old: nothing of it is kept", "can no longer be told"),
        (
            "/en/viewer/_noctule?day=2026-09-30",
            "Too old",
            "What is about people is kept for 400 days, by whole months.",
        ),
        ("/fr/viewer/_noctule?day=2026-09-30", "Trop ancien\u{a0}: rien n’en est conservé", "on ne peut plus savoir"),
        ("/fr/viewer/_noctule?day=2026-09-30", "Trop ancien", "Ce qui concerne les personnes est conservé 400 jours"),
    ] {
        let page = world.page(path).await;
        assert_eq!(page.status, StatusCode::OK);
        holds(&page, &[title, text]);
        // Its first two hours were never imported; nobody can be told to have been seen in part.
        assert!(!page.text.contains("Partly observed") && !page.text.contains("Observé en partie"));
        // Asked for by its date, as any other day can be.
        let date = between(&page.text, "<input class=\"input\" type=\"date\"", ">");
        assert!(date.contains("value=\"2026-09-30\"") && !date.contains(" min=") && !date.contains(" max="), "{date}");
        assert!(!page.text.contains("Not seen on that day") && !page.text.contains("Aucune présence vue"));
    }
    // The first hours of October are of September in Paris' summer, and the other way round.
    let edge = world.page("/en/viewer/_noctule?day=2026-10-01").await;
    holds(&edge, &["From 00:00 to 02:00 nothing is kept any more."]);
    // Never imported is something else.
    holds(&world.page("/en/viewer/_noctule?day=2026-08-01").await, &["Nothing is held from before "]);
}

#[tokio::test]
async fn whoever_is_held_by_hour_alone_has_a_page() {
    let world = World::older(&["2026-10-30", "2026-10-31"], &[("2026-10", Tier::Hours)]).await;
    let page = world.page("/en/viewer/_noctule").await;
    assert_eq!(page.status, StatusCode::OK);
    holds(
        &page,
        &[
            // First and last seen, the figures of all days, and the way to the other days.
            "between 01:00 and 02:00",
            "between 00:00 and 01:00",
            "3 of 3",
            "in 3 chats, on 3 days of 3, for 12\u{a0}h\u{a0}40\u{a0}min in all",
            "day=2026-10-31",
        ],
    );
    holds(&world.page("/en/viewer/_spoke").await, &["messages only", "2 samples", "10\u{a0}min in chats"]);
    holds(&world.page("/en/viewer/_bot?day=2026-10-31").await, &["This account was taken for a bot on 2 days"]);
    // The home page draws the hours of their day, as their own page does; rows of slots there are none.
    let home = world.page("/en").await;
    assert_eq!(home.status, StatusCode::OK);
    let card = between(&home.text, "<a class=\"persona\" href=\"/en/viewer/_noctule\">", "</a>");
    assert!(card.matches("<path").count() + card.matches("<rect").count() > 0, "{card}");
    assert!(!home.text.contains("of one invented person, from noon to noon"));

    // Nothing kept is the same as never seen.
    let world = World::older(&["2026-10-30"], &[("2026-10", Tier::Aggregates)]).await;
    for login in ["_noctule", "_nobody"] {
        assert_eq!(world.page(&format!("/en/viewer/{login}")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_channels_old_days_are_whole() {
    let world = world().await;
    for day in ["2026-09-30", "2026-10-31"] {
        let page = world.page(&format!("/en/channel/_radio_minuit?day={day}")).await;
        assert_eq!(page.status, StatusCode::OK);
        holds(&page, &["on air in 2 broadcasts", "Any% until &lt;dawn&gt;", "Up to 1,2"]);
        assert!(!page.text.contains("only hours are kept") && !page.text.contains("Too old"));
    }
}

#[tokio::test]
async fn hours_are_files() {
    let world = world().await;
    let query = |day: &str| DayQuery::parse(Some(day), Some("Europe/Paris"));
    let file = |day: &str, file: &'static str| {
        let (query, world) = (query(day), &world);
        async move { files::of_viewer(world.site(), Language::English, "_noctule", &query, file).await }
    };
    let csv = file("2026-10-31", "hours.csv").await.unwrap();
    assert_eq!(csv.name, "vigie-_noctule-2026-10-31-hours.csv");
    insta::assert_snapshot!("hours_csv", csv.body);
    let svg = file("2026-10-31", "hours.svg").await.unwrap();
    assert!(svg.body.contains("seen in a chat") && svg.body.contains("Simulated data."), "{}", svg.body);
    for (day, name, is) in [
        ("2026-10-31", "day.csv", false),
        ("2026-11-01", "day.csv", true),
        ("2026-11-01", "hours.csv", true),
        ("2026-11-02", "hours.csv", false),
        ("2026-09-30", "hours.csv", false),
        ("2026-09-30", "day.svg", false),
    ] {
        let found = file(day, name).await;
        assert!(found.is_ok() == is && (is || found == Err(PageError::NotFound)), "{day} {name}");
    }
}
