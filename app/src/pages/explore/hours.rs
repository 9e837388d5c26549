//! Viewers and streamers over the day and the week.

use charts::hour_bars::{HourBars, hour_bars};
use charts::week_hours::{WeekHours, week_hours};
use charts::words::Words;
use model::format::clock;
use model::statistics::swept::{SweptHour, swept_day};

use crate::components::data_table::{Cell, data_table, text};
use crate::components::figure::how;
use crate::components::ranged::{hour_labels, short_weekdays, weekdays};
use crate::components::shown::{Shown, none};
use crate::components::speech;
use crate::data::explore::{Explore, SWEPT_DAYS};
use crate::draw::axis_number;
use crate::draw::words::{capital, count};
use crate::node::{Element, el};
use crate::pages::channel_figures::{legend, week_table};
use crate::pages::findings::section;
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
    let columns = el("div")
        .class("cols-2")
        .child(over_day("viewers", &viewers, &viewers_text(&viewers), &day))
        .child(over_day("live", &live, &live_text(&live), &day));
    let how = how([td_string!(locale, explore.hours.how)]);
    section.child(columns).child(el("div").class("mt6").child(week(data))).child(how)
}

/// Names, finding and shape of a chart over the day.
struct Text {
    title: &'static str,
    finding: String,
}

/// The hours with most and with least of something.
fn extremes(values: &[Option<f64>; 24]) -> Option<((f64, String), (f64, String))> {
    let known = || values.iter().enumerate().filter_map(|(hour, value)| Some(((*value)?, clock(hour as u32 * 60))));
    // Of equals the first.
    let most = known().reduce(|best, one| if one.0 > best.0 { one } else { best })?;
    let least = known().reduce(|best, one| if one.0 < best.0 { one } else { best })?;
    Some((most, least))
}

fn viewers_text(values: &[Option<f64>; 24]) -> Text {
    let (language, locale) = speech();
    let title = td_string!(locale, explore.hours.viewers_title);
    let Some(((most, at), (least, low))) = extremes(values) else { return Text { title, finding: title.to_owned() } };
    let (most, least) = (language.decimal(most, 0), language.decimal(least, 0));
    Text { title, finding: td_string!(locale, explore.hours.viewers, at, most, low, least).to_string() }
}

fn live_text(values: &[Option<f64>; 24]) -> Text {
    let (language, locale) = speech();
    let title = td_string!(locale, explore.hours.live_title);
    let Some(((most, at), (least, low))) = extremes(values) else { return Text { title, finding: title.to_owned() } };
    let (most, least) = (language.decimal(most, 1), language.decimal(least, 1));
    Text { title, finding: td_string!(locale, explore.hours.live, at, most, low, least).to_string() }
}

fn over_day(id: &'static str, values: &[Option<f64>; 24], said: &Text, day: &[SweptHour; 24]) -> Element {
    let (language, locale) = speech();
    let label = |n: u32| td_string!(locale, habits.usual.label, n = n.to_string()).to_string();
    let bars = HourBars {
        words: Words { title: said.title.to_owned(), desc: said.finding.clone() },
        // Hundredths: bars are of whole numbers.
        values: values.iter().map(|value| value.map(|value| (value * 100.0).round() as u64)).collect(),
        labels: [label(0), label(12), label(24)],
    };
    let row = |(hour, (value, swept)): (usize, (&Option<f64>, &SweptHour))| -> Vec<Cell> {
        let value = value.map_or_else(|| "–".to_owned(), |value| language.decimal(value, usize::from(value < 100.0)));
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
        legend: Vec::new(),
        scene: hour_bars(id, &bars),
        table: data_table(said.title.to_owned(), false, &headings, rows),
    }
    .into()
}

/// Viewers by hour of the week.
fn week(data: &Explore) -> Element {
    let (language, locale) = speech();
    let means = data.week.map(|day| day.map(SweptHour::mean_viewers));
    let known = means
        .iter()
        .zip(weekdays())
        .flat_map(|(day, name)| day.iter().enumerate().filter_map(move |(hour, mean)| Some(((*mean)?, name, hour))));
    let most = known.reduce(|best, one| if one.0 > best.0 { one } else { best });
    let title = td_string!(locale, explore.hours.week_title);
    let finding = most.map_or_else(
        || title.to_owned(),
        |(mean, weekday, hour)| {
            let (time, n) = (clock(hour as u32 * 60), language.decimal(mean, 0));
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
    let cells = means.map(|day| day.map(|mean| mean.map(|mean| language.decimal(mean, 0))));
    Shown {
        finding,
        sub: String::new(),
        legend: legend(top, td_string!(locale, frame.legend.unobserved), &|n| axis_number(language, n)),
        scene: week_hours("week", &input),
        table: week_table(td_string!(locale, explore.hours.week_caption).to_owned(), &cells),
    }
    .into()
}
