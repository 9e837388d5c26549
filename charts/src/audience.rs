//! Viewers and chatters of a channel over a day; what lies between them is who is not in the list.

use crate::canvas::{Canvas, Plot};
use crate::day_axis::DayAxis;
use crate::ink::{Halo, Ink, Style};
use crate::label::Label;
use crate::scene::{Anchor, Scene};
use crate::series::{held, present};
use crate::stretch::{Stretch, stretches};
use crate::table::{Cell, Column, Table, count_at};
use crate::tick::round_ticks;
use crate::words::{Format, Words};

const HEIGHT: u32 = 270;
const PLOT: (i32, i32) = (28, 246);
const TICK_LABEL_Y: i32 = 264;
const MOST_STEPS: u64 = 4;
/// Where viewers are known and the list is not, what is under their line is hatched in at most this many steps.
const NO_LIST_STEPS: u32 = 12;
/// No step is lower, in px.
const LEAST_HATCH_PX: i32 = 6;
/// No step is shorter: half an hour.
const LEAST_STEP_SLOTS: u32 = 6;

/// The data of [`audience`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// What it is called.
    pub words: Words,
    /// Its hours.
    pub axis: DayAxis,
    /// Viewers per slot as Twitch counts them; nothing unless live and told.
    pub viewers: Vec<Option<u64>>,
    /// Chatters per slot; nothing unless the list is complete.
    pub chatters: Vec<Option<u64>>,
    /// Where it is not known whether the channel was on air: hatched.
    pub unobserved: Vec<Stretch>,
}

impl Audience {
    /// The slot and the number of the most viewers (the first such slot), for the label and for words.
    pub fn peak(&self) -> Option<(u32, u64)> {
        let end = self.axis.end() as usize;
        let known = (0u32..).zip(self.viewers.iter().take(end)).filter_map(|(at, viewers)| Some((at, (*viewers)?)));
        known.max_by_key(|(at, viewers)| (*viewers, std::cmp::Reverse(*at)))
    }

    /// A row per slot with viewers or chatters, or not observed.
    pub fn rows(&self) -> Table {
        let row = |at| {
            let viewers = count_at(&self.viewers, at, &self.unobserved);
            let mut chatters = count_at(&self.chatters, at, &self.unobserved);
            if matches!((&viewers, &chatters), (Cell::Count(_), Cell::Nothing)) {
                chatters = Cell::Unknown;
            }
            (viewers != Cell::Nothing || chatters != Cell::Nothing).then(|| vec![Cell::At(at), viewers, chatters])
        };
        let header = vec![Column::Time, Column::Viewers, Column::Chatters];
        Table { header, rows: (0..self.axis.end()).filter_map(row).collect() }
    }
}

/// Draws an audience. `number` writes a count on the axis; `peak` is the label of the most viewers (see
/// [`Audience::peak`]), nothing for none.
pub fn audience(id: &str, input: &Audience, number: Format<'_>, peak: Option<&str>) -> Scene {
    let end = input.axis.end();
    let canvas = Canvas::new(input.axis.width(), HEIGHT);
    let viewers = present(&input.viewers, end);
    let chatters = present(&input.chatters, end);
    let max = viewers.iter().chain(&chatters).flat_map(|run| run.iter().map(|(_, value)| *value)).max().unwrap_or(0);
    let ticks = round_ticks(max, MOST_STEPS);
    for stretch in input.unobserved.iter().filter_map(|stretch| stretch.until(end)) {
        canvas.rect(Ink::Unknown, stretch, PLOT);
    }
    let mut plot = canvas.plot(PLOT, *ticks.last().unwrap_or(&1), &ticks, number);
    for stretch in no_list(input) {
        hatch_under(&canvas, &plot, &input.viewers, stretch);
    }
    for (upper, lower) in both(input) {
        plot.between(Ink::Area2, &upper, &lower);
    }
    for run in &chatters {
        plot.area(Ink::Area, &held(run));
    }
    for run in &chatters {
        plot.line(Ink::Thin, &held(run));
    }
    for run in &viewers {
        plot.line(Ink::Line, &held(run));
    }
    plot.base();
    if let (Some(peak), Some((at, value))) = (peak, input.peak()) {
        annotate(&canvas, &plot, (at, value), peak);
    }
    canvas.tick_labels(&input.axis.ticks, TICK_LABEL_Y);
    canvas.finish(id, "chart ml", &input.words)
}

/// A ring with its label above it, turned towards the middle of the chart.
pub(crate) fn annotate(canvas: &Canvas, plot: &Plot<'_>, (at, value): (u32, u64), text: &str) {
    let (x, y) = plot.at(at, value);
    canvas.dot(Ink::Ring, (x, y));
    let (anchor, dx) = match x as u32 * 10 / canvas.units() {
        0..4 => (Anchor::Start, -4),
        4..7 => (Anchor::Middle, 0),
        _ => (Anchor::End, 4),
    };
    let style = Style::from(Ink::Lab).halo(Halo::Paper);
    canvas.label(Label::new((x, y - 10), style, text).anchor(anchor).dx(dx));
}

/// Live with a known number of viewers, but the list was not complete.
fn no_list(input: &Audience) -> Vec<Stretch> {
    let known: Vec<bool> = (0..input.axis.end() as usize)
        .map(|at| {
            input.viewers.get(at).is_some_and(Option::is_some) && input.chatters.get(at).is_none_or(Option::is_none)
        })
        .collect();
    stretches(&known, |known| *known)
}

/// Hatches what lies under the line, in steps no higher than it.
fn hatch_under(canvas: &Canvas, plot: &Plot<'_>, viewers: &[Option<u64>], stretch: Stretch) {
    let step = stretch.len().div_ceil(NO_LIST_STEPS).max(LEAST_STEP_SLOTS);
    for from in (stretch.from..stretch.to).step_by(step as usize) {
        let to = stretch.to.min(from + step);
        let lowest = viewers[from as usize..to as usize].iter().flatten().min().copied().unwrap_or(0);
        // A line on the ground still shows that something is not known.
        let top = plot.at(from, lowest).1.min(PLOT.1 - LEAST_HATCH_PX);
        canvas.rect(Ink::Unknown, Stretch::new(from, to), (top, PLOT.1));
    }
}

type Points = Vec<(u32, u64)>;

/// Where both are known: viewers (or chatters, where caches differ and they are more) above, chatters below.
fn both(input: &Audience) -> Vec<(Points, Points)> {
    let pair = |at: usize| {
        let (viewers, chatters) = (input.viewers.get(at).copied()??, input.chatters.get(at).copied()??);
        Some((viewers.max(chatters), chatters))
    };
    let pairs: Vec<Option<(u64, u64)>> = (0..input.axis.end() as usize).map(pair).collect();
    stretches(&pairs, Option::is_some)
        .into_iter()
        .map(|run| {
            let of = |part: fn((u64, u64)) -> u64| {
                held(&(run.from..run.to).filter_map(|at| Some((at, part(pairs[at as usize]?)))).collect::<Points>())
            };
            (of(|(upper, _)| upper), of(|(_, lower)| lower))
        })
        .collect()
}
