//! What a day's archive says, against what was true and what the log of its Twitch tells.

use std::collections::{BTreeMap, BTreeSet};

use archive::Archive;
use model::day::Day;
use model::login::Login;
use model::sample::StreamSample;
use model::slot::{Slot, SlotTime};
use model::words::{ListStatus, StreamStatus};
use simulator::server::SimulatedTwitch;
use simulator::server::faults::Fault;
use simulator::server::log::Entry;
use simulator::twitch::{List, OnAir};

/// Virtual seconds into a slot until which an answer is surely read in time: a sweep asks for 270, and a client takes some.
const IN_TIME: i64 = 200;
/// A sweep that would begin so many virtual seconds into its slot does not, says the collector.
const LATE: i64 = 150;
/// Virtual seconds that a task may wake late in a calm slot: a hundredth of a real one. What is missing in others is missing
/// because the machine was busy; what is false is false in all of them.
const CALM: i64 = 20;
/// Virtual seconds after which a sweep is archived in a calm slot: it asks until 270.
const ARCHIVED: i64 = 320;

/// A collector's Twitch, and when each of its sweeps was told of.
pub(crate) struct Witness {
    pub(crate) twitch: SimulatedTwitch,
    pub(crate) told: BTreeMap<SlotTime, i64>,
}

/// A day, counted.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    pub(crate) sweeps: usize,
    /// Of these by the second collector.
    pub(crate) by_second: usize,
    /// Slots without a sweep in which nobody was known yet, and Twitch told of nobody.
    pub(crate) blind: usize,
    /// Slots without a sweep because the machine was late.
    pub(crate) late: usize,
    /// Sweeps in calm slots.
    pub(crate) calm: usize,
    pub(crate) live: usize,
    pub(crate) off_air: usize,
    pub(crate) unknown: usize,
    /// Lists that were to be asked for.
    pub(crate) lists: usize,
    pub(crate) complete: usize,
    pub(crate) partial: usize,
    pub(crate) missing: usize,
    /// Lists whose first answer was not the truth, or that were not asked for: as many would be missing if nobody asked again.
    pub(crate) first_untrue: usize,
    /// Missing ones that were told truly, but late; or of channels that were told late, so that nobody asked.
    pub(crate) excused: usize,
    /// Of these, in calm slots and not late: the machine took longer than a client waits for one answer, or there is a fault.
    pub(crate) puzzling: usize,
    /// Faults that happened.
    pub(crate) faults: BTreeMap<Fault, usize>,
    /// What is false in the archive, and slots without a sweep for no reason. Empty, if all is well.
    pub(crate) wrong: Vec<String>,
}

/// A witness's answers by slot and path.
struct Answers(BTreeMap<SlotTime, BTreeMap<String, Vec<Entry>>>);

impl Answers {
    fn of(witness: &Witness) -> Answers {
        assert_eq!(witness.twitch.log().forgotten(), 0, "the log is too short");
        let mut answers: BTreeMap<SlotTime, BTreeMap<String, Vec<Entry>>> = BTreeMap::new();
        for entry in witness.twitch.log().entries() {
            // Answers about tokens are about no slot: they count for the one that they were given in.
            let at = entry.slot.unwrap_or_else(|| SlotTime::from_unix(entry.at).unwrap());
            answers.entry(at).or_default().entry(entry.path.clone()).or_default().push(entry);
        }
        Answers(answers)
    }

    fn list(&self, channel: &Login, at: SlotTime) -> &[Entry] {
        let path = format!("/group/user/{channel}/chatters");
        self.0.get(&at).and_then(|paths| paths.get(&path)).map_or(&[], Vec::as_slice)
    }

    /// What Helix and the tokens' server answered in a slot.
    fn others(&self, at: SlotTime) -> impl Iterator<Item = &Entry> {
        let paths = self.0.get(&at).into_iter().flatten();
        paths.filter(|(path, _)| !path.starts_with("/group")).flat_map(|(_, entries)| entries)
    }
}

/// Judges all slots of a day. `late` is how late a task woke in each slot, in virtual seconds.
pub(crate) async fn judge(
    archive: &Archive,
    day: Day,
    witnesses: &[Witness],
    late: &BTreeMap<SlotTime, i64>,
) -> Judged {
    let mut judged = Judged::default();
    let answers: Vec<Answers> = witnesses.iter().map(Answers::of).collect();
    for entry in witnesses.iter().flat_map(|witness| witness.twitch.log().entries()) {
        if let Some(fault) = entry.fault {
            *judged.faults.entry(fault).or_default() += 1;
        }
    }
    let swept: BTreeSet<Slot> = archive.sweeps(day).await.unwrap().into_iter().collect();
    for slot in Slot::all() {
        let at = SlotTime::new(day, slot);
        if !swept.contains(&slot) {
            judged.gap(at, witnesses, &answers, late);
            continue;
        }
        let Some(who) = witnesses.iter().position(|witness| witness.told.contains_key(&at)) else {
            judged.wrong.push(format!("{at}: nobody told of that sweep"));
            continue;
        };
        judged.sweeps += 1;
        judged.by_second += who;
        let archived = witnesses[who].told[&at] - at.unix();
        let is_calm = late.get(&at).is_none_or(|late| *late < CALM) && archived < ARCHIVED;
        judged.calm += usize::from(is_calm);
        let rows = archive.read_streams(at).await.unwrap();
        let people = archive.read_chatters(at).await.unwrap();
        let mut listed: BTreeMap<&Login, BTreeSet<&str>> = BTreeMap::new();
        for person in people.iter() {
            listed.entry(person.channel).or_default().insert(person.chatter);
        }
        let on_air: BTreeMap<Login, OnAir> =
            witnesses[who].twitch.on_air(at).into_iter().map(|one| (one.user.login.clone(), one)).collect();
        for row in &rows {
            judged.status(row, on_air.get(&row.channel));
            let listed = listed.remove(&row.channel).unwrap_or_default();
            judged.list(row, &listed, &witnesses[who].twitch, &answers[who], is_calm);
        }
        if !listed.is_empty() {
            judged.wrong.push(format!("{at}: people in {} channels that have no row", listed.len()));
        }
    }
    judged
}

impl Judged {
    /// A slot that has no sweep: why not?
    fn gap(&mut self, at: SlotTime, witnesses: &[Witness], answers: &[Answers], late: &BTreeMap<SlotTime, i64>) {
        let told = || witnesses.iter().flat_map(|witness| &witness.told).filter(|(slot, _)| **slot < at);
        let named = |entry: &Entry| entry.told.is_some_and(|told| told > 0);
        if told().next().is_none() && !answers.iter().any(|answers| answers.others(at).any(named)) {
            self.blind += 1;
        } else if told().any(|(_, told)| told - at.unix() >= LATE) || late.get(&at).is_none_or(|late| *late >= CALM) {
            self.late += 1;
        } else {
            self.wrong.push(format!("{at}: no sweep, and no reason"));
        }
    }

    fn status(&mut self, row: &StreamSample, truly: Option<&OnAir>) {
        let stream = row.stream.as_ref();
        let is_true = match row.status {
            StreamStatus::Live => {
                self.live += 1;
                truly.zip(stream).is_some_and(|(truly, told)| {
                    told.stream_id == truly.stream_id
                        && told.viewer_count == Some(truly.viewers)
                        && row.channel_id == Some(truly.user.id)
                })
            }
            StreamStatus::OffAir => {
                self.off_air += 1;
                truly.is_none()
            }
            StreamStatus::Unknown => {
                self.unknown += 1;
                true
            }
        };
        if !is_true {
            self.wrong.push(format!("{} {}: {:?} is false", row.sampled_at, row.channel, row.status));
        }
    }

    fn list(
        &mut self,
        row: &StreamSample,
        listed: &BTreeSet<&str>,
        twitch: &SimulatedTwitch,
        answers: &Answers,
        is_calm: bool,
    ) {
        let (at, channel) = (row.sampled_at, &row.channel);
        let is_asked = row.chatters_source.is_some();
        let truly: BTreeSet<String> = match twitch.list(channel, at) {
            List::Names(names) if is_asked => names.into_iter().map(|(login, _)| login).collect(),
            List::Names(_) | List::Fails(_) => BTreeSet::new(),
        };
        let false_present = listed.iter().filter(|person| !truly.contains(**person)).count();
        if false_present > 0 {
            self.wrong.push(format!("{at} {channel}: {false_present} were not there"));
        }
        if !is_asked {
            return;
        }
        let answers_to_it = answers.list(channel, at);
        self.lists += 1;
        self.first_untrue += usize::from(!answers_to_it.first().is_some_and(Entry::is_true));
        match row.list_status {
            ListStatus::Complete => {
                self.complete += 1;
                if listed.len() != truly.len() || row.chatter_count != Some(truly.len() as u32) {
                    self.wrong.push(format!("{at} {channel}: {} of {} are complete", listed.len(), truly.len()));
                }
            }
            ListStatus::Partial => {
                self.partial += 1;
                if !answers_to_it.iter().any(|answer| answer.fault == Some(Fault::CutOff)) {
                    self.wrong.push(format!("{at} {channel}: partial, and was not cut off"));
                }
            }
            ListStatus::Missing => {
                self.missing += 1;
                // Whom a slow answer tells may have given it up, and asked again.
                let told = answers_to_it.iter().find(|answer| answer.is_true() && answer.fault.is_none());
                let after = match told {
                    Some(told) => Some(told.at - at.unix()),
                    // Nobody can ask where it is told late who is live.
                    None if answers_to_it.is_empty() => answers.others(at).map(|other| other.at - at.unix()).max(),
                    None => None,
                };
                self.excused += usize::from(after.is_some());
                self.puzzling += usize::from(is_calm && after.is_some_and(|after| after < IN_TIME));
                assert!(listed.is_empty() && row.chatter_count.is_none(), "{at} {channel}");
            }
        }
    }
}
