//! How viewers are spread over streamers, what is played, the ranking, and channels with the same visitors.

use charts::bar_list::{BarList, bar_list};
use charts::lorenz::{Lorenz, lorenz};
use charts::tick::Tick;
use charts::words::Words;
use model::statistics::concentration::{self, Concentration, LORENZ_STEPS, PERCENTILES};
use model::statistics::games::{self, GameFigures};
use model::statistics::{overlap, ranking};

use crate::components::data_table::{Cell, data_table, link, text};
use crate::components::fact_list::fact_list;
use crate::components::figure::how;
use crate::components::ranged::{Sum, no_night};
use crate::components::shown::{Shown, none};
use crate::components::speech;
use crate::data::explore::{Explore, Placed, Tie};
use crate::draw::axis_number;
use crate::draw::words::count;
use crate::node::{Element, Node, el};
use crate::pages::channel_figures::{game_name, games_table};
use crate::pages::findings::{section, worked_out_by};
use crate::texts::td_string;

/// Games that have a bar; the table has the others too.
const BARS: usize = 8;
/// Rows of the table of the Lorenz curve: every ten percent.
const LORENZ_ROWS: usize = 10;

/// Viewers per streamer.
pub(super) fn spread(data: &Explore) -> Element {
    let (language, locale) = speech();
    let date = data.period.night.map(|night| language.date(night)).unwrap_or_default();
    let sub = data.period.night.map(|_| td_string!(locale, explore.spread.sub, date).to_string());
    let section = section("spread", td_string!(locale, explore.spread.h), sub.unwrap_or_default());
    let Some(spread) = &data.spread else {
        return section.child(if data.period.night.is_none() {
            no_night()
        } else {
            none(td_string!(locale, explore.spread.none))
        });
    };
    let number = |x: f64| language.decimal(x, usize::from(x < 10.0));
    let facts = [
        (
            td_string!(locale, explore.spread.streamers),
            language.number(spread.count.into()),
            td_string!(locale, explore.spread.streamers_small).to_owned(),
        ),
        (
            td_string!(locale, explore.spread.median),
            number(spread.median),
            td_string!(locale, explore.spread.median_small).to_owned(),
        ),
        (
            td_string!(locale, explore.spread.gini),
            language.decimal(spread.gini, 2),
            td_string!(locale, explore.spread.gini_small).to_owned(),
        ),
    ];
    let percentile = |(percent, value): (&u8, &f64)| -> Vec<Cell> {
        vec![text(language.percent(f64::from(*percent) / 100.0, 0)), text(number(*value))]
    };
    let headings =
        [(td_string!(locale, explore.spread.share), false), (td_string!(locale, explore.spread.at_most), true)];
    let rows = PERCENTILES.iter().zip(&spread.percentiles).map(percentile).collect();
    let percentiles = data_table(td_string!(locale, explore.spread.percentiles).to_owned(), false, &headings, rows);
    section
        .child(fact_list("facts mb6", facts))
        .child(el("div").class("cols-2 cols-32").child(curve(spread)).child(percentiles))
        .child(worked_out_by(&concentration::METHOD))
        .child(how([td_string!(locale, explore.spread.how)]))
}

fn curve(spread: &Concentration) -> Element {
    let (language, locale) = speech();
    let percent = language.percent(spread.share_of_top(10), 0);
    let finding = td_string!(locale, explore.spread.finding, percent).to_string();
    let share = |percent: usize| language.percent(percent as f64 / 100.0, 0);
    let tick = |at: u32| Tick { at, label: share(at as usize), secondary: !at.is_multiple_of(50) };
    let input = Lorenz {
        words: Words { title: td_string!(locale, explore.spread.title).to_owned(), desc: finding.clone() },
        shares: spread.lorenz.iter().map(|share| (share * 10_000.0).round() as u64).collect(),
        ticks: [0, 25, 50, 75, 100].map(tick).into(),
        equal: td_string!(locale, explore.spread.equal).to_owned(),
    };
    let row = |n: usize| -> Option<Vec<Cell>> {
        let step = n * LORENZ_STEPS / LORENZ_ROWS;
        Some(vec![text(share(step)), text(language.percent(*spread.lorenz.get(step)?, 1))])
    };
    let headings =
        [(td_string!(locale, explore.spread.poorest), false), (td_string!(locale, explore.spread.have), true)];
    let rows = (1..=LORENZ_ROWS).filter_map(row).collect();
    Shown {
        finding,
        sub: td_string!(locale, explore.spread.curve).to_owned(),
        legend: Vec::new(),
        scene: lorenz("lorenz", &input, &|share| language.percent(share as f64 / 10_000.0, 0)),
        table: data_table(td_string!(locale, explore.spread.title).to_owned(), false, &headings, rows),
    }
    .into()
}

/// What is watched.
pub(super) fn games(data: &Explore) -> Element {
    let (language, locale) = speech();
    let days = count!(language, viewer.days, data.period.range);
    let section = section("games", td_string!(locale, explore.games.h), td_string!(locale, explore.games.sub, days));
    if data.period.night.is_none() {
        return section.child(no_night());
    }
    let Some(first) = data.games.first() else { return section.child(none(td_string!(locale, figures.games.none))) };
    let sum = Sum::of(data.is_lower_bound());
    let hours = sum.write(language.decimal(first.hours_watched(), 0));
    let finding = td_string!(locale, explore.games.finding, game = game_name(first), hours).to_string();
    let item = |game: &GameFigures| (game_name(game), game.hours_watched().round() as u64);
    let caption = td_string!(locale, explore.games.caption).to_owned();
    let input = BarList {
        words: Words { title: caption.clone(), desc: finding.clone() },
        items: data.games.iter().take(BARS).map(item).collect(),
    };
    let shown = Shown {
        finding,
        sub: td_string!(locale, explore.games.unit).to_owned(),
        legend: Vec::new(),
        scene: bar_list("games", &input, &|hours| {
            td_string!(locale, explore.games.hours, n = axis_number(language, hours)).to_string()
        }),
        table: games_table(caption, &data.games, sum, Some(td_string!(locale, explore.games.channels))),
    };
    section
        .child(Element::from(shown))
        .child(worked_out_by(&games::METHOD))
        .child(how([td_string!(locale, explore.games.how)]))
}

/// Channels by hours watched.
pub(super) fn ranking(data: &Explore) -> Element {
    let (language, locale) = speech();
    let days = count!(language, viewer.days, data.period.range);
    let sub = match data.compared {
        Some(day) => td_string!(locale, explore.ranking.compared, days, date = language.date(day)).to_string(),
        None => td_string!(locale, explore.ranking.alone, days).to_string(),
    };
    let section = section("ranking", td_string!(locale, explore.ranking.h), sub);
    if data.period.night.is_none() {
        return section.child(no_night());
    }
    if data.ranking.is_empty() {
        return section.child(none(td_string!(locale, explore.ranking.none)));
    }
    let moved = |place: u32, before: Option<u32>| match before {
        _ if data.compared.is_none() => "–".to_owned(),
        None => td_string!(locale, explore.ranking.new).to_owned(),
        Some(before) if before > place => format!("+{}", before - place),
        Some(before) if before < place => format!("−{}", place - before),
        Some(_) => "=".to_owned(),
    };
    let row = |(place, channel): (u32, &Placed)| -> Vec<Cell> {
        let figures = &channel.figures;
        let address = format!("/{}/channel/{}/figures", language.code(), channel.login);
        let mut name: Cell = vec![Node::Text(format!("{place}. "))];
        name.extend(link(channel.name.clone(), address));
        let sum = Sum::of(figures.is_lower_bound());
        let mean = figures.mean_viewers().map_or_else(|| "–".to_owned(), |mean| language.decimal(mean, 0));
        let peak = figures.peak.map_or_else(|| "–".to_owned(), |(_, most)| language.number(most.into()));
        vec![
            name,
            text(sum.write(language.decimal(figures.hours_watched(), 0))),
            text(moved(place, channel.before)),
            text(mean),
            text(peak),
            text(sum.write(language.decimal(figures.airtime_hours(), 0))),
        ]
    };
    let headings = [
        (td_string!(locale, frame.column.channel), false),
        (td_string!(locale, figures.trends.watched), true),
        (td_string!(locale, explore.ranking.moved), true),
        (td_string!(locale, figures.trends.mean), true),
        (td_string!(locale, figures.trends.peak), true),
        (td_string!(locale, explore.ranking.airtime), true),
    ];
    let caption = td_string!(locale, explore.ranking.caption).to_owned();
    section
        .child(data_table(caption, false, &headings, (1..).zip(&data.ranking).map(row).collect()))
        .child(worked_out_by(&ranking::METHOD))
        .child(how([td_string!(locale, explore.ranking.how)]))
}

/// Channels whose visitors are the same.
pub(super) fn ties(data: &Explore) -> Element {
    let (language, locale) = speech();
    let section = section("ties", td_string!(locale, explore.ties.h), td_string!(locale, explore.ties.sub));
    if data.period.night.is_none() {
        return section.child(no_night());
    }
    if data.ties.is_empty() {
        return section.child(none(td_string!(locale, explore.ties.none)));
    }
    let row = |tie: &Tie| -> Vec<Cell> {
        let [a, b] = &tie.channels;
        let named = |(login, name): &(model::login::Login, String)| {
            link(name.clone(), format!("/{}/channel/{login}/figures", language.code()))
        };
        vec![
            named(a),
            named(b),
            text(language.number(tie.shared)),
            text(language.percent(tie.jaccard, 1)),
            text(language.percent(tie.overlap, 0)),
        ]
    };
    let headings = [
        (td_string!(locale, frame.column.channel), false),
        (td_string!(locale, explore.ties.other), false),
        (td_string!(locale, figures.shared.both), true),
        (td_string!(locale, figures.shared.jaccard), true),
        (td_string!(locale, figures.shared.overlap), true),
    ];
    let caption = td_string!(locale, explore.ties.caption).to_owned();
    section
        .child(data_table(caption, false, &headings, data.ties.iter().map(row).collect()))
        .child(worked_out_by(&overlap::METHOD))
        .child(how([td_string!(locale, figures.shared.how)]))
}
