//! When a channel is usually on air.

use charts::ink::Ink;
use charts::week_hours::{WeekHours, week_hours};
use charts::words::Words;
use model::format::clock;
use model::statistics::week::{self, WeekHour};

use crate::components::data_table::{Cell, data_table, text};
use crate::components::figure::how;
use crate::components::ranged::{hour_labels, short_weekdays, weekdays};
use crate::components::shown::{Shown, none};
use crate::components::speech;
use crate::data::channel_figures::{ChannelFigures, WEEKS_DAYS};
use crate::draw::words::{capital, count};
use crate::node::Element;
use crate::pages::findings::{section, worked_out_by};
use crate::texts::td_string;

/// A chance of 1, in the unit of the chart.
const ALWAYS: u64 = 1_000;

/// The usual week.
pub(super) fn week(data: &ChannelFigures) -> Element {
    let (language, locale) = speech();
    let days = count!(language, viewer.days, WEEKS_DAYS as u32);
    let zone = data.period.zone.name.clone();
    let sub = td_string!(locale, figures.week.sub, days, zone).to_string();
    let section = section("week", td_string!(locale, figures.week.h), sub);
    let chances = data.week.map(|day| day.map(WeekHour::chance));
    if chances.iter().flatten().all(Option::is_none) {
        return section.child(none(td_string!(locale, figures.week.none)));
    }
    let finding = finding(&chances);
    let input = WeekHours {
        words: Words { title: td_string!(locale, figures.week.title).to_owned(), desc: finding.clone() },
        values: chances.map(|day| day.map(|chance| chance.map(|chance| (chance * ALWAYS as f64).round() as u64))),
        most: ALWAYS,
        weekdays: short_weekdays(),
        hours: hour_labels(),
    };
    let shown = Shown {
        finding,
        sub: String::new(),
        legend: legend(ALWAYS, td_string!(locale, figures.week.unknown), &|share| {
            language.percent(share as f64 / ALWAYS as f64, 0)
        }),
        scene: week_hours("usual-week", &input),
        table: table(
            td_string!(locale, figures.week.caption).to_owned(),
            &chances.map(|day| day.map(|chance| chance.map(|chance| language.decimal(chance * 100.0, 0)))),
        ),
    };
    section
        .child(Element::from(shown))
        .child(worked_out_by(&week::METHOD))
        .child(how([td_string!(locale, figures.week.how)]))
}

/// The hour of the week that is on air most.
fn finding(chances: &[[Option<f64>; 24]; 7]) -> String {
    let (language, locale) = speech();
    let all = chances.iter().zip(weekdays()).flat_map(|(day, name)| {
        day.iter().enumerate().filter_map(move |(hour, chance)| Some(((*chance)?, name, hour)))
    });
    // Of equals the first.
    let most = all.filter(|(chance, ..)| *chance > 0.0).reduce(|best, one| if one.0 > best.0 { one } else { best });
    match most {
        Some((chance, weekday, hour)) => {
            let (time, percent) = (clock(hour as u32 * 60), language.percent(chance, 0));
            capital(&td_string!(locale, figures.week.finding, weekday, time, percent))
        }
        None => td_string!(locale, figures.week.never).to_owned(),
    }
}

/// What shades mean: nothing at all, the fifths of `most`, and `unknown`.
pub(in crate::pages) fn legend(most: u64, unknown: &str, number: &dyn Fn(u64) -> String) -> Vec<(Ink, String)> {
    let (_, locale) = speech();
    let step = |n: u64| {
        let to = most * n / 5;
        (Ink::shade(to, most), td_string!(locale, figures.week.up_to, n = number(to)).to_string())
    };
    let mut legend = vec![(Ink::shade(0, most), number(0))];
    legend.extend((1..=5).filter(|n| most * n / 5 > most * (n - 1) / 5).map(step));
    legend.push((Ink::Unknown, unknown.to_owned()));
    legend
}

/// A week as a table: a row a weekday, a column an hour.
pub(in crate::pages) fn table(caption: String, values: &[[Option<String>; 24]; 7]) -> Element {
    const HOURS: [&str; 24] = [
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19",
        "20", "21", "22", "23",
    ];
    let (_, locale) = speech();
    let row = |(name, hours): (&str, &[Option<String>; 24])| {
        let cell = |value: &Option<String>| text(value.clone().unwrap_or_else(|| "–".to_owned()));
        std::iter::once(text(capital(name))).chain(hours.iter().map(cell)).collect::<Vec<Cell>>()
    };
    let rows = weekdays().into_iter().zip(values).map(row).collect();
    let mut headings = vec![(td_string!(locale, habits.usual.day), false)];
    headings.extend(HOURS.map(|hour| (hour, true)));
    data_table(caption, false, &headings, rows)
}
