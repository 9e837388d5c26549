//! What many days say of a channel. Counts of people are rounded to ten, and are not there under ten; nobody is named.

use model::day::Day;
use model::login::Login;
use model::statistics::Refused;
use model::statistics::channel::Trend;
use model::statistics::curve::Curve;
use model::statistics::games::GameFigures;
use model::statistics::listed::Listed;
use model::statistics::titles::TitleWords;
use model::statistics::week::UsualWeek;
use serde::{Deserialize, Serialize};

use super::period::Period;

/// The usual week and the words of titles are those of so many days, whatever the range: they need weeks.
pub const WEEKS_DAYS: i32 = 90;
/// Games that are told one by one.
pub const GAMES_SHOWN: usize = 15;
/// Words that are told, of those with most and with least viewers.
pub const WORDS_SHOWN: usize = 10;

/// The answer of `/api/channel_figures`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelFigures {
    /// Its login.
    pub login: Login,
    /// Its name as displayed.
    pub name: String,
    /// Which days.
    pub period: Period,
    /// Over 7, 30 and 90 days, beside as many before.
    pub trends: [Trend; 3],
    /// When it is on air, over the last [`WEEKS_DAYS`] days.
    pub week: UsualWeek,
    /// Most hours first, [`GAMES_SHOWN`] at most.
    pub games: Vec<GameFigures>,
    /// How many there were.
    pub game_count: u32,
    /// Viewers beside the chat list.
    pub listed: Listed,
    /// The days, oldest first, each once.
    pub days: Vec<PeopleDay>,
    /// Different people over them.
    pub different: Different,
    /// Who of the first hour stayed.
    pub curve: Curve,
    /// Visitors of the last night's four weeks; nothing where there are few, or the channel is not among those that are compared.
    pub visitors: Option<u64>,
    /// Channels whose visitors it shares, most shared first.
    pub shared: Vec<Shared>,
    /// Words of titles, over the last [`WEEKS_DAYS`] days.
    pub words: Result<TitleWords, Refused>,
}

/// Different people of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleDay {
    /// The day, UTC.
    pub day: Day,
    /// Whether its night is worked out and it is known when the channel was on air: else nothing is known.
    pub known: bool,
    /// How many, bots left out; nothing under ten.
    pub people: Option<u64>,
    /// New and returning; nothing where one of both is under ten.
    pub new_and_returning: Option<(u64, u64)>,
    /// Days held of the 28 that newcomers are told by; of fewer, more people look new.
    pub looked_back: u16,
}

/// Different people over several days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Different {
    /// How many; nothing under ten.
    pub people: Option<u64>,
    /// Whether they were counted; else it is an estimate, ±1.6 % (a standard error).
    pub counted: bool,
    /// Days that it is made of.
    pub days: u32,
}

/// A channel with some of the same visitors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shared {
    /// Its login.
    pub login: Login,
    /// Its name as displayed.
    pub name: String,
    /// Visitors of both, ten or more.
    pub shared: u64,
    /// Visitors of that channel.
    pub visitors: u64,
    /// Of everybody who visits either, the share who visits both, 0–1.
    pub jaccard: f64,
    /// The share of the smaller audience who visits the other channel too, 0–1.
    pub overlap: f64,
}
