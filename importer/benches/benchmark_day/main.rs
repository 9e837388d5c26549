//! A whole country's day, imported by us and by others, in turn, in one table.
//!
//! `cargo bench -p importer --bench benchmark_day -- MEASUREMENT`, where it is one of
//! - `day`, the default: our import into SQLite, beside inflating and counting lines, DuckDB and ClickHouse;
//! - `queries`: every formulation in `importer/benches/sql/`, once, to see which is the fastest of each engine;
//! - `postgres`: our import into SQLite and into a durable Postgres;
//! - `growth`: our import of days of different sizes;
//! - `full`: a store of a year: its size, one person's days read from it, the day imported into a copy of it, alone and
//!   while people are read;
//! - `export`: the day exported, with and without presence;
//! - `erase`: people erased from an archive of months and its store.
//!
//! VIEWERS and CHANNELS set the size of the day (1,500,000 and 2,000), ROUNDS how often each program runs (3; `growth`: 5),
//! SIZES the days of `growth` in millions of observations (10,40,100,200). Of the store of `full`, PEOPLE are known
//! (10,000,000), DAILY come on each of DAYS (300,000; 365), and READS people are read warm, COLD_READS cold (5,000; 200).
//! `erase` has VIEWERS (300,000) on each of DAYS (90), and erases ROUNDS people of each kind. What takes long to make is
//! kept in `target/bench/`: for `full` 4 GB and the time of 365 imports, for `erase` 6 GB and that of 90.
//!
//! All programs count the same observations, viewers and runs, or it fails. Python and its packages come from
//! `scripts/bench`.
#![allow(clippy::print_stdout, reason = "the tables are what it is for")]

mod counts;
mod day;
mod erase;
mod export;
mod full;
mod growth;
mod latencies;
mod night;
mod ours;
mod postgres;
mod processes;
mod reference;
mod side_by_side;
mod table;
mod watch;

#[path = "../../../store/tests/conformance/cluster.rs"]
mod cluster;

/// As in the program `vigie`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// What ends a measurement.
type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    // Cargo adds a word of its own.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [ours::CHILD, archive, store, day] => ours::child(archive, store, day, None),
        [ours::CHILD, archive, store, day, people, told] => ours::child(archive, store, day, Some((people, told))),
        [export::CHILD, store, day, out, format, tables] => export::child(store, day, out, format, tables),
        [] | ["day"] => side_by_side::day(),
        ["queries"] => side_by_side::queries(),
        ["postgres"] => postgres::postgres(),
        ["growth"] => growth::growth(),
        ["full"] => full::full(),
        ["erase"] => erase::erase(),
        ["export"] => export::export(),
        // A filter of `cargo bench` that means other benches.
        _ => Ok(()),
    }
}

/// A number from the environment.
fn number(name: &str, default: u32) -> Result<u32, Failure> {
    std::env::var(name).map_or(Ok(default), |text| text.parse().map_err(|_| format!("{name} is no number").into()))
}
