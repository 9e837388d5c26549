//! Pages as they leave the server, over a real store.
#![allow(clippy::disallowed_types, missing_docs)]

mod fixture;

use axum::http::{StatusCode, header};
use fixture::World;

/// Of any page, with the data it carries for the browser.
const PAGE_MAX_BYTES: usize = 90 * 1024;

#[tokio::test]
async fn a_viewers_day_is_whole_without_javascript() {
    let world = World::new().await;
    let page = world.page("/en/viewer/_noctule?day=2026-11-19").await;
    std::fs::write("/tmp/vigie/viewer.html", &page.text).unwrap();
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "<h1 class=\"login\">_noctule</h1>",
        "in 3 channels",
        "Radio Minuit",
        "Any% until &lt;dawn&gt;",
        "283 of 288 samples observed",
        "Simulated data: this person does not exist.",
        "noindex, noarchive",
        "<title>",
    ] {
        assert!(page.text.contains(part), "{part} is not in the page");
    }
    assert!(!page.text.contains("style="), "inline style");
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    for script in page.text.split("<script").skip(1) {
        assert!(script.split('>').next().unwrap().contains(&format!("nonce=\"{nonce}\"")), "{script}");
    }
}
