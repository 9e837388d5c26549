//! What a comparison found.

use std::collections::BTreeMap;

use model::day::Day;
use model::login::Login;
use store::day::SkippedSweep;
use store::verification::Verification;

/// Differences told one by one; more are counted.
const TOLD: usize = 1_000;

/// Differences that the short reason names.
const SHORT: usize = 5;

/// How a day and its archive agree.
#[derive(Clone, Debug)]
pub struct VerifyReport {
    /// The day.
    pub day: Day,
    /// Whether it was still open when it was imported.
    pub provisional: bool,
    /// Which import of the day was compared.
    pub generation: u32,
    /// What the sample was drawn with.
    pub seed: u64,
    /// Sweeps read.
    pub sweeps: u64,
    /// Sweeps that were knowingly left out of the day, by slot, and so of the comparison.
    pub skipped: Vec<SkippedSweep>,
    /// How often the chatters were read: twice where the first reading found renamed people.
    pub readings: u32,
    /// Observations read.
    pub observations: u64,
    /// Viewers compared bit by bit.
    pub viewers: u64,
    /// Channels compared bit by bit.
    pub channels: u64,
    /// How much differed.
    pub failures: u64,
    /// What, up to a thousand of them.
    pub differences: Vec<Difference>,
}

/// Something in which the day and its archive differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A viewer of the sample.
    Viewer {
        /// Who: not for the log.
        login: Login,
        /// In what.
        what: ViewerFault,
    },
    /// A channel.
    Channel {
        /// Which.
        login: Login,
        /// In what.
        what: ChannelFault,
    },
    /// The number of a channel's observations: those read are not those kept, suppressed and joined.
    Sum {
        /// The channel.
        login: Login,
        /// Read from the archive.
        observations: u64,
        /// Slots in runs of the store.
        kept: u64,
        /// Of people or channels that opted out.
        suppressed: u64,
        /// Of two logins of one account.
        joined: u64,
    },
    /// As many observations of a channel as there should be, but other ones.
    Fingerprint {
        /// The channel.
        login: Login,
    },
    /// Presence in a channel that has no day.
    Stray {
        /// Slots in runs.
        observations: u64,
    },
    /// A figure of the day's record.
    Record {
        /// Which.
        fact: Fact,
        /// What the record says.
        held: u64,
        /// What was found.
        found: u64,
    },
    /// An object of the archive is not the one that the day's manifest lists.
    Object {
        /// Its name.
        name: String,
        /// In what.
        what: ObjectFault,
    },
    /// The store holds what no program of ours wrote.
    Damaged(String),
}

/// In what an object differs from what the manifest says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectFault {
    /// It is not there.
    Lost,
    /// It has another length.
    Size {
        /// Its own, in bytes.
        bytes: u64,
        /// The manifest's.
        listed: u64,
    },
    /// It has as many bytes, but other ones.
    Checksum,
}

/// In what a viewer differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ViewerFault {
    /// In the archive and not in the store.
    Missing,
    /// In the store and not in the archive, or there twice, or opted out.
    Invented,
    /// Where and when they were.
    Presence,
    /// Whether they are a bot.
    Bot,
    /// Twitch's id of them.
    Id,
}

/// In what a channel differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelFault {
    /// In the archive and not in the store.
    Missing,
    /// In the store and not in the archive, or opted out.
    Invented,
    /// What was observed of it, from this slot on.
    Slot(u16),
    /// What it broadcast.
    Segments,
    /// Twitch's id of it.
    Id,
    /// Its name as displayed.
    DisplayName,
}

/// A figure of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Sweeps that the day was made of.
    Sweeps,
    /// Observations read.
    Observations,
    /// Slots in runs.
    Kept,
    /// Observations of people and channels that opted out.
    Suppressed,
    /// Observations that two logins of an account share.
    Joined,
    /// People, bots left out.
    Viewers,
    /// Bots.
    Bots,
}

impl VerifyReport {
    /// Whether all agrees.
    pub fn is_ok(&self) -> bool {
        self.failures == 0
    }

    pub(super) fn add(&mut self, difference: Difference) {
        self.failures += 1;
        if self.differences.len() < TOLD {
            self.differences.push(difference);
        }
    }

    /// What the store remembers. `now`: Unix time in seconds.
    pub fn remembered(&self, now: i64) -> Verification {
        Verification {
            day: self.day,
            generation: self.generation,
            at: now,
            seed: self.seed,
            viewers: self.viewers,
            channels: self.channels,
            failures: self.failures,
            observations: self.observations,
            ok: self.is_ok(),
            reason: self.reason(),
        }
    }

    /// What differs, in short; empty when all agrees. It names no viewer.
    pub fn reason(&self) -> String {
        let mut parts = self.texts();
        let more = parts.len().saturating_sub(SHORT);
        parts.truncate(SHORT);
        if more > 0 {
            parts.push(format!("and {more} more"));
        }
        parts.join("; ")
    }

    /// What differs, a line each: viewers by their number, everything else by name.
    pub fn texts(&self) -> Vec<String> {
        let mut viewers: BTreeMap<ViewerFault, u64> = BTreeMap::new();
        let mut others = Vec::new();
        for difference in &self.differences {
            match difference {
                Difference::Viewer { what, .. } => *viewers.entry(*what).or_default() += 1,
                other => others.push(other.text()),
            }
        }
        let counted = |(what, count): (ViewerFault, u64)| format!("{count} viewers of the sample {}", what.text());
        viewers.into_iter().map(counted).chain(others).collect()
    }

    /// The viewers that differ, by name: for the operator's eyes.
    pub fn named_viewers(&self) -> impl Iterator<Item = (&Login, ViewerFault)> {
        self.differences.iter().filter_map(|difference| match difference {
            Difference::Viewer { login, what } => Some((login, *what)),
            _ => None,
        })
    }
}

impl Difference {
    /// In words, without a viewer's name.
    fn text(&self) -> String {
        match self {
            Difference::Viewer { what, .. } => format!("a viewer of the sample {}", what.text()),
            Difference::Channel { login, what } => format!("channel {login} {}", what.text()),
            Difference::Sum { login, observations, kept, suppressed, joined } => format!(
                "channel {login}: {observations} observations were read, and {kept} kept + {suppressed} suppressed + \
                 {joined} joined are not as many"
            ),
            Difference::Fingerprint { login } => {
                format!("channel {login}: as many observations as were read, but not the same ones")
            }
            Difference::Stray { observations } => format!("{observations} observations in channels without a day"),
            Difference::Record { fact, held, found } => {
                format!("the day's record says {held} {}, and {found} were found", fact.text())
            }
            Difference::Object { name, what } => format!("{name} {}", what.text()),
            Difference::Damaged(text) => text.clone(),
        }
    }
}

impl ViewerFault {
    /// In words, after "viewers".
    pub fn text(self) -> &'static str {
        match self {
            ViewerFault::Missing => "are not in the store",
            ViewerFault::Invented => "should not be in the store, or not twice",
            ViewerFault::Presence => "were elsewhere, or at other times",
            ViewerFault::Bot => "are taken for bots and are none, or the other way round",
            ViewerFault::Id => "have another id",
        }
    }
}

impl ChannelFault {
    fn text(self) -> String {
        match self {
            ChannelFault::Missing => "is not in the store".to_owned(),
            ChannelFault::Invented => "should not be in the store".to_owned(),
            ChannelFault::Slot(slot) => {
                format!("was observed otherwise, first at {:02}:{:02} UTC", slot / 12, slot % 12 * 5)
            }
            ChannelFault::Segments => "broadcast something else".to_owned(),
            ChannelFault::Id => "has another id".to_owned(),
            ChannelFault::DisplayName => "is displayed by another name".to_owned(),
        }
    }
}

impl ObjectFault {
    fn text(self) -> String {
        match self {
            ObjectFault::Lost => "is not there, and the day's manifest lists it".to_owned(),
            ObjectFault::Size { bytes, listed } => format!("has {bytes} bytes, and the day's manifest says {listed}"),
            ObjectFault::Checksum => "has another checksum than the day's manifest says".to_owned(),
        }
    }
}

impl Fact {
    fn text(self) -> &'static str {
        match self {
            Fact::Sweeps => "sweeps",
            Fact::Observations => "observations",
            Fact::Kept => "slots in runs",
            Fact::Suppressed => "observations suppressed",
            Fact::Joined => "observations joined",
            Fact::Viewers => "viewers",
            Fact::Bots => "bots",
        }
    }
}
