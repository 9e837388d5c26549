//! What inferences are worth, on a page of the server's own.

use axum::http::StatusCode;

use crate::fixture::World;
use crate::holds;

#[tokio::test]
async fn inferences_are_told_with_their_errors_in_both_languages() {
    // Also before anything is collected: it is of invented people.
    let world = World::empty().await;
    let page = world.page("/en/validation").await;
    assert_eq!(page.status, StatusCode::OK);
    holds(
        &page,
        &[
            "How good the inferences are",
            "Family B",
            "Usually offline",
            "begins, against sleep",
            "Works by day: ratio under 1: ",
            "Second account",
            "Fails most often for: ",
            "vigie validate --people",
        ],
    );
    assert!(!page.text.contains("NaN") && !page.text.contains("vigie.1.js"));
    let page = world.page("/fr/validation").await;
    holds(&page, &["Ce que valent les déductions", "Famille B", "D’habitude hors ligne", "Retrouvé sous un autre nom"]);
    // Every name of the report has a word in French: none of these is English.
    for english in ["-complete", "few days", "night worker", "msf-sc"] {
        assert!(!page.text.contains(english), "{english}");
    }
    assert_eq!(world.page("/fr/validation/more").await.status, StatusCode::NOT_FOUND);
}
