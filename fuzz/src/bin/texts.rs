//! Any text as a day, a month, a slot, a login or a time: an error, or what is written the same way again.
// seeds: text 2026-11-22
// seeds: text 2026-11
// seeds: text 0005
// seeds: text _noctule
// seeds: text 2026-11-22T00:05:00.25+01:00
#![no_main]

use archive::time::{parse_rfc3339_ms, rfc3339_ms};
use libfuzzer_sys::fuzz_target;
use model::day::{Day, Month};
use model::login::Login;
use model::slot::{Slot, SlotTime};

fuzz_target!(|text: &str| {
    if let Ok(day) = text.parse::<Day>() {
        assert_eq!(day.to_string(), text);
    }
    if let Ok(month) = text.parse::<Month>() {
        assert_eq!(month.to_string(), text);
        assert!(month.first_day() < month.next().first_day() || month.first_day().month() != month);
    }
    if let Some(slot) = Slot::from_hhmm(text) {
        assert_eq!(slot.hhmm(), text);
    }
    if let Ok(login) = text.parse::<Login>() {
        assert_eq!(login.as_str(), text.to_ascii_lowercase());
    }
    if let Some(ms) = parse_rfc3339_ms(text) {
        if let Ok(at) = SlotTime::from_unix(ms.div_euclid(1000)) {
            assert_eq!(parse_rfc3339_ms(&rfc3339_ms(ms)), Some(ms));
            assert!(at.unix() * 1000 <= ms && ms < (at + 1).unix() * 1000);
        }
    }
});
