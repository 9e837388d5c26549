//! How much a channel is on air and watched, and how that changes.

use model::statistics::channel::{self, Figures, Trend};

use crate::components::data_table::{Cell, data_table, text};
use crate::components::fact_list::{Fact, fact_list};
use crate::components::figure::how;
use crate::components::ranged::{Sum, signed};
use crate::components::speech;
use crate::data::channel_figures::ChannelFigures;
use crate::data::local_day::local;
use crate::draw::words::count;
use crate::node::{Element, el};
use crate::pages::findings::{section, worked_out_by};
use crate::texts::td_string;

/// The answer in one sentence.
pub(super) fn lede(data: &ChannelFigures) -> String {
    let (language, locale) = speech();
    let figures = &data.trends[data.period.place()].now;
    let days = count!(language, viewer.days, data.period.range);
    if figures.known_slots == 0 {
        return td_string!(locale, figures.lede_unknown, days).to_string();
    }
    let Some(mean) = figures.mean_viewers() else {
        return td_string!(locale, figures.lede_none, days).to_string();
    };
    let viewers = count!(language, channel.viewers, mean.round() as u64);
    let hours = Sum::of(figures.is_lower_bound()).write(language.duration(whole_hours(figures)));
    td_string!(locale, figures.lede, hours, days, viewers).to_string()
}

/// The range chosen in figures, and all ranges as a table.
pub(super) fn trends(data: &ChannelFigures) -> Element {
    let (_, locale) = speech();
    let trend = &data.trends[data.period.place()];
    let untold = untold(trend).map(|why| el("p").class("hint measure mt4").text(why));
    section("trends", td_string!(locale, figures.trends.h), td_string!(locale, figures.trends.sub))
        .child(fact_list("facts", facts(data, trend)))
        .maybe(untold)
        .child(table(data).class("scroll mt6"))
        .child(worked_out_by(&channel::METHOD))
        .child(how([td_string!(locale, figures.trends.how)]))
}

/// Why no change is told at all; nothing where it can be.
fn untold(trend: &Trend) -> Option<String> {
    let (language, locale) = speech();
    let days = count!(language, viewer.days, trend.days);
    if trend.now.is_lower_bound() {
        Some(td_string!(locale, figures.trends.blind, days).to_string())
    } else if trend.before.known_slots == 0 {
        Some(td_string!(locale, figures.trends.not_held, days).to_string())
    } else if trend.before.is_lower_bound() {
        Some(td_string!(locale, figures.trends.blind_before, days).to_string())
    } else {
        None
    }
}

fn facts(data: &ChannelFigures, trend: &Trend) -> [Fact; 4] {
    let (language, locale) = speech();
    let days = count!(language, viewer.days, trend.days);
    let untold = untold(trend);
    let small = |share: Option<f64>| match share {
        Some(share) => {
            td_string!(locale, figures.trends.change, share = signed(share), days = days.clone()).to_string()
        }
        None if untold.is_some() => String::new(),
        None => td_string!(locale, figures.trends.no_before, days = days.clone()).to_string(),
    };
    let [watched, mean, peak, airtime] = changes(trend);
    let when = trend.now.peak.map(|(at, _)| language.day_month(local(&data.period.zone, at).0));
    let peak_small: Vec<String> =
        [when.unwrap_or_default(), small(peak)].into_iter().filter(|text| !text.is_empty()).collect();
    let [watched_text, mean_text, peak_text, airtime_text] = values(&trend.now);
    [
        (td_string!(locale, figures.trends.watched), watched_text, small(watched)),
        (td_string!(locale, figures.trends.mean), mean_text, small(mean)),
        (td_string!(locale, figures.trends.peak), peak_text, peak_small.join(" · ")),
        (td_string!(locale, figures.trends.airtime), airtime_text, small(airtime)),
    ]
}

fn table(data: &ChannelFigures) -> Element {
    let (language, locale) = speech();
    let row = |trend: &Trend| -> Vec<Cell> {
        let with = |(value, change): (String, Option<f64>)| {
            text(change.map_or_else(|| value.clone(), |change| format!("{value} ({})", signed(change))))
        };
        let days = count!(language, viewer.days, trend.days);
        let mut row = vec![text(days)];
        row.extend(values(&trend.now).into_iter().zip(changes(trend)).map(with));
        row.push(text(language.number(trend.now.broadcasts.into())));
        row.push(text(language.percent(trend.now.coverage(), 0)));
        row
    };
    let headings = [
        (td_string!(locale, figures.trends.range), false),
        (td_string!(locale, figures.trends.watched), true),
        (td_string!(locale, figures.trends.mean), true),
        (td_string!(locale, figures.trends.peak), true),
        (td_string!(locale, figures.trends.airtime), true),
        (td_string!(locale, figures.trends.broadcasts), true),
        (td_string!(locale, figures.trends.seen), true),
    ];
    let caption = td_string!(locale, figures.trends.caption).to_owned();
    data_table(caption, false, &headings, data.trends.iter().map(row).collect())
}

/// Hours watched, average, peak and airtime.
fn values(figures: &Figures) -> [String; 4] {
    let (language, locale) = speech();
    let unknown = || td_string!(locale, channel.fact.unknown).to_owned();
    let sum = Sum::of(figures.is_lower_bound());
    [
        sum.write(language.decimal(figures.hours_watched(), 0)),
        figures.mean_viewers().map_or_else(unknown, |mean| language.decimal(mean, 0)),
        figures.peak.map_or_else(unknown, |(_, most)| language.number(most.into())),
        sum.write(language.duration(whole_hours(figures))),
    ]
}

/// How the same changed.
fn changes(trend: &Trend) -> [Option<f64>; 4] {
    [
        trend.change(|figures| Some(figures.hours_watched())),
        trend.change(Figures::mean_viewers),
        trend.change(|figures| figures.peak.map(|(_, most)| f64::from(most))),
        trend.change(|figures| Some(figures.airtime_hours())),
    ]
}

/// Minutes on air, of more than ten hours whole hours.
fn whole_hours(figures: &Figures) -> u64 {
    match figures.live_slots * 5 {
        minutes @ 0..600 => minutes,
        minutes => (minutes + 30) / 60 * 60,
    }
}
