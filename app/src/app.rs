//! The root component and its routes; `routes.rs` says who may ask for them.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::components::frame::Frame;
use crate::facts::Facts;
use crate::page::Page;

/// The whole site. Rendered before it is sent (`SsrMode::Async`), so that it is complete without JavaScript.
#[component]
pub fn App() -> impl IntoView {
    #[cfg(feature = "ssr")]
    leptos_meta::provide_meta_context();
    provide_context(Facts::read());
    view! {
        <Router>
            <Frame>{pages()}</Frame>
        </Router>
    }
}

/// The pages of the browser's program.
#[cfg(not(feature = "ssr"))]
fn pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=Page>
            <Route path=path!("/:lang") view=Page ssr=SsrMode::Async/>
            <Route path=path!("/:lang/about") view=Page ssr=SsrMode::Async/>
            <Route path=path!("/:lang/search") view=Page ssr=SsrMode::Async/>
            <Route path=path!("/:lang/channel/:login") view=Page ssr=SsrMode::Async/>
            <Route path=path!("/:lang/viewer/:login") view=Page ssr=SsrMode::Async/>
        </FlatRoutes>
    }
}

/// The same, and those that the server alone draws: links to them are external, so that the browser asks for whole pages.
#[cfg(feature = "ssr")]
fn pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=Page>
            <Route path=path!("/:lang") view=Page ssr=SsrMode::Async/>
            <Route path=path!("/:lang/about") view=Page ssr=SsrMode::Async/>
            <Route path=path!("/:lang/search") view=Page ssr=SsrMode::Async/>
            <Route path=path!("/:lang/channel/:login") view=Page ssr=SsrMode::Async/>
            <Route path=path!("/:lang/viewer/:login") view=Page ssr=SsrMode::Async/>
            <Route path=path!("/:lang/viewer/:login/habits") view=Page ssr=SsrMode::Async/>
            <Route path=path!("/:lang/viewer/:login/trace") view=Page ssr=SsrMode::Async/>
            <Route path=path!("/:lang/channel/:login/figures") view=Page ssr=SsrMode::Async/>
            <Route path=path!("/:lang/explore") view=Page ssr=SsrMode::Async/>
            <Route path=path!("/:lang/validation") view=Page ssr=SsrMode::Async/>
        </FlatRoutes>
    }
}
