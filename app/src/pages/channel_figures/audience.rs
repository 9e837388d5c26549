//! What a channel plays, how many of its viewers are in the list, and which channels share its audience.

use charts::bar_list::{BarList, bar_list};
use charts::words::Words;
use model::statistics::games::{self, GameFigures};
use model::statistics::{listed, overlap};

use crate::components::data_table::{Cell, data_table, link, text};
use crate::components::fact_list::fact_list;
use crate::components::figure::how;
use crate::components::ranged::{Sum, no_night};
use crate::components::shown::{Shown, none};
use crate::components::speech;
use crate::data::channel_figures::{ChannelFigures, Shared};
use crate::draw::words::count;
use crate::node::{Element, el};
use crate::pages::findings::{section, worked_out_by};
use crate::texts::td_string;

/// Games that have a bar; the table has the others too.
const BARS: usize = 8;

/// What was played.
pub(super) fn games(data: &ChannelFigures) -> Element {
    let (language, locale) = speech();
    let days = count!(language, viewer.days, data.period.range);
    let section = section("games", td_string!(locale, figures.games.h), td_string!(locale, figures.games.sub, days));
    let Some(first) = data.games.first() else { return section.child(none(td_string!(locale, figures.games.none))) };
    let figures = &data.trends[data.period.place()].now;
    let share = first.live_slots as f64 / figures.live_slots.max(1) as f64;
    let percent = language.percent(share.min(1.0), 0);
    let finding = td_string!(locale, figures.games.finding, game = name(first), percent).to_string();
    let input = BarList {
        words: Words { title: td_string!(locale, figures.games.title).to_owned(), desc: finding.clone() },
        items: data.games.iter().take(BARS).map(|game| (name(game), game.live_slots)).collect(),
    };
    let all = count!(language, figures.games.count, data.game_count);
    let shown = Shown {
        finding,
        sub: all,
        legend: Vec::new(),
        scene: bar_list("games", &input, &|slots| language.slots(slots)),
        table: games_table(
            td_string!(locale, figures.games.caption).to_owned(),
            &data.games,
            Sum::of(figures.is_lower_bound()),
            None,
        ),
    };
    section
        .child(Element::from(shown))
        .child(worked_out_by(&games::METHOD))
        .child(how([td_string!(locale, figures.games.how)]))
}

/// What a game is called.
pub(in crate::pages) fn name(game: &GameFigures) -> String {
    let (_, locale) = speech();
    if game.name.is_empty() { td_string!(locale, channel.no_game).to_owned() } else { game.name.clone() }
}

/// Games as a table, whose hours are such sums; `channels` names the column of how many played it.
pub(in crate::pages) fn games_table(
    caption: String,
    games: &[GameFigures],
    sum: Sum,
    channels: Option<&'static str>,
) -> Element {
    let (language, locale) = speech();
    let row = |game: &GameFigures| -> Vec<Cell> {
        let mean = game.mean_viewers().map_or_else(|| "–".to_owned(), |mean| language.decimal(mean, 0));
        let mut row = vec![
            text(name(game)),
            text(sum.write(language.decimal(game.hours(), 1))),
            text(mean),
            text(sum.write(language.decimal(game.hours_watched(), 0))),
        ];
        row.extend(channels.map(|_| text(language.number(game.channels.into()))));
        row
    };
    let mut headings = vec![
        (td_string!(locale, figures.games.game), false),
        (td_string!(locale, figures.games.hours), true),
        (td_string!(locale, figures.games.mean), true),
        (td_string!(locale, figures.games.watched), true),
    ];
    headings.extend(channels.map(|name| (name, true)));
    data_table(caption, false, &headings, games.iter().map(row).collect())
}

/// Viewers, those in the list, and the others.
pub(super) fn listed(data: &ChannelFigures) -> Element {
    let (language, locale) = speech();
    let days = count!(language, viewer.days, data.period.held);
    let section = section("listed", td_string!(locale, figures.listed.h), td_string!(locale, figures.listed.sub, days));
    let listed = data.listed;
    let Some([viewers, chatters, unlisted]) = listed.means() else {
        return section.child(none(td_string!(locale, figures.listed.none)));
    };
    let share = listed.unlisted_share().map(|share| language.percent(share, 0)).unwrap_or_default();
    let known = language.percent(listed.slots as f64 / listed.live_slots.max(1) as f64, 0);
    let number = |mean: f64| language.decimal(mean, 0);
    let facts = [
        (
            td_string!(locale, figures.listed.viewers),
            number(viewers),
            td_string!(locale, figures.listed.by_twitch).to_owned(),
        ),
        (
            td_string!(locale, figures.listed.chatters),
            number(chatters),
            td_string!(locale, figures.listed.own).to_owned(),
        ),
        (
            td_string!(locale, figures.listed.unlisted),
            number(unlisted),
            td_string!(locale, figures.listed.share, share).to_string(),
        ),
    ];
    section
        .child(fact_list("facts", facts))
        .child(el("p").class("hint measure mt4").text(td_string!(locale, figures.listed.known, known).to_string()))
        .child(worked_out_by(&listed::METHOD))
        .child(how([td_string!(locale, figures.listed.how)]))
}

/// Channels with some of the same visitors.
pub(super) fn shared(data: &ChannelFigures) -> Element {
    let (language, locale) = speech();
    let section = section("shared", td_string!(locale, figures.shared.h), td_string!(locale, figures.shared.sub));
    if data.period.night.is_none() {
        return section.child(no_night());
    }
    let Some(visitors) = data.visitors else { return section.child(none(td_string!(locale, figures.shared.few))) };
    let visitors = language.number(visitors);
    if data.shared.is_empty() {
        return section.child(none(td_string!(locale, figures.shared.none, visitors)));
    }
    let row = |tie: &Shared| -> Vec<Cell> {
        let address = format!("/{}/channel/{}/figures", language.code(), tie.login);
        vec![
            link(tie.name.clone(), address),
            text(language.number(tie.shared)),
            text(language.number(tie.visitors)),
            text(language.percent(tie.overlap, 0)),
            text(language.percent(tie.jaccard, 1)),
        ]
    };
    let headings = [
        (td_string!(locale, figures.shared.channel), false),
        (td_string!(locale, figures.shared.both), true),
        (td_string!(locale, figures.shared.visitors), true),
        (td_string!(locale, figures.shared.overlap), true),
        (td_string!(locale, figures.shared.jaccard), true),
    ];
    let caption = td_string!(locale, figures.shared.caption, visitors).to_string();
    section
        .child(data_table(caption, false, &headings, data.shared.iter().map(row).collect()))
        .child(worked_out_by(&overlap::METHOD))
        .child(how([td_string!(locale, figures.shared.how)]))
}
