//! How a [`Node`] is written on the server, taken over in the browser, and changed there.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::{AddAnyAttr, AnyView, Mountable, Render, RenderHtml};
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::dom::Dom;
use leptos::tachys::renderer::types;
use leptos::tachys::view::strings::StringState;
use leptos::tachys::view::{Position, PositionState};

use super::{Node, Parts};

/// The namespace of pictures.
const SVG: &str = "http://www.w3.org/2000/svg";

/// Elements without content and end tag that pages use.
const VOID: [&str; 2] = ["input", "br"];

/// A node in the browser.
pub(crate) enum State {
    Element(ElementState),
    Text(StringState),
    Live(<AnyView as Render>::State),
}

/// An element in the browser, and what was last written into it.
pub(crate) struct ElementState {
    node: types::Element,
    tag: &'static str,
    attributes: Vec<(&'static str, std::borrow::Cow<'static, str>)>,
    children: Vec<State>,
    markup: Option<String>,
}

impl Parts {
    fn namespace(&self) -> Option<&'static str> {
        matches!(self.tag, "svg" | "path" | "circle" | "defs" | "pattern").then_some(SVG)
    }

    fn build(self) -> ElementState {
        let node = Dom::create_element(self.tag, self.namespace());
        for (name, value) in &self.attributes {
            Dom::set_attribute(&node, name, value);
        }
        if let Some(markup) = &self.markup {
            Dom::set_inner_html(&node, markup);
        }
        let mut children: Vec<State> = self.children.into_iter().map(Render::build).collect();
        for child in &mut children {
            child.mount(&node, None);
        }
        ElementState { node, tag: self.tag, attributes: self.attributes, children, markup: self.markup }
    }
}

impl ElementState {
    /// Makes it what a new element of the same tag says.
    fn change(&mut self, new: Parts) {
        for (name, _) in &self.attributes {
            if !new.attributes.iter().any(|(kept, _)| kept == name) {
                Dom::remove_attribute(&self.node, name);
            }
        }
        for (name, value) in &new.attributes {
            if !self.attributes.iter().any(|old| old.0 == *name && old.1 == *value) {
                Dom::set_attribute(&self.node, name, value);
                // What a visitor has typed or chosen hides the attribute; the page has moved on from it.
                if matches!(*name, "value" | "selected") {
                    let value = if *name == "selected" { true.into() } else { value.as_ref().into() };
                    Dom::set_property_or_value(&self.node, name, &value);
                }
            }
        }
        self.attributes = new.attributes;
        if new.markup != self.markup {
            Dom::set_inner_html(&self.node, new.markup.as_deref().unwrap_or_default());
            self.markup = new.markup;
        }
        for mut gone in self.children.drain(new.children.len().min(self.children.len())..) {
            gone.unmount();
        }
        let mut fresh = new.children.into_iter();
        for (state, child) in self.children.iter_mut().zip(&mut fresh) {
            child.rebuild(state);
        }
        for child in fresh {
            let mut state = child.build();
            state.mount(&self.node, None);
            self.children.push(state);
        }
    }
}

impl Render for Node {
    type State = State;

    fn build(self) -> State {
        match self {
            Node::Element(element) => State::Element(element.0.build()),
            Node::Text(text) => State::Text(text.build()),
            Node::Live(view) => State::Live(view.build()),
            Node::Late(make) => make().build(),
        }
    }

    fn rebuild(self, state: &mut State) {
        match (self, state) {
            (Node::Late(make), state) => make().rebuild(state),
            (Node::Element(new), State::Element(old)) if new.0.tag == old.tag => old.change(*new.0),
            (Node::Text(new), State::Text(old)) => new.rebuild(old),
            (Node::Live(new), State::Live(old)) => new.rebuild(old),
            (new, old) => {
                let mut fresh = new.build();
                old.insert_before_this(&mut fresh);
                old.unmount();
                *old = fresh;
            }
        }
    }
}

impl RenderHtml for Node {
    type AsyncOutput = Node;
    type Owned = Node;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {
        match self {
            Node::Element(element) => element.0.children.iter_mut().for_each(RenderHtml::dry_resolve),
            Node::Text(_) | Node::Late(_) => {}
            Node::Live(view) => view.dry_resolve(),
        }
    }

    fn resolve(self) -> impl Future<Output = Node> + Send {
        std::future::ready(self)
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra: Vec<AnyAttribute>,
    ) {
        match self {
            Node::Text(text) => text.to_html_with_buf(buf, position, escape, mark_branches, extra),
            Node::Live(view) => view.to_html_with_buf(buf, position, escape, mark_branches, extra),
            Node::Late(make) => make().to_html_with_buf(buf, position, escape, mark_branches, extra),
            Node::Element(element) => {
                let element = *element.0;
                buf.push('<');
                buf.push_str(element.tag);
                for (name, value) in &element.attributes {
                    buf.push(' ');
                    buf.push_str(name);
                    buf.push_str("=\"");
                    buf.push_str(&charts::svg::escape(value));
                    buf.push('"');
                }
                buf.push('>');
                if !VOID.contains(&element.tag) {
                    buf.push_str(element.markup.as_deref().unwrap_or_default());
                    *position = Position::FirstChild;
                    for child in element.children {
                        child.to_html_with_buf(buf, position, true, mark_branches, Vec::new());
                    }
                    buf.push_str("</");
                    buf.push_str(element.tag);
                    buf.push('>');
                }
                *position = Position::NextChild;
            }
        }
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> State {
        match self {
            Node::Text(text) => State::Text(text.hydrate::<FROM_SERVER>(cursor, position)),
            Node::Live(view) => State::Live(view.hydrate::<FROM_SERVER>(cursor, position)),
            Node::Late(make) => make().hydrate::<FROM_SERVER>(cursor, position),
            Node::Element(element) => State::Element(take_over::<FROM_SERVER>(*element.0, cursor, position)),
        }
    }

    fn into_owned(self) -> Node {
        self
    }
}

/// Finds the element that the server wrote: the next one in order.
fn take_over<const FROM_SERVER: bool>(element: Parts, cursor: &Cursor, position: &PositionState) -> ElementState {
    match position.get() {
        Position::FirstChild => cursor.child(),
        Position::Current => {}
        _ => cursor.sibling(),
    }
    // Anything but an element here is a page that the server did not write so: a fault of ours, found by the tests of
    // hydration. Building it anew keeps the page whole.
    let Some(node) = <types::Element as leptos::tachys::renderer::CastFrom<_>>::cast_from(cursor.current()) else {
        return element.build();
    };
    position.set(Position::FirstChild);
    let children = element.children.into_iter().map(|child| child.hydrate::<FROM_SERVER>(cursor, position)).collect();
    cursor.set(AsRef::<types::Node>::as_ref(&node).clone());
    position.set(Position::NextChild);
    ElementState { node, tag: element.tag, attributes: element.attributes, children, markup: element.markup }
}

impl AddAnyAttr for Node {
    type Output<A: Attribute> = Node;

    /// Attributes are given where a node is made; none is added from outside.
    fn add_any_attr<A: Attribute>(self, _: A) -> Node {
        self
    }
}

impl State {
    fn mountable(&self) -> &dyn Mountable {
        match self {
            State::Element(state) => state,
            State::Text(state) => state,
            State::Live(state) => state,
        }
    }

    fn mountable_mut(&mut self) -> &mut dyn Mountable {
        match self {
            State::Element(state) => state,
            State::Text(state) => state,
            State::Live(state) => state,
        }
    }
}

impl Mountable for State {
    fn unmount(&mut self) {
        self.mountable_mut().unmount();
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        self.mountable_mut().mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.mountable().insert_before_this(child)
    }

    fn elements(&self) -> Vec<types::Element> {
        self.mountable().elements()
    }
}

impl Mountable for ElementState {
    fn unmount(&mut self) {
        Dom::remove(&self.node);
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        Dom::insert_node(parent, &self.node, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.node.insert_before_this(child)
    }

    fn elements(&self) -> Vec<types::Element> {
        vec![self.node.clone()]
    }
}
