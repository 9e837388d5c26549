//! What a viewer's samples give away beside everybody's, and had they hidden.

use model::analysis::Found;
use model::analysis::next::Next;
use model::analysis::portrait::{Finding, Portrait};
use model::analysis::tastes::{self, Tastes};
use model::analysis::time_zone::TimeZone;
use model::crowd;
use model::crowd::found_again::FoundAgain;
use model::crowd::single_out::SinglingOut;
use model::day::Day;
use model::login::Login;
use model::viewer_schedule::ChannelName;
use model::zone::ZoneTable;
use serde::{Deserialize, Serialize};

/// The answer of `/api/viewer_trace`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Of whom.
    pub login: Login,
    /// The zone of local hours.
    pub zone: ZoneTable,
    /// Another was asked for, and there is no such zone.
    pub unknown_zone: bool,
    /// The UTC days that it is made of, [from, until).
    pub from: Day,
    /// See `from`.
    pub until: Day,
    /// What the nightly pass knows of everybody; nothing before the first one.
    pub everybody: Option<Everybody>,
    /// Whether offsets are weighed by where French is spoken; else half of people are taken to live by the site's offset.
    pub french: bool,
    /// What the samples give away.
    pub as_seen: Box<GivenAway>,
    /// What is hidden, as asked.
    pub hiding: Hiding,
    /// What the samples would give away with that hidden; nothing where nothing is.
    pub hidden: Option<Box<GivenAway>>,
    /// The UTC hour after the last sample, Unix time in seconds: the first that forecasts are of.
    pub next_from: i64,
    /// Channels named in what is given away: keys there are places here, the store's own never leave the server.
    pub channels: Vec<ChannelName>,
    /// Games named in it.
    pub games: Vec<String>,
}

/// Of whom the nightly pass knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Everybody {
    /// The last UTC day of its four weeks.
    pub day: Day,
    /// Different people over these weeks; 0 under ten.
    pub people: u32,
    /// Those whose days could tell of the usual day.
    pub time_zone_people: u32,
}

/// What is hidden of somebody's samples, each beside the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hiding {
    /// They are never there from midnight to six.
    pub nights: bool,
    /// Half of their time goes to another account, by channel.
    pub split: bool,
    /// Only hours are told, not five minutes.
    pub hours: bool,
}

impl Hiding {
    /// Whether anything is hidden.
    pub fn is_any(self) -> bool {
        self != Hiding::default()
    }
}

/// An answer of the crowd; nothing before its index is there.
pub type OfCrowd<T> = Option<Result<Found<T>, crowd::Refused>>;

/// What samples give away, whether as they are or with something hidden.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GivenAway {
    /// Samples of the last four weeks in some chat, channel by channel.
    pub sightings: u32,
    /// How few sightings single them out; of two accounts, of the first.
    pub singled_out: OfCrowd<SinglingOut>,
    /// Where their own known weeks stand among all; of two accounts, where the first stands by the other's hidden weeks.
    pub found_again: OfCrowd<FoundAgain>,
    /// Their zone; nothing where everybody's usual day is not known.
    pub time_zone: Option<Finding<TimeZone>>,
    /// All that they say by themselves, without the calendar and the profiles of nights; of favourites those that are first of late.
    pub portrait: Portrait,
    /// What they will watch next, and when.
    pub next: Finding<Next>,
    /// What they spend more time in than all people do; nothing before the first nightly pass.
    pub tastes: Option<Result<Found<Tastes>, tastes::Refused>>,
}
