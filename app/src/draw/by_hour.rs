//! A viewer's day of which only hours are kept: its chart, and what is said of it.

use charts::day_axis::DayAxis;
use charts::day_hours::{DayHours, HourOfDay, day_hours};
use charts::ink::Ink;
use charts::words::Words;
use model::format::Language;
use model::words::Tier;

use super::chart::{Axis, Chart, unobserved};
use super::words::{apart, capital};
use super::{day_axis, missing, viewer};
use crate::data::by_hour::{ByHour, HourKept};
use crate::data::local_day::LocalDay;
use crate::data::viewer::ViewerDay;
use crate::language::locale;
use crate::texts::td_string;

/// The hours kept of the day.
pub(crate) fn hours(language: Language, data: &ViewerDay) -> Chart {
    let locale = locale(language);
    let input = input(language, data);
    let minutes = move |slots: u64| language.slots(slots);
    Chart {
        name: "hours",
        finding: viewer::seen(
            language,
            &data.local,
            data.by_hour.hours.iter().map(|hour| (hour.at.0, u32::from(hour.present))),
        ),
        sub: td_string!(locale, viewer.by_hour.sub).to_owned(),
        legend: vec![(Ink::Bar, td_string!(locale, frame.legend.seen).to_owned()), unobserved(language)],
        scene: day_hours("hours", &input, &minutes),
        rows: input.rows(),
        axis: Axis::of(&data.local),
    }
}

fn input(language: Language, data: &ViewerDay) -> DayHours {
    let date = language.weekday_date(data.local.day);
    let hour = |hour: &HourKept| HourOfDay {
        span: hour.at.into(),
        present: hour.present.into(),
        unknown: hour.unknown.into(),
    };
    let seen = data.by_hour.hours.iter().filter(|hour| hour.present > 0);
    let desc: Vec<String> = seen.map(|hour| at(language, &data.local, hour)).collect();
    let end = data.parts(Tier::Hours).map(|part| part.1).max().unwrap_or_default();
    DayHours {
        words: Words {
            title: capital(td_string!(locale(language), viewer.chart_title, date).as_ref()),
            desc: format!("{}.", apart(language, &desc)),
        },
        axis: DayAxis { until: end, ..day_axis(&data.local) },
        hours: data.by_hour.hours.iter().map(hour).collect(),
        no_sweep: no_sweep(data, end),
    }
}

/// Gaps between sweeps where no hour says what is not known.
fn no_sweep(data: &ViewerDay, end: u32) -> Vec<charts::stretch::Stretch> {
    let within = |at: u32, stretch: &crate::data::Stretch| stretch.0 <= at && at < stretch.1;
    let is_known = |at: u32| {
        !data.local.gaps.iter().any(|gap| within(at, gap))
            || !data.parts(Tier::Hours).any(|part| within(at, &part))
            || data.by_hour.hours.iter().any(|hour| within(at, &hour.at))
    };
    missing(&(0..end).map(|at| is_known(at).then_some(())).collect::<Vec<_>>(), end)
}

/// `21:00 to 22:00: 55 min in chats, 5 min not observed`.
fn at(language: Language, local: &LocalDay, hour: &HourKept) -> String {
    let locale = locale(language);
    let (from, to) = (local.clock(hour.at.0), local.clock(hour.at.1));
    let t = language.slots(hour.present.into());
    if hour.unknown == 0 {
        td_string!(locale, viewer.by_hour.read, from, to, t).to_string()
    } else {
        let u = language.slots(hour.unknown.into());
        td_string!(locale, viewer.by_hour.read_unknown, from, to, t, u).to_string()
    }
}

/// What the chart says at a slot, for who moves along it.
pub(crate) fn read(language: Language, local: &LocalDay, by_hour: &ByHour, slot: u32) -> String {
    match by_hour.hours.iter().find(|hour| hour.at.0 <= slot && slot < hour.at.1) {
        Some(hour) => at(language, local, hour),
        None if local.gaps.iter().any(|gap| gap.0 <= slot && slot < gap.1) => {
            td_string!(locale(language), viewer.read_unobserved, time = local.clock(slot)).to_string()
        }
        None => td_string!(locale(language), viewer.read_none, time = local.clock(slot)).to_string(),
    }
}

/// What is said of a day that is not kept by slot throughout, in sentences.
pub(crate) fn standing(language: Language, data: &ViewerDay) -> Vec<String> {
    let locale = locale(language);
    // A day that is gone says so in its title.
    let coarse = data.kept.iter().filter(|kept| kept.tier != Tier::Slots && !data.is_gone());
    coarse
        .map(|kept| {
            let (from, to) = (data.local.clock(kept.at.0), data.local.clock(kept.at.1));
            match kept.tier {
                Tier::Aggregates => td_string!(locale, viewer.kept.gone_part, from, to).to_string(),
                _ if kept.at.slots() == data.local.slots() => td_string!(locale, viewer.kept.hours).to_owned(),
                _ => td_string!(locale, viewer.kept.hours_part, from, to).to_string(),
            }
        })
        .collect()
}
