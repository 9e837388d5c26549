//! Where an invented person truly was: what pages and tests are compared with.

pub mod person;
pub mod whole;

use model::day::Day;
use model::login::Login;
use model::run::Run;
use model::slot::{Slot, SlotTime, Span};
use model::slot_set::SlotSet;
use serde::Serialize;

use crate::day_table::tidy;
use crate::outage::failure_of;
use crate::visit::{Air, Ground};
use crate::world::World;

/// One account on one UTC day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayTruth {
    /// The account.
    pub login: Login,
    /// The UTC day.
    pub day: Day,
    /// The channels it was in, by login.
    pub channels: Vec<ChannelTruth>,
}

/// One account in one channel on one UTC day. Runs are maximal; presence in a slot is presence at its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChannelTruth {
    /// The channel.
    pub channel: Login,
    /// Its name as displayed.
    pub display_name: String,
    /// In the chat.
    pub present: Vec<Run>,
    /// In the chat, and in a list that past days of the archive hold: `present` without the outages.
    pub listed: Vec<Run>,
    /// Slots in which the archive would show them absent: the channel off air, or its list complete.
    pub observed: Vec<Run>,
}

impl World {
    /// Where an account was on a UTC day; nothing when there is no such account.
    ///
    /// `listed` and `observed` tell what [`crate::write::write_days`] writes of a channel that it follows. A live
    /// collector adds gaps of its own, and sweeps where a past day has none.
    pub fn day_truth(&self, login: &Login, day: Day) -> Option<DayTruth> {
        let account = self.accounts.find(login.as_str())?;
        let air = Air::new(self.seed, &self.zones, &self.channels, day);
        let ground =
            Ground { seed: self.seed, zones: &self.zones, accounts: &self.accounts, circles: &self.circles, air: &air };
        let mut visits = Vec::new();
        ground.visits(account, day, &mut visits);
        let today = Span::of_day(day);
        let visits = tidy(visits, today);
        let outages = self.outages(day);
        let mut channels = Vec::new();
        for visits in visits.chunk_by(|a, b| a.channel == b.channel) {
            let place = usize::from(visits[0].channel);
            let channel = &self.channels[place];
            let runs = visits
                .iter()
                .filter_map(|visit| Run::new((visit.from - today.from) as u16, (visit.to - today.from) as u16));
            let present = SlotSet::from_runs(runs);
            let observed: SlotSet = Slot::all()
                .filter(|slot| {
                    let at = SlotTime::new(day, *slot);
                    let live = air.0[place].iter().any(|broadcast| broadcast.span.contains(at));
                    let unknown = outages.no_sweep.contains(*slot)
                        || outages.helix_down.contains(*slot)
                        || (!live && outages.ids_down.contains(*slot));
                    let failed = live && failure_of(self.seed, channel, day, *slot).is_some();
                    !unknown && !failed
                })
                .collect();
            channels.push(ChannelTruth {
                channel: channel.login.clone(),
                display_name: channel.display_name.clone(),
                listed: present.intersection(&observed).runs(),
                present: present.runs(),
                observed: observed.runs(),
            });
        }
        Some(DayTruth { login: login.clone(), day, channels })
    }
}

impl ChannelTruth {
    /// Minutes in the lists of the archive.
    pub fn listed_minutes(&self) -> u32 {
        self.listed.iter().map(|run| u32::from(run.slots()) * model::slot::SLOT_MINUTES).sum()
    }
}
