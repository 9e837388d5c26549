//! The columns of format 1, and where a file has them.

use crate::error::Flaw;

/// The archive's format, as written today: columns, member sizes and folders of `docs/archive-format.md`.
pub const FORMAT: u32 = 1;

/// Columns of `streams/`, in the order they are written.
pub const STREAMS: [&str; 17] = [
    "sampled_at",
    "channel_id",
    "channel",
    "display_name",
    "status",
    "stream_id",
    "title",
    "game_id",
    "game",
    "language",
    "viewer_count",
    "started_at",
    "tracked",
    "chatters_source",
    "list_status",
    "speech_status",
    "chatter_count",
];

/// Columns of `chatters/`, in the order they are written.
pub const CHATTERS: [&str; 6] = ["sampled_at", "channel", "chatter", "chatter_id", "role", "evidence"];

/// Columns of `renamed/`, in the order they are written; none may be missing.
pub const RENAMED: [&str; 4] = ["sampled_at", "chatter_id", "was", "login"];

/// Columns of `streams/` without which a row says nothing; the others may be missing in foreign and older files.
pub(crate) const STREAMS_NEEDED: &[&str] = &["sampled_at", "channel", "status"];
/// Columns of `chatters/` without which a row says nothing.
pub(crate) const CHATTERS_NEEDED: &[&str] = &["sampled_at", "channel", "chatter"];

/// Where a file has the columns that we know. Others are skipped: a later version may add some.
#[derive(Clone, Debug)]
pub(crate) struct Header<const N: usize> {
    places: [Option<usize>; N],
    /// How many fields each line has.
    pub(crate) fields: usize,
}

impl<const N: usize> Header<N> {
    /// Reads a header line.
    pub(crate) fn parse(line: &str, names: &[&'static str; N], needed: &[&'static str]) -> Result<Header<N>, Flaw> {
        let mut record = csv::StringRecord::new();
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
        if !reader.read_record(&mut record).map_err(Flaw::Csv)? {
            return Err(Flaw::NoHeader);
        }
        let mut places = [None; N];
        for (place, name) in places.iter_mut().zip(names) {
            let mut found = record.iter().enumerate().filter(|(_, field)| field == name).map(|(at, _)| at);
            *place = found.next();
            if found.next().is_some() {
                return Err(Flaw::TwiceColumn(name));
            }
            if place.is_none() && needed.contains(name) {
                return Err(Flaw::NoColumn(name));
            }
        }
        Ok(Header { places, fields: record.len() })
    }

    /// The place of a column, by its number among the names; none when the file lacks it.
    pub(crate) fn place(&self, column: usize) -> Option<usize> {
        self.places[column]
    }

    /// Whether the file has just the columns of today in their order.
    pub(crate) fn is_todays(&self) -> bool {
        self.fields == N && self.places.iter().enumerate().all(|(number, place)| *place == Some(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Header<6>, Flaw> {
        Header::parse(line, &CHATTERS, CHATTERS_NEEDED)
    }

    #[test]
    fn columns_may_move_be_missing_and_be_new() {
        assert!(parse(&CHATTERS.join(",")).unwrap().is_todays());
        let moved = parse("chatter,mood,channel,\"sampled_at\"").unwrap();
        assert_eq!((moved.place(0), moved.place(2), moved.place(5), moved.fields), (Some(3), Some(0), None, 4));
        assert!(!moved.is_todays());
    }

    #[test]
    fn a_header_that_cannot_be_one_is_told() {
        assert!(matches!(parse(""), Err(Flaw::NoHeader)));
        assert!(matches!(parse("sampled_at,chatter"), Err(Flaw::NoColumn("channel"))));
        assert!(matches!(parse("sampled_at,channel,chatter,channel"), Err(Flaw::TwiceColumn("channel"))));
    }
}
