//! A chat that somebody is in.

use std::collections::BTreeSet;

use crate::irc::called::Whose;
use crate::irc::chapter::Chapter;

pub(super) struct Room {
    pub(super) whose: Whose,
    /// Numbers of the connections in it.
    pub(super) members: BTreeSet<u64>,
    pub(super) chapter: Chapter,
    /// The first event that is not told yet.
    pub(super) next: usize,
}

impl Room {
    /// Begins in the middle of a chapter: what was before is told to nobody.
    pub(super) fn new(whose: Whose, chapter: Chapter, told_until: i64) -> Room {
        let next = chapter.events.partition_point(|event| event.at_ms <= told_until * 1_000);
        Room { whose, members: BTreeSet::new(), chapter, next }
    }
}
