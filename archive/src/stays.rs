//! A channel's list against the sweep before it: who is still there, who came, who left.
//!
//! From one sweep to the next nearly every line says the same: lines are compared as text, and only those that differ
//! are read. `docs/decisions/0005` has the measurement.

use std::cmp::Ordering;
use std::collections::HashMap;

use model::identity::TwitchId;
use model::words::Evidence;

use crate::chatters_text::{PLAIN_MAX, PlainRow, plain_row, same};

/// Somebody who was in every list from one sweep on, and is not in the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay<'a> {
    /// The login's bytes.
    pub login: &'a [u8],
    /// The first id of them that a row gave.
    pub id: Option<TwitchId>,
    /// What proves their presence.
    pub evidence: Evidence,
    /// The number of the sweep that they came in.
    pub since: u16,
}

/// Rows that do not ascend by login and evidence.
#[derive(Debug)]
pub(crate) struct Disorder {
    /// How many do before the one that does not.
    pub(crate) rows: usize,
}

/// Whoever is in a channel, as its lists are read one after another.
#[derive(Debug, Default)]
pub(crate) struct List {
    /// Lines without time and channel, `login,id,role,evidence\n`: of everybody here, and of some who left.
    text: Vec<u8>,
    /// Above this many bytes of `text` those who left are cleared out.
    text_most: usize,
    /// Where the others are copied to then: what was made for one clearing serves the next.
    spare: Vec<u8>,
    /// By login and evidence: who was there in the sweep before; the first `met` of them are done with.
    before: Vec<Row>,
    met: usize,
    /// Who is there in this one, as far as it is read.
    now: Vec<Row>,
    /// Ids that later rows of the same stay did not repeat, by login and evidence. Nearly always nobody's.
    first_ids: HashMap<(Vec<u8>, Evidence), TwitchId>,
}

/// Eight bytes: forty million a day are copied.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// Where its line begins in `text`: a sweep has a gigabyte of text at most.
    at: u32,
    /// The number of the sweep that they came in.
    since: u16,
    /// Bytes of its line: at most [`PLAIN_MAX`].
    len: u8,
    /// Bytes of its login, and [`SPOKE`].
    login: u8,
}

const _: () = assert!(PLAIN_MAX <= u8::MAX as usize);

/// Set in the length of a login whose presence is proven by speech.
const SPOKE: u8 = 0x80;

/// Room above this is not kept for the next clearing: a list so long is cleared a few times a day, and rarely two at once.
const SPARE_MOST: usize = 4 << 20;

/// Nor are those who left kept in more text than this, though half as much as of those who are here would be cleared less
/// often.
const LEFT_MOST: usize = 2 << 20;

/// Those who left are not cleared out of less text than this.
const TEXT_LEAST: usize = 64 << 10;

impl Row {
    fn evidence(self) -> Evidence {
        if self.login & SPOKE == 0 { Evidence::Listed } else { Evidence::Spoke }
    }

    fn line(self, text: &[u8]) -> &[u8] {
        &text[self.at as usize..][..usize::from(self.len)]
    }

    /// What rows are ordered by.
    fn order(self, text: &[u8]) -> (&[u8], Evidence) {
        (&text[self.at as usize..][..usize::from(self.login & !SPOKE)], self.evidence())
    }
}

impl List {
    /// Forgets everybody, for another channel.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.text_most = TEXT_LEAST;
        self.before.clear();
        self.now.clear();
        self.first_ids.clear();
    }

    /// Begins the next sweep: whoever is there now was there before.
    pub(crate) fn begin(&mut self) {
        std::mem::swap(&mut self.before, &mut self.now);
        self.now.clear();
        self.met = 0;
        if self.text.len() > self.text_most {
            let here: usize = self.before.iter().map(|row| usize::from(row.len)).sum();
            self.text_most = TEXT_LEAST.max(here + (here / 2).min(LEFT_MOST));
            self.spare.clear();
            // Room for a sweep's newcomers above that, and twice as much, so that a list that grows all day is moved a few
            // times. What is not used is not touched.
            let room = self.text_most + self.text_most / 4;
            if self.spare.capacity() < room {
                self.spare = Vec::with_capacity(2 * room);
            }
            for row in &mut self.before {
                let at = self.spare.len() as u32;
                self.spare.extend_from_slice(row.line(&self.text));
                row.at = at;
            }
            std::mem::swap(&mut self.text, &mut self.spare);
            if self.spare.capacity() > SPARE_MOST {
                self.spare = Vec::new();
            }
        }
    }

    /// Reads lines of the sweep with this number off the front of `text` while they are plain and begin with `begin`,
    /// and tells who left; how many lines, and their bytes.
    pub(crate) fn read(
        &mut self,
        text: &[u8],
        begin: &[u8],
        sweep: u16,
        each: &mut impl FnMut(Stay<'_>),
    ) -> Result<(usize, usize), Disorder> {
        let (mut rows, mut read) = (0, 0);
        loop {
            let (same, bytes) = self.pass(&text[read..], begin);
            rows += same;
            read += bytes;
            let Some(row) = plain_row(&text[read..], begin) else { return Ok((rows, read)) };
            let line = &text[read + begin.len()..][..row.len];
            if !self.meet(&row, line, sweep, each) {
                return Err(Disorder { rows });
            }
            rows += 1;
            read += begin.len() + row.len;
        }
    }

    /// Passes the lines that are as they were: how many, and their bytes.
    fn pass(&mut self, text: &[u8], begin: &[u8]) -> (usize, usize) {
        let ahead = &self.before[self.met..];
        let (mut rest, mut rows) = (text, 0);
        for row in ahead {
            let Some((line, more)) = rest.split_at_checked(begin.len() + usize::from(row.len)) else { break };
            let (head, tail) = line.split_at(begin.len());
            if !same(tail, row.line(&self.text)) || !same(head, begin) {
                break;
            }
            rest = more;
            rows += 1;
        }
        self.now.extend_from_slice(&ahead[..rows]);
        self.met += rows;
        (rows, text.len() - rest.len())
    }

    /// Takes a row whose line is not that of the next one before: those ahead of it left. Whether it ascends.
    fn meet(&mut self, row: &PlainRow<'_>, line: &[u8], sweep: u16, each: &mut impl FnMut(Stay<'_>)) -> bool {
        let here = (row.login, row.evidence);
        let mut since = sweep;
        while let Some(was) = self.before.get(self.met).copied() {
            match was.order(&self.text).cmp(&here) {
                Ordering::Less => self.tell(was, each),
                Ordering::Equal => {
                    since = was.since;
                    self.keep_id(was, row);
                }
                Ordering::Greater => break,
            }
            self.met += 1;
        }
        let is_new = since == sweep;
        if is_new && self.now.last().is_some_and(|last| last.order(&self.text) >= here) {
            return false;
        }
        let at = self.text.len() as u32;
        self.text.extend_from_slice(line);
        let login = row.login.len() as u8 | if row.evidence == Evidence::Spoke { SPOKE } else { 0 };
        self.now.push(Row { at, since, len: line.len() as u8, login });
        true
    }

    /// Remembers the id that a row had, if the one in its place has another or none.
    fn keep_id(&mut self, was: Row, row: &PlainRow<'_>) {
        let Some(id) = id_of(was, &self.text).filter(|id| row.id != Some(*id)) else { return };
        self.first_ids.entry((row.login.to_vec(), row.evidence)).or_insert(id);
    }

    /// Tells that somebody left.
    fn tell(&mut self, row: Row, each: &mut impl FnMut(Stay<'_>)) {
        let (login, evidence) = row.order(&self.text);
        let mut first_id = None;
        if !self.first_ids.is_empty() {
            first_id = self.first_ids.remove(&(login.to_vec(), evidence));
        }
        let id = first_id.or_else(|| id_of(row, &self.text));
        each(Stay { login, id, evidence, since: row.since });
    }

    /// The sweep is read: whoever was not met left.
    pub(crate) fn finish(&mut self, each: &mut impl FnMut(Stay<'_>)) {
        while let Some(row) = self.before.get(self.met).copied() {
            self.tell(row, each);
            self.met += 1;
        }
    }
}

/// The id in a row's line.
fn id_of(row: Row, text: &[u8]) -> Option<TwitchId> {
    let digits = &row.line(text)[usize::from(row.login & !SPOKE) + 1..];
    let len = digits.iter().position(|byte| *byte == b',')?;
    std::str::from_utf8(&digits[..len]).ok()?.parse().ok()
}
