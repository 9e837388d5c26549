//! Pictures of the frame, as in the style: one stroke, the colour of the text.

use crate::node::{Element, el};

fn svg(view: &'static str, width: &'static str) -> Element {
    el("svg")
        .attr("viewBox", view)
        .attr("aria-hidden", "true")
        .attr("fill", "none")
        .attr("stroke", "currentColor")
        .attr("stroke-width", width)
        .attr("stroke-linecap", "round")
        .attr("stroke-linejoin", "round")
}

fn path(d: &'static str) -> Element {
    el("path").attr("d", d)
}

/// The mark of Vigie.
pub(crate) fn brand() -> Element {
    let pupil = el("circle")
        .attr("cx", "12")
        .attr("cy", "10.8")
        .attr("r", "1.6")
        .attr("fill", "currentColor")
        .attr("stroke", "none");
    let brow = path("M8.4 7.2a6 6 0 0 1 7.2 0").attr("stroke-width", "1.6");
    svg("0 0 24 24", "2").child(path("M3.5 4.5 12 20.5l8.5-16")).child(brow).child(pupil)
}

/// A picture of 20 by 20 from the data of its path.
pub(crate) fn icon(d: &'static str) -> Element {
    svg("0 0 20 20", "1.6").child(path(d))
}

/// Half dark, half light.
pub(crate) fn halves() -> Element {
    let disc = el("circle").attr("cx", "10").attr("cy", "10").attr("r", "6.5");
    let half = path("M10 3.5a6.5 6.5 0 0 1 0 13z").attr("fill", "currentColor");
    svg("0 0 20 20", "1.6").child(disc).child(half)
}

pub(crate) const BACKWARD: &str = "m12 4.5-5.5 5.5 5.5 5.5";
pub(crate) const FORWARD: &str = "m8 4.5 5.5 5.5L8 15.5";
pub(crate) const LENS: &str = "M14.2 8.8a5.4 5.4 0 1 1-10.8 0 5.4 5.4 0 0 1 10.8 0ZM16.8 17l-4.1-4.2";
pub(crate) const CHECK: &str = "m4 10.5 4 4 8-9";
pub(crate) const CROSS: &str = "m5 5 10 10M15 5 5 15";
pub(crate) const LOCK: &str = "M6 9h8a1.5 1.5 0 0 1 1.5 1.5V15a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 15v-4.5A1.5 1.5 0 0 1 6 9ZM7 9V6.5a3 3 0 0 1 6 0V9";
