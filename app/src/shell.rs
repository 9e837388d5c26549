//! The document around the pages, and its content security policy.

use axum::http::{HeaderValue, header};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

use crate::App;
use crate::context::Site;
use crate::facts::Facts;
use crate::place::Place;
use crate::theme::Theme;

/// The whole document of a page. Provide [`Site`] in the context before (and [`crate::context::RequestId`]).
///
/// Sets `Content-Security-Policy` of the answer: nothing inline runs without the nonce, nothing comes from elsewhere.
pub fn shell(site: &Site) -> impl IntoView + use<> {
    let facts = Facts::read();
    let nonce = use_nonce();
    if let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), &nonce) {
        // A nonce is base64, so that the policy is a valid value.
        if let Ok(policy) = HeaderValue::from_str(&policy(nonce)) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
    let assets = site.assets.clone();
    let fonts = assets.preload_fonts.iter().map(|font| {
        view! { <link rel="preload" href=font.clone() r#as="font" r#type="font/woff2" crossorigin="anonymous"/> }
    });
    let theme = (facts.theme != Theme::Auto).then(|| facts.theme.as_str());
    let boot = format!(
        "import init, {{ hydrate }} from {:?}; await init({{ module_or_path: {:?} }}); hydrate();",
        assets.js, assets.wasm
    );
    view! {
        <!DOCTYPE html>
        <html
            lang=facts.language.code()
            data-theme=theme
            data-origin=if facts.simulated { "simulated" } else { "real" }
            data-operator=facts.operator.clone()
            data-contact=facts.contact.clone()
            data-slot-days=facts.kept.slots
            data-hour-days=facts.kept.hours
        >
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                {fonts.collect_view()}
                <link rel="stylesheet" href=assets.css.clone()/>
                {(!assets.icon.is_empty()).then(|| view! { <link rel="icon" href=assets.icon.clone() r#type="image/svg+xml"/> })}
                {(!assets.js.is_empty() && is_taken_over())
                    .then(|| {
                        view! {
                            <link rel="modulepreload" href=assets.js.clone()/>
                            <script type="module" nonce=nonce>
                                {boot}
                            </script>
                        }
                    })}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Whether the browser's program draws the page that is asked for too.
fn is_taken_over() -> bool {
    let request = use_context::<axum::http::request::Parts>();
    !request.is_some_and(|parts| Place::of(parts.uri.path(), |_| None).is_servers())
}

/// Scripts and styles of our own files, inline scripts with the nonce, WebAssembly, and nothing else.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_policy_allows_nothing_inline() {
        let policy = super::policy("abc");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert!(policy.contains("'nonce-abc'") && policy.contains("'wasm-unsafe-eval'"));
    }
}
