//! What somebody spends more of their time in than all people do.

use model::analysis::tastes::{Beside, Lift, Refused};

use super::not_yet;
use crate::components::data_table::{Cell, data_table, link, text};
use crate::components::speech;
use crate::data::trace::Trace;
use crate::draw::words::count;
use crate::node::{Element, el};
use crate::pages::findings::{self, percent, result_or, section, with_interval};
use crate::texts::td_string;

/// Rows of a table.
const SHOWN: usize = 10;

/// The section.
pub(super) fn tastes(data: &Trace) -> Element {
    let (language, locale) = speech();
    let section =
        section("tastes", td_string!(locale, trace.tastes.h), td_string!(locale, trace.tastes.sub).to_owned());
    let Some(finding) = &data.as_seen.tastes else { return section.child(not_yet()) };
    let channel = |lift: &Lift<_>| name_of_channel(data, lift);
    let game = |lift: &Lift<model::identity::GameKey>| Some(text(data.games.get(lift.key.0 as usize)?.clone()));
    let why = td_string!(locale, trace.tastes.why).to_owned();
    let verdict = result_or("", finding, refused_words, why, |found| {
        let people = language.number(found.people.into());
        let more = found.channels.lifts.iter().filter(|lift| lift.is_more()).count();
        let more = count!(language, trace.channels, more as u32);
        let apart = language.percent(found.channels.apart, 0);
        vec![td_string!(locale, trace.tastes.is, people, more, apart).to_string()]
    });
    let tables = finding.as_ref().ok().map(|found| {
        let (channels, games) = (&found.value.channels, &found.value.games);
        let (of_channels, of_games) =
            (td_string!(locale, trace.tastes.channels), td_string!(locale, trace.tastes.games));
        el("div")
            .maybe(table(of_channels, td_string!(locale, habits.favourites.channel), channels, channel))
            .maybe(table(of_games, td_string!(locale, habits.favourites.game), games, game))
    });
    section.child(verdict).maybe(tables)
}

fn name_of_channel(data: &Trace, lift: &Lift<model::identity::ChannelKey>) -> Option<Cell> {
    let (language, _) = speech();
    let name = data.channels.get(lift.key.0 as usize)?;
    Some(link(name.display_name.clone(), format!("/{}/channel/{}", language.code(), name.login)))
}

fn table<K>(
    caption: &'static str,
    first: &'static str,
    beside: &Beside<K>,
    name: impl Fn(&Lift<K>) -> Option<Cell>,
) -> Option<Element> {
    let (language, locale) = speech();
    let times = |lift: f64| language.decimal(lift, 1);
    let percent = percent(language);
    let row = |lift: &Lift<K>| -> Option<Vec<Cell>> {
        let times = with_interval(&lift.lift, times);
        let (time, days) = (language.duration_short(lift.minutes), language.number(lift.days.into()));
        let shares = [text(percent(lift.share)), text(percent(lift.usual))];
        Some([name(lift)?, text(times)].into_iter().chain(shares).chain([text(time), text(days)]).collect())
    };
    let rows: Vec<Vec<Cell>> = beside.lifts.iter().filter_map(row).take(SHOWN).collect();
    let headings = [
        (first, false),
        (td_string!(locale, trace.tastes.times), true),
        (td_string!(locale, trace.tastes.yours), true),
        (td_string!(locale, trace.tastes.all), true),
        (td_string!(locale, habits.favourites.all), true),
        (td_string!(locale, habits.favourites.days), true),
    ];
    (!rows.is_empty()).then(|| el("div").class("mt5").child(data_table(caption.to_owned(), false, &headings, rows)))
}

/// Why nothing is said of tastes.
pub(super) fn refused_words(refused: &Refused) -> String {
    let (language, locale) = speech();
    match *refused {
        Refused::FewPeople { have, need } => {
            let (have, need) = (language.number(have.into()), language.number(need.into()));
            td_string!(locale, trace.refused.people, have, need).to_string()
        }
        Refused::FewDays { have, need } => {
            let (have, need) = (count!(language, viewer.days, have), count!(language, viewer.days, need));
            td_string!(locale, trace.refused.days, have, need).to_string()
        }
        Refused::Person(refused) => findings::refused_words(&refused),
    }
}
