//! A chart that can be moved along, by pointer and by keyboard. Without JavaScript it is the chart alone.

use std::sync::Arc;

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use leptos::svg;

use super::speech;
use crate::node::Node;
use crate::texts::td_string;

/// What the chart says at a slot.
pub(crate) type Read = Arc<dyn Fn(u32) -> String + Send + Sync>;

/// Slots that a key of a page moves: an hour.
const PAGE_SLOTS: i64 = 12;

/// A chart with a cursor; what lies under it is announced.
pub(crate) struct Plot {
    /// The chart. Its strings are escaped by `charts`.
    pub(crate) svg: String,
    /// Its name.
    pub(crate) label: String,
    /// Classes of the chart's own element, so that the cursor lies over it.
    pub(crate) class: &'static str,
    /// How many slots it has.
    pub(crate) slots: u32,
    /// What it says at a slot.
    pub(crate) read: Read,
}

impl From<Plot> for Node {
    fn from(plot: Plot) -> Node {
        view(plot).into_any().into()
    }
}

fn view(plot: Plot) -> impl IntoView {
    let Plot { svg, label, class, slots, read } = plot;
    let (_, locale) = speech();
    let cursor = RwSignal::new(None::<u32>);
    // Only what the browser has taken over can be moved along.
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    let overlay = NodeRef::<svg::Svg>::new();

    let point = move |event: PointerEvent| {
        let Some(overlay) = overlay.get_untracked() else { return };
        let area = overlay.get_bounding_client_rect();
        let share = (f64::from(event.client_x()) - area.left()) / area.width().max(1.0);
        cursor.set((0.0..1.0).contains(&share).then(|| (share * f64::from(slots)) as u32));
    };
    let press = move |event: KeyboardEvent| {
        let (here, last) = (cursor.get_untracked().map(i64::from), i64::from(slots) - 1);
        let next = match (event.key().as_str(), here) {
            ("ArrowRight", None) | ("Home", _) => Some(0),
            ("ArrowLeft", None) | ("End", _) => Some(last),
            ("ArrowRight", Some(at)) => Some(at + 1),
            ("ArrowLeft", Some(at)) => Some(at - 1),
            ("PageUp", Some(at)) => Some(at + PAGE_SLOTS),
            ("PageDown", Some(at)) => Some(at - PAGE_SLOTS),
            ("Escape", Some(_)) => None,
            _ => return,
        };
        event.prevent_default();
        cursor.set(next.map(|at| at.clamp(0, last) as u32));
    };
    let at = move || {
        // The middle of the slot, in hundredths of a percent.
        let at = (2 * cursor.get()? + 1) * 5_000 / slots.max(1);
        Some(format!("{}.{:02}%", at / 100, at % 100))
    };
    let says = move || cursor.get().map(|slot| read(slot)).unwrap_or_default();
    let early = move || cursor.get().is_some_and(|slot| slot * 2 < slots);
    view! {
        <div
            class="plot"
            role="group"
            aria-label=label
            tabindex=move || ready.get().then_some("0")
            aria-description=move || ready.get().then(|| td_string!(locale, frame.figure.inspect))
            on:pointermove=point
            on:pointerleave=move |_| cursor.set(None)
            on:blur=move |_| cursor.set(None)
            on:keydown=press
        >
            <div inner_html=svg></div>
            <svg class=format!("{class} cursor") aria-hidden="true" node_ref=overlay>
                {move || at().map(|x| view! { <line x1=x.clone() x2=x y1="0" y2="100%" class="lead"></line> })}
            </svg>
            <p class="tip" class:end=early class:shown=move || cursor.get().is_some() aria-live="polite">{says}</p>
        </div>
    }
}
