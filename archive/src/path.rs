//! Where things lie in an archive.

use model::day::Day;
use model::slot::{Slot, SlotTime};

/// The archive's own description: format and origin. Written when the archive is created.
pub const DESCRIPTION: &str = "manifest/archive.json";

/// The two kinds of objects of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A row per followed channel.
    Streams,
    /// A row per person, chat and evidence.
    Chatters,
}

impl Kind {
    /// The folder it lies in.
    pub fn folder(self) -> &'static str {
        match self {
            Kind::Streams => "streams",
            Kind::Chatters => "chatters",
        }
    }

    /// `streams/date=2026-11-22/0005.csv.gz`
    pub fn object(self, at: SlotTime) -> String {
        format!("{}/date={}/{}.csv.gz", self.folder(), at.day(), at.slot().hhmm())
    }

    /// `index/streams/date=2026-11-22/0005.json`
    pub fn index(self, at: SlotTime) -> String {
        format!("index/{}/date={}/{}.json", self.folder(), at.day(), at.slot().hhmm())
    }

    /// `streams/date=2026-11-22`: the folder of a day's objects.
    pub fn day_folder(self, day: Day) -> String {
        day_folder(self.folder(), day)
    }
}

/// The folder of a day in a folder.
pub(crate) fn day_folder(folder: &str, day: Day) -> String {
    format!("{folder}/date={day}")
}

/// The folder of what accounts are called now.
pub(crate) const RENAMED: &str = "renamed";

/// `renamed/date=2026-11-22/0005.csv.gz`
pub fn renamed(at: SlotTime) -> String {
    format!("{RENAMED}/date={}/{}.csv.gz", at.day(), at.slot().hhmm())
}

/// `manifest/date=2026-11-22.json`
pub fn manifest(day: Day) -> String {
    format!("manifest/date={day}.json")
}

/// The day that a folder `…/date=2026-11-22` holds.
pub(crate) fn day_of_folder(path: &str) -> Option<Day> {
    path.rsplit('/').next()?.strip_prefix("date=")?.parse().ok()
}

/// The slot that an object `…/0005.csv.gz` holds.
pub(crate) fn slot_of_object(path: &str) -> Option<Slot> {
    Slot::from_hhmm(path.rsplit('/').next()?.strip_suffix(".csv.gz")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_back() {
        let at = SlotTime::new("2026-11-22".parse().unwrap(), Slot::new(1).unwrap());
        assert_eq!(Kind::Chatters.object(at), "chatters/date=2026-11-22/0005.csv.gz");
        assert_eq!(Kind::Streams.index(at), "index/streams/date=2026-11-22/0005.json");
        assert_eq!(day_of_folder(&Kind::Streams.day_folder(at.day())), Some(at.day()));
        assert_eq!(slot_of_object(&Kind::Streams.object(at)), Some(at.slot()));
        assert_eq!(slot_of_object("streams/date=2026-11-22/0003.csv.gz"), None);
        assert_eq!(day_of_folder("streams/date=yesterday"), None);
    }
}
