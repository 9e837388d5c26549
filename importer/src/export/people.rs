//! Everybody of a day: counted, and written only where presence was asked for.

use std::sync::Arc;

use model::day::Day;
use model::identity::TwitchId;
use model::presence::ChannelPresence;
use model::run::Run;
use model::slot::SlotTime;
use model::words::Evidence;
use store::dump::ViewerOfDay;
use store::suppression::Suppression;

use super::error::ExportError;
use super::followed::Followed;
use super::table::Cell;
use super::writer::PartWriter;

/// Counts people, and writes their runs to `presence` where there is one.
pub(crate) struct PeopleReader {
    day: Day,
    followed: Arc<Followed>,
    suppression: Suppression,
    pub(crate) census: Census,
    pub(crate) presence: Option<PartWriter>,
}

/// Exact counts of people, which are not to be told as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Census {
    /// Different people by the channel's place; bots left out.
    pub(crate) chatters: Vec<u64>,
    /// Different people; bots left out.
    pub(crate) viewers: u64,
    /// Of the others, bots.
    pub(crate) bots: u64,
    /// Slots in runs, of bots too.
    pub(crate) observations: u64,
}

impl PeopleReader {
    pub(crate) fn new(
        day: Day,
        followed: Arc<Followed>,
        suppression: Suppression,
        presence: Option<PartWriter>,
    ) -> PeopleReader {
        let census = Census { chatters: vec![0; followed.channels.len()], ..Census::default() };
        PeopleReader { day, followed, suppression, census, presence }
    }

    /// Takes a page of people.
    pub(crate) fn page(&mut self, page: &[ViewerOfDay]) -> Result<(), ExportError> {
        let opted_out = |viewer: &ViewerOfDay| self.suppression.holds(viewer.login.as_str(), viewer.id);
        for viewer in page.iter().filter(|viewer| !opted_out(viewer)) {
            let mut seen = false;
            for presence in &viewer.day.channels {
                let Some(place) = self.followed.place(presence.channel) else { continue };
                seen = true;
                self.census.chatters[place] += u64::from(!viewer.day.bot);
                let runs = presence.listed.iter().chain(&presence.spoke);
                self.census.observations += runs.map(|run| u64::from(run.slots())).sum::<u64>();
                if let Some(part) = &mut self.presence {
                    write_runs(part, self.day, viewer, self.followed.channels[place].login.as_str(), presence)?;
                }
            }
            // Who was in no chat but those of channels that opted out was nowhere.
            self.census.viewers += u64::from(seen && !viewer.day.bot);
            self.census.bots += u64::from(seen && viewer.day.bot);
        }
        Ok(())
    }
}

/// A row a run.
fn write_runs(
    part: &mut PartWriter,
    day: Day,
    viewer: &ViewerOfDay,
    channel: &str,
    presence: &ChannelPresence,
) -> Result<(), ExportError> {
    let mut row = |evidence: Evidence, run: &Run| {
        part.row(&[
            Cell::Text(viewer.login.as_str()),
            Cell::number(viewer.id.map(TwitchId::get)),
            Cell::Text(channel),
            Cell::Text(evidence.as_str()),
            Cell::Number(u64::from(run.from())),
            Cell::Number(u64::from(run.to())),
            Cell::Time(SlotTime::at(day, run.from())),
            Cell::Time(SlotTime::at(day, run.to())),
            Cell::Flag(viewer.day.bot),
        ])
    };
    presence.listed.iter().try_for_each(|run| row(Evidence::Listed, run))?;
    presence.spoke.iter().try_for_each(|run| row(Evidence::Spoke, run))
}
