//! All results of `model/benches/analysis.rs`, for a program that times them in the browser's engine and compares them: `portrait.mjs`.

use std::cell::{OnceCell, RefCell};
use std::hint::black_box;

use model::analysis::bootstrap::Drawings;
use wasm_bindgen::prelude::wasm_bindgen;

#[path = "../../model/benches/person/mod.rs"]
mod person;

use person::results::Ground;

thread_local! {
    static NUMBERS: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
    static GROUND: OnceCell<Option<Ground>> = const { OnceCell::new() };
}

/// What comes of a year of somebody, who is made the first time.
fn of_person<T>(look: impl FnOnce(&Ground) -> T) -> Option<T> {
    GROUND.with(|ground| ground.get_or_init(|| Ground::of(&person::person(365)).ok()).as_ref().map(look))
}

fn drawings(intervals: bool) -> Drawings {
    if intervals { Drawings::of_seed(1) } else { Drawings::NONE }
}

/// Works out all results, once; with their intervals if asked.
#[wasm_bindgen]
pub fn read(intervals: bool) {
    of_person(|ground| drop(black_box(ground.all(drawings(intervals)))));
}

/// Works out all results, and how many numbers are in them: [`number`] tells each.
#[wasm_bindgen]
pub fn count(intervals: bool) -> usize {
    let numbers = of_person(|ground| ground.all(drawings(intervals)).numbers()).unwrap_or_default();
    NUMBERS.replace(numbers).clear();
    NUMBERS.with_borrow(Vec::len)
}

/// A number of the results that were counted last.
#[wasm_bindgen]
pub fn number(place: usize) -> f64 {
    NUMBERS.with_borrow(|numbers| numbers.get(place).copied().unwrap_or(f64::NAN))
}
