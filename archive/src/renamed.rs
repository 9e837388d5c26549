//! What accounts are called now that are known by another login: objects of their own, since nobody was in a chat by them.

use std::fmt::Write as _;

use bytes::Bytes;
use model::day::Day;
use model::identity::TwitchId;
use model::login::Login;
use model::sample::Renaming;
use model::slot::{Slot, SlotTime};
use model::words::Origin;
use object_store::{Error, PutMode};

use crate::Archive;
use crate::chatters_text::lines;
use crate::columns::{Header, RENAMED};
use crate::erase::Erased;
use crate::error::{ArchiveError, Flaw};
use crate::gzip::{compress_whole, inflate};
use crate::path::{self, renamed};
use crate::streams::{check_slot, login, optional};

/// Inflated bytes of an object, at most: a day's share of ten million accounts, were all of them renamed, takes a
/// twentieth.
const TEXT_MAX: u64 = 64 << 20;

impl Archive {
    /// Writes what was learnt in a slot, unless somebody did before: [`ArchiveError::SlotTaken`]. Errors: a login that is
    /// not of a simulated archive; the store.
    pub async fn put_renamings(&self, at: SlotTime, renamings: &[Renaming]) -> Result<(), ArchiveError> {
        let is_real = |login: &str, _| !login.starts_with('_');
        if self.origin == Origin::Simulated && renamings.iter().any(|renaming| renaming.is_of(is_real)) {
            return Err(ArchiveError::NotSimulated(at));
        }
        let object = renamed(at);
        match self.put(&self.store, &object, object_of(at, renamings), PutMode::Create).await {
            Err(ArchiveError::Store { source: Error::AlreadyExists { .. }, .. }) => {
                Err(ArchiveError::SlotTaken { at, object })
            }
            written => written,
        }
    }

    /// The slots of a day in which something was learnt, in order.
    pub async fn renamed_slots(&self, day: Day) -> Result<Vec<Slot>, ArchiveError> {
        self.slots_of(path::RENAMED, day).await
    }

    /// What was learnt in a slot; nothing where nothing was. Errors: object and line of what cannot be understood.
    pub async fn renamings(&self, at: SlotTime) -> Result<Vec<Renaming>, ArchiveError> {
        let Some(bytes) = self.read_renamed(at).await? else { return Ok(Vec::new()) };
        let object = renamed(at);
        let mut text = Vec::new();
        inflate(&bytes, TEXT_MAX, &mut text).map_err(|flaw| flaw.at(&object, lines(&text) + 1))?;
        parse(&text, at).map_err(|(line, flaw)| flaw.at(&object, line))
    }

    /// The compressed bytes of what was learnt in a slot, for whoever reads the format on their own.
    pub async fn read_renamed(&self, at: SlotTime) -> Result<Option<Bytes>, ArchiveError> {
        self.get_if_there(&renamed(at)).await
    }

    /// Takes everybody out of what was learnt in a slot of whom `out` says so, by login and id. An object that names nobody
    /// else is removed. Done twice it is done once. Errors: object and line of what cannot be understood.
    pub async fn erase_renamings(
        &self,
        at: SlotTime,
        out: impl Fn(&str, Option<TwitchId>) -> bool,
    ) -> Result<Erased, ArchiveError> {
        let mut left = self.renamings(at).await?;
        let before = left.len();
        left.retain(|renaming| !renaming.is_of(&out));
        let rows = (before - left.len()) as u64;
        if rows == 0 {
            return Ok(Erased::default());
        }
        let erased = Erased { objects: 1, members: 1, rows, bytes: 0 };
        if left.is_empty() {
            self.remove(&renamed(at)).await?;
            return Ok(erased);
        }
        let bytes = object_of(at, &left);
        let erased = Erased { bytes: bytes.len() as u64, ..erased };
        self.put(&self.store, &renamed(at), bytes, PutMode::Overwrite).await?;
        Ok(erased)
    }
}

fn object_of(at: SlotTime, renamings: &[Renaming]) -> Vec<u8> {
    let mut text = RENAMED.join(",") + "\n";
    for Renaming { id, was, now } in renamings {
        let [was, now] = [was, now].map(|login| login.as_ref().map(Login::as_str).unwrap_or_default());
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{at},{id},{was},{now}");
    }
    let mut bytes = Vec::new();
    compress_whole(text.as_bytes(), &mut bytes);
    bytes
}

/// Errors: the line, from 1, and what is wrong there.
fn parse(text: &[u8], at: SlotTime) -> Result<Vec<Renaming>, (u64, Flaw)> {
    let text = std::str::from_utf8(text).map_err(|error| (lines(&text[..error.valid_up_to()]) + 1, Flaw::NotUtf8))?;
    let (head, rows) = text.split_once('\n').unwrap_or((text, ""));
    let header = Header::parse(head, &RENAMED, &RENAMED).map_err(|flaw| (1, flaw))?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(rows.as_bytes());
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.map_err(|error| (2 + error.position().map_or(0, |at| at.line() - 1), Flaw::Csv(error)))?;
        let line = 1 + record.position().map_or(1, csv::Position::line);
        renaming(&record, &header, at).map_err(|flaw| (line, flaw))
    };
    reader.records().map(row).collect()
}

fn renaming(record: &csv::StringRecord, header: &Header<4>, at: SlotTime) -> Result<Renaming, Flaw> {
    if record.len() != header.fields {
        return Err(Flaw::Fields { found: record.len(), wanted: header.fields });
    }
    let field = |column: usize| header.place(column).and_then(|place| record.get(place)).unwrap_or_default();
    check_slot(field(0), at)?;
    let id = optional(field(1), RENAMED[1])?.ok_or_else(|| Flaw::value(RENAMED[1], &"no number"))?;
    let named = |column: usize| match field(column) {
        "" => Ok(None),
        text => login(text, RENAMED[column]).map(Some),
    };
    match (named(2)?, named(3)?) {
        (None, None) => Err(Flaw::value(RENAMED[3], &"neither this login nor the one before is named")),
        (was, now) => Ok(Renaming { id, was, now }),
    }
}
