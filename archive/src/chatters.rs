//! The rows of one `chatters/` object, packed.

use std::ops::Range;

use model::identity::TwitchId;
use model::login::Login;
use model::sample::ChatterSample;
use model::words::{Evidence, Role};

/// One person in one chat, borrowed: what the writer takes and the reader gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChatterRow<'a> {
    /// The channel's login.
    pub channel: &'a Login,
    /// The person's login.
    pub chatter: &'a str,
    /// Twitch's id of the person, where the source gives it.
    pub id: Option<TwitchId>,
    /// What the person is in that chat.
    pub role: Role,
    /// What proves the presence.
    pub evidence: Evidence,
}

impl ChatterRow<'_> {
    /// The row with its own logins. Nothing when the login is none; rows that were read always have one.
    pub fn to_sample(self) -> Option<ChatterSample> {
        Some(ChatterSample {
            channel: self.channel.clone(),
            chatter: self.chatter.parse().ok()?,
            evidence: self.evidence,
            chatter_id: self.id,
            role: self.role,
        })
    }
}

/// Everybody whom one sweep saw: 16 bytes a row and the logins end to end, about half of the text they came from.
#[derive(Clone, Debug, Default)]
pub struct ChatterList {
    groups: Vec<Group>,
    rows: Vec<Row>,
    names: String,
    /// The first row that does not ascend.
    unsorted: Option<u32>,
}

/// Rows of one channel, one after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The channel's login.
    pub channel: Login,
    /// Its rows, as places in [`ChatterList::rows`].
    pub rows: Range<u32>,
}

/// One packed row; its login is [`ChatterList::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Twitch's id of the person, where the source gives it.
    pub id: Option<TwitchId>,
    name: u32,
    len: u8,
    /// What the person is in that chat.
    pub role: Role,
    /// What proves the presence.
    pub evidence: Evidence,
}

impl ChatterList {
    /// Groups in the order of the object. In a sorted list each channel has one group, and they ascend bytewise.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// All rows. In a sorted list those of a group ascend by login and evidence, each once.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The login of a row of this list.
    pub fn name(&self, row: &Row) -> &str {
        &self.names[row.name as usize..row.name as usize + usize::from(row.len)]
    }

    /// All rows with their channels.
    pub fn iter(&self) -> impl Iterator<Item = ChatterRow<'_>> {
        self.groups.iter().flat_map(move |group| {
            self.rows[group.rows.start as usize..group.rows.end as usize].iter().map(move |row| ChatterRow {
                channel: &group.channel,
                chatter: self.name(row),
                id: row.id,
                role: row.role,
                evidence: row.evidence,
            })
        })
    }

    /// Whether rows strictly ascend by channel, login, evidence, as our own objects do.
    pub fn is_sorted(&self) -> bool {
        self.unsorted.is_none()
    }

    /// How many rows ascend before the first that does not; nothing of a sorted list.
    pub(crate) fn sorted_rows(&self) -> Option<u64> {
        self.unsorted.map(u64::from)
    }

    /// Sorts a foreign list and drops rows that repeat channel, login and evidence; keeps the one with an id.
    pub fn sort(&mut self) {
        if self.is_sorted() {
            return;
        }
        let mut order: Vec<(&Login, &str, Row)> = (self.groups.iter())
            .flat_map(|group| {
                self.rows[group.rows.start as usize..group.rows.end as usize]
                    .iter()
                    .map(move |row| (&group.channel, row))
            })
            .map(|(channel, row)| (channel, self.name(row), *row))
            .collect();
        order.sort_by(|a, b| {
            let of = |x: &(&Login, &str, Row)| (x.2.evidence, x.2.id.is_none());
            a.0.cmp(b.0).then_with(|| a.1.cmp(b.1)).then_with(|| of(a).cmp(&of(b)))
        });
        order.dedup_by(|later, first| (later.0, later.1, later.2.evidence) == (first.0, first.1, first.2.evidence));
        let mut sorted = ChatterList::default();
        for (channel, name, row) in order {
            sorted.begin(channel);
            sorted.push(name, row.id, row.role, row.evidence);
        }
        *self = sorted;
    }

    /// Rows that follow are of this channel.
    pub(crate) fn begin(&mut self, channel: &Login) {
        let here = self.rows.len() as u32;
        match self.groups.last() {
            Some(last) if last.channel == *channel => return,
            Some(last) if last.channel > *channel => self.unsorted = self.unsorted.or(Some(here)),
            _ => {}
        }
        self.groups.push(Group { channel: channel.clone(), rows: here..here });
    }

    /// Adds a row to the last group; `name` is a login.
    pub(crate) fn push(&mut self, name: &str, id: Option<TwitchId>, role: Role, evidence: Evidence) {
        let Some(group) = self.groups.last_mut() else { return };
        if group.rows.start < group.rows.end
            && let Some(last) = self.rows.last()
        {
            let before = &self.names[last.name as usize..last.name as usize + usize::from(last.len)];
            if (before, last.evidence) >= (name, evidence) && self.unsorted.is_none() {
                self.unsorted = Some(self.rows.len() as u32);
            }
        }
        group.rows.end += 1;
        let start = self.names.len() as u32;
        self.names.push_str(name);
        self.rows.push(Row { id, name: start, len: name.len() as u8, role, evidence });
    }

    /// Adds the rows of the part of the object that follows.
    pub(crate) fn append(&mut self, part: &ChatterList) {
        if self.rows.is_empty() {
            *self = part.clone();
            return;
        }
        self.rows.reserve(part.rows.len());
        for group in &part.groups {
            self.begin(&group.channel);
            for row in &part.rows[group.rows.start as usize..group.rows.end as usize] {
                self.push(part.name(row), row.id, row.role, row.evidence);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(rows: &[(&str, &str, Evidence)]) -> ChatterList {
        let mut list = ChatterList::default();
        for (channel, name, evidence) in rows {
            list.begin(&channel.parse().unwrap());
            list.push(name, None, Role::Viewer, *evidence);
        }
        list
    }

    #[test]
    fn order_is_told_and_mended() {
        use Evidence::{Listed, Spoke};
        let mended = [("a", "x", Listed), ("a", "x", Spoke), ("b", "a", Listed), ("b", "b_", Listed)];
        assert!(list(&mended).is_sorted());
        for foreign in [
            vec![mended[2], mended[0], mended[1], mended[3]],
            vec![mended[1], mended[0], mended[2], mended[3]],
            vec![mended[0], mended[0], mended[1], mended[2], mended[3]],
            vec![mended[3], mended[2], mended[1], mended[0], mended[3]],
        ] {
            let mut foreign = list(&foreign);
            assert!(!foreign.is_sorted());
            foreign.sort();
            assert!(foreign.is_sorted());
            assert_eq!(foreign.iter().collect::<Vec<_>>(), list(&mended).iter().collect::<Vec<_>>());
            assert_eq!(foreign.groups().len(), 2);
        }
    }

    #[test]
    fn parts_join_as_if_they_were_one() {
        use Evidence::Listed;
        let rows = [("a", "x", Listed), ("a", "y", Listed), ("b", "a", Listed)];
        for cut in 0..=rows.len() {
            let mut whole = list(&rows[..cut]);
            whole.append(&list(&rows[cut..]));
            assert_eq!(whole.groups(), list(&rows).groups());
            assert!(whole.is_sorted());
        }
        let mut twisted = list(&rows[1..]);
        twisted.append(&list(&rows[..1]));
        assert!(!twisted.is_sorted());
    }
}
