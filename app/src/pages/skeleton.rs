//! What stands where a page will be: of its size, so that nothing moves.

use crate::components::speech;
use crate::node::{Node, el};
use crate::texts::td_string;

/// A page on its way.
pub(crate) fn page() -> Node {
    let (_, locale) = speech();
    let ghost = |class: &'static str| el("div").class(class);
    let hero = el("div")
        .class("wrap hero")
        .child(el("p").class("vh").attr("role", "status").text(td_string!(locale, frame.loading)))
        .child(ghost("ghost line"))
        .child(ghost("ghost head"))
        .child(ghost("ghost text"));
    let section = el("div").class("wrap section").child(ghost("ghost block"));
    el("main").attr("id", "main").class("wait").attr("aria-busy", "true").child(hero).child(section).into()
}
