//! Bad input: a clear answer, never a panic, never a cause.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use crate::support::{Website, small, website};

async fn status(website: &Website, path: &str) -> u16 {
    website.get(path).await.status
}

#[tokio::test]
async fn names_and_languages() {
    let website = small().await;
    for (path, expected) in [
        ("/en/viewer/_luna", 200),
        ("/fr/viewer/_LUNA", 200),
        ("/en/viewer/_nobody", 404),
        ("/en/viewer/not%20a%20login", 400),
        ("/en/viewer/%3Cscript%3E", 400),
        ("/en/viewer/aaaaaaaaaaaaaaaaaaaaaaaaaa", 400),
        ("/en/channel/_a", 200),
        ("/en/channel/_nobody", 404),
        ("/en/channel/%C3%A9", 400),
        ("/de", 404),
        ("/de/viewer/_luna", 404),
        ("/en/nowhere", 404),
        ("/en/nowhere/at/all", 404),
        ("/pkg/nothing.js", 404),
        ("/pkg/..%2f..%2fstore/main.db", 404),
    ] {
        assert_eq!(status(&website, path).await, expected, "{path}");
    }
}

#[tokio::test]
async fn a_malformed_search_keeps_what_was_typed() {
    let website = small().await;
    let answer = website.get("/en/search?q=no+such%21+%3Cb%3E").await;
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("no such! &lt;b&gt;"), "the field keeps its text, escaped");
    for (query, target) in [
        ("_luna", "/en/viewer/_luna"),
        ("%40_LUNA", "/en/viewer/_luna"),
        ("https%3A%2F%2Fwww.twitch.tv%2F_a", "/en/channel/_a"),
    ] {
        let answer = website.get(&format!("/en/search?q={query}")).await;
        assert_eq!((answer.status, answer.header("location")), (303, target), "{query}");
    }
    assert_eq!(website.get("/search?q=_luna").await.header("location"), "/en/search?q=_luna");
}

#[tokio::test]
async fn a_wrong_day_or_zone_falls_back_visibly() {
    let website = small().await;
    let usual = website.get("/en/viewer/_luna?day=2026-11-18").await;
    assert_eq!(usual.status, 200);
    assert!(!usual.body.contains("role=\"status\""), "nothing to say of an ordinary day");
    for query in [
        "day=2026-02-30",
        "day=2031-01-01",
        "day=1999-01-01",
        "day=yesterday",
        "tz=Europe/Lyon",
        "tz=%3Cb%3E",
        "day=&day=x",
    ] {
        let answer = website.get(&format!("/en/viewer/_luna?{query}")).await;
        assert_eq!(answer.status, 200, "{query}");
        let channel = website.get(&format!("/en/channel/_a?{query}")).await;
        assert_eq!(channel.status, 200, "{query}");
    }
    for cookie in ["theme=%00", "theme=\"", ";;;;=", "theme=dark; theme=light"] {
        assert_eq!(website.get_with("/en", "cookie", cookie).await.status, 200, "{cookie}");
    }
}

#[tokio::test]
async fn an_address_that_no_link_makes_is_too_long() {
    let website = small().await;
    let long = format!("/en/search?q={}", "a".repeat(3_000));
    assert_eq!(status(&website, &long).await, 414);
}

#[tokio::test]
async fn server_functions_called_directly_tell_a_code_and_no_cause() {
    let website = small().await;
    for path in [
        "/api/viewer_day",
        "/api/viewer_day?login=%C3%A9",
        "/api/viewer_day?login=_luna&day=yesterday",
        "/api/viewer_day?login=_luna&day=2026-02-30",
        "/api/viewer_day?login=_luna&tz=%3Cb%3E",
        "/api/channel_day?login=",
        "/api/channel_day?nothing=1",
    ] {
        let answer = website.get(path).await;
        assert_eq!(answer.status, 400, "{path}: {}", answer.body);
        assert!(answer.body.len() < 200 && !answer.body.contains("sql"), "{}", answer.body);
    }
    assert_eq!(status(&website, "/api/viewer_day?login=_nobody").await, 404);
    assert_eq!(status(&website, "/api/nothing").await, 404);
    assert_eq!(status(&website, "/api/viewer_day?login=_luna").await, 200);
}

#[tokio::test]
async fn an_empty_store_is_being_set_up() {
    let empty = website(simulator::script::Script::default(), &[], crate::support::at(18, 100)).await;
    let home = empty.get("/en").await;
    assert!(matches!(home.status, 200 | 503), "{}", home.status);
    assert!(matches!(status(&empty, "/en/viewer/_luna").await, 404 | 503));
    assert_eq!(status(&empty, "/en/about").await, 200);
}

#[tokio::test]
async fn the_first_and_the_last_day_there_are() {
    let website = small().await;
    for zone in ["UTC", "Europe/Paris", "Pacific/Kiritimati", "America/Los_Angeles"] {
        for day in ["2000-01-01", "2000-01-02"] {
            let query = format!("day={day}&tz={zone}");
            for path in ["viewer/_luna", "channel/_a"] {
                let page = website.get(&format!("/en/{path}?{query}")).await;
                assert_eq!(page.status, 200, "{path}?{query}");
                assert!(page.body.contains("Nothing is held from before "), "{path}?{query}");
            }
            // A file has no place to say that it shows another day.
            for path in ["viewer/_luna/day.csv", "channel/_a/on-air.svg"] {
                let path = format!("/en/{path}?{query}");
                assert_eq!(status(&website, &path).await, 400, "{path}");
            }
            assert_eq!(status(&website, &format!("/api/viewer_day?login=_luna&{query}")).await, 200, "{query}");
        }
    }
}

#[tokio::test]
async fn what_nobody_links_to_has_no_cause() {
    let website = small().await;
    for (path, said) in [
        ("/en/viewer/_luna/day.csv?day=a&day=b", "There is no such day or time zone"),
        ("/en/viewer/_luna/day.csv?day=2026-02-30", "There is no such day or time zone"),
        ("/fr/viewer/_luna/day.csv?day=2026-02-30", "Ce jour ou ce fuseau horaire n’existe pas"),
        // Of what is no text nothing is read, nor its language.
        ("/en/charts/%ff.svg", "Demande incompréhensible"),
        ("/en/viewer/no%20login/day.csv", "This is not a Twitch username"),
    ] {
        let answer = website.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (400, "text/plain; charset=utf-8"), "{path}");
        assert!(answer.body.contains(said), "{path}: {}", answer.body);
    }
    // What is not named as a file is a page that there is not, in the frame of all pages.
    for path in ["/en/viewer/_luna/2026-11-20", "/fr/channel/_a/x", "/en/charts/x"] {
        let answer = website.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.contains("<main") && answer.body.contains("</footer>"), "{path}");
    }
    let theme = website.post("/theme", &[("theme", "dark"), ("theme", "light")]).await;
    assert_eq!((theme.status, theme.body.as_str()), (400, ""));
    let hidden = website.post("/theme", &[("theme", "dark"), ("back", "/\t/evil.example")]).await;
    assert_eq!((hidden.status, hidden.header("location")), (303, "/"));
}

#[tokio::test]
async fn a_slash_at_the_end_leads_to_the_page() {
    let website = small().await;
    for (path, target) in [("/en/", "/en"), ("/en/viewer/_luna/?day=2026-11-18", "/en/viewer/_luna?day=2026-11-18")] {
        let answer = website.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (308, target), "{path}");
    }
    for path in ["//en", "//evil.example/", "/en//viewer/_luna"] {
        assert_eq!(status(&website, path).await, 404, "{path}");
    }
}

#[tokio::test]
async fn slow_bodies_hold_nobody_back() {
    // More than the pages that are made at once.
    const SLOW: usize = 300;
    let website = small().await;
    let mut slow = Vec::new();
    for _ in 0..SLOW {
        let mut stream = tokio::net::TcpStream::connect(website.address()).await.unwrap();
        let head = "POST /theme HTTP/1.1\r\nhost: a\r\ncontent-length: 20\r\n\
                    content-type: application/x-www-form-urlencoded\r\n\r\nthe";
        stream.write_all(head.as_bytes()).await.unwrap();
        slow.push(stream);
    }
    for path in ["/healthz", "/en/viewer/_luna", "/pkg/vigie.0a.js"] {
        // Half of what the slow ones are given.
        let answer = tokio::time::timeout(Duration::from_secs(10), status(&website, path)).await;
        assert_eq!(answer, Ok(200), "{path} beside {} slow forms", slow.len());
    }
}
