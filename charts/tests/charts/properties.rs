//! Whatever the data: nothing panics, nothing leaves the chart, nothing unknown is left blank.

use std::collections::BTreeSet;

use charts::audience::{Audience, audience};
use charts::bar_list::{BarList, bar_list};
use charts::broadcasts::{Broadcasts, broadcasts};
use charts::coverage_calendar::{CoverageCalendar, CoverageDay, coverage_calendar};
use charts::day_axis::DayAxis;
use charts::day_bars::{DayBar, DayBars, day_bars};
use charts::day_hours::{DayHours, HourOfDay, day_hours};
use charts::hour_bars::{HourBars, hour_bars};
use charts::ink::Ink;
use charts::lorenz::{Lorenz, lorenz};
use charts::named_bars::{NamedBar, NamedBars, named_bars};
use charts::over_day::{OverDay, over_day};
use charts::part::Part;
use charts::processing::{Processing, ProcessingDay, processing};
use charts::raster::{Raster, RasterBand, RasterRow, raster};
use charts::ribbons::{Band, Ribbon, Ribbons, Visit, ribbons};
use charts::sparkline::{Sparkline, sparkline};
use charts::stretch::Stretch;
use charts::tick::Tick;
use charts::week_hours::{WeekHours, week_hours};
use charts::year::{Year, year};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::fixtures::person::{minutes, phrases};
use crate::fixtures::{english, the_day, words};
use crate::xml::{assert_within, elements, has_class, parse, share};

/// Mostly within a day, sometimes anywhere.
fn place() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 0..320u32, 1 => any::<u32>()]
}

fn stretch() -> impl Strategy<Value = Stretch> {
    (place(), place()).prop_map(|(a, b)| Stretch::new(a, b))
}

fn tick() -> impl Strategy<Value = Tick> {
    (place(), "\\PC{0,6}", any::<bool>()).prop_map(|(at, label, secondary)| Tick { at, label, secondary })
}

fn axis() -> impl Strategy<Value = DayAxis> {
    let slots = prop_oneof![Just(288u32), Just(276), Just(300), any::<u32>()];
    (slots, place(), vec(tick(), 0..10)).prop_map(|(slots, until, ticks)| DayAxis { slots, until, ticks })
}

fn part() -> impl Strategy<Value = Part> {
    (stretch(), any::<String>(), any::<String>()).prop_map(|(span, game, title)| Part { span, game, title })
}

fn visit() -> impl Strategy<Value = Visit> {
    (vec(stretch(), 0..4), any::<bool>(), any::<u32>(), "\\PC{0,12}", vec(part(), 0..4))
        .prop_map(|(present, listed, watched, when, parts)| Visit { present, listed, watched, when, parts })
}

fn ribbon() -> impl Strategy<Value = Ribbon> {
    (any::<String>(), "\\PC{0,8}", vec(visit(), 0..6), vec(stretch(), 0..4))
        .prop_map(|(name, total, visits, unobserved)| Ribbon { name, total, visits, unobserved })
}

fn viewer_day() -> impl Strategy<Value = Ribbons> {
    let band = (stretch(), any::<String>()).prop_map(|(span, label)| Band { span, label });
    (axis(), vec(ribbon(), 0..5), vec(stretch(), 0..3), option::of(band)).prop_map(
        |(axis, channels, no_sweep, inferred)| Ribbons {
            words: words("Day", "What it shows"),
            axis,
            channels,
            no_sweep,
            inferred,
            phrases: phrases(),
        },
    )
}

fn counts(up_to: usize) -> impl Strategy<Value = Vec<Option<u64>>> {
    let count = prop_oneof![6 => 0..20_000u64, 1 => any::<u64>()];
    vec(option::weighted(0.8, count), 0..up_to)
}

/// The stretch as it is drawn: cut to what is over, in hundredths of a percent.
fn drawn(stretch: Stretch, axis: &DayAxis) -> Option<(u32, u32)> {
    let slots = axis.slots.clamp(1, 4_032);
    let to = stretch.to.min(axis.until).min(slots);
    let share = |at: u32| (u64::from(at) * 10_000 + u64::from(slots) / 2) as u32 / slots;
    (stretch.from < to).then(|| (share(stretch.from), share(to) - share(stretch.from)))
}

/// (x, width, y) of all that is hatched.
fn hatched(svg: &str) -> Vec<(u32, u32, i32)> {
    let place = |node: roxmltree::Node<'_, '_>| {
        Some((share(node, "x")?, share(node, "width")?, node.attribute("y")?.parse().ok()?))
    };
    let document = parse(svg);
    elements(&document)
        .filter(|node| has_class(node, "un"))
        .map(|node| place(node).expect("a placed rectangle"))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_viewers_day_hatches_all_that_was_not_observed(day in viewer_day()) {
        let svg = ribbons("day", &day).to_svg();
        assert_within(&svg);
        let hatched = hatched(&svg);
        for (row, channel) in (0..).zip(&day.channels) {
            let bridges = channel.visits.iter().flat_map(|v| v.present.windows(2).map(|p| Stretch::new(p[0].to, p[1].from)));
            for stretch in channel.unobserved.iter().copied().chain(bridges) {
                if let Some((x, width)) = drawn(stretch, &day.axis) {
                    prop_assert!(hatched.contains(&(x, width, 52 + row * 74)), "{x} {width} of row {row} in {svg}");
                }
            }
        }
        for stretch in &day.no_sweep {
            if let Some((x, width)) = drawn(*stretch, &day.axis) {
                prop_assert!(hatched.contains(&(x, width, 26)));
            }
        }
        let table = day.rows();
        prop_assert!(table.rows.iter().all(|row| row.len() == table.header.len()));
    }

    #[test]
    fn a_channels_day_hatches_all_that_was_not_observed(
        axis in axis(), on_air in vec(vec(part(), 0..4), 0..5), unobserved in vec(stretch(), 0..4),
    ) {
        let day = Broadcasts { words: words("Live", ""), axis, broadcasts: on_air, unobserved, phrases: phrases() };
        let svg = broadcasts("live", &day).to_svg();
        assert_within(&svg);
        let hatched = hatched(&svg);
        for stretch in &day.unobserved {
            if let Some((x, width)) = drawn(*stretch, &day.axis) {
                prop_assert!(hatched.contains(&(x, width, 34)));
            }
        }
        let _ = (day.rows(), day.legend());
    }

    #[test]
    fn a_day_by_hour_hatches_all_that_is_not_known(
        axis in axis(), hours in vec((stretch(), place(), place()), 0..30), no_sweep in vec(stretch(), 0..3),
    ) {
        let hour = |(span, present, unknown): (Stretch, u32, u32)| HourOfDay { span, present, unknown };
        let day = DayHours { words: words("Day", ""), axis, hours: hours.into_iter().map(hour).collect(), no_sweep };
        let svg = day_hours("hours", &day, &minutes).to_svg();
        assert_within(&svg);
        let hatched = hatched(&svg);
        for stretch in &day.no_sweep {
            if let Some((x, width)) = drawn(*stretch, &day.axis) {
                prop_assert!(hatched.contains(&(x, width, 10)));
            }
        }
        for hour in day.hours.iter().filter(|hour| hour.present < 12 && hour.unknown > 0) {
            let bar = Stretch::new(hour.span.from.saturating_add(1), hour.span.to.saturating_sub(1));
            if let Some((x, width)) = drawn(bar, &day.axis) {
                prop_assert!(hatched.iter().any(|(left, wide, _)| (*left, *wide) == (x, width)));
            }
        }
        let table = day.rows();
        prop_assert!(table.rows.iter().all(|row| row.len() == table.header.len()));
    }

    #[test]
    fn an_audience_hatches_all_that_was_not_observed(
        axis in axis(), viewers in counts(300), chatters in counts(300), unobserved in vec(stretch(), 0..4),
    ) {
        let day = Audience { words: words("Audience", ""), axis, viewers, chatters, unobserved };
        let svg = audience("aud", &day, &english, Some("peak")).to_svg();
        assert_within(&svg);
        let hatched = hatched(&svg);
        for stretch in &day.unobserved {
            if let Some((x, width)) = drawn(*stretch, &day.axis) {
                prop_assert!(hatched.contains(&(x, width, 28)));
            }
        }
        let _ = day.rows();
        let over = OverDay {
            words: words("Over the day", ""),
            axis: day.axis,
            today: day.viewers,
            before: day.chatters,
            unobserved: day.unobserved,
            now_label: "now".into(),
            before_label: "before".into(),
        };
        let svg = over_day("over", &over, &english).to_svg();
        assert_within(&svg);
        for stretch in &over.unobserved {
            if let Some((x, width)) = drawn(*stretch, &over.axis) {
                prop_assert!(self::hatched(&svg).contains(&(x, width, 34)));
            }
        }
        let _ = over.rows();
    }

    #[test]
    fn days_without_data_are_hatched(values in counts(60), ticks in vec(tick(), 0..4), first_weekday in any::<u8>()) {
        let bar = |(n, count): (usize, &Option<u64>)| DayBar {
            day: the_day(0), count: *count, highlight: n % 5 == 0, provisional: n % 3 == 0,
        };
        let bars = DayBars { words: words("Days", ""), days: values.iter().enumerate().map(bar).collect(), ticks: ticks.clone() };
        let missing = values.iter().filter(|count| count.is_none()).count();
        let svg = day_bars("days", &bars, &english).to_svg();
        assert_within(&svg);
        prop_assert_eq!(hatched(&svg).len(), missing);

        let hours = HourBars { words: words("Hours", ""), values: values.clone(), labels: ["0".into(), "12".into(), "24".into()] };
        let svg = hour_bars("hours", &hours).to_svg();
        assert_within(&svg);
        prop_assert_eq!(hatched(&svg).len(), missing);

        let line = sparkline("spark", &Sparkline { words: words("Line", ""), values: values.clone() }).to_svg();
        assert_within(&line);
        prop_assert_eq!(hatched(&line).is_empty(), missing == 0);

        let night = |count: &Option<u64>| ProcessingDay { day: the_day(0), import_ms: *count, sweep_p50_ms: *count };
        let nights = Processing {
            words: words("Nights", ""), days: values.iter().map(night).collect(), ticks: ticks.clone(),
            import_label: "import".into(), sweep_label: "sweep".into(),
        };
        let svg = processing("proc", &nights, &english).to_svg();
        assert_within(&svg);
        prop_assert_eq!(hatched(&svg).is_empty(), missing == 0);

        let day = |count: &Option<u64>| CoverageDay { day: the_day(0), held: count.unwrap_or(0) as u32, of: 288 };
        let calendar = CoverageCalendar {
            words: words("Coverage", ""), first_weekday, days: values.iter().map(day).collect(), months: ticks.clone(),
            weekdays: Default::default(),
        };
        let svg = coverage_calendar("cov", &calendar).to_svg();
        assert_within(&svg);
        prop_assert_eq!(hatched(&svg).is_empty(), calendar.days.iter().all(|day| day.held > 0));

        let days = Year {
            words: words("Year", ""), first_weekday, days: values.clone(), most: 60, months: ticks, weekdays: Default::default(),
        };
        let svg = year("year", &days).to_svg();
        assert_within(&svg);
        prop_assert_eq!(hatched(&svg).is_empty(), missing == 0);
        let _ = (bars.rows(), hours.rows(), nights.rows(), calendar.rows());
    }

    #[test]
    fn named_bars_stay_within_and_are_all_there(names in vec((any::<String>(), vec(any::<u64>(), 0..6)), 0..70)) {
        let bar = |(name, bars): (String, Vec<u64>)| NamedBar { name, bars: bars.into_iter().map(|n| (Ink::Soft, n)).collect() };
        let input = NamedBars { words: words("Bars", ""), names: names.into_iter().map(bar).collect() };
        let svg = named_bars("named", &input, &english).to_svg();
        assert_within(&svg);
        let document = parse(&svg);
        let figures = elements(&document).filter(|node| has_class(node, "note")).count();
        prop_assert_eq!(figures, input.names.iter().take(60).map(|name| name.bars.len().min(4)).sum::<usize>());
    }

    #[test]
    fn a_bar_list_stays_within_and_is_all_there(items in vec((any::<String>(), any::<u64>()), 0..70)) {
        let svg = bar_list("list", &BarList { words: words("Bars", ""), items: items.clone() }, &english).to_svg();
        assert_within(&svg);
        let document = parse(&svg);
        prop_assert_eq!(elements(&document).filter(|node| has_class(node, "note")).count(), items.len().min(60));
    }

    #[test]
    fn a_week_hatches_every_hour_that_is_not_known(
        values in vec(option::weighted(0.8, any::<u64>()), 168), most in any::<u64>(), hours in vec(tick(), 0..6),
    ) {
        let input = WeekHours {
            words: words("Week", ""), values: std::array::from_fn(|day| std::array::from_fn(|hour| values[day * 24 + hour])), most,
            weekdays: Default::default(), hours,
        };
        let svg = week_hours("week", &input).to_svg();
        assert_within(&svg);
        let drawn: BTreeSet<_> = hatched(&svg).into_iter().collect();
        for (row, day) in (0..).zip(&input.values) {
            // Neighbours are one stretch.
            let mut from = None;
            for hour in 0..=24u32 {
                let unknown = day.get(hour as usize).is_some_and(Option::is_none);
                match (from, unknown) {
                    (None, true) => from = Some(hour),
                    (Some(start), false) => {
                        let axis = DayAxis { slots: 24, until: 24, ticks: vec![] };
                        let (x, width) = self::drawn(Stretch::new(start, hour), &axis).unwrap();
                        prop_assert!(drawn.contains(&(x, width, 2 + row * 22)), "{drawn:?}");
                        from = None;
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn a_lorenz_curve_stays_within(shares in vec(any::<u64>(), 0..700), ticks in vec(tick(), 0..5), equal in any::<String>()) {
        let svg = lorenz("lorenz", &Lorenz { words: words("Shares", ""), shares, ticks, equal }, &english).to_svg();
        assert_within(&svg);
        parse(&svg);
    }

    #[test]
    fn a_raster_hatches_all_that_was_not_observed(
        axis in axis(), days in vec((vec(stretch(), 0..4), vec(stretch(), 0..3)), 0..20), band in option::of(stretch()),
    ) {
        let rows = days.into_iter().map(|(present, unobserved)| RasterRow { day: the_day(0), present, unobserved });
        let band = band.map(|span| RasterBand { span, from_label: "00:50".into(), to_label: "07:25".into() });
        let input = Raster { words: words("Raster", ""), axis, rows: rows.collect(), inferred: band };
        let svg = raster("raster", &input).to_svg();
        assert_within(&svg);
        let hatched = hatched(&svg);
        let axis = DayAxis { until: u32::MAX, ..input.axis.clone() };
        for (row, day) in (0..).zip(&input.rows) {
            for stretch in &day.unobserved {
                if let Some((x, width)) = drawn(*stretch, &axis) {
                    prop_assert!(hatched.contains(&(x, width, 26 + row * 5)));
                }
            }
        }
        let _ = input.rows();
    }
}

#[test]
fn charts_without_any_data_are_drawn() {
    for (name, svg) in crate::fixtures::nothing() {
        assert_within(&svg);
        assert!(svg.len() < 1_500, "{name}: {svg}");
    }
}
