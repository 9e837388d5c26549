//! Somebody who is there at the same hour of the local clock, through leap days, years' ends, changes of clocks, odd offsets and a move.

use std::collections::BTreeMap;

use model::analysis::bootstrap::{Chance, Drawings, Estimate};
use model::analysis::hiding::{blurred, without_nights};
use model::analysis::history::History;
use model::analysis::next::next;
use model::analysis::portrait::{Portrait, Reading, portrait};
use model::analysis::record::Record;
use model::day::Day;
use model::hours::ChannelFacts;
use model::identity::ChannelKey;
use model::presence::{ChannelPresence, ViewerDay};
use model::slot::{Slot, SlotTime};
use model::slot_set::SlotSet;
use model::zone::ZoneTable;

const ROOM: ChannelKey = ChannelKey(4);

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Paris from 2027 to 2029, whose clocks change on four days of it.
fn paris() -> ZoneTable {
    let change = |text: &str, offset| (day(text).start_unix() + 3_600, offset);
    let changes = [("2027-03-28", 7_200), ("2027-10-31", 3_600), ("2028-03-26", 7_200), ("2028-10-29", 3_600)];
    ZoneTable::new("Europe/Paris", 3_600, changes.map(|(day, offset)| change(day, offset)).to_vec())
}

/// There in the slots of which `is_there` says so, given the local minute of the day; `sees` says which slots were seen.
pub(super) fn record(
    from: Day,
    until: Day,
    is_there: impl Fn(SlotTime) -> bool,
    mut sees: impl FnMut(SlotTime) -> bool,
) -> Record {
    let (mut days, mut channels) = (Vec::new(), std::collections::HashMap::new());
    let all: SlotSet = Slot::all().collect();
    for day in from.until(until) {
        let at = |slot: Slot| SlotTime::at(day, slot.index());
        let seen: SlotSet = Slot::all().filter(|slot| sees(at(*slot))).collect();
        let present: SlotSet = Slot::all().filter(|slot| seen.contains(*slot) && is_there(at(*slot))).collect();
        let facts = ChannelFacts { listed_observed: seen, live: all, ..ChannelFacts::default() };
        channels.insert((ROOM, day), facts);
        if !present.is_empty() {
            let there = ChannelPresence { channel: ROOM, listed: present.runs(), spoke: Vec::new() };
            days.push((day, ViewerDay { bot: false, channels: vec![there] }));
        }
    }
    Record { days, channels, ..Record::empty(from, from, until) }
}

/// There from 21:00 to 22:00 by these clocks.
fn evenings(from: &str, until: &str, zone: &ZoneTable) -> Record {
    record(day(from), day(until), |at| (1_260..1_320).contains(&zone.minute_of(at.unix())), |_| true)
}

fn read(record: &Record, zone: &ZoneTable) -> Portrait {
    portrait(&record.trace(), &Reading { zone, holidays: None, drawings: Drawings::of_seed(3) })
}

#[test]
fn an_hour_of_the_clock_stays_that_hour_whatever_the_calendar_does() {
    let odd = |name, offset| ZoneTable::new(name, offset, Vec::new());
    for zone in [paris(), odd("Asia/Kolkata", 19_800), odd("Asia/Kathmandu", 20_700), odd("America/St_Johns", -12_600)]
    {
        let held = evenings("2027-12-20", "2029-01-12", &zone);
        let found = read(&held, &zone);
        for pattern in [found.workdays.unwrap().value.0, found.weekends.unwrap().value.0] {
            let wanted: [Option<f64>; 24] = std::array::from_fn(|hour| Some(if hour == 21 { 60.0 } else { 0.0 }));
            assert_eq!(pattern, wanted, "{}", zone.name);
        }
        // Each date once, leap day and years' ends too, and an hour on each.
        let dates: Vec<Day> = found.calendar.iter().map(|(day, _)| *day).collect();
        assert!(dates.windows(2).all(|pair| pair[1] == pair[0].plus(1)), "{}", zone.name);
        for date in ["2027-12-31", "2028-01-01", "2028-02-29", "2028-03-26", "2028-10-29", "2028-12-31"] {
            let there = found.calendar.iter().find(|(of, _)| *of == day(date)).and_then(|(_, minutes)| *minutes);
            // Of 23 or 25 hours an hour is more, or less, of a day.
            assert!(there.is_some_and(|minutes| (minutes - 60.0).abs() < 3.0), "{} {date}: {there:?}", zone.name);
        }
        assert_eq!(found.week.unwrap().value[6][21], Some(60.0));
        assert_eq!(blurred(&held.days, &zone), held.days, "{}", zone.name);
        assert_eq!(without_nights(&held.days, &zone), held.days, "{}", zone.name);
        let last = held.until.start_unix();
        let trace = held.trace();
        let history = History { first: trace.fine(), states: trace.states(), zone: &zone, over: 0 };
        let hour = next(&history, |_, _| None, Drawings::NONE).unwrap().value.hours[0];
        // Hours of UTC: where the offset is none, the one that has most of it.
        let minute = zone.minute_of(last + i64::from(hour) * 3_600 + 1_800);
        assert!((1_260..=1_320).contains(&minute), "{} {hour} {minute}", zone.name);
    }
}

#[test]
fn a_move_midway_moves_what_counts_of_late_and_leaves_what_was() {
    let (paris, moved) = (paris(), day("2028-07-01"));
    // Six hours west, without a change of habits.
    let montreal = paris.ahead(-6 * 3_600);
    let at_home = |at: SlotTime| {
        let zone = if at.day() < moved { &paris } else { &montreal };
        (1_260..1_320).contains(&zone.minute_of(at.unix()))
    };
    let found = read(&record(day("2028-03-01"), day("2028-11-20"), at_home, |_| true), &paris);
    let workdays = found.workdays.unwrap().value.0;
    assert!(workdays[21].unwrap() < 0.1 && workdays[3].unwrap() > 59.9, "{workdays:?}");
    let circadian = found.circadian.unwrap().value;
    let profile = circadian.profile;
    assert!((20.0..40.0).contains(&profile[21]) && (20.0..40.0).contains(&profile[3]), "{profile:?}");
    // By the clock of one place half of it is at another time: less of it is explained.
    let stayed = read(&evenings("2028-03-01", "2028-11-20", &paris), &paris).circadian.unwrap().value.stability.value;
    assert!(circadian.stability.value < 0.7 && stayed > 0.95, "{} {stayed}", circadian.stability.value);
}

#[test]
fn hidden_hours_widen_what_is_said_on_average() {
    let zone = ZoneTable::utc();
    let (from, until) = (day("2028-01-03"), day("2028-05-01"));
    let mut widths: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for seed in 0..8u64 {
        // An hour or two in the evening, now earlier and now later, and not each day.
        let drawn = |at: SlotTime| Chance::new(seed << 32 | u64::from(at.day().days().unsigned_abs())).below(600);
        let is_there = |at: SlotTime| {
            let (draw, slot) = (drawn(at), usize::from(at.slot().index()));
            draw % 5 > 0 && (220 + draw % 40..240 + draw % 40).contains(&slot)
        };
        let whole = read(&record(from, until, is_there, |_| true), &zone);
        let sees = |at: SlotTime| {
            let hour = at.day().days().unsigned_abs() * 24 + u32::from(at.slot().index()) / 12;
            Chance::new(seed ^ u64::from(hour) << 20).below(10) < 6
        };
        let hidden = read(&record(from, until, is_there, sees), &zone);
        let mut add = |name, whole: &Estimate, hidden: &Estimate| {
            // Hours of the clock may go over midnight; nothing else is told to be negative.
            let width = |estimate: &Estimate| {
                estimate.interval.map_or(0.0, |held| {
                    if held.to < held.from { held.to + 24.0 - held.from } else { held.to - held.from }
                })
            };
            let sum = widths.entry(name).or_default();
            *sum = (sum.0 + width(whole), sum.1 + width(hidden));
        };
        let (a, b) = (whole.circadian.unwrap().value, hidden.circadian.unwrap().value);
        add("stability", &a.stability, &b.stability);
        add("variability", &a.variability, &b.variability);
        let (a, b) = (whole.offline.unwrap().value, hidden.offline.unwrap().value);
        add("window from", &a.from, &b.from);
        add("window to", &a.to, &b.to);
        let (a, b) = (whole.chronotype.unwrap().value, hidden.chronotype.unwrap().value);
        add("middle of workdays", &a.workdays, &b.workdays);
        add("middle of free days", &a.free_days, &b.free_days);
        add("chronotype", &a.corrected, &b.corrected);
        add("social jetlag", &a.social_jetlag, &b.social_jetlag);
        add("sri", &whole.sleep_regularity.unwrap().value.index, &hidden.sleep_regularity.unwrap().value.index);
        add("divergence", &whole.rhythm.unwrap().value.divergence, &hidden.rhythm.unwrap().value.divergence);
        let (a, b) = (whole.predictability.unwrap().value, hidden.predictability.unwrap().value);
        add("entropy", &a.entropy, &b.entropy);
        add("bound", &a.bound, &b.bound);
    }
    for (name, (whole, hidden)) in widths {
        assert!(whole > 0.0 && hidden > whole, "{name}: {whole} {hidden}");
    }
}
