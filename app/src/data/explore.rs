//! Everything that is followed, together. Counts of people are rounded to ten, and are not there under ten.

use model::channel_schedule::ENOUGH_COVERAGE_PERCENT;
use model::day::Day;
use model::login::Login;
use model::statistics::channel::Figures;
use model::statistics::concentration::Concentration;
use model::statistics::games::GameFigures;
use model::statistics::swept::SweptWeek;
use serde::{Deserialize, Serialize};

use super::channel_figures::Different;
use super::period::Period;

/// Viewers and streamers by the hour are those of so many days, whatever the range: four of each weekday.
pub const SWEPT_DAYS: i32 = 28;
/// Channels of the ranking that are told.
pub const CHANNELS_SHOWN: usize = 30;
/// Games that are told.
pub const GAMES_SHOWN: usize = 15;
/// Ties between channels that are told.
pub const TIES_SHOWN: usize = 20;

/// The answer of `/api/explore`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explore {
    /// Which days.
    pub period: Period,
    /// The days, oldest first, each once.
    pub days: Vec<ExploreDay>,
    /// Different people over them.
    pub different: Different,
    /// What the archive takes and what the store takes, of all that is held.
    pub sizes: Sizes,
    /// How many of the most watched channels a sweep follows at most, which full sweeps of [`Explore::week`] have on air; nothing where that is not
    /// known. It is today's, and channels followed by name count too: rather too many sweeps are full than too few.
    pub top: Option<u32>,
    /// Viewers and streamers by the hour, over the last [`SWEPT_DAYS`] days.
    pub week: SweptWeek,
    /// Mean viewers of the channels on air on the day of the last night.
    pub spread: Option<Concentration>,
    /// Most hours watched first.
    pub games: Vec<GameFigures>,
    /// Samples held of the days that these are of, and how many there could be.
    pub games_samples: (u32, u32),
    /// Most hours watched first.
    pub ranking: Vec<Placed>,
    /// The day whose ranking it is compared with; nothing where that night is not held.
    pub compared: Option<Day>,
    /// The strongest ties between channels first.
    pub ties: Vec<Tie>,
    /// The days of the calendar, oldest first, without a hole: samples held, of how many.
    pub calendar: Vec<(u16, u16)>,
    /// The first of them.
    pub calendar_from: Day,
}

impl Explore {
    /// Whether so little was observed that hours of games read "at least".
    pub fn is_lower_bound(&self) -> bool {
        let (held, of) = self.games_samples;
        u64::from(held) * 100 < u64::from(of) * ENOUGH_COVERAGE_PERCENT
    }
}

/// Archive and store beside each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sizes {
    /// Bytes of the whole store.
    pub store: u64,
    /// Days held.
    pub days: u32,
    /// Of them those of which it is known what the archive takes; the figures below are theirs.
    pub days_known: u32,
    /// Compressed bytes of the archive's objects.
    pub archive: u64,
    /// Rows of chat lists read from them.
    pub observations: u64,
}

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExploreDay {
    /// The day, UTC.
    pub day: Day,
    /// Different people, bots left out; nothing under ten, or where the day is not held.
    pub people: Option<u64>,
    /// The same of the day a week before, whether it is of the range or not.
    pub people_before: Option<u64>,
    /// Accounts left out as bots; nothing under ten, or where the day is not held.
    pub bots: Option<u64>,
    /// New and returning; nothing where one of both is under ten, or the night is not worked out.
    pub new_and_returning: Option<(u64, u64)>,
    /// Rows of chat lists that the import read from the archive.
    pub observations: Option<u64>,
    /// Compressed bytes of the archive's objects that it was read from, where they are known.
    pub archive_bytes: Option<u64>,
    /// How long its import took, in milliseconds.
    pub import_ms: Option<u32>,
    /// How long its night took, in milliseconds; of several made at once, all of them.
    pub night_ms: Option<u32>,
}

/// A channel in the ranking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Its login.
    pub login: Login,
    /// Its name as displayed.
    pub name: String,
    /// What was seen of it.
    pub figures: Figures,
    /// Its place in the ranking before, from 1; nothing where it was not among the first hundred, or there is none.
    pub before: Option<u32>,
}

/// Two channels with visitors in common.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tie {
    /// Logins and names of both.
    pub channels: [(Login, String); 2],
    /// Visitors of both, ten or more.
    pub shared: u64,
    /// Of everybody who visits either, the share who visits both, 0–1.
    pub jaccard: f64,
    /// The share of the smaller audience who visits the other channel too, 0–1.
    pub overlap: f64,
}
