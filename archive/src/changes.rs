//! A channel's list against the sweep before it.
//!
//! From one sweep to the next nearly every line says the same: lines are compared as text, and only those that differ
//! are read. `docs/decisions/0005` has the measurement.

use std::cmp::Ordering;

use model::identity::TwitchId;
use model::words::Evidence;

use crate::chatters_text::{PlainRow, plain_row, same};

/// What became of a channel's list from one sweep to the next. One after another, changes go through all of the list
/// before, in order of login and evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// So many rows are there still, with the role and the id they had.
    Stay(usize),
    /// The next row is there still, with another role or this id.
    Alter(Option<TwitchId>),
    /// The next row, of this login, is gone.
    Go(&'a [u8]),
    /// Somebody is there who was not, ahead of the next row.
    Come(Arrival<'a>),
}

/// Somebody who was not there in the sweep before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival<'a> {
    /// The login's bytes.
    pub login: &'a [u8],
    /// Twitch's id of the person, where the source gives it.
    pub id: Option<TwitchId>,
    /// What proves the presence.
    pub evidence: Evidence,
}

/// A channel's rows in one sweep: their lines without time and channel, end to end, `login,id,role,evidence\n`.
#[derive(Debug, Default)]
pub(crate) struct List {
    text: Vec<u8>,
    rows: Vec<ListRow>,
}

#[derive(Clone, Copy, Debug)]
struct ListRow {
    /// Bytes of its line in `text`: a plain row has at most 80.
    len: u8,
    login: u8,
    evidence: Evidence,
}

impl List {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.rows.clear();
    }

    /// All rows go.
    pub(crate) fn leave(&mut self, mut each: impl FnMut(Change<'_>)) {
        let mut at = 0;
        for row in &self.rows {
            each(Change::Go(&self.text[at..at + usize::from(row.login)]));
            at += usize::from(row.len);
        }
        self.clear();
    }

    fn push(&mut self, row: &PlainRow<'_>, line: &[u8]) {
        self.text.extend_from_slice(line);
        self.rows.push(ListRow { len: line.len() as u8, login: row.login.len() as u8, evidence: row.evidence });
    }

    /// Login and evidence of the last row.
    fn last(&self) -> Option<(&[u8], Evidence)> {
        let row = self.rows.last()?;
        let at = self.text.len() - usize::from(row.len);
        Some((&self.text[at..at + usize::from(row.login)], row.evidence))
    }
}

/// Compares a list with the one before it, as its lines are read.
#[derive(Debug)]
pub(crate) struct Comparison<'a> {
    before: &'a List,
    next: &'a mut List,
    /// The row of `before` that is next, and where its line begins.
    row: usize,
    at: usize,
}

/// Rows that do not ascend by login and evidence.
#[derive(Debug)]
pub(crate) struct Disorder;

impl<'a> Comparison<'a> {
    /// Begins; `next` is to become the list.
    pub(crate) fn new(before: &'a List, next: &'a mut List) -> Comparison<'a> {
        next.clear();
        Comparison { before, next, row: 0, at: 0 }
    }

    /// Reads lines off the front of `text` while they are plain and begin with `begin`; says how many and their bytes.
    pub(crate) fn read(
        &mut self,
        text: &[u8],
        begin: &[u8],
        each: &mut impl FnMut(Change<'_>),
    ) -> Result<(usize, usize), Disorder> {
        let (mut rows, mut read) = (0, 0);
        loop {
            let (stay, bytes) = self.stay(&text[read..], begin);
            if stay > 0 {
                each(Change::Stay(stay));
                rows += stay;
                read += bytes;
            }
            let Some(row) = plain_row(&text[read..], begin) else { return Ok((rows, read)) };
            let line = &text[read + begin.len()..][..row.len];
            self.row(&row, line, each)?;
            rows += 1;
            read += begin.len() + row.len;
        }
    }

    /// Takes the rows that stand in both lists, from here on, without a difference: how many, and the bytes of `text`.
    fn stay(&mut self, text: &[u8], begin: &[u8]) -> (usize, usize) {
        let mut rest = text;
        let mut before = &self.before.text[self.at..];
        let ahead = &self.before.rows[self.row..];
        let mut stay = 0;
        for row in ahead {
            let Some((line, more)) = rest.split_at_checked(begin.len() + usize::from(row.len)) else { break };
            let (head, tail) = line.split_at(begin.len());
            let (was, others) = before.split_at(usize::from(row.len));
            if !same(tail, was) || !same(head, begin) {
                break;
            }
            (rest, before) = (more, others);
            stay += 1;
        }
        let end = self.before.text.len() - before.len();
        self.next.text.extend_from_slice(&self.before.text[self.at..end]);
        self.next.rows.extend_from_slice(&ahead[..stay]);
        self.at = end;
        self.row += stay;
        (stay, text.len() - rest.len())
    }

    /// Takes a row that differs from the next one of the list before.
    fn row(&mut self, row: &PlainRow<'_>, line: &[u8], each: &mut impl FnMut(Change<'_>)) -> Result<(), Disorder> {
        let here = (row.login, row.evidence);
        let mut is_there = false;
        while let Some(was) = self.ahead() {
            match was.cmp(&here) {
                Ordering::Less => each(Change::Go(was.0)),
                Ordering::Equal => is_there = true,
                Ordering::Greater => break,
            }
            self.skip();
        }
        if is_there {
            each(Change::Alter(row.id));
        } else if self.next.last().is_some_and(|last| last >= here) {
            return Err(Disorder);
        } else {
            each(Change::Come(Arrival { login: row.login, id: row.id, evidence: row.evidence }));
        }
        self.next.push(row, line);
        Ok(())
    }

    /// Whoever is left of the list before is gone.
    pub(crate) fn finish(mut self, each: &mut impl FnMut(Change<'_>)) {
        while let Some((login, _)) = self.ahead() {
            each(Change::Go(login));
            self.skip();
        }
    }

    /// Login and evidence of the next row of the list before.
    fn ahead(&self) -> Option<(&'a [u8], Evidence)> {
        let row = self.before.rows.get(self.row)?;
        Some((&self.before.text[self.at..self.at + usize::from(row.login)], row.evidence))
    }

    fn skip(&mut self) {
        if let Some(row) = self.before.rows.get(self.row) {
            self.at += usize::from(row.len);
            self.row += 1;
        }
    }
}
