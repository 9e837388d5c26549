//! The root component and its routes; `routes.rs` says who may ask for them.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::hooks::use_params_map;
use leptos_router::{SsrMode, path};
use model::format::Language;

use crate::components::error_view::NotFound;
use crate::components::frame::Frame;
use crate::facts::Facts;
use crate::pages::about::AboutPage;
use crate::pages::channel::ChannelPage;
use crate::pages::home::HomePage;
use crate::pages::search::SearchPage;
use crate::pages::viewer::ViewerPage;

/// The whole site. Rendered before it is sent (`SsrMode::Async`), so that it is complete without JavaScript.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Facts::read());
    view! {
        <Router>
            <Frame>
                <Routes fallback=NotFound>
                    <ParentRoute path=path!("/:lang") view=Localised ssr=SsrMode::Async>
                        <Route path=path!("") view=HomePage ssr=SsrMode::Async/>
                        <Route path=path!("about") view=AboutPage ssr=SsrMode::Async/>
                        <Route path=path!("search") view=SearchPage ssr=SsrMode::Async/>
                        <Route path=path!("channel/:login") view=ChannelPage ssr=SsrMode::Async/>
                        <Route path=path!("viewer/:login") view=ViewerPage ssr=SsrMode::Async/>
                    </ParentRoute>
                </Routes>
            </Frame>
        </Router>
    }
}

/// The page, if its address begins with a language that we speak.
#[component]
fn Localised() -> impl IntoView {
    let lang = use_params_map().with_untracked(|params| params.get("lang"));
    match lang.as_deref().and_then(Language::from_code) {
        Some(_) => Outlet().into_any(),
        None => NotFound().into_any(),
    }
}
