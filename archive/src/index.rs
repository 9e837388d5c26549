//! The index of an object: where its gzip members lie and which channels they hold.

use model::login::Login;
use serde::{Deserialize, Serialize};

use crate::error::Flaw;
use crate::gzip::OBJECT_TEXT_MAX;

/// The version of the index's own form.
pub const INDEX_FORMAT: u32 = 1;

/// What `index/{streams,chatters}/date=…/HHMM.json` says of one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// [`INDEX_FORMAT`].
    pub format: u32,
    /// The object, from the archive's root.
    pub object: String,
    /// The object's length in bytes.
    pub bytes: u64,
    /// Rows, the header line not counted.
    pub rows: u64,
    /// Its gzip members, in order; the first holds the header line alone.
    pub members: Vec<Member>,
}

/// One gzip member of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Where it begins in the object, in bytes.
    pub offset: u64,
    /// Its compressed length in bytes.
    pub length: u64,
    /// Its length in bytes once inflated.
    pub text: u64,
    /// Whole rows in it.
    pub rows: u64,
    /// The channel of its first row; none in the header's member.
    pub first: Option<Login>,
    /// The channel of its last row; none in the header's member.
    pub last: Option<Login>,
}

impl Index {
    /// Checks that it describes an object of `bytes` bytes without gap or overlap and its channels in order, so that
    /// reading by it is reading all.
    pub(crate) fn check(&self, bytes: u64) -> Result<(), Flaw> {
        if self.format > INDEX_FORMAT {
            return Err(Flaw::Format(self.format));
        }
        if self.bytes != bytes {
            return Err(Flaw::Index("another length: cut short, or rewritten"));
        }
        let odd = || Flaw::Index("its members do not add up");
        let (mut offset, mut rows, mut text) = (0u64, 0u64, 0u64);
        let mut before = None;
        for (number, member) in self.members.iter().enumerate() {
            if member.offset != offset || (number == 0) != (member.rows == 0) {
                return Err(Flaw::Index("its members leave a gap"));
            }
            offset = offset.checked_add(member.length).ok_or_else(odd)?;
            rows = rows.checked_add(member.rows).ok_or_else(odd)?;
            text = text.saturating_add(member.text);
            match (&member.first, &member.last) {
                (None, None) if number == 0 => {}
                // Readers of some channels pass the others over, and ranges of channels are not asked for backwards.
                (Some(first), Some(last)) if number > 0 && before <= Some(first) && first <= last => {
                    before = Some(last);
                }
                _ => return Err(Flaw::Index("its members' channels do not ascend")),
            }
        }
        // Readers inflate up to what it says: a false index is no way around the bound on objects.
        if text > OBJECT_TEXT_MAX {
            return Err(Flaw::TooLarge(OBJECT_TEXT_MAX));
        }
        if offset != bytes || rows != self.rows || self.members.is_empty() { Err(odd()) } else { Ok(()) }
    }

    /// The line, from 1, that a member begins with, whose rows are lines; the header is line 1.
    pub(crate) fn first_line(&self, number: usize) -> u64 {
        2 + self.members[..number].iter().map(|member| member.rows).sum::<u64>()
    }
}
