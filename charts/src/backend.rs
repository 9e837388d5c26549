//! The drawing backend that plotters draws on: it keeps shapes instead of pixels.

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
};

use crate::ink::Style;
use crate::scene::{Anchor, At, Shape, Span};
use crate::text_width::{FONT_PX, Weight, text_px};

/// Width of the margin left of the chart, in px, where labels of the vertical axis stand (3 rem in the style sheet).
pub(crate) const GUTTER_PX: i32 = 48;

/// From the middle of a 12 px text down to its base line, in px.
const MIDDLE_TO_BASE_PX: i32 = 4;

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// A canvas of [`GUTTER_PX`] pixels of margin, then `units` units of width, by `height` px.
#[derive(Debug)]
pub(crate) struct Backend {
    units: u32,
    height: u32,
    shapes: Vec<Shape>,
}

impl Backend {
    pub(crate) fn new(units: u32, height: u32) -> Backend {
        Backend { units, height, shapes: Vec::new() }
    }

    /// What was drawn, from back to front.
    pub(crate) fn take(&mut self) -> Vec<Shape> {
        std::mem::take(&mut self.shapes)
    }

    /// A text of several pieces: more than plotters' own text can say.
    pub(crate) fn text(&mut self, style: Style, at: BackendCoord, dx: i32, anchor: Anchor, spans: Vec<Span>) {
        if spans.iter().any(|span| !span.text.is_empty()) {
            self.shapes.push(Shape::Text { style, x: self.at(at.0), dx, y: at.1, anchor, spans });
        }
    }

    fn at(&self, x: i32) -> At {
        if x < GUTTER_PX { At::Px(x - GUTTER_PX) } else { At::Share(self.unit(x)) }
    }

    fn unit(&self, x: i32) -> u32 {
        ((x - GUTTER_PX).max(0) as u32).min(self.units)
    }

    fn path(&mut self, points: impl IntoIterator<Item = BackendCoord>, color: BackendColor, closed: bool) {
        let points: Vec<_> = points.into_iter().map(|(x, y)| (self.unit(x) as i32, y)).collect();
        // plotters draws what should not be seen (light lines, borders) in a transparent colour.
        if color.alpha > 0.0 && points.len() > 1 {
            self.shapes.push(Shape::Path { style: Style::from_rgb(color.rgb), points, closed });
        }
    }
}

impl DrawingBackend for Backend {
    type ErrorType = Infallible;

    /// plotters keeps the last column and row for itself, hence one more of each.
    fn get_size(&self) -> (u32, u32) {
        (GUTTER_PX as u32 + self.units + 1, self.height + 1)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.draw_rect(point, (point.0 + 1, point.1 + 1), &color, true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.path([from, to], style.color(), false);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, _: bool) -> Drawn {
        let x = (self.unit(from.0), self.unit(to.0));
        if style.color().alpha > 0.0 && x.0 < x.1 && from.1 < to.1 {
            self.shapes.push(Shape::Rect { style: Style::from_rgb(style.color().rgb), x, y: (from.1, to.1) });
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.path(path, style.color(), false);
        Ok(())
    }

    /// `radius` counts halves of a pixel: the dots of the style sheet are 4.5 px.
    fn draw_circle<S: BackendStyle>(&mut self, at: BackendCoord, radius: u32, style: &S, _: bool) -> Drawn {
        let style = Style::from_rgb(style.color().rgb);
        self.shapes.push(Shape::Circle { style, at: (self.unit(at.0), at.1), radius_half_px: radius });
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, points: I, style: &S) -> Drawn {
        self.path(points, style.color(), true);
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        let anchor = match style.anchor().h_pos {
            HPos::Left => Anchor::Start,
            HPos::Center => Anchor::Middle,
            HPos::Right => Anchor::End,
        };
        let down = match style.anchor().v_pos {
            VPos::Top => FONT_PX as i32,
            VPos::Center => MIDDLE_TO_BASE_PX,
            VPos::Bottom => 0,
        };
        let style = Style::from_rgb(style.color().rgb);
        let span = Span { style: Style::from(style.ink), text: text.to_owned() };
        self.text(style, (at.0, at.1 + down), 0, anchor, vec![span]);
        Ok(())
    }

    /// From our table: plotters' own answer differs between server and browser.
    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let weight = if matches!(style.style(), FontStyle::Bold) { Weight::Semibold } else { Weight::Regular };
        Ok((text_px(text, weight), FONT_PX))
    }
}
