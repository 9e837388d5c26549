//! A viewer's local day: a ribbon per channel, with what was broadcast, what was bridged and what was not seen.

use model::order::sort_short;

use crate::canvas::Canvas;
use crate::day_axis::DayAxis;
use crate::ink::{Halo, Ink, Shown, Style};
use crate::label::Label;
use crate::part::{Part, Phrases, changes};
use crate::scene::{Anchor, Scene};
use crate::shelf::{Place, Shelf};
use crate::stretch::Stretch;
use crate::table::{Cell, Column, Table};
use crate::text_width::{Weight, fit, text_px};
use crate::words::Words;

const TICK_LABEL_Y: i32 = 12;
const GRID_TOP: i32 = 26;
const FIRST_TRACK_Y: i32 = 52;
const TRACK_PX: i32 = 22;
const ROW_PX: i32 = 74;
/// From the upper edge of a track down to the base lines of what is written below it.
const GAME_DY: i32 = 36;
const TITLE_DY: i32 = 52;
/// Below the last row; with the label of an inferred band.
const BOTTOM_PX: i32 = 12;
const BAND_LABEL_PX: i32 = 34;
/// The style sheet puts names into a column of 9.5 rem.
const NAME_PX: u32 = 144;
/// Between the pieces of a label.
const SPACE_PX: u32 = 4;
/// A title shorter than this says nothing.
const LEAST_TITLE_PX: u32 = 48;

/// The data of [`ribbons`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ribbons {
    /// What it is called.
    pub words: Words,
    /// Its hours.
    pub axis: DayAxis,
    /// A ribbon per channel, from top to bottom.
    pub channels: Vec<Ribbon>,
    /// Stretches without any sweep: hatched over the whole height.
    pub no_sweep: Vec<Stretch>,
    /// What is inferred about the person.
    pub inferred: Option<Band>,
    /// How games and titles are joined.
    pub phrases: Phrases,
}

/// One channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ribbon {
    /// Its name as displayed.
    pub name: String,
    /// Its watch time, written: `2 h 20`.
    pub total: String,
    /// Visits in order.
    pub visits: Vec<Visit>,
    /// Where the person was not seen and the list would not have shown them: hatched on the track.
    pub unobserved: Vec<Stretch>,
}

/// One session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Stretches with presence, in order; what lies between them was bridged and is hatched.
    pub present: Vec<Stretch>,
    /// Whether a list named the person; without, it is activity (speech alone), drawn grained.
    pub listed: bool,
    /// Watch time, in slots, for the table.
    pub watched: u32,
    /// From and to, written: `22:15–24:00`.
    pub when: String,
    /// What was broadcast meanwhile, in order.
    pub parts: Vec<Part>,
}

/// A stretch that is inferred, not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// When.
    pub span: Stretch,
    /// What: `probably asleep`.
    pub label: String,
}

impl Visit {
    /// From the first to the last slot with presence.
    fn span(&self) -> Stretch {
        let from = self.present.iter().map(|stretch| stretch.from).min().unwrap_or(0);
        Stretch::new(from, self.present.iter().map(|stretch| stretch.to).max().unwrap_or(0))
    }
}

impl Ribbons {
    /// A row per part of a visit (one where nothing is known of the broadcast).
    pub fn rows(&self) -> Table {
        let mut rows = Vec::new();
        for channel in &self.channels {
            for visit in &channel.visits {
                let span = visit.span();
                let whole = [Part { span, game: String::new(), title: String::new() }];
                let parts = if visit.parts.is_empty() { &whole[..] } else { &visit.parts[..] };
                for part in parts {
                    let seen =
                        visit.present.iter().fold(0u32, |sum, stretch| sum.saturating_add(stretch.overlap(part.span)));
                    rows.push(vec![
                        Cell::Text(channel.name.clone()),
                        Cell::At(part.span.from.max(span.from)),
                        Cell::At(part.span.to.min(span.to)),
                        Cell::Slots(if visit.listed { seen } else { 0 }),
                        Cell::Is(visit.listed),
                        Cell::Text(part.game.clone()),
                        Cell::Text(part.title.clone()),
                    ]);
                }
            }
        }
        use Column::{Channel, From, Game, Listed, Title, To, Watched};
        Table { header: vec![Channel, From, To, Watched, Listed, Game, Title], rows }
    }
}

/// Draws a viewer's day.
pub fn ribbons(id: &str, input: &Ribbons) -> Scene {
    let (units, end) = (input.axis.width(), input.axis.end());
    let rows = input.channels.len().min(MAX_ROWS) as i32;
    let bottom = if input.inferred.is_some() { BAND_LABEL_PX } else { BOTTOM_PX };
    let height = GRID_TOP + rows * ROW_PX + bottom;
    let canvas = Canvas::new(units, height as u32);
    if let Some(band) = &input.inferred {
        canvas.rect(Ink::Inferred, band.span, (GRID_TOP, height));
    }
    canvas.tick_lines(&input.axis.ticks, (GRID_TOP, height));
    if let Some(band) = &input.inferred {
        canvas.level(Ink::InferredLine, band.span, GRID_TOP - 1);
        let at = (band.span.from.min(units) as i32, height - 8);
        canvas.label(Label::new(at, Ink::InferredLab, &*band.label).dx(6));
    }
    canvas.tick_labels(&input.axis.ticks, TICK_LABEL_Y);
    for stretch in input.no_sweep.iter().filter_map(|stretch| stretch.until(end)) {
        canvas.rect(Ink::Unknown, stretch, (GRID_TOP, height));
    }
    for (row, channel) in (0..rows).zip(&input.channels) {
        Row { canvas: &canvas, input, channel, end, y: FIRST_TRACK_Y + row * ROW_PX }.draw();
    }
    canvas.finish(id, "chart tl", &input.words)
}

/// Somebody in this many chats in a day is a bot; a page would be ten screens long.
const MAX_ROWS: usize = 200;

struct Row<'a> {
    canvas: &'a Canvas,
    input: &'a Ribbons,
    channel: &'a Ribbon,
    end: u32,
    y: i32,
}

impl Row<'_> {
    fn draw(&self) {
        let (canvas, channel, y) = (self.canvas, self.channel, self.y);
        let track = (y, y + TRACK_PX);
        if let Some(name) = fit(&channel.name, Weight::Semibold, NAME_PX) {
            canvas.label(Label::new((0, y - 7), Ink::Name, name));
        }
        canvas.label(Label::new((0, y + 9), Ink::Total, &*channel.total));
        let right = (canvas.units() as i32, y - 7);
        canvas.label(Label::new(right, Ink::TotalNarrow, &*channel.total).anchor(Anchor::End));
        canvas.rect(Style::from(Ink::Track).radius(3), Stretch::new(0, self.end), track);
        for stretch in channel.unobserved.iter().filter_map(|stretch| stretch.until(self.end)) {
            canvas.rect(Ink::Unknown, stretch, track);
        }
        for visit in &channel.visits {
            let fill = if visit.listed { Ink::Bar } else { Ink::Activity };
            for pair in visit.present.windows(2) {
                if let Some(bridge) = Stretch::new(pair[0].to, pair[1].from).until(self.end) {
                    canvas.rect(Ink::Unknown, bridge, track);
                }
            }
            for stretch in visit.present.iter().filter_map(|stretch| stretch.until(self.end)) {
                canvas.rect(Style::from(fill).radius(2), stretch, track);
            }
            let span = visit.span();
            for at in changes(&visit.parts).filter(|at| span.from < *at && *at < span.to.min(self.end)) {
                canvas.upright(Ink::Cut, at, track);
            }
        }
        self.labels();
    }

    /// The longest visits choose first.
    fn labels(&self) {
        let units = self.canvas.units();
        let (mut games, mut titles) = (Shelf::new(units), Shelf::new(units));
        let mut visits: Vec<(Stretch, &Visit)> =
            self.channel.visits.iter().filter_map(|visit| Some((visit.span().until(self.end)?, visit))).collect();
        sort_short(&mut visits, |(span, _)| (std::cmp::Reverse(span.len()), span.from));
        let mut placed = Vec::new();
        for (span, visit) in visits {
            let all = self.input.phrases.games(&visit.parts);
            let title = self.input.phrases.titles(&visit.parts);
            let when = text_px(&visit.when, Weight::Regular);
            let first = titles.side(span, text_px(&title, Weight::Regular).min(MAX_TITLE_PX));
            let placed_game = GAME_PX.into_iter().find_map(|max| {
                let game = fit(&all, Weight::Semibold, max).unwrap_or_default();
                let (narrow, wide) =
                    if game.is_empty() { (when, when) } else { (px(&game), px(&game) + SPACE_PX + when) };
                Some((games.place(span, first, narrow, wide)?, game))
            });
            let Some((place, game)) = placed_game else { continue };
            self.canvas.label(self.game(place, &game, visit));
            placed.push((place, title));
        }
        for (place, title) in placed {
            let room = titles.room_px(place.anchor, place.x).min(MAX_TITLE_PX);
            let cut = fit(&title, Weight::Regular, room).filter(|cut| *cut == title || room >= LEAST_TITLE_PX);
            if let Some(cut) = cut.filter(|cut| !cut.is_empty()) {
                let width = text_px(&cut, Weight::Regular);
                titles.take(place.anchor, place.x, width);
                let style = Style::from(Ink::Plain).shown(Shown::Wide).halo(self.halo(place, width));
                let label = Label::new((place.x as i32, self.y + TITLE_DY), style, cut);
                self.canvas.label(label.anchor(place.anchor));
            }
        }
    }

    fn game(&self, place: Place, game: &str, visit: &Visit) -> Label {
        let note = Style::from(Ink::Note);
        let when = visit.when.clone();
        let spans = if game.is_empty() {
            vec![(note, when)]
        } else {
            // Where the whole label is for wide charts, its parts need not say so again.
            let shown = if place.shown == Shown::Wide { Shown::Always } else { Shown::Wide };
            vec![(Style::from(Ink::Lab), game.to_owned()), (note.shown(shown), when)]
        };
        let style = note.shown(place.shown).halo(self.halo(place, px(game) + 90));
        Label::of_spans((place.x as i32, self.y + GAME_DY), style, spans).anchor(place.anchor)
    }

    /// A halo only where the text may lie over hatching; over a band its colour would show.
    fn halo(&self, place: Place, px: u32) -> Halo {
        let units = self.canvas.units();
        // On the narrowest chart the text covers most units.
        let covered = px * units / 270;
        let text = match place.anchor {
            Anchor::End => Stretch::new(place.x.saturating_sub(covered), place.x),
            Anchor::Start | Anchor::Middle => Stretch::new(place.x, place.x + covered),
        };
        if self.input.no_sweep.iter().any(|stretch| stretch.overlap(text) > 0) { Halo::Surface } else { Halo::None }
    }
}

/// Several games in turn can be long: the track below must stay in relation. Where that finds no place, less does, or the
/// times alone.
const GAME_PX: [u32; 3] = [250, 140, 0];
const MAX_TITLE_PX: u32 = 420;

fn px(text: &str) -> u32 {
    text_px(text, Weight::Semibold)
}
