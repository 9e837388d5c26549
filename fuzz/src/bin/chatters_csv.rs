//! Any text as a `chatters/` object without an index: an error, or rows that can be sorted, written and read again.
// seeds: zcat archive/golden/*/archive/chatters/*/*.csv.gz
#![no_main]

use archive::path::Kind;
use fuzz::{again, at, place, stored};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let place = place();
    place.clear(at());
    place.put(&Kind::Chatters.object(at()), stored(text));
    let Ok(mut list) = place.wait(place.archive.read_chatters(at())) else { return };
    let rows = list.rows().len();
    assert_eq!(list.iter().count(), rows, "groups cover the rows");
    list.sort();
    assert!(list.is_sorted() && list.rows().len() <= rows);
    let samples: Vec<_> = list.iter().map(|row| row.to_sample().expect("rows that were read have logins")).collect();
    assert!(fuzz::each_once(samples.iter().map(|row| (&row.channel, &row.chatter, row.evidence))));
    let sorted = samples.windows(2).all(|two| {
        (&two[0].channel, &two[0].chatter, two[0].evidence) < (&two[1].channel, &two[1].chatter, two[1].evidence)
    });
    assert!(sorted, "a sorted list is sorted");
    place.commit(again(), [], list.iter());
    let back = place.wait(place.archive.read_chatters(again())).expect("what was written is read");
    assert!(back.iter().eq(list.iter()), "rows come back as they were");
});
