//! Pictures of the frame, as in the style: one stroke, the colour of the text.

use leptos::prelude::*;

/// The mark of Vigie.
#[component]
pub(crate) fn Brand() -> impl IntoView {
    view! {
        <svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
            <path d="M3.5 4.5 12 20.5l8.5-16"></path>
            <path d="M8.4 7.2a6 6 0 0 1 7.2 0" stroke-width="1.6"></path>
            <circle cx="12" cy="10.8" r="1.6" fill="currentColor" stroke="none"></circle>
        </svg>
    }
}

/// A picture of 20 by 20 from the data of its path.
#[component]
pub(crate) fn Icon(
    /// `d` of the path.
    path: &'static str,
) -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">
            <path d=path></path>
        </svg>
    }
}

/// Half dark, half light.
#[component]
pub(crate) fn Halves() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6">
            <circle cx="10" cy="10" r="6.5"></circle>
            <path d="M10 3.5a6.5 6.5 0 0 1 0 13z" fill="currentColor"></path>
        </svg>
    }
}

pub(crate) const BACKWARD: &str = "m12 4.5-5.5 5.5 5.5 5.5";
pub(crate) const FORWARD: &str = "m8 4.5 5.5 5.5L8 15.5";
pub(crate) const LENS: &str = "M14.2 8.8a5.4 5.4 0 1 1-10.8 0 5.4 5.4 0 0 1 10.8 0ZM16.8 17l-4.1-4.2";
pub(crate) const CHECK: &str = "m4 10.5 4 4 8-9";
pub(crate) const CROSS: &str = "m5 5 10 10M15 5 5 15";
pub(crate) const LOCK: &str = "M6 9h8a1.5 1.5 0 0 1 1.5 1.5V15a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 15v-4.5A1.5 1.5 0 0 1 6 9ZM7 9V6.5a3 3 0 0 1 6 0V9";
