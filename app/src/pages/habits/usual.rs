//! Usual days, the usual week, and the days one by one.

use std::collections::BTreeMap;

use charts::day_bars::{DayBar, DayBars, day_bars};
use charts::hour_bars::{HourBars, hour_bars};
use charts::words::Words;
use model::analysis::pattern::Pattern;
use model::analysis::portrait::{Finding, Portrait};
use model::day::{Day, Month};
use model::format::clock;

use crate::components::data_table::{Cell, data_table, text};
use crate::components::speech;
use crate::draw::words::{capital, month};
use crate::node::{Element, chart, el};
use crate::pages::findings::{folded, refusal, section};
use crate::texts::td_string;

/// Usual workdays and weekends, and the usual week.
pub(super) fn usual(portrait: &Portrait) -> Element {
    let (_, locale) = speech();
    let usual = section("usual", td_string!(locale, habits.usual.h), td_string!(locale, habits.usual.sub).to_owned());
    let (workdays, weekends) = (td_string!(locale, habits.usual.workdays), td_string!(locale, habits.usual.weekends));
    usual
        .child(pattern(workdays, &portrait.workdays))
        .child(pattern(weekends, &portrait.weekends))
        .maybe(hours(portrait))
        .maybe(week(portrait))
}

/// Bars of a pattern, and where it has most.
fn pattern(name: &'static str, finding: &Finding<Pattern>) -> Element {
    let (language, locale) = speech();
    let Pattern(hours) = match finding {
        Ok(found) => found.value,
        Err(refused) => return el("div").class("mt5").child(el("h3").text(name)).child(refusal(refused)),
    };
    let most = hours.iter().enumerate().filter_map(|(hour, minutes)| Some((minutes.filter(|m| *m >= 1.0)?, hour)));
    let busiest = most.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(minutes, hour)| {
        let (time, minutes) = (clock(hour as u32 * 60), language.duration_short(minutes.round() as u64));
        format!(", {}", td_string!(locale, habits.usual.busiest, time, minutes))
    });
    let label = |n: u32| td_string!(locale, habits.usual.label, n = n.to_string()).to_string();
    let bars = HourBars {
        words: Words { title: name.to_owned(), ..Words::default() },
        // Of an hour's minutes hundredths: bars are of whole numbers.
        values: hours.iter().map(|minutes| minutes.map(|minutes| (minutes * 100.0).round() as u64)).collect(),
        labels: [label(0), label(12), label(24)],
    };
    el("div")
        .class("mt5")
        .child(el("h3").text(format!("{name}{}", busiest.unwrap_or_default())))
        .child(chart(hour_bars("", &bars).to_svg()))
}

/// Both patterns as a table.
fn hours(portrait: &Portrait) -> Option<Element> {
    let (language, locale) = speech();
    let values = |finding: &Finding<Pattern>| finding.as_ref().map_or([None; 24], |found| found.value.0);
    let (work, free) = (values(&portrait.workdays), values(&portrait.weekends));
    if work.iter().chain(&free).all(Option::is_none) {
        return None;
    }
    let cell = |minutes: Option<f64>| text(minutes.map_or("–".to_owned(), |minutes| language.decimal(minutes, 0)));
    let rows: Vec<Vec<Cell>> =
        (0..24).map(|hour| vec![text(clock(hour as u32 * 60)), cell(work[hour]), cell(free[hour])]).collect();
    let headings = [
        (td_string!(locale, habits.usual.hour), false),
        (td_string!(locale, habits.usual.workdays), true),
        (td_string!(locale, habits.usual.weekends), true),
    ];
    let caption = td_string!(locale, habits.usual.caption).to_owned();
    Some(folded(data_table(caption, false, &headings, rows)))
}

/// The usual week: a row a weekday, a column an hour.
fn week(portrait: &Portrait) -> Option<Element> {
    const HOURS: [&str; 24] = [
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19",
        "20", "21", "22", "23",
    ];
    let (language, locale) = speech();
    let week = portrait.week.as_ref().ok()?.value;
    let first = portrait.first;
    let monday = first.plus(-(first.weekday() as i32));
    let cell = |minutes: Option<f64>| text(minutes.map_or("–".to_owned(), |minutes| language.decimal(minutes, 0)));
    let row = |(n, hours): (i32, &[Option<f64>; 24])| {
        let name = text(capital(language.weekday(monday.plus(n))));
        std::iter::once(name).chain(hours.iter().map(|minutes| cell(*minutes))).collect::<Vec<Cell>>()
    };
    let rows = (0..).zip(&week).map(row).collect();
    let mut headings = vec![(td_string!(locale, habits.usual.day), false)];
    headings.extend(HOURS.map(|hour| (hour, true)));
    let caption = td_string!(locale, habits.usual.week).to_owned();
    Some(el("div").class("mt5").child(data_table(caption, false, &headings, rows)))
}

/// The days one by one, and by month.
pub(super) fn year(portrait: &Portrait) -> Element {
    let (language, locale) = speech();
    let (h, sub) = (td_string!(locale, habits.year.h), td_string!(locale, habits.year.sub));
    let year = section("year", h, sub.to_owned());
    let known = portrait.calendar.iter().filter_map(|(day, minutes)| Some((minutes.filter(|m| *m > 0.0)?, *day)));
    let Some((minutes, day)) = known.max_by(|a, b| a.0.total_cmp(&b.0)) else { return year };
    let time = language.duration_short(minutes.round() as u64);
    let most = td_string!(locale, habits.year.most, date = language.date(day), time).to_string();
    let bar = |(day, minutes): &(Day, Option<f64>)| DayBar {
        day: *day,
        count: minutes.map(|minutes| minutes.round() as u64),
        highlight: false,
        provisional: false,
    };
    let tick = |(n, (day, _)): (u32, &(Day, Option<f64>))| {
        (day.ymd().2 == 1).then(|| charts::tick::Tick {
            at: n * 100,
            label: language.short_month(*day).to_owned(),
            secondary: false,
        })
    };
    let bars = DayBars {
        words: Words { title: h.to_owned(), desc: most.clone() },
        days: portrait.calendar.iter().map(bar).collect(),
        ticks: (0..).zip(&portrait.calendar).filter_map(tick).collect(),
    };
    let svg = day_bars("", &bars, &|minutes| language.duration_short(minutes)).to_svg();
    year.child(el("p").class("measure").text(most)).child(chart(svg)).child(folded(months(portrait)))
}

fn months(portrait: &Portrait) -> Element {
    let (language, locale) = speech();
    // Days known, days active, minutes.
    let mut months: BTreeMap<Month, (u64, u64, f64)> = BTreeMap::new();
    for (day, minutes) in &portrait.calendar {
        let of = months.entry(day.month()).or_default();
        if let Some(minutes) = minutes {
            *of = (of.0 + 1, of.1 + u64::from(*minutes > 0.0), of.2 + minutes);
        }
    }
    let row = |(of, (known, active, minutes)): (Month, (u64, u64, f64))| {
        vec![
            text(capital(&month(language, of.first_day()))),
            text(language.number(known)),
            text(language.number(active)),
            text(language.decimal(minutes / 60.0, 1)),
        ]
    };
    let headings = [
        (td_string!(locale, habits.year.month), false),
        (td_string!(locale, habits.year.known), true),
        (td_string!(locale, habits.year.active), true),
        (td_string!(locale, habits.year.online), true),
    ];
    let caption = td_string!(locale, habits.year.caption).to_owned();
    data_table(caption, false, &headings, months.into_iter().map(row).collect())
}
