//! The tables of an export: their names, and what their columns hold.

use model::slot::SlotTime;

/// A table of an export. `docs/archive-format.md` tells strangers what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// A row per followed channel and slot.
    ChannelSlots,
    /// A row per followed channel.
    ChannelDays,
    /// One row.
    Days,
    /// A row per person, channel, evidence and run: personal data.
    Presence,
}

/// A column of a table. `date` is none: it is in the folder's name, and some readers refuse what is in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may be unknown.
    pub optional: bool,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The start of a slot.
    Time,
    /// UTF-8.
    Text,
    /// A whole number.
    Number,
    /// Any number.
    Real,
    /// Yes or no.
    Flag,
}

/// A value of a row; of its column's kind, or unknown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    Unknown,
    Time(SlotTime),
    Text(&'a str),
    Number(u64),
    Real(f64),
    Flag(bool),
}

impl<'a> Cell<'a> {
    /// A text of which "empty" means unknown.
    pub(crate) fn text(text: &'a str) -> Cell<'a> {
        if text.is_empty() { Cell::Unknown } else { Cell::Text(text) }
    }

    /// A number, where it is known.
    pub(crate) fn number(number: Option<impl Into<u64>>) -> Cell<'a> {
        number.map_or(Cell::Unknown, |number| Cell::Number(number.into()))
    }
}

const fn always(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, optional: false }
}

const fn maybe(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, optional: true }
}

const CHANNEL_SLOTS: [Column; 14] = [
    always("sampled_at", Kind::Time),
    always("channel", Kind::Text),
    maybe("channel_id", Kind::Number),
    always("display_name", Kind::Text),
    always("status", Kind::Text),
    maybe("list_status", Kind::Text),
    maybe("speech_status", Kind::Text),
    maybe("source", Kind::Text),
    maybe("viewer_count", Kind::Number),
    maybe("chatter_count", Kind::Number),
    maybe("title", Kind::Text),
    maybe("game", Kind::Text),
    maybe("game_id", Kind::Text),
    maybe("stream_id", Kind::Text),
];

const CHANNEL_DAYS: [Column; 9] = [
    always("channel", Kind::Text),
    maybe("channel_id", Kind::Number),
    always("display_name", Kind::Text),
    always("hours_watched", Kind::Real),
    always("coverage", Kind::Real),
    always("airtime_minutes", Kind::Number),
    maybe("average_viewers", Kind::Real),
    maybe("peak_viewers", Kind::Number),
    maybe("chatters", Kind::Number),
];

const DAYS: [Column; 4] = [
    maybe("viewers", Kind::Number),
    maybe("bots", Kind::Number),
    maybe("observations", Kind::Number),
    always("sweeps", Kind::Number),
];

const PRESENCE: [Column; 9] = [
    always("login", Kind::Text),
    maybe("twitch_id", Kind::Number),
    always("channel", Kind::Text),
    always("evidence", Kind::Text),
    always("from_slot", Kind::Number),
    always("to_slot", Kind::Number),
    always("from_time", Kind::Time),
    always("to_time", Kind::Time),
    always("bot", Kind::Flag),
];

impl Table {
    /// Those that tell of nobody.
    pub const AGGREGATES: [Table; 3] = [Table::ChannelSlots, Table::ChannelDays, Table::Days];

    /// Its name: the folder of its days.
    pub fn name(self) -> &'static str {
        match self {
            Table::ChannelSlots => "channel_slots",
            Table::ChannelDays => "channel_days",
            Table::Days => "days",
            Table::Presence => "presence",
        }
    }

    /// Its columns, in order.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Table::ChannelSlots => &CHANNEL_SLOTS,
            Table::ChannelDays => &CHANNEL_DAYS,
            Table::Days => &DAYS,
            Table::Presence => &PRESENCE,
        }
    }

    /// Whether its rows are about people.
    pub fn is_personal(self) -> bool {
        self == Table::Presence
    }
}
