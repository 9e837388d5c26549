//! The part of a viewer's day of which only hours are kept.

use std::sync::Arc;

use charts::table::Column;

use crate::components::chart_table::{Rows, chart_table, heading};
use crate::components::data_table::{Cell, data_table, link, text};
use crate::components::figure::{Figure, how};
use crate::components::plot::Plot;
use crate::components::speech;
use crate::data::by_hour::{ChannelTotal, WholeDay};
use crate::data::viewer::ViewerDay;
use crate::draw::by_hour as draw;
use crate::draw::words::{count, list};
use crate::facts::Facts;
use crate::node::{Element, el};
use crate::query::DayQuery;
use crate::texts::td_string;

/// The hours, the channels and games of the whole days that they belong to, and how that comes; `note` is the chart's.
pub(crate) fn by_hour(data: &ViewerDay, path: &str, note: String) -> Vec<Element> {
    let (language, locale) = speech();
    let chart = draw::hours(language, data);
    let (date, zone) = (language.weekday_date(data.local.day), data.local.zone.name.clone());
    let caption = td_string!(locale, viewer.by_hour.caption, date, zone).to_string();
    let query = DayQuery::of(&data.local).to_string();
    let table = chart_table(caption, &chart, Rows::All);
    let figure = Figure { chart: &chart, boxed: true, table, note, files: (path, &query) };
    let (local, hours) = (data.local.clone(), data.by_hour.clone());
    let plot = Plot {
        svg: chart.scene.to_svg(),
        label: chart.scene.title.clone(),
        class: "chart ml",
        slots: data.local.slots(),
        read: Arc::new(move |slot| draw::read(language, &local, &hours, slot)),
    };
    let days = count!(language, viewer.days, Facts::current().kept.slots);
    let by_hour = td_string!(locale, viewer.by_hour.how, days).to_string();
    let how = how([by_hour.as_str(), td_string!(locale, viewer.how.b)]);
    vec![figure.around(plot), totals(&data.by_hour.days), how]
}

/// What is kept of whole UTC days.
fn totals(days: &[WholeDay]) -> Element {
    let (language, locale) = speech();
    // Where nobody is heard, and on a phone every column counts.
    let wrote = days.iter().flat_map(|day| &day.channels).any(|total| total.spoke_slots > 0);
    let mut headings = vec![
        heading(locale, Column::Channel),
        (td_string!(locale, frame.column.utc_day), false),
        heading(locale, Column::Watched),
    ];
    if wrote {
        headings.push((td_string!(locale, frame.column.messages), true));
    }
    // A row is as long as its headings.
    let rows = days.iter().flat_map(|day| day.channels.iter().map(move |total| row(day, total))).collect();
    let caption = td_string!(locale, viewer.by_hour.caption_days).to_owned();
    let left_out: u32 = days.iter().map(|day| day.left_out).sum();
    let left_out =
        (left_out > 0).then(|| el("p").class("hint mt4").text(count!(language, viewer.by_hour.left_out, left_out)));
    let games = days.iter().filter(|day| !day.games.is_empty()).map(|day| {
        let games: Vec<String> =
            day.games.iter().map(|(name, slots)| format!("{name} ({})", language.slots(u64::from(*slots)))).collect();
        let (date, list) = (language.date(day.day), list(language, &games));
        el("p").class("measure mt4").text(td_string!(locale, viewer.by_hour.games, date, list).to_string())
    });
    el("div")
        .class("mt6")
        .child(el("h3").text(td_string!(locale, viewer.by_hour.h)))
        .child(el("p").class("hint measure mt4 mb5").text(td_string!(locale, viewer.by_hour.sub_days)))
        .child(data_table(caption, false, &headings, rows))
        .maybe(left_out)
        .children(games)
}

fn row(day: &WholeDay, total: &ChannelTotal) -> Vec<Cell> {
    let (language, _) = speech();
    let nothing = || "–".to_owned();
    let watched = if total.watch_slots > 0 { language.slots(total.watch_slots.into()) } else { nothing() };
    let spoke = if total.spoke_slots > 0 { count!(language, viewer.samples, total.spoke_slots) } else { nothing() };
    let address = format!("/{}/channel/{}", language.code(), total.login);
    vec![link(total.name.clone(), address), text(language.date(day.day)), text(watched), text(spoke)]
}
