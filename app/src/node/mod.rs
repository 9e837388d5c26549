//! A page's body as data: elements, texts, and the few live parts.
//!
//! Everything that is drawn from an answer is made of [`Node`], one type, instead of a type of its own for every
//! element as `view!` makes: the browser's code for building, taking over and changing a page exists once. Measured,
//! that halves what the browser loads (`docs/decisions/`).

mod render;

use std::borrow::Cow;

use leptos::prelude::AnyView;

/// A piece of a page.
pub(crate) enum Node {
    /// An element and what it holds.
    Element(Element),
    /// A text; escaped when written.
    Text(String),
    /// A part that lives in the browser.
    Live(AnyView),
}

/// An element of HTML or SVG.
pub(crate) struct Element {
    tag: &'static str,
    /// Names, and values, which are escaped when written.
    attributes: Vec<(&'static str, Cow<'static, str>)>,
    children: Vec<Node>,
    /// Markup of our own in place of children: charts, whose strings `charts` escapes.
    markup: Option<String>,
}

/// An element without attributes and content.
pub(crate) fn el(tag: &'static str) -> Element {
    Element { tag, attributes: Vec::new(), children: Vec::new(), markup: None }
}

/// A chart. Its strings are escaped by `charts`.
pub(crate) fn chart(svg: String) -> Element {
    Element { markup: Some(svg), ..el("div").class("plot") }
}

impl Element {
    /// Its class; none when empty.
    pub(crate) fn class(self, class: &'static str) -> Element {
        if class.is_empty() { self } else { self.attr("class", class) }
    }

    /// An attribute.
    pub(crate) fn attr(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Element {
        self.attributes.push((name, value.into()));
        self
    }

    /// An attribute, if there is a value.
    pub(crate) fn maybe_attr(self, name: &'static str, value: Option<impl Into<Cow<'static, str>>>) -> Element {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// A text after what it holds already; neighbouring texts are one, an empty one is none.
    pub(crate) fn text(mut self, text: impl Into<Cow<'static, str>>) -> Element {
        let text = text.into();
        match self.children.last_mut() {
            _ if text.is_empty() => {}
            Some(Node::Text(last)) => last.push_str(&text),
            _ => self.children.push(Node::Text(text.into_owned())),
        }
        self
    }

    /// A child after what it holds already.
    pub(crate) fn child(mut self, child: impl Into<Node>) -> Element {
        match child.into() {
            Node::Text(text) => self.text(text),
            child => {
                self.children.push(child);
                self
            }
        }
    }

    /// A child, if there is one.
    pub(crate) fn maybe(self, child: Option<impl Into<Node>>) -> Element {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Children after what it holds already.
    pub(crate) fn children<N: Into<Node>>(self, children: impl IntoIterator<Item = N>) -> Element {
        children.into_iter().fold(self, Element::child)
    }
}

impl From<Element> for Node {
    fn from(element: Element) -> Node {
        Node::Element(element)
    }
}

impl From<AnyView> for Node {
    fn from(view: AnyView) -> Node {
        Node::Live(view)
    }
}
