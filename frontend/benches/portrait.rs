//! The portrait of `model/benches/analysis.rs`, for a program that times it in the browser's engine: `portrait.mjs`.

use std::cell::OnceCell;
use std::hint::black_box;

use model::analysis::bootstrap::Drawings;
use model::analysis::holidays::Country;
use model::analysis::portrait::{Reading, portrait};
use model::analysis::record::Trace;
use model::zone::ZoneTable;
use wasm_bindgen::prelude::wasm_bindgen;

#[path = "../../model/benches/person/mod.rs"]
mod person;

thread_local! {
    static TRACE: OnceCell<Trace> = const { OnceCell::new() };
}

/// Works out all results of a year of somebody, once; with their intervals if asked. The person is made the first time.
#[wasm_bindgen]
pub fn read(intervals: bool) {
    let drawings = if intervals { Drawings::of_seed(1) } else { Drawings::NONE };
    let zone = ZoneTable::new("Europe/Paris", 3_600, Vec::new());
    TRACE.with(|trace| {
        let trace = trace.get_or_init(|| person::person(365).trace());
        black_box(portrait(trace, &Reading { zone: &zone, holidays: Some(Country::France), drawings }));
    });
}
