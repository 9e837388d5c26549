//! Any bytes as a set of people: an error, or a set that has these bytes and no others.
// seeds: hex 01
// seeds: hex 01000107
// seeds: hex 11
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::identity::PersonKey;
use model::statistics::distinct::Distinct;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut people) = Distinct::decode(bytes) else { return };
    let mut again = Vec::new();
    people.encode(&mut again);
    assert_eq!(again, bytes);
    let before = people.count();
    let mut both = people.clone();
    both.merge(&people);
    assert_eq!(both, people);
    people.add(PersonKey(7));
    // One more than can be exact is estimated, which may be less.
    let after = people.count();
    assert!(after.exact != before.exact || after.people >= before.people);
});
