//! People taken out of what is written: members that name them are rewritten, the others stay byte for byte.
//!
//! At each moment the sweep can be read: its index goes first, then the object is replaced whole, then its new index is
//! written. Without an index an object is read from its beginning, as a foreign one; after a run that was stopped in
//! between the next makes the index again.

use std::collections::{BTreeSet, HashSet};

use bytes::Bytes;
use model::day::Day;
use model::identity::TwitchId;
use model::login::Login;
use model::slot::{Slot, SlotTime};
use object_store::PutMode;

use crate::Archive;
use crate::chatters_text::lines;
use crate::columns::Header;
use crate::error::{ArchiveError, Flaw};
use crate::gzip::{OBJECT_TEXT_MAX, compress_whole, inflate};
use crate::index::{Index, Member};
use crate::manifest::ObjectEntry;
use crate::objects::to_json;
use crate::path::{self, Kind};
use crate::read::{header_alone, split_header};
use crate::reindex::index_of;

/// Who is to be taken out of a day's rows.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// All logins that were theirs on the day.
    pub logins: HashSet<Login>,
    /// Twitch's id of them, where known.
    pub ids: HashSet<TwitchId>,
}

impl Names {
    /// Whether a row of this login and id is theirs. Where both ids are known they decide: a login may have been another's
    /// on the same day.
    pub fn hold(&self, login: &str, id: Option<TwitchId>) -> bool {
        match id.filter(|_| !self.ids.is_empty()) {
            Some(id) => self.ids.contains(&id),
            None => self.logins.contains(login),
        }
    }
}

/// What was taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Objects rewritten.
    pub objects: u64,
    /// Members rewritten.
    pub members: u64,
    /// Rows removed.
    pub rows: u64,
    /// Bytes of the rewritten objects, as they are now.
    pub bytes: u64,
}

/// Who is to be taken out, by login and id.
type Out<'a> = &'a dyn Fn(&str, Option<TwitchId>) -> bool;

/// An object without them.
struct Rewritten {
    bytes: Vec<u8>,
    index: Option<Index>,
    erased: Erased,
}

impl Archive {
    /// The slots of a day that have chatters, in order: of sweeps too that were never finished, which nobody reads.
    pub async fn lists(&self, day: Day) -> Result<Vec<Slot>, ArchiveError> {
        self.slots_of(Kind::Chatters.folder(), day).await
    }

    /// Takes people out of the chatters of a sweep: out of the members that may hold rows of these channels, or out of all
    /// when none are given. An object that does not name them stays as it is, and gets back the index that a stopped run
    /// left it without. Done twice it is done once.
    ///
    /// An index that does not describe its object stays where it is, whatever is taken out: it tells that the object is not
    /// the one that was written. The day's manifest is renewed by [`Archive::renew_manifest`], once for all of its sweeps.
    /// Errors: an object that cannot be understood, with the line; one that is not there names nobody.
    pub async fn erase(
        &self,
        at: SlotTime,
        channels: Option<&BTreeSet<Login>>,
        names: &Names,
    ) -> Result<Erased, ArchiveError> {
        let names = names.clone();
        self.erase_where(at, channels, move |login, id| names.hold(login, id)).await
    }

    /// The same of everybody of whom `out` says so, by login and id.
    pub async fn erase_where(
        &self,
        at: SlotTime,
        channels: Option<&BTreeSet<Login>>,
        out: impl Fn(&str, Option<TwitchId>) -> bool + Send + 'static,
    ) -> Result<Erased, ArchiveError> {
        let object = Kind::Chatters.object(at);
        let held = self.index(Kind::Chatters, at).await?;
        let Some(bytes) = self.get_if_there(&object).await? else { return Ok(Erased::default()) };
        let (channels, name) = (channels.cloned(), object.clone());
        let indexed = held.is_some();
        let (rewritten, made) = self
            .blocking(&object, move || {
                let made = if indexed { None } else { index_of(&name, &bytes) };
                let index = held.filter(|index| index.check(bytes.len() as u64).is_ok()).or_else(|| made.clone());
                let rewritten = match index {
                    Some(index) => by_members(&name, &bytes, index, channels.as_ref(), &out)?,
                    None => whole(&name, &bytes, &out)?,
                };
                Ok((rewritten, made))
            })
            .await?;
        let (index, erased) = match rewritten {
            None => (made, Erased::default()),
            Some(Rewritten { bytes, index, erased }) => {
                if index.is_some() {
                    self.remove(&Kind::Chatters.index(at)).await?;
                }
                self.put(&self.store, &object, bytes, PutMode::Overwrite).await?;
                (index, erased)
            }
        };
        if let Some(index) = index {
            self.put(&self.store, &Kind::Chatters.index(at), to_json(&index), PutMode::Overwrite).await?;
        }
        Ok(erased)
    }

    /// Makes a day's manifest true again of the chatters of these sweeps; nothing where there is none. What it says of an
    /// object that its index contradicts stays: whoever compares them is to be told.
    pub async fn renew_manifest(&self, day: Day, sweeps: &BTreeSet<Slot>) -> Result<(), ArchiveError> {
        let _one_at_a_time = self.manifest.lock().await;
        let Some(mut manifest) = self.manifest(day).await? else { return Ok(()) };
        for entry in manifest.sweeps.iter_mut().filter(|entry| sweeps.contains(&entry.slot.0)) {
            let at = SlotTime::new(day, entry.slot.0);
            let object = Kind::Chatters.object(at);
            let Some(bytes) = self.get_if_there(&object).await? else { continue };
            let index = self.index(Kind::Chatters, at).await?;
            if index.as_ref().is_some_and(|index| index.check(bytes.len() as u64).is_err()) {
                continue;
            }
            entry.chatters = ObjectEntry {
                text_bytes: index.as_ref().map(|index| index.members.iter().map(|member| member.text).sum()),
                rows: index.as_ref().map(|index| index.rows),
                ..ObjectEntry::of_bytes(object, &bytes)
            };
        }
        self.put(&self.store, &path::manifest(day), to_json(&manifest), PutMode::Overwrite).await
    }
}

/// Our own form: most members stay as they are. An object whose members hold other rows than its index says is read whole,
/// as one that has none.
fn by_members(
    object: &str,
    bytes: &Bytes,
    mut index: Index,
    channels: Option<&BTreeSet<Login>>,
    out_of: Out<'_>,
) -> Result<Option<Rewritten>, ArchiveError> {
    let mut text = Vec::new();
    let mut out = Vec::with_capacity(bytes.len());
    let mut members = Vec::with_capacity(index.members.len());
    let mut erased = Erased::default();
    let mut header = None;
    let mut line = 2;
    for (number, member) in index.members.drain(..).enumerate() {
        let compressed = &bytes[member.offset as usize..(member.offset + member.length) as usize];
        let may_name = channels.is_none_or(|channels| {
            let (Some(first), Some(last)) = (&member.first, &member.last) else { return false };
            channels.range::<Login, _>(first..=last).next().is_some()
        });
        let first_line = line;
        line += member.rows;
        if number > 0 && !may_name {
            members.push(Member { offset: out.len() as u64, ..member });
            out.extend_from_slice(compressed);
            continue;
        }
        text.clear();
        let wrong = |line: u64, flaw: Flaw| flaw.at(object, first_line + line).in_member(number);
        inflate(compressed, OBJECT_TEXT_MAX, &mut text).map_err(|flaw| wrong(lines(&text), flaw))?;
        let left = match &header {
            None => {
                let Ok(read) = header_alone(object, &text) else { return whole(object, bytes, out_of) };
                header = Some(read);
                None
            }
            Some(header) => {
                let left = without(&text, header, out_of).map_err(|(line, flaw)| wrong(line, flaw))?;
                if left.rows + left.removed != member.rows {
                    return whole(object, bytes, out_of);
                }
                Some(left).filter(|left| left.removed > 0)
            }
        };
        let Some(left) = left else {
            members.push(Member { offset: out.len() as u64, ..member });
            out.extend_from_slice(compressed);
            continue;
        };
        erased.members += 1;
        erased.rows += left.removed;
        if left.rows > 0 {
            let offset = out.len() as u64;
            compress_whole(&left.text, &mut out);
            members.push(Member {
                offset,
                length: out.len() as u64 - offset,
                text: left.text.len() as u64,
                rows: left.rows,
                first: left.first,
                last: left.last,
            });
        }
    }
    if erased.rows == 0 {
        return Ok(None);
    }
    erased.objects = 1;
    erased.bytes = out.len() as u64;
    let rows = index.rows - erased.rows;
    let index = Index { bytes: out.len() as u64, rows, members, ..index };
    Ok(Some(Rewritten { bytes: out, index: Some(index), erased }))
}

/// An object that no index describes, a foreign one above all: one member again, and no index, since nobody sorted it.
fn whole(object: &str, bytes: &Bytes, out_of: Out<'_>) -> Result<Option<Rewritten>, ArchiveError> {
    let mut text = Vec::new();
    let wrong = |line: u64, flaw: Flaw| flaw.at(object, line).within(bytes);
    inflate(bytes, OBJECT_TEXT_MAX, &mut text).map_err(|flaw| wrong(lines(&text) + 1, flaw))?;
    let (header, rows) = split_header(object, &text).map_err(|error| error.within(bytes))?;
    let left = without(rows, &header, out_of).map_err(|(line, flaw)| wrong(line + 2, flaw))?;
    if left.removed == 0 {
        return Ok(None);
    }
    let mut rest = text[..text.len() - rows.len()].to_vec();
    rest.extend_from_slice(&left.text);
    let mut out = Vec::new();
    compress_whole(&rest, &mut out);
    let erased = Erased { objects: 1, members: 1, rows: left.removed, bytes: out.len() as u64 };
    Ok(Some(Rewritten { bytes: out, index: None, erased }))
}

/// What is left of a text.
struct Left {
    text: Vec<u8>,
    rows: u64,
    removed: u64,
    first: Option<Login>,
    last: Option<Login>,
}

/// The records of a text that name nobody who is to be out of it, byte for byte. Errors: the line, from 0, and what is wrong there.
fn without(text: &[u8], header: &Header<6>, out_of: Out<'_>) -> Result<Left, (u64, Flaw)> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    let mut record = csv::ByteRecord::new();
    let mut left = Left { text: Vec::with_capacity(text.len()), rows: 0, removed: 0, first: None, last: None };
    let mut start = 0;
    loop {
        let more = reader.read_byte_record(&mut record).map_err(|cause| (lines(&text[..start]), Flaw::Csv(cause)))?;
        // A record reaches to where the next one begins.
        let end = reader.position().byte() as usize;
        if !more {
            break;
        }
        let field = |column: usize| header.place(column).and_then(|place| record.get(place)).unwrap_or_default();
        let text_of = |column: usize| std::str::from_utf8(field(column)).unwrap_or_default();
        if out_of(text_of(2), text_of(3).parse().ok()) {
            left.removed += 1;
        } else {
            left.text.extend_from_slice(&text[start..end]);
            left.rows += 1;
            let channel: Option<Login> = text_of(1).parse().ok();
            if left.first.is_none() {
                left.first.clone_from(&channel);
            }
            left.last = channel;
        }
        start = end;
    }
    Ok(left)
}
