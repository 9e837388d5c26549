//! The pages: Leptos components and server functions.
//!
//! The server renders [`App`] whole (features `ssr`), the browser takes it over (feature `hydrate`). What the server
//! puts in is one [`context::Site`]; what it must serve is one table, [`routes::ROUTES`]. A server function parses,
//! checks access, asks the store and answers; a page draws the answer and nothing else.
//!
//! Absent on purpose: SQL, the archive, a clock, `store::access::JobKey` (`clippy.toml` forbids it).

// `#[component]` makes public properties of private components, `#[server]` functions that only the server waits in.
#![allow(unreachable_pub, clippy::unused_async_trait_impl)]

mod app;
mod components;
#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod crowd;
pub mod data;
mod draw;
pub mod error;
mod facts;
#[cfg(feature = "ssr")]
pub mod files;
mod head;
pub mod language;
#[cfg(feature = "ssr")]
mod load;
mod node;
mod page;
mod pages;
pub mod place;
pub mod query;
pub mod routes;
pub mod server_fns;
#[cfg(feature = "ssr")]
mod shell;
mod texts;
pub mod theme;
#[cfg(feature = "ssr")]
pub mod zones;

pub use app::App;
#[cfg(feature = "ssr")]
pub use shell::shell;

/// Takes over the page that the server rendered.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    leptos::mount::hydrate_body(App);
}
