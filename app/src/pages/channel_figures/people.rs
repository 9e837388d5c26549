//! How many different people are in a channel's chat, how many come back, and how long they stay.

use charts::day_bars::{DayBar, DayBars, day_bars};
use charts::hour_bars::{HourBars, hour_bars_to};
use charts::words::Words;
use model::day::Day;
use model::statistics::curve::{self, BROADCASTS_NEEDED, Step};
use model::statistics::distinct;
use model::statistics::night::NIGHT_DAYS;

use crate::components::data_table::{Cell, data_table, text};
use crate::components::figure::how;
use crate::components::ranged::{Chats, date_ticks, different, left_out, no_night};
use crate::components::shown::{Shown, hatched, none};
use crate::components::speech;
use crate::data::channel_figures::{ChannelFigures, PeopleDay};
use crate::draw::axis_number;
use crate::draw::words::{capital, count};
use crate::node::{Element, el};
use crate::pages::findings::{section, worked_out_by};
use crate::texts::td_string;

/// A share of 1, in the unit of the chart.
const ALL: f64 = 1_000.0;
/// Minutes of the first hour, and of a step after it.
const FIRST_MINUTES: u64 = 60;
const STEP_MINUTES: u64 = 15;

/// Different people per day, new and returning.
pub(super) fn people(data: &ChannelFigures) -> Element {
    let (language, locale) = speech();
    let section = section("people", td_string!(locale, figures.people.h), td_string!(locale, figures.people.sub));
    if !data.days.iter().any(|day| day.known) {
        return section.child(no_night());
    }
    let finding = finding(&data.days);
    // Fewer than ten are told as such: the bar is none, the table says so.
    let bar = |day: &PeopleDay| DayBar {
        day: day.day,
        count: day.known.then(|| day.people.unwrap_or(0)),
        highlight: true,
        provisional: false,
    };
    let input = DayBars {
        words: Words { title: td_string!(locale, figures.people.title).to_owned(), desc: finding.clone() },
        days: data.days.iter().map(bar).collect(),
        ticks: date_ticks(&data.days.iter().map(|day| day.day).collect::<Vec<Day>>()),
    };
    let shown = Shown {
        finding,
        sub: different(&data.different),
        legend: hatched(data.days.iter().any(|day| !day.known)).into_iter().collect(),
        scene: day_bars("people", &input, &|n| axis_number(language, n)),
        table: table(&data.days),
    };
    let young = data.days.iter().any(|day| day.known && day.looked_back < NIGHT_DAYS);
    let young = young.then(|| {
        let days = count!(language, viewer.days, NIGHT_DAYS);
        el("p").class("hint measure mt4").text(td_string!(locale, figures.people.young, days).to_string())
    });
    section
        .child(Element::from(shown))
        .maybe(young)
        .maybe(left_out(&data.period, Chats::One))
        .child(worked_out_by(&distinct::METHOD))
        .child(how([td_string!(locale, figures.people.how)]))
}

/// Of the people of a day, how many are new.
fn finding(days: &[PeopleDay]) -> String {
    let (language, locale) = speech();
    let told: Vec<u64> = days.iter().filter_map(|day| day.people).collect();
    if told.is_empty() {
        return td_string!(locale, figures.people.finding_few).to_owned();
    }
    let mean = language.decimal(told.iter().sum::<u64>() as f64 / told.len() as f64, 0);
    let of = count!(language, viewer.days, told.len() as u32);
    let both = days.iter().filter_map(|day| day.new_and_returning);
    let (new, returning) = both.fold((0, 0), |(a, b), (new, returning)| (a + new, b + returning));
    if new + returning == 0 {
        return td_string!(locale, figures.people.finding, mean, of).to_string();
    }
    let percent = language.percent(new as f64 / (new + returning) as f64, 0);
    let known = days.iter().filter(|day| day.new_and_returning.is_some()).count() as u32;
    let known = count!(language, viewer.days, known);
    td_string!(locale, figures.people.finding_new, mean, of, percent, known).to_string()
}

fn table(days: &[PeopleDay]) -> Element {
    let (language, locale) = speech();
    let row = |day: &PeopleDay| -> Vec<Cell> {
        let few = || td_string!(locale, figures.people.under_ten).to_owned();
        let number = |n: Option<u64>| text(n.map_or_else(few, |n| language.number(n)));
        if !day.known {
            let unknown = || text(td_string!(locale, frame.cell.unknown));
            return vec![text(language.weekday_date(day.day)), unknown(), unknown(), unknown()];
        }
        let (new, returning) = day.new_and_returning.unzip();
        let part = |n: Option<u64>| n.map_or_else(|| text("–"), |n| text(language.number(n)));
        vec![text(language.weekday_date(day.day)), number(day.people), part(new), part(returning)]
    };
    let headings = [
        (td_string!(locale, frame.column.day), false),
        (td_string!(locale, frame.column.people), true),
        (td_string!(locale, figures.people.new), true),
        (td_string!(locale, figures.people.returning), true),
    ];
    let caption = td_string!(locale, figures.people.caption).to_owned();
    // The newest first: a table is cut.
    data_table(caption, false, &headings, days.iter().rev().map(row).collect())
}

/// Who of a broadcast's first hour stayed.
pub(super) fn retention(data: &ChannelFigures) -> Element {
    let (language, locale) = speech();
    let section = section("retention", td_string!(locale, figures.stay.h), td_string!(locale, figures.stay.sub));
    if data.period.night.is_none() {
        return section.child(no_night());
    }
    let curve = &data.curve;
    let told: Vec<(u64, Step, f64)> =
        (0..).zip(&curve.steps).filter_map(|(n, step)| Some((n, *step, step.share()?))).collect();
    // Two hours after the start, or as far as anything is told.
    let Some((n, step, share)) = told.iter().rev().find(|(n, ..)| *n <= 4).or(told.first()) else {
        if curve.steps.iter().any(|step| step.broadcasts >= BROADCASTS_NEEDED) {
            return section.child(none(td_string!(locale, figures.stay.few)));
        }
        let (have, need) =
            (count!(language, channel.broadcasts, curve.broadcasts), language.number(BROADCASTS_NEEDED.into()));
        return section.child(none(td_string!(locale, figures.stay.none, have, need)));
    };
    let at = |n: u64| language.duration_short(FIRST_MINUTES + n * STEP_MINUTES);
    let few = |step: &Step, share: f64| {
        let share = language.percent(share, 0);
        if step.error() < 0.005 {
            share
        } else {
            td_string!(locale, figures.stay.about, share, error = language.percent(step.error(), 0)).to_string()
        }
    };
    let finding = td_string!(locale, figures.stay.finding, time = at(*n), percent = few(step, *share)).to_string();
    let steps = curve.steps.len() as u64;
    let bars = HourBars {
        words: Words { title: td_string!(locale, figures.stay.title).to_owned(), desc: finding.clone() },
        values: curve.steps.iter().map(|step| step.share().map(|share| (share * ALL).round() as u64)).collect(),
        labels: [at(0), at(steps / 2), at(steps)],
    };
    let row = |(n, step, share): &(u64, Step, f64)| -> Vec<Cell> {
        vec![text(at(*n)), text(few(step, *share)), text(language.number(step.broadcasts.into()))]
    };
    let headings = [
        (td_string!(locale, figures.stay.after), false),
        (td_string!(locale, figures.stay.still), true),
        (td_string!(locale, figures.stay.broadcasts), true),
    ];
    let caption = td_string!(locale, figures.stay.caption).to_owned();
    let shown = Shown {
        finding,
        sub: capital(
            td_string!(locale, figures.stay.of, broadcasts = count!(language, channel.broadcasts, curve.broadcasts))
                .as_ref(),
        ),
        legend: hatched(bars.values.contains(&None))
            .map(|(ink, _)| (ink, td_string!(locale, figures.week.unknown).to_owned()))
            .into_iter()
            .collect(),
        scene: hour_bars_to("retention", &bars, ALL as u64, &|share| language.percent(share as f64 / ALL, 0)),
        table: data_table(caption, false, &headings, told.iter().map(row).collect()),
    };
    section
        .child(Element::from(shown))
        .child(worked_out_by(&curve::METHOD))
        .child(how([td_string!(locale, figures.stay.how)]))
}
