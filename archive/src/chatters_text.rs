//! Rows of `chatters/`: text to [`ChatterList`] and back, and the quick look at a line as we write it ([`plain_row`]).

use model::identity::TwitchId;
use model::login::{LOGIN_MAX, Login};
use model::slot::SlotTime;
use model::words::{Evidence, Role};

use crate::chatters::{ChatterList, ChatterRow};
use crate::columns::{CHATTERS, Header};
use crate::error::Flaw;
use crate::streams::{check_slot, login, optional};

/// Writes one row to the end of `out`; `time` is the sweep's `sampled_at`. No field of it ever needs quotes.
pub(crate) fn write_row(time: &str, row: &ChatterRow<'_>, out: &mut Vec<u8>) {
    for field in [time, row.channel.as_str(), row.chatter] {
        out.extend_from_slice(field.as_bytes());
        out.push(b',');
    }
    if let Some(id) = row.id {
        out.extend_from_slice(id.to_string().as_bytes());
    }
    for field in [row.role.as_str(), row.evidence.as_str()] {
        out.push(b',');
        out.extend_from_slice(field.as_bytes());
    }
    out.push(b'\n');
}

/// Reads whole lines without the header. Errors: the line within `text`, from 0, and what is wrong there.
pub(crate) fn parse(text: &[u8], header: &Header<6>, at: SlotTime) -> Result<ChatterList, (u64, Flaw)> {
    let text = std::str::from_utf8(text).map_err(|error| (lines(&text[..error.valid_up_to()]), Flaw::NotUtf8))?;
    let mut parser = Parser { header, at, time: at.to_string(), list: ChatterList::default() };
    if memchr::memchr(b'"', text.as_bytes()).is_some() {
        parser.quoted(text)?;
    } else {
        parser.plain(text)?;
    }
    Ok(parser.list)
}

/// How many line ends there are.
pub(crate) fn lines(text: &[u8]) -> u64 {
    text.split(|byte| *byte == b'\n').count() as u64 - 1
}

struct Parser<'a> {
    header: &'a Header<6>,
    at: SlotTime,
    time: String,
    list: ChatterList,
}

impl Parser<'_> {
    /// Text without quotes: a line is cut at its commas. Where a line of today's columns begins like the one before it,
    /// as nearly all do, only the rest is looked at.
    fn plain(&mut self, text: &str) -> Result<(), (u64, Flaw)> {
        // `sampled_at,channel,` of the line before.
        let mut begin = "";
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(row) = plain_row(rest.as_bytes(), begin.as_bytes()).filter(|_| !begin.is_empty()) {
                // A login's bytes are ASCII.
                self.list.push(&rest[begin.len()..][..row.login.len()], row.id, row.role, row.evidence);
                rest = &rest[begin.len() + row.len..];
                continue;
            }
            let (line, tail) = rest.split_once('\n').unwrap_or((rest, ""));
            let mut fields = [""; CHATTERS.len()];
            let whole = line.strip_suffix('\r').unwrap_or(line);
            if !whole.is_empty() {
                let found = self.cut(whole, &mut fields);
                let here = |flaw| (lines(&text.as_bytes()[..text.len() - rest.len()]), flaw);
                found.and_then(|()| self.row(&fields)).map_err(here)?;
                if self.header.is_todays() {
                    begin = &rest[..fields[0].len() + fields[1].len() + 2];
                }
            }
            rest = tail;
        }
        Ok(())
    }

    fn cut<'t>(&self, line: &'t str, fields: &mut [&'t str; 6]) -> Result<(), Flaw> {
        let mut found = 0;
        for (place, field) in line.split(',').enumerate() {
            found += 1;
            for (column, slot) in fields.iter_mut().enumerate() {
                if self.header.place(column) == Some(place) {
                    *slot = field;
                }
            }
        }
        if found == self.header.fields { Ok(()) } else { Err(Flaw::Fields { found, wanted: self.header.fields }) }
    }

    /// Any RFC 4180 text.
    fn quoted(&mut self, text: &str) -> Result<(), (u64, Flaw)> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        let line = |position: Option<&csv::Position>| position.map_or(0, |position| position.line() - 1);
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                Err(error) => return Err((line(error.position()), Flaw::Csv(error))),
            }
            if record.len() != self.header.fields {
                let flaw = Flaw::Fields { found: record.len(), wanted: self.header.fields };
                return Err((line(record.position()), flaw));
            }
            let mut fields = [""; CHATTERS.len()];
            for (column, field) in fields.iter_mut().enumerate() {
                *field = self.header.place(column).and_then(|place| record.get(place)).unwrap_or_default();
            }
            self.row(&fields).map_err(|flaw| (line(record.position()), flaw))?;
        }
    }

    /// Checks and keeps one row, given by today's columns.
    fn row(&mut self, fields: &[&str; 6]) -> Result<(), Flaw> {
        let [time, channel, chatter, id, role, evidence] = *fields;
        if time != self.time {
            check_slot(time, self.at)?;
        }
        Login::check(chatter.as_bytes()).map_err(|reason| Flaw::value(CHATTERS[2], &reason))?;
        let id: Option<TwitchId> = optional(id, CHATTERS[3])?;
        let role = optional(role, CHATTERS[4])?.unwrap_or(Role::Unknown);
        let evidence = optional(evidence, CHATTERS[5])?.unwrap_or(Evidence::Listed);
        if self.list.groups().last().is_none_or(|group| group.channel.as_str() != channel) {
            self.list.begin(&login(channel, CHATTERS[1])?);
        }
        self.list.push(chatter, id, role, evidence);
        Ok(())
    }
}

/// A row as we write them, without its time and channel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlainRow<'a> {
    pub(crate) login: &'a [u8],
    pub(crate) id: Option<TwitchId>,
    pub(crate) role: Role,
    pub(crate) evidence: Evidence,
    /// Bytes of `login,id,role,evidence\n`: at most [`PLAIN_MAX`].
    pub(crate) len: usize,
}

/// The line that `text` begins with, if it begins with `begin` and the rest is as we write it: today's columns, without
/// quotes, valid. What is not plain may be wrong or only written in another way: [`parse`] tells.
pub(crate) fn plain_row<'a>(text: &'a [u8], begin: &[u8]) -> Option<PlainRow<'a>> {
    let (head, tail) = text.split_at_checked(begin.len())?;
    if !same(head, begin) {
        return None;
    }
    let len = tail.iter().take(LOGIN_MAX + 1).take_while(|byte| LOGIN_BYTES[usize::from(**byte)]).count();
    if !(1..=LOGIN_MAX).contains(&len) {
        return None;
    }
    let (login, rest) = tail.split_at(len);
    let rest = rest.strip_prefix(b",")?;
    let digits = rest.iter().take(ID_DIGITS_MAX).take_while(|byte| byte.is_ascii_digit()).count();
    let (id, rest) = rest.split_at(digits);
    let id = if digits == 0 { None } else { Some(std::str::from_utf8(id).ok()?.parse().ok()?) };
    let rest = rest.strip_prefix(b",")?;
    let (role, evidence, end) = if rest.starts_with(USUAL_END) {
        (Role::Viewer, Evidence::Listed, USUAL_END.len())
    } else {
        let end = rest.iter().take(ENDS_MAX).position(|byte| *byte == b'\n')?;
        let (role, evidence) = std::str::from_utf8(&rest[..end]).ok()?.split_once(',')?;
        let role = optional(role, CHATTERS[4]).ok()?.unwrap_or(Role::Unknown);
        (role, optional(evidence, CHATTERS[5]).ok()?.unwrap_or(Evidence::Listed), end + 1)
    };
    Some(PlainRow { login, id, role, evidence, len: tail.len() - rest.len() + end })
}

/// How nearly every row ends.
const USUAL_END: &[u8] = b"viewer,listed\n";

/// Digits of an id, at most.
const ID_DIGITS_MAX: usize = 18;

/// Bytes of a role and an evidence, at most.
const ENDS_MAX: usize = 32;

/// Bytes of a row as we write it, at most: a login, an id, their commas, how it ends.
pub(crate) const PLAIN_MAX: usize = LOGIN_MAX + 1 + ID_DIGITS_MAX + 1 + ENDS_MAX;

/// Bytes that a login may have.
const LOGIN_BYTES: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte as u8, b'a'..=b'z' | b'0'..=b'9' | b'_');
        byte += 1;
    }
    table
};

/// Whether two slices are the same: sixteen bytes at a time in place, where a call would cost more. Forty million lines
/// a day pass here.
#[inline]
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    let Some((a_last, b_last)) = a.last_chunk::<16>().zip(b.last_chunk::<16>()) else { return a == b };
    let chunks = || a.as_chunks::<16>().0.iter().zip(b.as_chunks::<16>().0);
    a.len() == b.len() && a_last == b_last && chunks().all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::CHATTERS_NEEDED;

    fn at() -> SlotTime {
        SlotTime::at("2026-11-22".parse().unwrap(), 1)
    }

    type Told = (String, String, Option<u64>, Role, Evidence);

    fn read(header: &str, text: &str) -> Result<Vec<Told>, (u64, Flaw)> {
        let list = parse(text.as_bytes(), &Header::parse(header, &CHATTERS, CHATTERS_NEEDED).unwrap(), at())?;
        let row = |row: ChatterRow<'_>| {
            (row.channel.to_string(), row.chatter.to_owned(), row.id.map(TwitchId::get), row.role, row.evidence)
        };
        Ok(list.iter().map(row).collect())
    }

    const TODAY: &str = "sampled_at,channel,chatter,chatter_id,role,evidence";
    const T: &str = "2026-11-22T00:05:00Z";

    #[test]
    fn plain_and_quoted_text_say_the_same() {
        let rows = [
            ("a", "x", "", "viewer,listed"),
            ("a", "y", "7", "viewer,listed"),
            ("a", "y", "7", "viewer,spoke"),
            ("b", "x", "", "viewer,listed"),
        ];
        let plain: String = rows.map(|(c, n, id, end)| format!("{T},{c},{n},{id},{end}\n")).concat();
        let quoted: String = rows.map(|(c, n, id, end)| format!("{T},\"{c}\",{n},\"{id}\",{end}\r\n")).concat();
        let expected = read(TODAY, &plain).unwrap();
        assert_eq!(expected.len(), 4);
        assert_eq!(expected[1], ("a".into(), "y".into(), Some(7), Role::Viewer, Evidence::Listed));
        assert_eq!(expected[2].4, Evidence::Spoke);
        assert_eq!(read(TODAY, &quoted).unwrap(), expected);
        assert_eq!(read(TODAY, &plain.replace('\n', "\r\n")).unwrap(), expected);
        assert_eq!(read(TODAY, plain.trim_end()).unwrap(), expected);
        assert_eq!(read(TODAY, &plain.replace("00:05:00Z", "00:07:31.5Z")).unwrap(), expected);
    }

    #[test]
    fn older_columns_are_enough() {
        let rows = read("chatter,sampled_at,mood,channel", &format!("x,{T},glad,a\ny,{T},,a\n")).unwrap();
        assert_eq!(rows[1], ("a".into(), "y".into(), None, Role::Unknown, Evidence::Listed));
        assert_eq!(rows.len(), 2);
    }

    #[test]
    fn every_flaw_has_its_line() {
        let good = format!("{T},a,x,,viewer,listed\n");
        for (bad, wanted) in [
            (format!("{T},a,X,,viewer,listed"), "chatter: a login has only the letters a to z, digits and _"),
            (format!("{T},a,,,viewer,listed"), "chatter: a login is needed"),
            (format!("{T},a,{},,viewer,listed", "x".repeat(26)), "chatter: a login has at most 25 characters"),
            (format!("{T},A,x,,viewer,listed"), "channel: a login has only the letters a to z, digits and _"),
            (
                format!("{T},a,y,07,viewer,listed"),
                "chatter_id: a Twitch id is a positive decimal number of at most 18 digits",
            ),
            (
                format!("{T},a,y,,king,listed"),
                "role: no role (there are broadcaster, vip, moderator, staff, admin, global_mod, viewer, unknown)",
            ),
            (format!("{T},a,y,,viewer,heard"), "evidence: no evidence (there are listed, spoke)"),
            (format!("{T},a,y,,viewer"), "5 fields where the header has 6"),
            (
                "2026-11-22T00:10:00Z,a,y,,viewer,listed".into(),
                "sampled_at is not within the slot 2026-11-22T00:05:00Z",
            ),
            ("midnight,a,y,,viewer,listed".into(), "sampled_at: not an RFC 3339 time in UTC"),
        ] {
            for quoted in [false, true] {
                let bad = if quoted { bad.replace(",a,", ",\"a\",") } else { bad.clone() };
                let (line, flaw) = read(TODAY, &format!("{good}{}{bad}\n", good.replace(",x,", ",y,"))).unwrap_err();
                assert_eq!((line, flaw.to_string().as_str()), (2, wanted), "{bad}");
            }
        }
        let mut bytes = good.into_bytes();
        bytes.push(0xff);
        let header = Header::parse(TODAY, &CHATTERS, CHATTERS_NEEDED).unwrap();
        assert!(matches!(parse(&bytes, &header, at()), Err((1, Flaw::NotUtf8))));
    }
}
