//! Many-member gzip as the archive writes it, at any level.

use std::io::{self, Write as _};

use archive::gzip::MEMBER_TEXT_MAX;
use flate2::{Compression, GzBuilder};

use crate::rows::Rows;

/// The header in a member of its own, then members of whole rows. At the archive's level these are the archive's bytes.
pub(crate) fn write(rows: &Rows, level: u32, out: &mut Vec<u8>) -> io::Result<()> {
    let header = rows.header();
    member(header, level, out)?;
    let text = &rows.text()[header.len()..];
    let (mut from, mut to) = (0, 0);
    for row in rows.iter() {
        if to > from && to - from + row.len() > MEMBER_TEXT_MAX {
            member(&text[from..to], level, out)?;
            from = to;
        }
        to += row.len();
    }
    if to > from { member(&text[from..to], level, out) } else { Ok(()) }
}

/// One member, without name and time: the same text gives the same bytes.
pub(crate) fn member(text: &[u8], level: u32, out: &mut Vec<u8>) -> io::Result<()> {
    let mut encoder = GzBuilder::new().mtime(0).operating_system(255).write(out, Compression::new(level));
    encoder.write_all(text)?;
    encoder.try_finish()
}
