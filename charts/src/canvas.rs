//! What charts draw with: plotters' areas, axes and series on our backend, in the words of charts.

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::combinators::{BindKeyPoints, WithKeyPoints};
use plotters::coord::types::RangedCoordi64;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, Drawable, PathElement, PointCollection, Polygon, Rectangle};
use plotters::series::{AreaSeries, LineSeries};
use plotters::style::text_anchor::Pos;
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, TRANSPARENT, TextStyle};
use plotters_backend::DrawingErrorKind;

use crate::backend::{Backend, GUTTER_PX};
use crate::ink::{Ink, Style};
use crate::label::Label;
use crate::scene::Scene;
use crate::simplify::{Detail, simplify};
use crate::stretch::Stretch;
use crate::tick::Tick;
use crate::words::Words;

/// More units than this are cut off: a week of slots, or hundred bars of hundred units, fit many times.
const MAX_UNITS: u32 = 100_000;

type Root = DrawingArea<Backend, Shift>;
type Axis = WithKeyPoints<RangedCoordi64>;
type Axes = Cartesian2d<Axis, Axis>;

/// A canvas: `units` wide, `height` px high. Points are (units, px).
pub(crate) struct Canvas {
    backend: Rc<RefCell<Backend>>,
    root: Root,
    units: u32,
    height: u32,
}

impl Canvas {
    pub(crate) fn new(units: u32, height: u32) -> Canvas {
        let units = units.clamp(1, MAX_UNITS);
        let backend = Rc::new(RefCell::new(Backend::new(units, height)));
        Canvas { root: Root::from(&backend), backend, units, height }
    }

    pub(crate) fn units(&self) -> u32 {
        self.units
    }

    /// A filled rectangle over a stretch; `y` is its upper and lower edge.
    pub(crate) fn rect(&self, style: impl Into<Style>, x: Stretch, y: (i32, i32)) {
        let (from, to) = (self.column(x.from), self.column(x.to));
        self.draw(&Rectangle::new([(from, y.0), (to, y.1)], style.into().sentinel()));
    }

    /// An upright line.
    pub(crate) fn upright(&self, style: impl Into<Style>, x: u32, y: (i32, i32)) {
        let x = self.column(x);
        self.draw(&PathElement::new([(x, y.0), (x, y.1)], style.into().sentinel()));
    }

    /// A level line.
    pub(crate) fn level(&self, style: impl Into<Style>, x: Stretch, y: i32) {
        self.draw(&PathElement::new([(self.column(x.from), y), (self.column(x.to), y)], style.into().sentinel()));
    }

    /// A dot of 4.5 px.
    pub(crate) fn dot(&self, style: impl Into<Style>, at: (i32, i32)) {
        self.draw(&Circle::new((at.0 + GUTTER_PX, at.1), 9, style.into().sentinel()));
    }

    pub(crate) fn label(&self, label: Label) {
        self.draw(&label.moved(GUTTER_PX));
    }

    /// Labels of the horizontal axis.
    pub(crate) fn tick_labels(&self, ticks: &[Tick], y: i32) {
        for tick in ticks.iter().filter(|tick| tick.at <= self.units) {
            let label = Label::tick((tick.at as i32, y), self.units, &tick.label);
            self.label(label.shown_as(|style| style.shown(tick.shown())));
        }
    }

    /// Upright lines at the ticks.
    pub(crate) fn tick_lines(&self, ticks: &[Tick], y: (i32, i32)) {
        for secondary in [false, true] {
            for tick in ticks.iter().filter(|tick| tick.secondary == secondary && tick.at <= self.units) {
                self.upright(Style::from(Ink::Grid).shown(tick.shown()), tick.at, y);
            }
        }
    }

    /// Axes between two heights, for values from 0 at the bottom to `max` at the top, with lines and labels at `ticks`.
    pub(crate) fn plot(&self, y: (i32, i32), max: u64, ticks: &[u64], label: &dyn Fn(u64) -> String) -> Plot<'_> {
        let keys = ticks.iter().map(|tick| held(*tick)).collect();
        let values = (0..held(max.max(1))).with_key_points(keys);
        let mut builder = ChartBuilder::on(&self.root);
        builder
            .margin_top(y.0)
            .margin_bottom((self.height as i32 - y.1).max(0))
            .set_label_area_size(plotters::chart::LabelAreaPosition::Left, GUTTER_PX);
        let mut chart: ChartContext<'static, Backend, Axes> =
            drawn(builder.build_cartesian_2d((0..i64::from(self.units)).with_key_points(Vec::new()), values));
        if !ticks.is_empty() {
            let text = TextStyle {
                font: FontDesc::new(FontFamily::SansSerif, 12.0, FontStyle::Normal),
                color: Style::from(Ink::Plain).sentinel().color.to_backend_color(),
                pos: Pos::default(),
            };
            drawn(
                chart
                    .configure_mesh()
                    .disable_x_mesh()
                    .disable_x_axis()
                    // Labels come with the axis only; what is transparent our backend leaves out.
                    .axis_style(TRANSPARENT)
                    .light_line_style(TRANSPARENT)
                    .bold_line_style(Style::from(Ink::Grid).sentinel())
                    .set_tick_mark_size(plotters::chart::LabelAreaPosition::Left, 4)
                    .label_style(text)
                    .y_label_formatter(&|value: &i64| label((*value).max(0) as u64))
                    .draw(),
            );
        }
        Plot { canvas: self, chart, y }
    }

    /// The scene of what was drawn.
    pub(crate) fn finish(self, id: &str, class: &'static str, words: &Words) -> Scene {
        let shapes = self.backend.borrow_mut().take();
        Scene {
            id: id.to_owned(),
            class,
            nested_class: "",
            height: self.height,
            units: self.units,
            title: words.title.clone(),
            desc: words.desc.clone(),
            shapes,
        }
    }

    fn column(&self, x: u32) -> i32 {
        x.min(self.units) as i32 + GUTTER_PX
    }

    fn draw<'a, E>(&self, element: &'a E)
    where
        E: Drawable<Backend>,
        &'a E: PointCollection<'a, (i32, i32)>,
    {
        drawn(self.root.draw(element));
    }
}

/// Axes on a canvas. Points are (units, value).
pub(crate) struct Plot<'a> {
    canvas: &'a Canvas,
    chart: ChartContext<'static, Backend, Axes>,
    y: (i32, i32),
}

impl Plot<'_> {
    /// Where a point lies on the canvas.
    pub(crate) fn at(&self, x: u32, value: u64) -> (i32, i32) {
        let (x, y) = self.chart.backend_coord(&point(&(x, value)));
        (x - GUTTER_PX, y.clamp(self.y.0, self.y.1))
    }

    /// A line through points whose x grows.
    pub(crate) fn line(&mut self, style: impl Into<Style>, points: &[(u32, u64)]) {
        let kept = self.kept(points, LINE);
        drawn(self.chart.draw_series(LineSeries::new(kept, style.into().sentinel())));
    }

    /// The area from the bottom up to points whose x grows.
    pub(crate) fn area(&mut self, style: impl Into<Style>, points: &[(u32, u64)]) {
        if points.len() > 1 {
            let kept = self.kept(points, AREA);
            drawn(self.chart.draw_series(AreaSeries::new(kept, 0, style.into().sentinel())));
        }
    }

    /// The area between two lines over the same x.
    pub(crate) fn between(&mut self, style: impl Into<Style>, upper: &[(u32, u64)], lower: &[(u32, u64)]) {
        if upper.len() > 1 && lower.len() > 1 {
            let mut around = self.kept(upper, AREA);
            around.extend(self.kept(lower, AREA).into_iter().rev());
            drawn(self.chart.draw_series(std::iter::once(Polygon::new(around, style.into().sentinel()))));
        }
    }

    /// A bar from the bottom up to a value, at least 1 px high unless the value is 0.
    pub(crate) fn bar(&self, style: impl Into<Style>, x: Stretch, value: u64) {
        let top = self.at(x.from, value).1;
        let top = if value > 0 { top.min(self.y.1 - 1) } else { top };
        self.canvas.rect(style, x, (top, self.y.1));
    }

    /// Hatches a stretch over the whole height.
    pub(crate) fn unknown(&self, x: Stretch) {
        self.canvas.rect(Ink::Unknown, x, self.y);
    }

    /// The base line.
    pub(crate) fn base(&self) {
        self.canvas.level(Ink::Base, Stretch::new(0, self.canvas.units), self.y.1);
    }

    fn kept(&self, points: &[(u32, u64)], detail: Detail) -> Vec<(i64, i64)> {
        let px: Vec<(i32, i32)> = points.iter().map(|(x, value)| self.at(*x, *value)).collect();
        simplify(&px, detail).into_iter().map(|n| point(&points[n])).collect()
    }
}

/// Points closer than half a pixel to the line are left out: rounding to whole pixels moves them as far. Noise beyond 200
/// points is thinned further, so that a chart of a day stays within 4 KB.
const LINE: Detail = Detail { tolerance: 1, points: 200 };
/// The edge of an area lies under a line of 2 px, which hides a pixel.
const AREA: Detail = Detail { tolerance: 2, points: 90 };

/// Values far beyond any axis (5 × 10¹⁵, the largest tick) are held there, so that no sum overflows.
const MAX_VALUE: u64 = 5_000_000_000_000_000;

fn held(value: u64) -> i64 {
    value.min(MAX_VALUE) as i64
}

fn point((x, value): &(u32, u64)) -> (i64, i64) {
    (i64::from(*x), held(*value))
}

/// What plotters answers. Our backend cannot fail, is never borrowed while it draws, measures text itself, and layouts
/// are not split: no error can arise.
fn drawn<T>(result: Result<T, DrawingAreaErrorKind<Infallible>>) -> T {
    match result {
        Ok(value) => value,
        Err(DrawingAreaErrorKind::BackendError(DrawingErrorKind::DrawingError(never))) => match never {},
        Err(error) => unreachable!("drawing on our backend: {error}"),
    }
}
