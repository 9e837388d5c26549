//! The charts of the home page, and the findings that are computed from them.

use charts::coverage_calendar::{CoverageCalendar, CoverageDay};
use charts::day_axis::DayAxis;
use charts::day_bars::{DayBar, DayBars};
use charts::hour_bars::HourBars;
use charts::ink::Ink;
use charts::over_day::OverDay;
use charts::processing::{Processing, ProcessingDay};
use charts::raster::{Raster, RasterRow};
use charts::sparkline::Sparkline;
use charts::tick::Tick;
use charts::words::Words;
use model::day::Day;
use model::format::Language;
use model::order::sort_short;
use model::slot::SlotTime;

use super::chart::{Axis, Chart, unobserved};
use super::words::{capital, ratio};
use super::{hour_ticks, missing, stretches};
use crate::data::home::{Home, Now, Persona, TopChannel};
use crate::data::local_day::local;
use crate::language::locale;
use crate::texts::td_string;

/// Slots of a row of the raster: noon to noon; the hour more or less where clocks change is left to the night.
const ROW_SLOTS: u32 = 288;

/// Viewers over the day and a week before.
pub(crate) fn over_day(language: Language, home: &Home, now: &Now) -> Chart {
    let locale = locale(language);
    let input = over_day_input(language, home, now);
    let number = move |n| super::axis_number(language, n);
    Chart {
        name: "viewers",
        finding: over_finding(language, home, now),
        sub: td_string!(locale, home.over.sub, zone = home.zone.name.clone()).to_string(),
        legend: vec![
            (Ink::Bar, td_string!(locale, home.over.today).to_owned()),
            (Ink::Line2, input.before_label.clone()),
            unobserved(language),
        ],
        scene: charts::over_day::over_day("over-day", &input, &number),
        rows: input.rows(),
        axis: Axis::Clock(home.zone.clone(), now.window),
    }
}

/// Different people per day.
pub(crate) fn people(language: Language, home: &Home) -> Chart {
    let locale = locale(language);
    let input = people_input(language, home);
    let unknown = home.days.iter().any(|day| day.viewers.is_none());
    let number = move |n| super::axis_number(language, n);
    Chart {
        name: "people",
        finding: input.words.desc.clone(),
        sub: td_string!(locale, home.days.sub).to_owned(),
        legend: if unknown { vec![unobserved(language)] } else { Vec::new() },
        scene: charts::day_bars::day_bars("people", &input, &number),
        rows: input.rows(),
        axis: Axis::None,
    }
}

/// What is held of each of these days: samples, of how many.
pub(crate) fn held(language: Language, days: &[(u16, u16)], from: Day) -> Chart {
    let locale = locale(language);
    let input = calendar(language, days, from);
    let mut rows = input.rows();
    // The newest first: a table is cut.
    rows.rows.reverse();
    Chart {
        name: "samples",
        finding: input.words.desc.clone(),
        sub: td_string!(locale, home.right.calendar_sub).to_owned(),
        legend: vec![
            (Ink::Q(4), td_string!(locale, home.right.legend.all).to_owned()),
            (Ink::Q(2), td_string!(locale, home.right.legend.most).to_owned()),
            (Ink::Q(1), td_string!(locale, home.right.legend.less).to_owned()),
            (Ink::Unknown, td_string!(locale, home.right.legend.none).to_owned()),
        ],
        scene: charts::coverage_calendar::coverage_calendar("held", &input),
        rows,
        axis: Axis::None,
    }
}

/// How long the work takes.
pub(crate) fn took(language: Language, home: &Home) -> Chart {
    let locale = locale(language);
    let input = processing(language, home);
    let unknown = home.days.iter().any(|day| day.import_ms.is_none() && day.sweep_ms.is_none());
    let duration = move |ms| millis(language, ms);
    Chart {
        name: "times",
        finding: input.words.desc.clone(),
        sub: td_string!(locale, home.right.took_sub).to_owned(),
        legend: if unknown { vec![unobserved(language)] } else { Vec::new() },
        scene: charts::processing::processing("took", &input, &duration),
        rows: input.rows(),
        axis: Axis::None,
    }
}

fn over_day_input(language: Language, home: &Home, now: &Now) -> OverDay {
    let locale = locale(language);
    let (date, _) = local(&home.zone, now.at);
    let known = || now.today.iter().flatten();
    let number = |n: Option<&u64>| language.number(n.copied().unwrap_or(0));
    let until = (now.at - now.window.from) as u32 + 1;
    let weekday = language.weekday(date);
    OverDay {
        words: Words {
            title: td_string!(locale, home.over.title, date = language.weekday_date(date)).to_string(),
            desc: td_string!(locale, home.over.desc, least = number(known().min()), most = number(known().max()))
                .to_string(),
        },
        axis: DayAxis { slots: now.window.len(), until, ticks: hour_ticks(now.window, &home.zone) },
        today: now.today.clone(),
        before: now.before.clone(),
        unobserved: missing(&now.today, until),
        now_label: td_string!(locale, home.over.now, n = language.number(now.viewers)).to_string(),
        before_label: td_string!(locale, home.over.before, weekday).to_string(),
    }
}

/// How the day compares with the one a week before, over the slots known of both.
fn over_finding(language: Language, home: &Home, now: &Now) -> String {
    let locale = locale(language);
    let (date, time) = local(&home.zone, now.at);
    let both = now.today.iter().zip(&now.before).filter_map(|(a, b)| Some(((*a)?, (*b)?)));
    let (today, before) = both.fold((0, 0), |(a, b), (today, before)| (a + today, b + before));
    let weekday = capital(language.weekday(date));
    match ratio(today, before) {
        Some(share) if share < 0.0 => {
            td_string!(locale, home.over.down, weekday, percent = language.percent(-share, 1)).to_string()
        }
        Some(share) => td_string!(locale, home.over.up, weekday, percent = language.percent(share, 1)).to_string(),
        None => td_string!(locale, home.over.alone, n = language.number(now.viewers), time).to_string(),
    }
}

/// What the chart says at a slot, for who moves along it.
pub(crate) fn over_read(language: Language, home: &Home, now: &Now, slot: u32) -> String {
    let locale = locale(language);
    let (date, _) = local(&home.zone, now.at);
    let (_, time) = local(&home.zone, now.window.from + slot as i32);
    let weekday = language.weekday(date);
    let value = |values: &[Option<u64>]| values.get(slot as usize).copied().flatten().map(|n| language.number(n));
    match (value(&now.today), value(&now.before)) {
        (Some(n), Some(m)) => td_string!(locale, home.over.read_both, time, n, m, weekday).to_string(),
        (Some(n), None) => td_string!(locale, home.over.read_today, time, n).to_string(),
        (None, Some(m)) => td_string!(locale, home.over.read_before, time, m, weekday).to_string(),
        (None, None) => td_string!(locale, home.over.read_none, time).to_string(),
    }
}

/// Three hours of a channel.
pub(crate) fn spark(language: Language, channel: &TopChannel) -> Sparkline {
    let title = td_string!(locale(language), home.top.spark, name = channel.name.clone()).to_string();
    Sparkline {
        words: Words { title, desc: String::new() },
        values: channel.trail.iter().map(|value| value.map(u64::from)).collect(),
    }
}

/// Different people per day; the last day and the one a week before stand out.
fn people_input(language: Language, home: &Home) -> DayBars {
    let count = home.days.len();
    let bars = home.days.iter().enumerate().map(|(n, day)| DayBar {
        day: day.day,
        count: day.viewers,
        highlight: n + 1 == count || n + 8 == count,
        provisional: false,
    });
    DayBars {
        words: Words {
            title: td_string!(locale(language), home.days.title).to_owned(),
            desc: people_finding(language, home),
        },
        days: bars.collect(),
        ticks: date_ticks(language, home, 14),
    }
}

/// The last closed day against the one a week before.
fn people_finding(language: Language, home: &Home) -> String {
    let locale = locale(language);
    let Some((last, n)) = home.days.last().and_then(|day| Some((day.day, day.viewers?))) else {
        return td_string!(locale, home.days.none).to_owned();
    };
    let before = home.days.len().checked_sub(8).and_then(|n| home.days[n].viewers);
    let (weekday, number) = (language.weekday(last), language.number(n));
    match before.and_then(|before| ratio(n, before)) {
        Some(share) if share < 0.0 => {
            let percent = language.percent(-share, 1);
            td_string!(locale, home.days.fewer, n = number, weekday, percent).to_string()
        }
        Some(share) => {
            let percent = language.percent(share, 1);
            td_string!(locale, home.days.more, n = number, weekday, percent).to_string()
        }
        None => td_string!(locale, home.days.alone, n = number, weekday).to_string(),
    }
}

/// How long days took.
fn processing(language: Language, home: &Home) -> Processing {
    let locale = locale(language);
    let day = |day: &crate::data::home::DayFigures| ProcessingDay {
        day: day.day,
        import_ms: day.import_ms.map(u64::from),
        sweep_p50_ms: day.sweep_ms.map(u64::from),
    };
    Processing {
        words: Words {
            title: td_string!(locale, home.right.took_title).to_owned(),
            desc: took_finding(language, home),
        },
        days: home.days.iter().map(day).collect(),
        ticks: date_ticks(language, home, home.days.len().max(2) - 1),
        import_label: td_string!(locale, home.right.imports).to_owned(),
        sweep_label: td_string!(locale, home.right.sweeps).to_owned(),
    }
}

/// The median import.
fn took_finding(language: Language, home: &Home) -> String {
    let locale = locale(language);
    let mut all: Vec<u32> = home.days.iter().filter_map(|day| day.import_ms).collect();
    sort_short(&mut all, |ms| *ms);
    match all.get(all.len() / 2) {
        Some(ms) => td_string!(locale, home.right.took, t = millis(language, u64::from(*ms))).to_string(),
        None => td_string!(locale, home.right.took_none).to_owned(),
    }
}

/// `820 ms`, `2.4 s`, `3 min`.
pub(crate) fn millis(language: Language, ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms}\u{a0}ms"),
        1_000..60_000 if ms.is_multiple_of(1_000) => format!("{}\u{a0}s", ms / 1_000),
        1_000..60_000 => format!("{}\u{a0}s", language.decimal(ms as f64 / 1_000.0, 1)),
        _ => language.duration(ms.div_ceil(60_000)),
    }
}

/// Dates below the days: every `step` days, counted back from the last.
fn date_ticks(language: Language, home: &Home, step: usize) -> Vec<Tick> {
    let last = home.days.len().saturating_sub(1);
    let label = |n: usize| Tick { at: n as u32, label: language.short_day_month(home.days[n].day), secondary: false };
    (0..home.days.len()).filter(|n| (last - n).is_multiple_of(step.max(1)) || *n == 0).map(label).collect()
}

/// The calendar of samples held.
fn calendar(language: Language, held: &[(u16, u16)], from: Day) -> CoverageCalendar {
    let days: Vec<CoverageDay> = (0..)
        .zip(held)
        .map(|(n, (held, of))| CoverageDay { day: from.plus(n), held: u32::from(*held), of: u32::from(*of) })
        .collect();
    let first_weekday = from.weekday();
    let monday = from.plus(-(first_weekday as i32));
    let short = |n: i32| capital(language.weekday(monday.plus(n))).chars().take(3).collect();
    CoverageCalendar {
        words: Words {
            title: td_string!(locale(language), home.right.calendar_title).to_owned(),
            desc: calendar_finding(language, held),
        },
        first_weekday: first_weekday as u8,
        months: month_ticks(language, from, days.len()),
        days,
        weekdays: [0, 1, 2, 3, 4, 5, 6].map(short),
    }
}

/// The names of months over a calendar of so many days: each above the first week that begins in it, unless the next name would touch it.
pub(crate) fn month_ticks(language: Language, from: Day, days: usize) -> Vec<Tick> {
    let first_weekday = from.weekday() as i32;
    let week_start = |week: i32| from.plus(week * 7 - first_weekday);
    let weeks = (days as i32 + first_weekday + 6) / 7;
    let begins = |week: &i32| week_start(*week).month() != week_start(week - 1).month() && *week + 2 < weeks;
    let tick = |week: i32| Tick {
        at: week as u32,
        label: language.short_month(week_start(week)).to_owned(),
        secondary: false,
    };
    (0..weeks).filter(begins).map(tick).collect()
}

/// How many days lost samples.
fn calendar_finding(language: Language, days: &[(u16, u16)]) -> String {
    let locale = locale(language);
    let held: Vec<&(u16, u16)> = days.iter().filter(|(_, of)| *of > 0).collect();
    let n = language.number(held.len() as u64);
    let sum = |of: fn(&(u16, u16)) -> u16| held.iter().map(|day| u64::from(of(day))).sum::<u64>().max(1);
    let percent = language.percent(sum(|day| day.0) as f64 / sum(|day| day.1) as f64, 1);
    match held.iter().filter(|(held, of)| held < of).count() as u64 {
        0 => td_string!(locale, home.right.all, n).to_string(),
        1 => td_string!(locale, home.right.one, percent, n).to_string(),
        missing => td_string!(locale, home.right.some, percent, missing = language.number(missing), n).to_string(),
    }
}

/// The hours of an invented person's days.
pub(crate) fn hours(language: Language, persona: &Persona) -> HourBars {
    let label = |n: u32| td_string!(locale(language), home.people.hour, n = n.to_string()).to_string();
    HourBars {
        words: Words::default(),
        values: persona.hours.iter().map(|slots| Some(u64::from(*slots))).collect(),
        labels: [label(0), label(12), label(24)],
    }
}

/// The days of one of them.
pub(crate) fn raster(language: Language, data: &crate::data::home::Raster) -> Raster {
    let locale = locale(language);
    let seen = data.rows.iter().filter(|row| !row.is_empty()).count();
    let tick = |n: u32| Tick { at: n * 72, label: model::format::clock((720 + n * 360) % 1_440), secondary: false };
    let row = |(n, row): (i32, &Vec<crate::data::Stretch>)| RasterRow {
        day: data.from.plus(n),
        present: stretches(row),
        unobserved: Vec::new(),
    };
    Raster {
        words: Words {
            title: td_string!(locale, home.raster.title, n = data.rows.len().to_string()).to_string(),
            desc: td_string!(locale, home.raster.desc, days = seen.to_string()).to_string(),
        },
        axis: DayAxis { slots: ROW_SLOTS, until: ROW_SLOTS, ticks: (0..5).map(tick).collect() },
        rows: (0..).zip(&data.rows).map(row).collect(),
        inferred: None,
    }
}

/// The local date and clock of the last sweep.
pub(crate) fn moment(language: Language, home: &Home, at: SlotTime) -> (String, String) {
    let (date, time) = local(&home.zone, at);
    (language.weekday_date(date), time)
}
