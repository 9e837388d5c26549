//! The likely time zone.

use model::analysis::summer_time::Clocks;
use model::analysis::time_zone::{Evidence, TimeZone};

use super::not_yet;
use crate::components::speech;
use crate::data::trace::Trace;
use crate::draw::words::list;
use crate::node::{Element, el};
use crate::pages::evidence::by_hour;
use crate::pages::findings::{Said, result, section};
use crate::texts::td_string;

/// From this weight on nothing else comes near. Less is not so sure: see `docs/validation.md` on what weights are worth.
const NOTHING_NEAR: f64 = 0.95;

/// The section.
pub(super) fn zone(data: &Trace) -> Element {
    let (language, locale) = speech();
    let section = section("zone", td_string!(locale, trace.zone.h), td_string!(locale, trace.zone.sub).to_owned());
    let Some(finding) = &data.as_seen.time_zone else {
        let Some(all) = &data.everybody else { return section.child(not_yet()) };
        let need = language.number(model::analysis::reference::PEOPLE_NEEDED);
        let have = language.number(all.time_zone_people.into());
        let few = td_string!(locale, trace.zone.few, have, need).to_string();
        return section.child(el("p").class("measure muted").text(few));
    };
    let weighed = if data.french { td_string!(locale, trace.zone.french) } else { td_string!(locale, trace.zone.flat) };
    let why = td_string!(locale, trace.zone.why, weighed).to_string();
    let verdict = result("", finding, why, |found| {
        let mut said = vec![likely(found), weights(found)];
        said.push(clocks(found));
        Said::from_evidence(said, profiles(&found.evidence))
    });
    section.child(verdict)
}

/// The likeliest offset, and how sure that is.
pub(super) fn likely(found: &TimeZone) -> String {
    let (_, locale) = speech();
    let Some(first) = found.offsets.first() else { return String::new() };
    let offset = first.offset.to_string();
    if first.weight >= NOTHING_NEAR {
        td_string!(locale, trace.zone.is, offset).to_string()
    } else if found.is_sure {
        td_string!(locale, trace.zone.most, offset).to_string()
    } else {
        td_string!(locale, trace.zone.or, offset).to_string()
    }
}

fn weights(found: &TimeZone) -> String {
    let (language, locale) = speech();
    let each: Vec<String> = found
        .offsets
        .iter()
        .map(|weighed| format!("{} ({})", weighed.offset, language.percent(weighed.weight, 0)))
        .collect();
    td_string!(locale, trace.zone.weights, offsets = list(language, &each)).to_string()
}

fn clocks(found: &TimeZone) -> String {
    let (_, locale) = speech();
    match found.summer_time {
        None => td_string!(locale, trace.zone.no_change),
        Some(told) => match told.clocks {
            None => td_string!(locale, trace.zone.undecided),
            Some(Clocks::Fixed) => td_string!(locale, trace.zone.fixed),
            Some(Clocks::European) => td_string!(locale, trace.zone.european),
            Some(Clocks::American) => td_string!(locale, trace.zone.american),
        },
    }
    .to_owned()
}

/// Both days by hour.
fn profiles(evidence: &Evidence) -> Element {
    let (language, locale) = speech();
    let days = [
        (td_string!(locale, trace.zone.person), evidence.person),
        // Shares of the same hours, or they could not be compared.
        (
            td_string!(locale, trace.zone.people),
            std::array::from_fn(|hour| evidence.person[hour].map(|_| evidence.people[hour])),
        ),
    ];
    let caption = td_string!(locale, trace.zone.caption, offset = evidence.offset.to_string()).to_string();
    by_hour(caption, &days, |share| language.percent(share, 1))
}
