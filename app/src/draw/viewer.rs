//! A viewer's day: its chart, and the findings that are computed from it.

use charts::ink::Ink;
use charts::ribbons::{self, Ribbons};
use charts::words::Words;
use model::format::Language;
use model::words::Tier;

use super::chart::{Axis, Chart, unobserved};
use super::words::{capital, count, list};
use super::{day_axis, parts, phrases, stretches};
use crate::data::local_day::LocalDay;
use crate::data::viewer::{Ribbon, ViewerDay, Visit};
use crate::language::locale;
use crate::texts::td_string;

/// The longest description of a chart, in visits.
const DESC_VISITS: usize = 12;
/// A part of the day is named from this many slots with presence on: ten minutes.
const PART_SLOTS: u32 = 2;

/// The day: a ribbon per channel.
pub(crate) fn day(language: Language, data: &ViewerDay) -> Chart {
    let locale = locale(language);
    let input = ribbons(language, data);
    let spoke = data.ribbons.iter().flat_map(|ribbon| &ribbon.visits).any(|visit| !visit.listed);
    let mut legend = vec![(Ink::Bar, td_string!(locale, frame.legend.listed).to_owned())];
    if spoke {
        legend.push((Ink::Activity, td_string!(locale, frame.legend.spoke).to_owned()));
    }
    legend.push(unobserved(language));
    Chart {
        name: "day",
        finding: finding(language, data),
        sub: td_string!(locale, viewer.sub).to_owned(),
        legend,
        scene: ribbons::ribbons("day", &input),
        rows: input.rows(),
        axis: Axis::of(&data.local),
    }
}

fn ribbons(language: Language, data: &ViewerDay) -> Ribbons {
    let date = language.weekday_date(data.local.day);
    let desc: Vec<String> = data
        .ribbons
        .iter()
        .flat_map(|ribbon| ribbon.visits.iter().map(move |visit| (ribbon, visit)))
        .take(DESC_VISITS)
        .map(|(ribbon, visit)| format!("{} {}", ribbon.name, when(data, visit)))
        .collect();
    Ribbons {
        words: Words {
            title: capital(td_string!(locale(language), viewer.chart_title, date).as_ref()),
            desc: format!("{}.", desc.join(", ")),
        },
        axis: day_axis(&data.local),
        channels: data.ribbons.iter().map(|ribbon| row(language, data, ribbon)).collect(),
        no_sweep: stretches(&data.local.gaps),
        inferred: None,
        phrases: phrases(language),
    }
}

fn row(language: Language, data: &ViewerDay, ribbon: &Ribbon) -> ribbons::Ribbon {
    let total = if ribbon.watch_slots > 0 {
        language.duration_short(u64::from(ribbon.watch_slots) * 5)
    } else {
        td_string!(locale(language), viewer.fact.speech).to_owned()
    };
    let visit = |visit: &Visit| ribbons::Visit {
        present: stretches(&visit.present),
        listed: visit.listed,
        watched: visit.watch_slots,
        when: when(data, visit),
        parts: parts(&visit.scenes),
    };
    ribbons::Ribbon {
        name: ribbon.name.clone(),
        total,
        visits: ribbon.visits.iter().map(visit).collect(),
        unobserved: stretches(&ribbon.unobserved),
    }
}

/// `22:15–24:00`, on the local clock.
pub(crate) fn when(data: &ViewerDay, visit: &Visit) -> String {
    let span = visit.span();
    format!("{}–{}", data.local.clock(span.0), data.local.clock(span.1))
}

/// The title of the day: how long, in how many channels.
pub(crate) fn heading(language: Language, data: &ViewerDay) -> String {
    let locale = locale(language);
    let channels = count!(language, viewer.channels, data.channels);
    let by_hour = data.by_hour.present_slots();
    match (data.channels, data.watch_slots) {
        _ if data.is_gone() => td_string!(locale, viewer.h_gone).to_owned(),
        // In which channels, is not kept of the local day.
        _ if by_hour > 0 => {
            td_string!(locale, viewer.h_hours, t = language.slots(u64::from(by_hour + data.online_slots))).to_string()
        }
        (0, _) if data.local.swept() == 0 => td_string!(locale, viewer.h_unknown).to_owned(),
        (0, _) => td_string!(locale, viewer.h_none).to_owned(),
        (_, 0) => td_string!(locale, viewer.h_spoke, channels).to_string(),
        (_, slots) => td_string!(locale, viewer.h, t = language.slots(u64::from(slots)), channels).to_string(),
    }
}

/// The parts of the day with presence: `Seen around midday and late in the evening`.
pub(crate) fn finding(language: Language, data: &ViewerDay) -> String {
    let mut online = vec![false; data.local.slots() as usize];
    for present in data.ribbons.iter().flat_map(|ribbon| &ribbon.visits).flat_map(|visit| &visit.present) {
        let end = present.1.min(data.local.slots()) as usize;
        online[(present.0 as usize).min(end)..end].fill(true);
    }
    seen(language, &data.local, (0..).zip(&online).map(|(at, online)| (at, u32::from(*online))))
}

/// The parts of the day with presence, from the slots present by where they begin.
pub(super) fn seen(language: Language, local: &LocalDay, present: impl Iterator<Item = (u32, u32)>) -> String {
    let mut slots = [0u32; 6];
    for (at, present) in present {
        let minute = local.zone.minute_of((local.window.from + at as i32).unix());
        slots[part_of(minute / 60)] += present;
    }
    // Somebody seen for five minutes only was seen all the same.
    let least = if slots.iter().any(|n| *n >= PART_SLOTS) { PART_SLOTS } else { 1 };
    let locale = locale(language);
    let names = [
        td_string!(locale, viewer.part.night),
        td_string!(locale, viewer.part.morning),
        td_string!(locale, viewer.part.noon),
        td_string!(locale, viewer.part.afternoon),
        td_string!(locale, viewer.part.evening),
        td_string!(locale, viewer.part.late),
    ];
    let when: Vec<String> =
        slots.iter().zip(names).filter(|(n, _)| **n >= least).map(|(_, name)| name.to_owned()).collect();
    td_string!(locale, viewer.finding, when = list(language, &when)).to_string()
}

/// Night, morning, midday, afternoon, evening, late evening.
fn part_of(hour: u32) -> usize {
    match hour {
        0..6 => 0,
        6..12 => 1,
        12..14 => 2,
        14..18 => 3,
        18..22 => 4,
        _ => 5,
    }
}

/// What the chart says at a slot, for who moves along it.
pub(crate) fn read(language: Language, data: &ViewerDay, slot: u32) -> String {
    let locale = locale(language);
    let time = data.local.clock(slot);
    let within = |stretch: &crate::data::Stretch| stretch.0 <= slot && slot < stretch.1;
    let here: Vec<String> = data
        .ribbons
        .iter()
        .filter(|ribbon| ribbon.visits.iter().any(|visit| visit.present.iter().any(within)))
        .map(|ribbon| ribbon.name.clone())
        .collect();
    if !here.is_empty() {
        td_string!(locale, viewer.read_in, time, channels = list(language, &here)).to_string()
    } else if slot >= data.local.until {
        td_string!(locale, viewer.read_later, time).to_string()
    } else if data.parts(Tier::Hours).any(|part| within(&part)) {
        td_string!(locale, viewer.by_hour.read_slots, time).to_string()
    } else if data.local.gaps.iter().any(within) || data.ribbons.iter().any(|r| r.unobserved.iter().any(within)) {
        td_string!(locale, viewer.read_unobserved, time).to_string()
    } else {
        td_string!(locale, viewer.read_none, time).to_string()
    }
}
