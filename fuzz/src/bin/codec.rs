//! Any bytes as a row of values, of kinds that the first bytes say: what is read is spelled as it was.
// seeds: hex 0300010203010080010561626364650580ff7f
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::codec::{Reader, Writer};

fuzz_target!(|bytes: &[u8]| {
    let Some((count, rest)) = bytes.split_first() else { return };
    let Some((kinds, values)) = rest.split_at_checked(usize::from(*count)) else { return };
    let (mut reader, mut again) = (Reader::new(values), Vec::new());
    for kind in kinds {
        let mut writer = Writer(&mut again);
        let read = match kind % 5 {
            0 => reader.byte().map(|byte| writer.byte(byte)),
            1 => reader.number().map(|number| writer.number(number)),
            2 => reader.signed().map(|number| writer.signed(number)),
            3 => reader.number_below(288).map(|number| {
                assert!(number < 288);
                writer.number(number);
            }),
            _ => reader.text(64).map(|text| {
                assert!(text.len() <= 64);
                writer.text(text);
            }),
        };
        if read.is_err() {
            break;
        }
    }
    assert!(values.starts_with(&again));
    if reader.is_empty() {
        assert!(again.len() <= values.len());
    }
});
