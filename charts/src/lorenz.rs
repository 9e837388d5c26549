//! How unequally something is spread: a Lorenz curve beside the line of equal shares.

use crate::canvas::Canvas;
use crate::ink::{Halo, Ink, Style};
use crate::label::Label;
use crate::scene::Scene;
use crate::tick::Tick;
use crate::words::{Format, Words};

const HEIGHT: u32 = 280;
const PLOT: (i32, i32) = (18, 256);
const TICK_LABEL_Y: i32 = 274;
/// Hundredths of a percent.
const ALL: u64 = 10_000;
/// Units of a step.
const STEP_UNITS: u32 = 100;
/// More steps are left out: a percent is fine enough for any screen.
const MAX_STEPS: usize = 500;

/// The data of [`lorenz`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lorenz {
    /// What it is called.
    pub words: Words,
    /// The share, in hundredths of a percent, that the poorest have together: of nobody, and so on in equal steps to that of all.
    pub shares: Vec<u64>,
    /// Labels of the horizontal axis, at steps.
    pub ticks: Vec<Tick>,
    /// What stands at the line of equal shares.
    pub equal: String,
}

/// Draws a Lorenz curve. `percent` writes a share given in hundredths of a percent.
pub fn lorenz(id: &str, input: &Lorenz, percent: Format<'_>) -> Scene {
    let shares = &input.shares[..input.shares.len().min(MAX_STEPS + 1)];
    let steps = shares.len().saturating_sub(1).max(1) as u32;
    let canvas = Canvas::new(steps * STEP_UNITS, HEIGHT);
    let mut plot = canvas.plot(PLOT, ALL, &[0, ALL / 4, ALL / 2, ALL * 3 / 4, ALL], percent);
    let points: Vec<(u32, u64)> = (0..).zip(shares).map(|(n, share)| (n * STEP_UNITS, (*share).min(ALL))).collect();
    plot.area(Ink::Area, &points);
    plot.line(Ink::Line2, &[(0, 0), (canvas.units(), ALL)]);
    plot.line(Ink::Line, &points);
    plot.base();
    let ticks: Vec<Tick> =
        input.ticks.iter().map(|tick| Tick { at: tick.at.saturating_mul(STEP_UNITS), ..tick.clone() }).collect();
    canvas.tick_labels(&ticks, TICK_LABEL_Y);
    // Left of the middle and above the line, where the curve never is.
    let (x, y) = plot.at(canvas.units() * 2 / 5, ALL / 2);
    let style = Style::from(Ink::Note).halo(Halo::Paper);
    canvas.label(Label::new((x, y), style, &*input.equal).anchor(crate::scene::Anchor::End));
    canvas.finish(id, "chart ml", &input.words)
}
