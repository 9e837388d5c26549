//! Viewers and streamers over the day and the week.

use std::array;

use charts::hour_bars::{HourBars, hour_bars_to};
use charts::week_hours::{WeekHours, week_hours};
use charts::words::Words;
use model::format::clock;
use model::statistics::swept::{self, SweptHour, swept_day};

use crate::components::data_table::{Cell, data_table, text};
use crate::components::figure::how;
use crate::components::ranged::{hour_labels, short_weekdays, weekdays};
use crate::components::shown::{Shown, hatched, none};
use crate::components::speech;
use crate::data::explore::{Explore, SWEPT_DAYS};
use crate::draw::axis_number;
use crate::draw::words::{capital, count};
use crate::node::{Element, el};
use crate::pages::channel_figures::{legend, week_table};
use crate::pages::findings::{section, worked_out_by};
use crate::texts::td_string;

/// The section.
pub(super) fn hours(data: &Explore) -> Element {
    let (language, locale) = speech();
    let days = count!(language, viewer.days, SWEPT_DAYS as u32);
    let zone = data.period.zone.name.clone();
    let sub = td_string!(locale, explore.hours.sub, days, zone).to_string();
    let section = section("hours", td_string!(locale, explore.hours.h), sub);
    let day = swept_day(&data.week);
    if day.iter().all(|hour| hour.sweeps == 0) {
        return section.child(none(td_string!(locale, explore.hours.none)));
    }
    let viewers = day.map(SweptHour::mean_viewers);
    let live = day.map(SweptHour::mean_live);
    let lower = day.map(|hour| hour.full > 0);
    let columns = el("div")
        .class("cols-2")
        .child(over_day("viewers", &viewers, &viewers_text(&viewers, &lower), (&day, &lower)))
        .child(over_day("live", &live, &live_text(&live, &lower), (&day, &lower)));
    let full: u64 = day.iter().map(|hour| u64::from(hour.full)).sum();
    let reached = data.top.filter(|_| full > 0).map(|top| {
        let (n, top) = (language.number(full), language.number(top.into()));
        el("p").class("hint measure mt4").text(td_string!(locale, explore.hours.reached, n, top).to_string())
    });
    let how = how([td_string!(locale, explore.hours.how)]);
    section
        .child(columns)
        .maybe(reached)
        .child(el("div").class("mt6").child(week(data)))
        .child(worked_out_by(&swept::METHOD))
        .child(how)
}

/// Names, finding and shape of a chart over the day.
struct Text {
    title: &'static str,
    finding: String,
}

/// A mean; where a sweep of its hour may have left out channels, it was more.
fn written(mean: f64, decimals: usize, lower: bool) -> String {
    let (language, _) = speech();
    let text = language.decimal(mean, decimals);
    if lower { format!("≥\u{a0}{text}") } else { text }
}

/// The hours with most and with least of something: each value as written, and its hour.
fn extremes(
    values: &[Option<f64>; 24],
    lower: &[bool; 24],
    decimals: usize,
) -> Option<((String, String), (String, String))> {
    let known = || values.iter().enumerate().filter_map(|(hour, value)| Some(((*value)?, hour)));
    let told = |(value, hour): (f64, usize)| (written(value, decimals, lower[hour]), clock(hour as u32 * 60));
    // Of equals the first.
    let most = known().reduce(|best, one| if one.0 > best.0 { one } else { best })?;
    let least = known().reduce(|best, one| if one.0 < best.0 { one } else { best })?;
    Some((told(most), told(least)))
}

fn viewers_text(values: &[Option<f64>; 24], lower: &[bool; 24]) -> Text {
    let (_, locale) = speech();
    let title = td_string!(locale, explore.hours.viewers_title);
    let Some(((most, at), (least, low))) = extremes(values, lower, 0) else {
        return Text { title, finding: title.to_owned() };
    };
    Text { title, finding: td_string!(locale, explore.hours.viewers, at, most, low, least).to_string() }
}

fn live_text(values: &[Option<f64>; 24], lower: &[bool; 24]) -> Text {
    let (_, locale) = speech();
    let title = td_string!(locale, explore.hours.live_title);
    let Some(((most, at), (least, low))) = extremes(values, lower, 1) else {
        return Text { title, finding: title.to_owned() };
    };
    Text { title, finding: td_string!(locale, explore.hours.live, at, most, low, least).to_string() }
}

fn over_day(
    id: &'static str,
    values: &[Option<f64>; 24],
    said: &Text,
    (day, lower): (&[SweptHour; 24], &[bool; 24]),
) -> Element {
    let (language, locale) = speech();
    let label = |n: u32| td_string!(locale, habits.usual.label, n = n.to_string()).to_string();
    let bars = HourBars {
        words: Words { title: said.title.to_owned(), desc: said.finding.clone() },
        // Hundredths: bars are of whole numbers.
        values: values.iter().map(|value| value.map(|value| (value * 100.0).round() as u64)).collect(),
        labels: [label(0), label(12), label(24)],
    };
    let row = |(hour, (value, swept)): (usize, (&Option<f64>, &SweptHour))| -> Vec<Cell> {
        let decimals = usize::from(value.is_some_and(|value| value < 100.0));
        let value = value.map_or_else(|| "–".to_owned(), |value| written(value, decimals, lower[hour]));
        vec![text(clock(hour as u32 * 60)), text(value), text(language.number(swept.sweeps.into()))]
    };
    let headings = [
        (td_string!(locale, frame.column.hour), false),
        (td_string!(locale, explore.hours.mean), true),
        (td_string!(locale, frame.column.samples), true),
    ];
    let rows = values.iter().zip(day).enumerate().map(row).collect();
    Shown {
        finding: said.finding.clone(),
        sub: String::new(),
        legend: hatched(values.contains(&None)).into_iter().collect(),
        scene: hour_bars_to(id, &bars, 0, &|n| {
            if n.is_multiple_of(100) { axis_number(language, n / 100) } else { language.decimal(n as f64 / 100.0, 1) }
        }),
        table: data_table(said.title.to_owned(), false, &headings, rows),
    }
    .into()
}

/// Viewers by hour of the week.
fn week(data: &Explore) -> Element {
    let (language, locale) = speech();
    let means = data.week.map(|day| day.map(SweptHour::mean_viewers));
    let known = means.iter().enumerate().flat_map(|(weekday, day)| {
        day.iter().enumerate().filter_map(move |(hour, mean)| Some(((*mean)?, weekday, hour)))
    });
    let most = known.reduce(|best, one| if one.0 > best.0 { one } else { best });
    let title = td_string!(locale, explore.hours.week_title);
    let finding = most.map_or_else(
        || title.to_owned(),
        |(mean, weekday, hour)| {
            let (time, n) = (clock(hour as u32 * 60), written(mean, 0, data.week[weekday][hour].full > 0));
            let weekday = weekdays()[weekday];
            capital(&td_string!(locale, explore.hours.week, weekday, time, n))
        },
    );
    let top = most.map_or(0, |(mean, ..)| mean.ceil() as u64).max(5);
    let input = WeekHours {
        words: Words { title: title.to_owned(), desc: finding.clone() },
        values: means.map(|day| day.map(|mean| mean.map(|mean| mean.round() as u64))),
        most: top,
        weekdays: short_weekdays(),
        hours: hour_labels(),
    };
    let cell = |weekday: usize, hour: usize| Some(written(means[weekday][hour]?, 0, data.week[weekday][hour].full > 0));
    let cells: [[Option<String>; 24]; 7] = array::from_fn(|weekday| array::from_fn(|hour| cell(weekday, hour)));
    Shown {
        finding,
        sub: String::new(),
        legend: legend(top, td_string!(locale, frame.legend.unobserved), &|n| axis_number(language, n)),
        scene: week_hours("week", &input),
        table: week_table(td_string!(locale, explore.hours.week_caption).to_owned(), &cells),
    }
    .into()
}
