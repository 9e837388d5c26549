//! A page's body as data: elements, texts, and the few live parts.
//!
//! Everything that is drawn from an answer is made of [`Node`], one type, instead of a type of its own for every
//! element as `view!` makes: the browser's code for building, taking over and changing a page exists once. Measured,
//! that halves what the browser loads (`docs/decisions/0004-size-of-the-wasm.md`).

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
    /// What is made when it is shown, and not before: the server looks at a page several times until all of its data are
    /// there.
    Late(Box<dyn FnOnce() -> Node + Send>),
}

/// An element of HTML or SVG. Boxed, so that making one is passing an address around.
pub(crate) struct Element(Box<Parts>);

struct Parts {
    tag: &'static str,
    /// Names, and values, which are escaped when written.
    attributes: Vec<(&'static str, Cow<'static, str>)>,
    children: Vec<Node>,
    /// Markup of our own in place of children: charts, whose strings `charts` escapes.
    markup: Option<String>,
}

/// An element without attributes and content.
#[inline(never)]
pub(crate) fn el(tag: &'static str) -> Element {
    Element(Box::new(Parts { tag, attributes: Vec::new(), children: Vec::new(), markup: None }))
}

/// A chart. Its strings are escaped by `charts`.
pub(crate) fn chart(svg: String) -> Element {
    let mut chart = el("div").class("plot");
    chart.0.markup = Some(svg);
    chart
}

impl Element {
    /// Its class, in place of any given before; none when empty.
    #[inline(never)]
    pub(crate) fn class(mut self, class: &'static str) -> Element {
        self.0.attributes.retain(|(name, _)| *name != "class");
        if class.is_empty() { self } else { self.attr("class", class) }
    }

    /// An attribute.
    pub(crate) fn attr(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Element {
        self.put(name, value.into());
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
        self.write(text.into());
        self
    }

    /// A child after what it holds already.
    pub(crate) fn child(mut self, child: impl Into<Node>) -> Element {
        self.push(child.into());
        self
    }

    /// A child, if there is one.
    pub(crate) fn maybe(self, child: Option<impl Into<Node>>) -> Element {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Children after what it holds already.
    pub(crate) fn children<N: Into<Node>>(mut self, children: impl IntoIterator<Item = N>) -> Element {
        children.into_iter().for_each(|child| self.push(child.into()));
        self
    }

    // Kept out of line: they are called a thousand times.

    #[inline(never)]
    fn put(&mut self, name: &'static str, value: Cow<'static, str>) {
        self.0.attributes.push((name, value));
    }

    #[inline(never)]
    fn write(&mut self, text: Cow<'static, str>) {
        match self.0.children.last_mut() {
            _ if text.is_empty() => {}
            Some(Node::Text(last)) => last.push_str(&text),
            _ => self.0.children.push(Node::Text(text.into_owned())),
        }
    }

    #[inline(never)]
    fn push(&mut self, child: Node) {
        match child {
            Node::Text(text) => self.write(text.into()),
            child => self.0.children.push(child),
        }
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
