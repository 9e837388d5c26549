//! Reading a chart back.

use roxmltree::{Document, Node};

/// Parses a chart. Panics when it is not well formed.
pub(crate) fn parse(svg: &str) -> Document<'_> {
    Document::parse(svg).unwrap_or_else(|error| panic!("{error}: {svg}"))
}

pub(crate) fn elements<'a>(document: &'a Document<'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(Node::is_element)
}

/// Hundredths of a percent that an attribute says; nothing where it counts px.
pub(crate) fn share(node: Node<'_, '_>, name: &str) -> Option<u32> {
    let text = node.attribute(name)?;
    if text == "0" {
        return Some(0);
    }
    let (whole, part) = text.strip_suffix('%').map(|text| text.split_once('.').unwrap_or((text, "")))?;
    let number = |digits: &str| digits.parse::<u32>().expect("digits");
    Some(number(whole) * 100 + number(&format!("{part:0<2}")))
}

pub(crate) fn has_class(node: &Node<'_, '_>, class: &str) -> bool {
    node.attribute("class").is_some_and(|classes| classes.split(' ').any(|one| one == class))
}

/// Panics unless all that is placed by shares lies within the chart.
pub(crate) fn assert_within(svg: &str) {
    for node in elements(&parse(svg)) {
        let x = ["x", "cx"].into_iter().find_map(|name| share(node, name)).unwrap_or(0);
        let width = if node.tag_name().name() == "rect" { share(node, "width").unwrap_or(0) } else { 0 };
        assert!(x + width <= 10_000, "{x} + {width}: {svg}");
    }
}
