//! Any bytes as an index of the crowd: an error, or an index that has these bytes and no others, and answers.
// seeds: cat model/golden/crowd-index-v2.bin
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::crowd::found_again::found_again;
use model::crowd::index::Index;
use model::crowd::single_out::singling_out;
use model::day::Day;
use model::identity::ChannelKey;
use model::presence::{ChannelPresence, ViewerDay};
use model::run::Run;

fuzz_target!(|bytes: &[u8]| {
    let Ok(index) = Index::open(bytes) else { return };
    assert_eq!(index.without(&[]), bytes);
    let (first, last) = index.days();
    let listed: Vec<Run> = Run::new(0, 40).into_iter().chain(Run::new(100, 288)).collect();
    let there = |channel| ChannelPresence { channel: ChannelKey(channel), listed: listed.clone(), spoke: Vec::new() };
    let day = ViewerDay { bot: false, channels: vec![there(0), there(7), there(14)] };
    let days: Vec<(Day, ViewerDay)> = first.until(last.plus(1)).map(|at| (at, day.clone())).collect();
    if let Ok(found) = singling_out(&index, &days, None, 1) {
        for step in found.value.widths.iter().flat_map(|width| &width.steps) {
            assert!((0.0..=1.0).contains(&step.only_one) && step.bits.is_finite());
        }
    }
    if let Ok(found) = found_again(&index, &days, &days, None) {
        assert!((1..=found.value.accounts).contains(&found.value.rank));
        assert!(found.value.score.is_finite());
    }
});
