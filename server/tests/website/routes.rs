//! Every route has an entry in the one table, and every entry a route.

use std::collections::BTreeSet;

use app::routes::{Access, Cache, Kind, ROUTES};

use crate::support::small;

/// What Leptos serves: pages from its own list, server functions from their registry.
fn served() -> BTreeSet<(String, Kind2)> {
    let pages = app::routes::pages();
    let pages = pages.iter().map(|page| (page.path().to_owned(), Kind2::Page));
    let functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| (path.to_owned(), Kind2::ServerFn));
    pages.chain(functions).collect()
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind2 {
    Page,
    ServerFn,
}

#[tokio::test]
async fn every_page_and_server_function_names_its_access_and_its_cache() {
    let table: BTreeSet<(String, Kind2)> = ROUTES
        .iter()
        .filter_map(|route| match route.kind {
            Kind::Page => Some((route.path.to_owned(), Kind2::Page)),
            Kind::ServerFn => Some((route.path.to_owned(), Kind2::ServerFn)),
            Kind::Handler => None,
        })
        .collect();
    assert_eq!(served(), table);
}

#[test]
fn whoever_is_about_a_person_is_kept_by_nobody() {
    for route in ROUTES.iter().filter(|route| route.access == Access::ViewerPage) {
        assert_eq!(route.cache, Cache::PrivateNoStore, "{}", route.path);
    }
    let paths: BTreeSet<_> = ROUTES.iter().map(|route| (route.path, format!("{:?}", route.method))).collect();
    assert_eq!(paths.len(), ROUTES.len(), "a route has two entries");
}

#[tokio::test]
async fn every_route_answers_with_the_policy_of_its_entry() {
    let website = small().await;
    for route in ROUTES {
        let path = route
            .path
            .replace("{lang}", "en")
            .replace("viewer/{login}", "viewer/_luna")
            .replace("{login}", "_a")
            .replace("{*file}", "vigie.0a.js")
            .replace("_a/{file}", "_a/audience.csv")
            .replace("_luna/{file}", "_luna/day.csv")
            .replace("charts/{file}", "charts/people.svg");
        let path = match route.path {
            "/api/viewer_day" => format!("{path}?login=_luna"),
            "/api/channel_day" => format!("{path}?login=_a"),
            "/{lang}/search" | "/api/search" => format!("{path}?q=%40"),
            _ => path,
        };
        let answer = match route.method {
            app::routes::Method::Get => website.get(&path).await,
            app::routes::Method::Post => website.post(&path, &[("theme", "dark"), ("back", "/en")]).await,
        };
        let expected = if (200..300).contains(&answer.status) { route.cache.header() } else { "no-store".to_owned() };
        assert!(answer.status < 500, "{path} answers {}", answer.status);
        assert_ne!(answer.status, 404, "{path} has an entry and no route");
        assert_eq!(answer.header("cache-control"), expected, "{path}");
        let robots = if route.access == Access::ViewerPage { "noindex, noarchive" } else { "" };
        assert_eq!(answer.header("x-robots-tag"), robots, "{path}");
    }
}
