//! The visits of a viewer's day as a table.

use charts::table::Column;
use model::order::sort_short;

use crate::components::chart_table::heading;
use crate::components::data_table::{data_table, link, text};
use crate::components::speech;
use crate::data::viewer::{Ribbon, ViewerDay, Visit};
use crate::draw::words::count;
use crate::node::Element;
use crate::texts::td_string;

/// A row per visit: where, from when to when, how long, by what evidence, joined across what, and what was on.
pub(crate) fn visits(data: &ViewerDay) -> Element {
    let (language, locale) = speech();
    let date = language.weekday_date(data.local.day);
    let caption = td_string!(locale, viewer.caption, date, zone = data.local.zone.name.clone()).to_string();
    let mut visits: Vec<(&Ribbon, &Visit)> =
        data.ribbons.iter().flat_map(|ribbon| ribbon.visits.iter().map(move |visit| (ribbon, visit))).collect();
    sort_short(&mut visits, |(_, visit)| visit.span().0);
    let row = |(ribbon, visit): (&Ribbon, &Visit)| {
        let span = visit.span();
        let (from, to) = (data.local.clock(span.0), data.local.clock(span.1));
        let from = if visit.from_before { td_string!(locale, viewer.before, time = from).to_string() } else { from };
        let to = if visit.goes_on { td_string!(locale, viewer.after, time = to).to_string() } else { to };
        let watched = if visit.listed { language.slots(visit.watch_slots.into()) } else { "–".to_owned() };
        let evidence =
            if visit.listed { td_string!(locale, frame.cell.yes) } else { td_string!(locale, frame.cell.no) };
        let joined = match visit.bridged_slots() {
            0 => "–".to_owned(),
            slots => count!(language, viewer.samples, slots),
        };
        let mut games: Vec<&str> = visit.scenes.iter().map(|scene| scene.game.as_str()).collect();
        let mut titles: Vec<&str> = visit.scenes.iter().map(|scene| scene.title.as_str()).collect();
        for texts in [&mut games, &mut titles] {
            texts.retain(|text| !text.is_empty());
            texts.dedup();
        }
        let address = format!("/{}/channel/{}", language.code(), ribbon.login);
        let texts = [from, to, watched, evidence.to_owned(), joined, games.join(", "), titles.join(", ")];
        std::iter::once(link(ribbon.name.clone(), address)).chain(texts.map(text)).collect()
    };
    let joined = (td_string!(locale, frame.column.joined), false);
    let column = |column| heading(locale, column);
    let headings = [
        column(Column::Channel),
        column(Column::From),
        column(Column::To),
        column(Column::Watched),
        column(Column::Listed),
        joined,
        column(Column::Game),
        column(Column::Title),
    ];
    data_table(caption, false, &headings, visits.into_iter().map(row).collect())
}
