//! The visits of a viewer's day as a table.

use std::sync::Arc;

use charts::table::Column;
use leptos::prelude::*;

use crate::components::chart_table::column_name;
use crate::components::speech;
use crate::data::viewer::{Ribbon, ViewerDay, Visit};
use crate::draw::words::count;
use crate::texts::td_string;

/// Longer tables are cut: a page stays small.
const MAX_ROWS: usize = 50;

/// A row per visit: where, from when to when, how long, by what evidence, joined across what, and what was on.
#[component]
pub(crate) fn Visits(
    /// The day.
    data: Arc<ViewerDay>,
) -> impl IntoView {
    let (language, locale) = speech();
    let date = language.weekday_date(data.local.day);
    let caption = td_string!(locale, viewer.caption, date, zone = data.local.zone.name.clone()).to_string();
    let all: usize = data.ribbons.iter().map(|ribbon| ribbon.visits.len()).sum();
    let cut = (all > MAX_ROWS).then(|| {
        let (shown, all) = (language.number(MAX_ROWS as u64), language.number(all as u64));
        view! { <small>" "{td_string!(locale, frame.figure.first_rows, shown, all).to_string()}</small> }
    });
    let mut visits: Vec<(&Ribbon, &Visit)> =
        data.ribbons.iter().flat_map(|ribbon| ribbon.visits.iter().map(move |visit| (ribbon, visit))).collect();
    visits.sort_by_key(|(_, visit)| visit.span().0);
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
        let mut games: Vec<&str> =
            visit.scenes.iter().map(|scene| scene.game.as_str()).filter(|g| !g.is_empty()).collect();
        games.dedup();
        let mut titles: Vec<&str> =
            visit.scenes.iter().map(|scene| scene.title.as_str()).filter(|title| !title.is_empty()).collect();
        titles.dedup();
        let address = format!("/{}/channel/{}", language.code(), ribbon.login);
        view! {
            <tr>
                <th scope="row"><a href=address>{ribbon.name.clone()}</a></th>
                <td>{from}</td>
                <td>{to}</td>
                <td class="n">{watched}</td>
                <td>{evidence}</td>
                <td>{joined}</td>
                <td>{games.join(", ")}</td>
                <td>{titles.join(", ")}</td>
            </tr>
        }
    };
    let names = [
        (column_name(locale, Column::Channel), false),
        (column_name(locale, Column::From), false),
        (column_name(locale, Column::To), false),
        (column_name(locale, Column::Watched), true),
        (column_name(locale, Column::Listed), false),
        (td_string!(locale, frame.column.joined), false),
        (column_name(locale, Column::Game), false),
        (column_name(locale, Column::Title), false),
    ];
    let label = caption.clone();
    view! {
        <details class="table">
            <summary>{td_string!(locale, frame.figure.table)}</summary>
            <section class="scroll" tabindex="0" aria-label=label>
                <table class="tbl">
                    <caption>{caption}{cut}</caption>
                    <thead>
                        <tr>
                            {names
                                .into_iter()
                                .map(|(name, number)| view! { <th scope="col" class=number.then_some("n")>{name}</th> })
                                .collect_view()}
                        </tr>
                    </thead>
                    <tbody>{visits.into_iter().take(MAX_ROWS).map(row).collect_view()}</tbody>
                </table>
            </section>
        </details>
    }
}
