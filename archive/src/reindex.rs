//! The index of an object made again out of its bytes, where a stopped erasure left none.

use std::io::Read as _;

use flate2::bufread::GzDecoder;
use model::login::Login;

use crate::columns::Header;
use crate::gzip::OBJECT_TEXT_MAX;
use crate::index::{INDEX_FORMAT, Index, Member};
use crate::read::header_alone;

/// A header line of ours takes a tenth of it; of what a stranger packed whole no more is inflated than this.
const HEADER_MAX: u64 = 1 << 10;

/// The index of chatters in our own form: a member for the header, members of whole rows, channels that ascend. Nothing of
/// any other object, be it foreign or damaged.
pub(crate) fn index_of(object: &str, bytes: &[u8]) -> Option<Index> {
    let (mut members, mut rest, mut text) = (Vec::new(), bytes, Vec::new());
    let mut left = OBJECT_TEXT_MAX;
    let mut header: Option<Header<6>> = None;
    let mut last: Option<Login> = None;
    while !rest.is_empty() {
        let offset = (bytes.len() - rest.len()) as u64;
        let limit = if header.is_some() { left } else { HEADER_MAX };
        text.clear();
        let mut member = GzDecoder::new(rest).take(limit + 1);
        member.read_to_end(&mut text).ok()?;
        left = left.checked_sub(text.len() as u64).filter(|_| text.len() as u64 <= limit)?;
        if !text.ends_with(b"\n") {
            return None;
        }
        rest = member.into_inner().into_inner();
        let length = (bytes.len() - rest.len()) as u64 - offset;
        let rows = match &header {
            None => {
                header = Some(header_alone(object, &text).ok()?);
                Rows::default()
            }
            Some(header) => rows_of(&text, header, last.as_ref())?,
        };
        last = rows.last.clone().or(last);
        let Rows { count: rows, first, last } = rows;
        members.push(Member { offset, length, text: text.len() as u64, rows, first, last });
    }
    let rows = members.iter().map(|member| member.rows).sum();
    let index = Index { format: INDEX_FORMAT, object: object.to_owned(), bytes: bytes.len() as u64, rows, members };
    index.check(bytes.len() as u64).is_ok().then_some(index)
}

#[derive(Default)]
struct Rows {
    count: u64,
    first: Option<Login>,
    last: Option<Login>,
}

/// The rows of a member that follows one whose last channel was `last`.
fn rows_of(text: &[u8], header: &Header<6>, last: Option<&Login>) -> Option<Rows> {
    let channel = header.place(1)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    let mut record = csv::ByteRecord::new();
    let mut rows = Rows::default();
    while reader.read_byte_record(&mut record).ok()? {
        let channel = std::str::from_utf8(record.get(channel)?).ok()?;
        rows.count += 1;
        let before = rows.last.as_ref().or(last);
        if rows.last.as_ref().is_some_and(|same| same.as_str() == channel) {
            continue;
        }
        let channel: Login = channel.parse().ok()?;
        if before.is_some_and(|before| *before > channel) {
            return None;
        }
        rows.first.get_or_insert_with(|| channel.clone());
        rows.last = Some(channel);
    }
    Some(rows)
}
