//! Different viewers per day.

use charts::day_bars::{DayBar, DayBars, day_bars};
use charts::ink::Ink;
use charts::words::Words;
use model::day::Day;
use model::statistics::distinct;

use crate::components::data_table::{Cell, data_table, text};
use crate::components::figure::how;
use crate::components::ranged::{Chats, date_ticks, different, left_out};
use crate::components::shown::{Shown, hatched, none};
use crate::components::speech;
use crate::data::explore::{Explore, ExploreDay};
use crate::draw::axis_number;
use crate::draw::words::{change, count, ratio};
use crate::node::{Element, el};
use crate::pages::findings::{section, worked_out_by};
use crate::pages::validation_link;
use crate::texts::td_string;

/// Days from a day to the one that it is compared with.
const WEEK: usize = 7;

/// The answer in one sentence.
pub(super) fn lede(data: &Explore) -> String {
    let (language, locale) = speech();
    let days = |n: u32| count!(language, viewer.days, n);
    let (Some(n), Some(spread)) = (data.different.people, &data.spread) else {
        let held = data.days.iter().filter(|day| day.observations.is_some()).count();
        return td_string!(locale, explore.lede_plain, days = days(held as u32)).to_string();
    };
    // Of a range there may be fewer days than it has.
    let days = days(data.different.days);
    let (n, streamers) = (language.number(n), language.number(spread.count.into()));
    td_string!(locale, explore.lede, n, days, streamers).to_string()
}

/// The section.
pub(super) fn people(data: &Explore) -> Element {
    let (language, locale) = speech();
    let section = section("people", td_string!(locale, explore.people.h), td_string!(locale, explore.people.sub));
    if data.days.iter().all(|day| day.people.is_none()) {
        return section.child(none(td_string!(locale, explore.people.none)));
    }
    let finding = finding(&data.days);
    let count = data.days.len();
    let bar = |(n, day): (usize, &ExploreDay)| DayBar {
        day: day.day,
        count: day.people,
        highlight: n + 1 == count || n + 1 + WEEK == count,
        provisional: false,
    };
    let input = DayBars {
        words: Words { title: td_string!(locale, explore.people.title).to_owned(), desc: finding.clone() },
        days: data.days.iter().enumerate().map(bar).collect(),
        ticks: date_ticks(&data.days.iter().map(|day| day.day).collect::<Vec<Day>>()),
    };
    let shown = Shown {
        finding,
        sub: if data.period.night.is_some() { different(&data.different) } else { String::new() },
        legend: legend(&data.days),
        scene: day_bars("people", &input, &|n| axis_number(language, n)),
        table: table(&data.days),
    };
    let left_out = left_out(&data.period, Chats::All);
    section
        .child(Element::from(shown))
        .maybe(left_out)
        .child(el("p").class("mt4").child(validation_link()))
        .child(worked_out_by(&distinct::METHOD))
        .child(how([td_string!(locale, explore.people.how)]))
}

/// The days compared, the others, and those of which nothing is known.
fn legend(days: &[ExploreDay]) -> Vec<(Ink, String)> {
    let (_, locale) = speech();
    // Of a range of a week the other day compared is not among the bars.
    let compared = if days.len() > WEEK {
        td_string!(locale, explore.people.compared)
    } else {
        td_string!(locale, explore.people.last)
    };
    let mut legend =
        vec![(Ink::Bar, compared.to_owned()), (Ink::Q(2), td_string!(locale, explore.people.others).to_owned())];
    legend.extend(hatched(days.iter().any(|day| day.people.is_none())));
    legend
}

/// The last day against the one a week before.
fn finding(days: &[ExploreDay]) -> String {
    let (language, locale) = speech();
    let Some((last, n)) = days.last().and_then(|day| Some((day.day, day.people?))) else {
        return td_string!(locale, explore.people.last_unknown).to_owned();
    };
    let (weekday, date) = (language.weekday(last), language.date(last));
    let before = days.last().and_then(|day| day.people_before);
    match before.and_then(|before| ratio(n, before)) {
        Some(share) => {
            let percent = language.percent(share.abs(), 1);
            let n = language.number(n);
            if share < 0.0 {
                td_string!(locale, explore.people.fewer, n, date, percent, weekday).to_string()
            } else {
                td_string!(locale, explore.people.more, n, date, percent, weekday).to_string()
            }
        }
        None => td_string!(locale, explore.people.alone, n = language.number(n), date).to_string(),
    }
}

fn table(days: &[ExploreDay]) -> Element {
    let (language, locale) = speech();
    let row = |day: &ExploreDay| -> Vec<Cell> {
        let unknown = || td_string!(locale, frame.cell.unknown).to_owned();
        let changed = day.people.zip(day.people_before).and_then(|(now, before)| change(language, now, before));
        let part = |n: Option<u64>| text(n.map_or_else(|| "–".to_owned(), |n| language.number(n)));
        let (new, returning) = day.new_and_returning.unzip();
        vec![
            text(language.weekday_date(day.day)),
            text(day.people.map_or_else(unknown, |n| language.number(n))),
            text(changed.unwrap_or_else(|| "–".to_owned())),
            part(new),
            part(returning),
            part(day.bots),
        ]
    };
    let headings = [
        (td_string!(locale, frame.column.day), false),
        (td_string!(locale, frame.column.people), true),
        (td_string!(locale, explore.people.change), true),
        (td_string!(locale, figures.people.new), true),
        (td_string!(locale, figures.people.returning), true),
        (td_string!(locale, home.now.bots), true),
    ];
    // The newest first: a table is cut.
    let rows = days.iter().rev().map(row).collect();
    data_table(td_string!(locale, explore.people.title).to_owned(), false, &headings, rows)
}
