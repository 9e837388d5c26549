//! Usual days, the usual week, and the days one by one.

use std::collections::BTreeMap;

use charts::hour_bars::{HourBars, hour_bars_to};
use charts::ink::Ink;
use charts::week_hours::{WeekHours, week_hours};
use charts::words::Words;
use charts::year::Year;
use model::analysis::Refused;
use model::analysis::pattern::Pattern;
use model::analysis::portrait::{Finding, Portrait};
use model::day::Month;
use model::format::clock;

use crate::components::data_table::{Cell, data_table, text};
use crate::components::figure::how;
use crate::components::ranged::{hour_labels, short_weekdays};
use crate::components::shown::{Shown, none};
use crate::components::speech;
use crate::draw::home::month_ticks;
use crate::draw::words::{capital, month};
use crate::node::{Element, chart, el};
use crate::pages::channel_figures::{legend, week_table};
use crate::pages::findings::{folded, made_of, of_days, refusal, section};
use crate::texts::td_string;

const HOUR_MINUTES: u64 = 60;

/// Usual workdays and weekends, and the usual week.
pub(super) fn usual(portrait: &Portrait) -> Element {
    let (_, locale) = speech();
    let usual = section("usual", td_string!(locale, habits.usual.h), td_string!(locale, habits.usual.sub).to_owned());
    let (workdays, weekends) = (td_string!(locale, habits.usual.workdays), td_string!(locale, habits.usual.weekends));
    let table = hours(portrait);
    let how = table.is_some().then(|| how([td_string!(locale, habits.usual.how)]));
    usual
        .child(pattern("workdays", workdays, &portrait.workdays))
        .child(pattern("weekends", weekends, &portrait.weekends))
        .maybe(table)
        .maybe(how)
        .maybe(week(portrait))
}

/// Bars of a pattern, and where it has most.
fn pattern(id: &'static str, name: &'static str, finding: &Finding<Pattern>) -> Element {
    let (language, locale) = speech();
    let found = match finding {
        Ok(found) => found,
        Err(refused) => {
            let why = match refused {
                // Local days: why is not told by the days of the record, which are of universal time.
                Refused::FewDays { have: 0, .. } => none(td_string!(locale, habits.usual.none)),
                refused => refusal(refused),
            };
            return el("div").class("mt5").child(el("h3").text(name)).child(why);
        }
    };
    let Pattern(hours) = found.value;
    let busiest = found.value.busiest().map(|(hour, minutes)| {
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
        .child(chart(hour_bars_to(id, &bars, HOUR_MINUTES * 100, &|n| language.duration_short(n / 100)).to_svg()))
        .child(made_of(found))
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
    Some(folded(caption, &headings, rows))
}

/// The usual week: a row a weekday, a column an hour.
fn week(portrait: &Portrait) -> Option<Element> {
    let (language, locale) = speech();
    let found = portrait.week.as_ref().ok()?;
    let minutes = found.value.map(|day| day.map(|minutes| minutes.map(|minutes| minutes.round() as u64)));
    let caption = td_string!(locale, habits.usual.week);
    let input = WeekHours {
        words: Words { title: caption.to_owned(), ..Words::default() },
        values: minutes,
        most: HOUR_MINUTES,
        weekdays: short_weekdays(),
        hours: hour_labels(),
    };
    let shown = Shown {
        finding: caption.to_owned(),
        sub: String::new(),
        legend: shades(HOUR_MINUTES),
        scene: week_hours("week", &input),
        table: week_table(
            caption.to_owned(),
            &minutes.map(|day| day.map(|minutes| minutes.map(|n| language.number(n)))),
        ),
    };
    let how = how([td_string!(locale, habits.usual.week_how)]);
    Some(el("div").class("mt5").child(Element::from(shown)).child(made_of(found)).child(how))
}

/// What shades of minutes mean.
fn shades(most: u64) -> Vec<(Ink, String)> {
    let (language, locale) = speech();
    legend(most, td_string!(locale, figures.week.unknown), &|minutes| language.duration_short(minutes))
}

/// The days one by one: a column a week, and by month as a table.
pub(super) fn year(portrait: &Portrait) -> Element {
    let (language, locale) = speech();
    let (h, sub) = (td_string!(locale, habits.year.h), td_string!(locale, habits.year.sub));
    let section = section("year", h, sub.to_owned());
    let days = &portrait.calendar;
    let known = days.iter().filter_map(|(day, minutes)| Some((minutes.filter(|m| *m > 0.0)?, *day)));
    let (Some((first, _)), Some((minutes, day))) = (days.first(), known.max_by(|a, b| a.0.total_cmp(&b.0))) else {
        return section;
    };
    let time = language.duration_short(minutes.round() as u64);
    let finding = td_string!(locale, habits.year.most, date = language.date(day), time).to_string();
    // Whole hours in each fifth, but of more than a day has.
    let most = (minutes.ceil() as u64).next_multiple_of(5 * HOUR_MINUTES).min(24 * HOUR_MINUTES);
    let input = Year {
        words: Words { title: h.to_owned(), desc: finding.clone() },
        first_weekday: first.weekday() as u8,
        days: days.iter().map(|(_, minutes)| minutes.map(|minutes| minutes.round() as u64)).collect(),
        most,
        months: month_ticks(language, *first, days.len()),
        weekdays: short_weekdays(),
    };
    let shown = Shown {
        finding,
        sub: String::new(),
        legend: shades(most),
        scene: charts::year::year("year", &input),
        table: months(portrait),
    };
    let known = days.iter().filter(|(_, minutes)| minutes.is_some()).count() as u32;
    let made = el("p").class("hint mt4").text(format!("{}.", of_days(known)));
    section.child(Element::from(shown)).child(made).child(how([td_string!(locale, habits.year.how)]))
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
