//! A chart's data as rows, for "Show as table" and CSV: typed, in no language.

use model::day::Day;

use crate::stretch::Stretch;

/// What a column holds; the page names it in the reader's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// A channel's name.
    Channel,
    /// Start of a stretch.
    From,
    /// End of a stretch.
    To,
    /// Watch time.
    Watched,
    /// Whether a list named the person, or only what they said.
    Listed,
    /// Game or category.
    Game,
    /// Title of the stream.
    Title,
    /// A moment.
    Time,
    /// Viewers as Twitch counts them.
    Viewers,
    /// People in the chat list.
    Chatters,
    /// The same moment of the day compared with.
    ViewersBefore,
    /// A day.
    Day,
    /// Different viewers in a day.
    DifferentViewers,
    /// Samples held, of how many.
    Samples,
    /// How long the day's import took.
    Import,
    /// How long half of the sweeps took at most.
    Sweep,
    /// An hour (or half hour) of the day.
    Hour,
    /// How much of it somebody was present.
    Presence,
    /// Time present.
    Present,
    /// Time of which nothing is known.
    Unobserved,
}

/// One value of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A text, as it came.
    Text(String),
    /// A day.
    Day(Day),
    /// A moment, in slots from the left edge of the chart.
    At(u32),
    /// A duration, in slots.
    Slots(u32),
    /// A count.
    Count(u64),
    /// A duration, in milliseconds.
    Millis(u64),
    /// So many of so many.
    Of(u64, u64),
    /// The n-th column of the axis, from 0.
    Nth(u32),
    /// Yes or no.
    Is(bool),
    /// Not observed.
    Unknown,
    /// Observed, and nothing there (off air), or not yet.
    Nothing,
}

/// Rows under named columns; every row is as long as the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The columns.
    pub header: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A count, or why there is none at slot `at`.
pub(crate) fn count_at(values: &[Option<u64>], at: u32, unobserved: &[Stretch]) -> Cell {
    match values.get(at as usize).copied().flatten() {
        Some(value) => Cell::Count(value),
        None if unobserved.iter().any(|stretch| stretch.from <= at && at < stretch.to) => Cell::Unknown,
        None => Cell::Nothing,
    }
}
