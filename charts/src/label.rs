//! Text as an element of plotters: several pieces, an anchor, a distance in px.

use std::iter::{Once, once};

use plotters::element::{Drawable, PointCollection};
use plotters_backend::{BackendCoord, DrawingErrorKind};

use crate::backend::Backend;
use crate::ink::{Ink, Style};
use crate::scene::{Anchor, Span};

/// A text at a point of the canvas.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    at: (i32, i32),
    style: Style,
    dx: i32,
    anchor: Anchor,
    spans: Vec<Span>,
}

impl Label {
    /// One piece of text; `at` is where its base line starts.
    pub(crate) fn new(at: (i32, i32), style: impl Into<Style>, text: impl Into<String>) -> Label {
        let style = style.into();
        let span = Span { style: Style::from(style.ink), text: text.into() };
        Label { at, style, dx: 0, anchor: Anchor::Start, spans: vec![span] }
    }

    /// Pieces in styles of their own.
    pub(crate) fn of_spans(at: (i32, i32), style: impl Into<Style>, spans: Vec<(Style, String)>) -> Label {
        let spans = spans.into_iter().map(|(style, text)| Span { style, text }).collect();
        Label { at, style: style.into(), dx: 0, anchor: Anchor::Start, spans }
    }

    pub(crate) fn anchor(self, anchor: Anchor) -> Label {
        Label { anchor, ..self }
    }

    /// Px to the right.
    pub(crate) fn dx(self, dx: i32) -> Label {
        Label { dx, ..self }
    }

    /// Axis label: the first starts at its tick, the last ends there, so that both stay within the chart.
    pub(crate) fn tick(at: (i32, i32), units: u32, text: &str) -> Label {
        let anchor = match at.0 {
            ..=0 => Anchor::Start,
            x if x >= units as i32 => Anchor::End,
            _ => Anchor::Middle,
        };
        Label::new(at, Ink::Plain, text).anchor(anchor)
    }

    pub(crate) fn shown_as(self, style: impl FnOnce(Style) -> Style) -> Label {
        Label { style: style(self.style), ..self }
    }

    pub(crate) fn moved(self, x: i32) -> Label {
        Label { at: (self.at.0 + x, self.at.1), ..self }
    }
}

impl<'a> PointCollection<'a, (i32, i32)> for &'a Label {
    type Point = &'a (i32, i32);
    type IntoIter = Once<&'a (i32, i32)>;

    fn point_iter(self) -> Self::IntoIter {
        once(&self.at)
    }
}

impl Drawable<Backend> for Label {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        points: I,
        backend: &mut Backend,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<std::convert::Infallible>> {
        for at in points {
            backend.text(self.style, at, self.dx, self.anchor, self.spans.clone());
        }
        Ok(())
    }
}
