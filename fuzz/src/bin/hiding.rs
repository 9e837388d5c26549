//! Anybody's stays, altered to hide: nothing is there that may not be, a second time changes nothing, the order does not matter, and what is said
//! of what is left has numbers.
// seeds: hex 34001c040004150064000400b428
// seeds: hex 3010053c0000001000dc1e010000e62808000a30
// seeds: hex 45ff0828d000140000c81e0c00961405020c8c60
#![no_main]

use fuzz::person::{are_numbers, first, person};
use libfuzzer_sys::fuzz_target;
use model::analysis::bootstrap::Drawings;
use model::analysis::hiding::{Account, NIGHT_HOURS, Split, blurred, without_nights};
use model::analysis::portrait::{Reading, portrait};
use model::analysis::record::Record;
use model::day::Day;
use model::identity::ChannelKey;
use model::presence::ViewerDay;
use model::slot::{SLOTS_PER_DAY, SlotTime};
use model::zone::ZoneTable;

type Days = Vec<(Day, ViewerDay)>;

/// The quarters of an hour by which clocks may change.
const CHANGES: [i32; 5] = [4, -4, 2, 1, 0];

fuzz_target!(|bytes: &[u8]| {
    let [offset, change, by, rest @ ..] = bytes else { return };
    let Some((record, _)) = person(rest) else { return };
    let offset = (i32::from(offset % 105) - 48) * 900;
    // At any slot of the first days.
    let at = SlotTime::at(first(), 0) + i32::from(*change) * i32::from(SLOTS_PER_DAY) / 16 + i32::from(by / 5);
    let after = offset + CHANGES[usize::from(by % 5)] * 900;
    let zone = ZoneTable::new("there", offset, vec![(at.unix(), after)]);
    let days = &record.days;
    let night = |days: &Days| without_nights(days, &zone);
    let blur = |days: &Days| blurred(days, &zone);
    let split = Split::by_channel(days);
    let [one, two] = [Account::First, Account::Second];
    let all = slots(days);

    let is_day = |at: SlotTime| zone.minute_of(at.unix()) >= NIGHT_HOURS as u32 * 60;
    let awake: Vec<Stay> = all.iter().filter(|(.., at)| is_day(*at)).copied().collect();
    assert_eq!(slots(&night(days)), awake);
    assert!(slots(&blur(days)).len() >= all.len());
    let mut both = [one, two].map(|account| slots(&split.of(days, account))).concat();
    both.sort_unstable();
    assert_eq!(both, all);

    for altered in [night(days), blur(days), split.of(days, one), split.of(days, two)] {
        let dates = |days: &Days| days.iter().map(|(day, _)| *day).collect::<Vec<Day>>();
        assert_eq!(dates(&altered), dates(days));
        let left = Record { days: altered, ..record.clone() };
        are_numbers(&portrait(&left.trace(), &Reading { zone: &zone, holidays: None, drawings: Drawings::NONE }));
    }
    assert_eq!(night(&night(days)), night(days));
    assert_eq!(blur(&blur(days)), blur(days));
    assert_eq!(split.of(&split.of(days, one), one), split.of(days, one));
    assert_eq!(night(&blur(days)), blur(&night(days)));
    for account in [one, two] {
        assert_eq!(night(&split.of(days, account)), split.of(&night(days), account));
        assert_eq!(blur(&split.of(days, account)), split.of(&blur(days), account));
    }
});

/// A channel, a kind of evidence, and when.
type Stay = (ChannelKey, usize, SlotTime);

/// All slots with presence, ascending.
fn slots(days: &Days) -> Vec<Stay> {
    let mut all: Vec<Stay> = Vec::new();
    for (day, there) in days {
        for there in &there.channels {
            for (kind, runs) in [&there.listed, &there.spoke].into_iter().enumerate() {
                let times = runs.iter().flat_map(|run| run.on(*day).slots());
                all.extend(times.map(|at| (there.channel, kind, at)));
            }
        }
    }
    all.sort_unstable();
    all
}
