//! What every answer carries.

use crate::support::small;

#[tokio::test]
async fn answers_are_defended_and_numbered() {
    let website = small().await;
    for path in ["/en", "/en/viewer/_luna", "/en/nowhere/at/all", "/healthz", "/pkg/vigie.0a.js", "/"] {
        let answer = website.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn refusals_are_defended_too_and_a_visitor_does_not_number_them() {
    let website = small().await;
    let long = format!("/en/viewer/_luna?{}", "a".repeat(3_000));
    for (path, status) in [(long.as_str(), 414), ("/en/viewer/no%20login", 400), ("/api/viewer_day", 400)] {
        let answer = website.get_with(path, "x-request-id", "_luna").await;
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        let number = answer.header("x-request-id");
        assert!(!number.is_empty() && number != "_luna", "{path}: {number}");
    }
}

#[tokio::test]
async fn every_script_of_a_page_carries_its_nonce() {
    let answer = small().await.get("/en/viewer/_luna").await;
    let policy = answer.header("content-security-policy").to_owned();
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    assert!(nonce.len() >= 16, "{policy}");
    let scripts: Vec<&str> = answer.body.split("<script").skip(1).collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        let tag = script.split('>').next().unwrap();
        assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "<script{tag}>");
    }
    assert!(!answer.body.contains(" style=\""), "an inline style needs unsafe-inline");
}

#[tokio::test]
async fn the_root_goes_to_the_visitors_language() {
    let website = small().await;
    for (accepted, home) in [("en", "/en"), ("fr-CA, en;q=0.5", "/fr"), ("de", "/fr")] {
        let answer = website.get_with("/", "accept-language", accepted).await;
        assert_eq!((answer.status, answer.header("location")), (303, home));
        assert_eq!(answer.header("vary"), "accept-language");
    }
}

#[tokio::test]
async fn the_theme_is_kept_in_a_cookie_and_leads_back() {
    let website = small().await;
    let answer = website.post("/theme", &[("theme", "dark"), ("back", "/fr/about")]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/fr/about"));
    assert!(answer.header("set-cookie").starts_with("theme=dark;"));
    let foreign = website.post("/theme", &[("theme", "dark"), ("back", "//evil.example")]).await;
    assert_eq!(foreign.header("location"), "/");
    assert_eq!(website.post("/theme", &[("theme", "pink")]).await.status, 400);
    let page = website.get_with("/en/about", "cookie", "theme=dark").await;
    assert!(page.body.contains("data-theme=\"dark\""));
}

#[tokio::test]
async fn pages_are_compressed_when_asked() {
    let answer = small().await.get_with("/en/about", "accept-encoding", "br").await;
    assert_eq!(answer.header("content-encoding"), "br");
}

#[tokio::test]
async fn health_tells_of_stale_sweeps() {
    let website = small().await;
    assert_eq!(website.get("/healthz").await.status, 200);
    assert_eq!(website.get("/readyz").await.status, 200);
    let mut script = simulator::script::Script::default();
    script.pattern(&"_a".parse().unwrap(), &"_luna".parse().unwrap(), crate::support::at(18, 100), "P").unwrap();
    let stale = crate::support::website(script, &[crate::support::at(18, 100)], crate::support::at(18, 110)).await;
    let answer = stale.get("/readyz").await;
    assert_eq!((answer.status, answer.body.contains("3000 s old")), (503, true), "{}", answer.body);
}
