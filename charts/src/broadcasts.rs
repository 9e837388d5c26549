//! A channel's local day: when it was on air, coloured by game, with ticks where title or game changed.

use model::order::sort_short;

use crate::canvas::Canvas;
use crate::day_axis::DayAxis;
use crate::ink::{Ink, Shown, Style};
use crate::label::Label;
use crate::part::{Part, Phrases, changes};
use crate::scene::Scene;
use crate::shelf::Shelf;
use crate::stretch::Stretch;
use crate::table::{Cell, Column, Table};
use crate::text_width::{Weight, fit, text_px};
use crate::words::Words;

const HEIGHT: u32 = 118;
const TICK_LABEL_Y: i32 = 12;
const GRID: (i32, i32) = (20, 72);
const TRACK: (i32, i32) = (34, 62);
const CHANGE: (i32, i32) = (27, 33);
const GAME_Y: i32 = 80;
const TITLE_Y: i32 = 97;
const MAX_GAME_PX: u32 = 180;
const MAX_TITLE_PX: u32 = 300;
/// Colours that are told apart; the games after the sixth share the last, grey one.
const COLOURS: usize = 7;

/// The data of [`broadcasts`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broadcasts {
    /// What it is called.
    pub words: Words,
    /// Its hours.
    pub axis: DayAxis,
    /// Times on air, in order: their parts, in order.
    pub broadcasts: Vec<Vec<Part>>,
    /// Where it is not known whether the channel was on air: hatched.
    pub unobserved: Vec<Stretch>,
    /// How titles are quoted.
    pub phrases: Phrases,
}

impl Broadcasts {
    /// Games by first appearance with their colour; all from the seventh on share the seventh.
    pub fn legend(&self) -> Vec<(Ink, &str)> {
        self.games().into_iter().enumerate().map(|(n, game)| (colour(n), game)).collect()
    }

    /// A row per part.
    pub fn rows(&self) -> Table {
        let row = |part: &Part| {
            vec![
                Cell::At(part.span.from),
                Cell::At(part.span.to),
                Cell::Text(part.game.clone()),
                Cell::Text(part.title.clone()),
            ]
        };
        let header = vec![Column::From, Column::To, Column::Game, Column::Title];
        Table { header, rows: self.broadcasts.iter().flatten().map(row).collect() }
    }

    fn games(&self) -> Vec<&str> {
        let mut games: Vec<&str> = Vec::new();
        for part in self.broadcasts.iter().flatten() {
            if !games.contains(&part.game.as_str()) {
                games.push(&part.game);
            }
        }
        games
    }
}

fn colour(nth: usize) -> Ink {
    Ink::C(nth.min(COLOURS - 1) as u8 + 1)
}

/// Draws a channel's day.
pub fn broadcasts(id: &str, input: &Broadcasts) -> Scene {
    let (units, end) = (input.axis.width(), input.axis.end());
    let canvas = Canvas::new(units, HEIGHT);
    canvas.tick_lines(&input.axis.ticks, GRID);
    canvas.tick_labels(&input.axis.ticks, TICK_LABEL_Y);
    canvas.rect(Style::from(Ink::Track).radius(3), Stretch::new(0, end), TRACK);
    for stretch in input.unobserved.iter().filter_map(|stretch| stretch.until(end)) {
        canvas.rect(Ink::Unknown, stretch, TRACK);
    }
    let games = input.games();
    for parts in &input.broadcasts {
        for run in parts.chunk_by(|a, b| a.game == b.game && a.span.to == b.span.from) {
            let nth = games.iter().position(|game| *game == run[0].game).unwrap_or(COLOURS);
            if let Some(stretch) = Stretch::new(run[0].span.from, run[run.len() - 1].span.to).until(end) {
                canvas.rect(Style::from(colour(nth)).radius(2), stretch, TRACK);
            }
        }
    }
    let at: Vec<u32> = input.broadcasts.iter().flat_map(|parts| changes(parts)).filter(|at| *at < end).collect();
    for (ink, y) in [(Ink::CutPaper, TRACK), (Ink::Lead, CHANGE)] {
        for at in &at {
            canvas.upright(ink, *at, y);
        }
    }
    labels(&canvas, input, end);
    canvas.finish(id, "chart ml", &input.words)
}

/// Below each time on air the game that took most of it and that game's last title; the longest choose first.
fn labels(canvas: &Canvas, input: &Broadcasts, end: u32) {
    let (mut games, mut titles) = (Shelf::new(canvas.units()), Shelf::new(canvas.units()));
    let span = |parts: &Vec<Part>| Stretch::new(parts.first()?.span.from, parts.last()?.span.to).until(end);
    let mut all: Vec<(Stretch, &Vec<Part>)> =
        input.broadcasts.iter().filter_map(|parts| Some((span(parts)?, parts))).collect();
    sort_short(&mut all, |(span, _)| (std::cmp::Reverse(span.len()), span.from));
    let style = |ink| Style::from(ink).shown(Shown::Wide);
    let mut placed = Vec::new();
    for (span, parts) in all {
        let Some(main) = main_game(parts) else { continue };
        let Some(game) = fit(&main.game, Weight::Semibold, MAX_GAME_PX) else { continue };
        let px = text_px(&game, Weight::Semibold);
        let first = titles.side(span, text_px(&main.title, Weight::Regular).min(MAX_TITLE_PX));
        if let Some(place) = games.place(span, first, px, px) {
            canvas.label(Label::new((place.x as i32, GAME_Y), style(Ink::Lab), game).anchor(place.anchor));
            placed.push((place, main));
        }
    }
    for (place, main) in placed.into_iter().filter(|(_, main)| !main.title.is_empty()) {
        let room = titles.room_px(place.anchor, place.x).min(MAX_TITLE_PX);
        if let Some(title) = fit(&input.phrases.quote(&main.title), Weight::Regular, room) {
            titles.take(place.anchor, place.x, text_px(&title, Weight::Regular));
            canvas.label(Label::new((place.x as i32, TITLE_Y), style(Ink::Plain), title).anchor(place.anchor));
        }
    }
}

/// The last part of the game that was on longest.
fn main_game(parts: &[Part]) -> Option<&Part> {
    let time =
        |game: &str| parts.iter().filter(|part| part.game == game).map(|part| u64::from(part.span.len())).sum::<u64>();
    parts.iter().max_by_key(|part| (time(&part.game), part.span.from))
}
